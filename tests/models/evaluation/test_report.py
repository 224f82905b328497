from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np
import polars as pl
import pytest
from scipy.special import ndtr

from fusion.errors import ConfigError
from models.evaluation import report
from models.evaluation.report import judge, judge_all, priced
from models.protocol import Columns, Prices
from models.registry import BUILT_IN
from models.training.state_table import Labels, StateTable
from models.training.tables import state_table, subjects


class Walker:
    """The true model of the walks, which prices no row with a lead above `most`."""

    name = "fallback:walk:x-1"
    inputs = ("lead", "remaining_s")
    valid = "walks"

    def __init__(self, most: float) -> None:
        self._most = most

    def price(self, columns: Columns) -> Prices:
        """Return the chance that the walk ends above 0."""
        home = ndtr(columns["lead"] / np.sqrt(columns["remaining_s"]))
        home = np.where(columns["lead"] > self._most, np.nan, home)
        return Prices(np.stack([home, home * 0.0, 1.0 - home], axis=1), home * 0.0)


def test_a_report_tells_all_of_it(walks: StateTable) -> None:
    """Whole, by phase and source, beside baselines it beats; what has no price is counted."""
    published = np.where(walks.game < 100, 0.5, np.nan)
    told = judge(Walker(9.0), walks._replace(published=published), "x", three_way=False).report
    unpriced = int((walks.columns["lead"] > 9.0).sum())
    assert (told.league, told.model, told.fallback) == ("x", "fallback:walk:x-1", True)
    assert (told.rows, told.games, told.seasons) == (6000 - unpriced, 600, (2001, 2002, 2003))
    assert told.unpriced == unpriced
    assert told.whole == told.sources["walks"]
    assert list(told.phases) == ["early", "last 5 minutes"]
    assert sum(each.rows for each in told.phases.values()) == told.rows
    assert told.sources["walks"].brier == told.brier
    assert told.brier < min(each.brier for each in told.baselines.values())
    assert told.baselines["prior_alone"].brier == 0.25
    assert told.ece < 3 * told.ece_by_chance
    assert told.published is not None
    assert told.published.published.brier == 0.25
    assert told.published.model.rows <= 1000
    assert told.published.model_late is not None
    assert told.published.model_late.brier < told.published.model.brier
    assert told.skipped == {"no price": unpriced}
    assert told.published.gain == pytest.approx(0.25 - told.published.model.brier)
    assert 0.0 < told.published.gain_se < told.published.model.brier_se * 2


def test_models_of_several_leagues_are_judged_together(walks: StateTable) -> None:
    """Each prices its own rows; scores are over all of them, and by league."""
    leagues = (Labels(np.zeros(walks.rows, dtype=np.int64), (name,)) for name in ("men", "women"))
    men, women = (walks._replace(league=each, skipped={"other leagues": 6000}) for each in leagues)
    told = judge_all([(Walker(99.0), men), (Walker(0.0), women)], "x", three_way=False).report
    ahead = int((walks.columns["lead"] > 0.0).sum())
    assert (told.rows, told.games) == (12_000 - ahead, 1200)
    assert told.skipped == {"no price": ahead}
    assert told.model == "fallback:walk:x-1, fallback:walk:x-1"
    assert list(told.leagues) == ["men", "women"]
    alone = judge(Walker(99.0), men, "x", three_way=False).report
    assert told.leagues["men"].brier == alone.brier


def test_prices_do_not_depend_on_the_chunks(
    walks: StateTable, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Some rows at a time are the same prices."""
    whole = priced(Walker(99.0), walks)
    monkeypatch.setattr(report, "CHUNK", 701)
    np.testing.assert_array_equal(priced(Walker(99.0), walks), whole)


def test_a_model_without_prices_cannot_be_judged(walks: StateTable) -> None:
    """The error says what it is meant for."""
    with pytest.raises(ConfigError, match=r"no price for any of 6000 rows.*meant for walks"):
        judge(Walker(-99.0), walks, "x", three_way=False)


class Case(NamedTuple):
    """Rows of a file, and the Brier score of the data's README with its margin of error."""

    name: str
    where: str
    limit: float


CASES = [
    Case("nba", "source = 'pbp' and season = 2019", 0.1435 + 0.004),
    Case("nfl", "source = 'pbp' and season = 2015", 0.1545 + 0.007),
    Case("nfl", "source = 'nflscrapR_post'", 0.1604 + 0.014),
    Case("cfb", "home_spread is not null", 0.1173 + 0.007),
    Case("mlb", "source = 'halfinn' and season = 2017", 0.1602 + 0.003),
    Case("mlb", "source = 'pbp' and season = 2019", 0.1507 + 0.007),
    Case("nhl", "season = 2020", 0.1519 + 0.004),
    Case("ncaam", "season = 2018 and home_spread is not null", 0.1205 + 0.002),
    Case("wnba", "true", 0.1753 + 0.010),
    Case("soccer", "season >= 2020", 0.4181 + 0.006),
    Case("soccer_intl", "season >= 2018", 0.3824),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.name} {case.where}")
def test_real_games_are_priced_as_well_as_simple_models_do(shared: Path, case: Case) -> None:
    """On games of late seasons; published probabilities are met on the same plays."""
    frame = pl.read_parquet(shared / "training" / f"{case.name}.parquet")
    (subject,) = subjects(case.name)
    table = state_table(frame.filter(pl.sql_expr(case.where)), subject)
    table = table.take(np.arange(0, table.rows, max(1, table.rows // 15_000)))
    model = BUILT_IN.model_for(subject.league)
    assert model is not None
    told = judge(model, table, subject.key, three_way=subject.league.three_way).report
    assert told.unpriced == 0
    assert told.brier < case.limit
    assert told.brier < told.baselines["leader_wins"].brier - 0.008
    if told.published is not None:
        assert told.published.model.brier < told.published.published.brier + 0.004
