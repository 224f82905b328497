from __future__ import annotations

import msgspec
import numpy as np
import pytest
from scipy.special import ndtr

from fusion.errors import ConfigError
from models.calibration import Calibration
from models.coefficients.schema import read, written
from models.family import Family
from models.protocol import Columns, Floats
from models.training.recipes import Recipe
from models.training.state_table import Labels, Mask, StateTable
from models.training.tables import subjects
from models.training.train import eligible, numbered, split, train


class Spread(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The spread of a step."""

    spread: float = 2.0


def by_spread(columns: Columns, with_: Spread) -> Floats:
    """Return the chance that a walk ends above 0."""
    home = ndtr(columns["lead"] / np.sqrt(with_.spread**2 * columns["remaining_s"]))
    return np.stack([home, home * 0.0, 1.0 - home], axis=1)


FAMILY = Family(
    "walk", Spread, ("lead", "remaining_s"), "walks", by_spread, {"spread": (0.1, None)}
)


def sourced(table: StateTable, rows: Mask, names: tuple[str, str]) -> StateTable:
    """Return a table whose rows are of the second source in `rows`."""
    return table._replace(source=Labels(rows.astype(np.int64), names))


def test_the_newest_seasons_are_held_out(walks: StateTable) -> None:
    """No game is on both sides; one of three seasons is enough."""
    parts = split(walks, Recipe())
    assert np.unique(walks.season[parts.held_out]).tolist() == [2003]
    assert not (parts.fitted & parts.held_out).any()
    assert (parts.fitted | parts.held_out).all()


def test_of_one_season_the_later_games_are_held_out(walks: StateTable) -> None:
    """By day; where the days are not known every sixth game."""
    single = walks._replace(season=np.full(walks.rows, 2001))
    parts = split(single, Recipe())
    assert single.day[parts.held_out].min() > single.day[parts.fitted].max()
    blind = split(single._replace(day=np.full(walks.rows, -1)), Recipe())
    assert np.unique(single.game[blind.held_out])[:3].tolist() == [0, 6, 12]


def test_each_source_has_its_own_newest_season(walks: StateTable) -> None:
    """Plays that end years before the quarters begin are held out too."""
    table = sourced(walks, walks.season == 2003, ("plays", "quarters"))
    table = table._replace(season=np.where(walks.season == 2003, 2010 + walks.game % 2, 2001))
    table = table._replace(season=np.where(walks.season == 2002, 2002, table.season))
    parts = split(table, Recipe())
    assert np.unique(table.season[parts.held_out]).tolist() == [2002, 2011]
    assert np.unique(table.season[parts.fitted]).tolist() == [2001, 2010]


def test_a_source_that_is_not_fitted_is_judged_where_nothing_was_fitted(walks: StateTable) -> None:
    """Its games of seasons that were fitted may be the same games."""
    table = sourced(walks, walks.game % 2 == 1, ("plays", "published"))
    recipe = Recipe(sources=frozenset({"plays"}))
    parts = split(table, recipe)
    told = table.source.of("published")
    assert np.unique(table.season[told & parts.held_out]).tolist() == [2003]
    assert not (told & parts.fitted).any()
    assert not (told & eligible(table, recipe)).any()


def test_a_recipe_leaves_rows_out(walks: StateTable) -> None:
    """Seasons before the first, and rows whose columns are other than it wants."""
    fives = np.where(walks.game % 5 == 0, 5.0, 3.0)
    table = walks._replace(columns={**walks.columns, "best_of": fives})
    rows = eligible(table, Recipe(first_season=2002, only={"best_of": 3.0}))
    assert np.unique(table.season[rows]).tolist() == [2002, 2003]
    assert (table.game[rows] % 5 != 0).all()


def test_too_few_games_are_told(walks: StateTable) -> None:
    """Nothing can be held out of one game, and nothing is fitted to seasons that do not count."""
    (subject,) = subjects("nba")
    with pytest.raises(ConfigError, match=r"nba must hold several games that count, was 1 games"):
        train(FAMILY, walks.take(walks.game == 0), subject, 1, Recipe())
    with pytest.raises(ConfigError, match=r"0 rows that count of 6000"):
        train(FAMILY, walks, subject, 1, Recipe(first_season=2010))


def test_states_of_unknown_sources_all_count(walks: StateTable) -> None:
    """A user's file need not call its source as ours are called."""
    recipe = Recipe(sources=frozenset({"plays"}))
    assert eligible(walks, recipe).all()


def test_a_trained_file_says_what_it_was_trained_on(walks: StateTable) -> None:
    """Fitted to all games, scored on those held out, and the same again from the same games."""
    (subject,) = subjects("nba")
    file, judged = train(FAMILY, walks, subject, 4, Recipe())
    assert (file.key, file.family, file.leagues, file.version) == ("nba", "walk", ("nba",), 4)
    assert (file.data.rows, file.data.games, file.data.seasons) == (6000, 600, (2001, 2002, 2003))
    assert file.data.newest == "1999-01-08"
    assert (file.scores.seasons, file.scores.games) == ((2003,), 200)
    assert file.scores.brier == round(judged.report.brier, 5)
    assert 0.1 < file.scores.brier < 0.2
    assert file.coefficients["spread"] == pytest.approx(1.0, abs=0.15)
    assert file.error.played
    assert written(train(FAMILY, walks, subject, 4, Recipe()).file) == written(file)
    assert read(written(file), "nba-4.toml") == file


def test_another_version_is_told_by_the_model_too(walks: StateTable) -> None:
    """The card of a file bears its name."""
    (subject,) = subjects("nba")
    made = numbered(train(FAMILY, walks, subject, 1, Recipe()), 7)
    assert (made.file.version, made.held_out.report.model) == (7, "walk:nba-7")


def test_a_calibration_is_kept_where_a_recipe_allows_it(walks: StateTable) -> None:
    """Prices that are held too sure are mended; the scores are those before, on the same games."""
    (subject,) = subjects("nba")
    sure = Recipe(held={"spread": 0.4})
    mended, plain = (
        train(FAMILY, walks, subject, 1, sure._replace(calibrate=allowed)).file
        for allowed in (True, False)
    )
    assert mended.calibration.kind != "none"
    assert plain.calibration == Calibration()
    assert mended.scores == plain.scores
