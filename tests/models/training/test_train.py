from __future__ import annotations

import msgspec
import numpy as np
import pytest
from scipy.special import ndtr

from models.coefficients.schema import read, written
from models.family import Family
from models.protocol import Columns, Floats
from models.training.state_table import StateTable
from models.training.tables import subjects
from models.training.train import split, train


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


def test_the_newest_seasons_are_held_out(walks: StateTable) -> None:
    """No game is on both sides; one of three seasons is enough."""
    parts = split(walks)
    assert np.unique(walks.season[parts.held_out]).tolist() == [2003]
    assert not (parts.fitted & parts.held_out).any()
    assert (parts.fitted | parts.held_out).all()


def test_of_one_season_the_later_games_are_held_out(walks: StateTable) -> None:
    """By day; where the days are not known every sixth game."""
    single = walks._replace(season=np.full(walks.rows, 2001))
    parts = split(single)
    assert single.day[parts.held_out].min() > single.day[parts.fitted].max()
    blind = split(single._replace(day=np.full(walks.rows, -1)))
    assert np.unique(single.game[blind.held_out])[:3].tolist() == [0, 6, 12]


def test_a_trained_file_says_what_it_was_trained_on(walks: StateTable) -> None:
    """Fitted to all games, scored on those held out, and the same again from the same games."""
    (subject,) = subjects("nba")
    file, judged = train(FAMILY, walks, subject, 4)
    assert (file.key, file.family, file.leagues, file.version) == ("nba", "walk", ("nba",), 4)
    assert (file.data.rows, file.data.games, file.data.seasons) == (6000, 600, (2001, 2002, 2003))
    assert file.data.newest == "1999-01-08"
    assert (file.scores.seasons, file.scores.games) == ((2003,), 200)
    assert file.scores.brier == round(judged.report.brier, 5)
    assert 0.1 < file.scores.brier < 0.2
    assert file.coefficients["spread"] == pytest.approx(1.0, abs=0.15)
    assert file.error.played
    assert written(train(FAMILY, walks, subject, 4).file) == written(file)
    assert read(written(file), "nba-4.toml") == file
