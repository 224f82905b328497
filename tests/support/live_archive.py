"""Archives of many games whose true prices are known, and which were priced a bit off."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from math import erf, sqrt
from pathlib import Path
from typing import Any

import numpy as np
from archived import write_rows
from rows import final, game_row, tick

from fusion.frames import NS_PER_S
from fusion.rows import Row
from models.coefficients.shelf import built_in

MODEL = f"basketball:nba-{built_in()['nba'].version}"
FIRST_DAY = date(2026, 10, 20)
START_NS = 1_792_500_000 * NS_PER_S
GAMES_A_DAY = 10
STEPS = 12
NS_PER_DAY = 86_400 * NS_PER_S
NS_PER_MINUTE = 60 * NS_PER_S
QUARTER_S = 720.0


def write_archive(data_dir: Path, rows: Sequence[Row]) -> Path:
    """Write rows as an archive and return its data directory."""
    write_rows(data_dir, rows, "20261020T190501Z")
    return data_dir


def bent(price: float, by: float) -> float:
    """Return a price between 0 and 1 whose log-odds are so many times what they were."""
    return float(1.0 / (1.0 + ((1.0 - price) / price) ** by))


def basketball_evenings(games: int, by: float, seed: int = 1, model: str = MODEL) -> list[Row]:
    """Return NBA games, ten a day, whose leads walk at random.

    The true price is known at each of twelve steps; the fair price is that one bent, the market's
    mid the true one. The sides' strengths differ.
    """
    dice = np.random.default_rng(seed)
    rows: list[Row] = []
    for number in range(games):
        day = number // GAMES_A_DAY
        begun_ns = START_NS + day * NS_PER_DAY + number * NS_PER_S
        of_game = {"date": str(FIRST_DAY + timedelta(day)), "game_id": f"nba:{number + 1}"}
        lead = 0.7 * float(dice.standard_normal())
        for step in range(STEPS):
            true = 0.5 + 0.5 * erf(lead / sqrt(2.0 * (1.0 - step / STEPS)))
            at = of_game | {"seq": number, "recv_ns": begun_ns + step * NS_PER_MINUTE}
            rows += _moment(at, step, min(max(true, 1e-6), 1.0 - 1e-6), by, model)
            lead += float(dice.standard_normal()) / sqrt(STEPS)
        over_ns = begun_ns + STEPS * NS_PER_MINUTE
        rows.append(final(int(lead > 0.0), int(lead <= 0.0), recv_ns=over_ns, **of_game))
    return rows


def _moment(at: dict[str, Any], step: int, true: float, by: float, model: str) -> list[Row]:
    period, part = divmod(step, STEPS // 4)
    when = at | {"period": period + 1, "clock_s": QUARTER_S * (1.0 - part / (STEPS // 4))}
    priced = when | {"cause": "score", "model": model}
    fair = round(bent(true, by), 6)
    return [
        game_row(**when),
        tick(**priced, outcome="home", bid=true - 1e-7, ask=true + 1e-7, fair=fair),
        tick(**priced, outcome="away", bid=1.0 - true, ask=1.0 - true, fair=round(1.0 - fair, 6)),
    ]
