"""What docs/models.md says, tried: its example as pasted, its figures as in the files."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from flows.price_models import open_registry
from flows.settings import Settings
from fusion.game import GameState
from models.coefficients.shelf import built_in
from models.formulas import FAMILIES
from models.protocol import Prior

PAGE = (Path(__file__).parents[2] / "docs" / "models.md").read_text("utf-8")


def blocks(language: str) -> list[str]:
    """Return the code of the page in a language."""
    return re.findall(rf"```{language}\n(.*?)```", PAGE, flags=re.DOTALL)


def test_the_example_prices_games_as_it_is_pasted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, state_of: Callable[..., GameState]
) -> None:
    """The module and the configuration of the page, and nothing else."""
    (code,) = (block for block in blocks("python") if "class Walk" in block)
    (config,) = blocks("toml")
    (tmp_path / "my_model.py").write_text(code)
    monkeypatch.syspath_prepend(str(tmp_path))
    settings = Settings(data_dir=tmp_path, models=tomllib.loads(config)["models"])
    states = [
        state_of("nba", period=1, clock_s=720.0),
        state_of("nba", period=4, clock_s=0.0, home_score=3),
        state_of("nba", period=3, clock_s=300.0, away_score=8),
    ]
    prior = Prior(0.7, 0.0, 0.3, "market")
    priced = open_registry(settings).price(states, [prior] * 3)
    home = priced.probabilities[:, 0]
    assert priced.names == ["walk-1"] * 3
    assert home[0] == pytest.approx(0.7, abs=0.01)
    assert home[1] > 0.99
    assert 0.1 < home[2] < 0.5
    np.testing.assert_allclose(priced.probabilities.sum(axis=1), 1.0)


def test_the_figures_are_those_of_the_files() -> None:
    """A row for each file, with its scores; whoever trains again writes the page again."""
    rows = set()
    for key, file in built_in().items():
        it = file.scores
        seasons = ", ".join(map(str, it.seasons))
        row = f"| [{key}](models/{key}.md) | {seasons} | {it.games:,} | {it.brier:.4f} ±"
        rows.add(f"{row} {it.brier_se:.4f} | {it.log_loss:.4f} | {it.ece:.4f} |")
    assert {row for row in rows if row not in PAGE} == set()


def test_every_family_is_told() -> None:
    """One row of the table for each."""
    assert {name for name in FAMILIES if f"| `{name}` | " not in PAGE} == set()
