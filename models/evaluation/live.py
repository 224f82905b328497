"""How good fair prices were that were given live, and how good the market's own were beside them.

A row is one outcome of one game in play when its scoreboard brought something new: its fair price,
the market's mid at that moment, and whether it came true. In two-way games the row of home stands
for both sides. Brier scores of three-way games are the sum over the outcomes, as everywhere.

A league is *flagged* when the calibration error of the model that prices it now exceeds the one
that chance alone gives on the same games by more than the limit, and the games are enough to tell.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec
import numpy as np

from models.evaluation.chance import expected_calibration_error
from models.evaluation.scores import Pool, calibration_error, clustered_se
from models.protocol import Floats
from models.training.state_table import Codes, Labels, Mask

LEAST_GAMES = 30
"""A league with fewer games is never flagged, nor mended: they tell too little."""

OUTCOMES = 3
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class LivePrices(msgspec.Struct, frozen=True):
    """Prices of one league with known results, in the order of time, at least one.

    All arrays have the same length. `mid` is NaN where the market had no two sides; `won` is 1
    where the outcome came true; `game` numbers the games and `day` is the slate day in days since
    1970.
    """

    fair: Floats
    mid: Floats
    won: Floats
    game: Codes
    day: Codes
    phase: Labels
    model: Labels

    def take(self, rows: Mask) -> LivePrices:
        """Return the rows that a mask chooses."""
        return LivePrices(
            self.fair[rows],
            self.mid[rows],
            self.won[rows],
            self.game[rows],
            self.day[rows],
            self.phase.take(rows),
            self.model.take(rows),
        )


class AgainstMarket(msgspec.Struct, frozen=True):
    """The fair prices and the market's mids on the rows that have both.

    `difference` is the Brier score of the fair prices less that of the mids: below 0 the fair
    prices were better. `difference_se` is its standard error, clustered by game; NaN of one game.
    """

    rows: int
    games: int
    brier_fair: float
    brier_mid: float
    difference: float
    difference_se: float
    ece_fair: float
    ece_mid: float


class LiveScore(msgspec.Struct, frozen=True):
    """The scores of some rows; `ece_by_chance` is that of a perfect model on the same games."""

    rows: int
    games: int
    brier: float
    ece: float
    ece_by_chance: float
    market: AgainstMarket | None


class LiveReport(msgspec.Struct, frozen=True):
    """How a league was priced.

    `current` is the model that priced the newest row; `excess` its calibration error beyond
    chance. `windows` are the scores of the days up to and with each day that has games.
    `open_games` have no result yet, `split_games` stand without a winner; neither is in any score.
    """

    league: str
    current: str
    open_games: int
    split_games: int
    whole: LiveScore
    models: dict[str, LiveScore]
    phases: dict[str, LiveScore]
    windows: dict[str, LiveScore]
    excess: float
    limit: float
    flagged: bool


def live_report(
    league: str,
    prices: LivePrices,
    *,
    three_way: bool,
    limit: float,
    window_days: int,
    left_out: tuple[int, int] = (0, 0),
) -> LiveReport:
    """Return how good the prices of a league were; `left_out` are open and split games."""

    def scored(masks: dict[str, Mask]) -> dict[str, LiveScore]:
        return {
            name: live_score(prices.take(mask), three_way=three_way)
            for name, mask in masks.items()
            if mask.any()
        }

    days = np.unique(prices.day).tolist()
    models = scored(_masks(prices.model))
    current = prices.model.names[prices.model.codes[-1]]
    now = models[current]
    excess = now.ece - now.ece_by_chance
    return LiveReport(
        league=league,
        current=current,
        open_games=left_out[0],
        split_games=left_out[1],
        whole=live_score(prices, three_way=three_way),
        models=models,
        phases=scored(_masks(prices.phase)),
        windows=scored(
            {_date(day): (prices.day > day - window_days) & (prices.day <= day) for day in days}
        ),
        excess=excess,
        limit=limit,
        flagged=now.games >= LEAST_GAMES and excess > limit,
    )


def live_score(prices: LivePrices, *, three_way: bool) -> LiveScore:
    """Return the scores of rows; there must be some."""
    pooled = Pool(prices.fair, prices.won, prices.game)
    both = ~np.isnan(prices.mid)
    return LiveScore(
        rows=prices.fair.size,
        games=np.unique(prices.game).size,
        brier=float(_squares(prices.fair, prices.won, three_way).mean()),
        ece=calibration_error(pooled),
        ece_by_chance=expected_calibration_error(pooled),
        market=_against(prices.take(both), three_way) if both.any() else None,
    )


def _against(prices: LivePrices, three_way: bool) -> AgainstMarket:
    fair = _squares(prices.fair, prices.won, three_way)
    mid = _squares(prices.mid, prices.won, three_way)
    return AgainstMarket(
        rows=fair.size,
        games=np.unique(prices.game).size,
        brier_fair=float(fair.mean()),
        brier_mid=float(mid.mean()),
        difference=float((fair - mid).mean()),
        difference_se=clustered_se(fair - mid, prices.game),
        ece_fair=calibration_error(Pool(prices.fair, prices.won, prices.game)),
        ece_mid=calibration_error(Pool(prices.mid, prices.won, prices.game)),
    )


def _squares(price: Floats, won: Floats, three_way: bool) -> Floats:
    """Return the squared error of each row, so that their mean is the league's Brier score."""
    squares: Floats = (price - won) ** 2
    return squares * OUTCOMES if three_way else squares


def _masks(by: Labels) -> dict[str, Mask]:
    return {name: by.of(name) for name in by.names}


def _date(day: int) -> str:
    return (_EPOCH + timedelta(days=day)).date().isoformat()
