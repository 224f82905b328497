from __future__ import annotations

from collections.abc import Callable

import msgspec
import numpy as np
import pytest

from fusion.errors import ConfigError
from fusion.game import GameState, Situation
from fusion.leagues import LEAGUES
from models.coefficients.shelf import built_in
from models.inputs import columns
from models.protocol import Columns, Prices, Prior
from models.registry import BUILT_IN, Registry, is_fallback, price_batch

StateOf = Callable[..., GameState]

TWO_WAY = Prior(home=0.6, draw=0.0, away=0.4, source="market")
THREE_WAY = Prior(home=0.5, draw=0.27, away=0.23, source="market")


class Own:
    """A user's model that answers what it was told to."""

    name = "own"
    inputs = ("lead",)
    valid = "tests"

    def __init__(self, answer: list[list[float]]) -> None:
        self._answer = np.array(answer)

    def price(self, columns: Columns) -> Prices:
        """Answer, or fail as a plugged model may."""
        if not self._answer.size:
            raise ZeroDivisionError
        return Prices(self._answer, np.full(len(self._answer), 0.01))


def test_every_league_has_a_model_or_says_that_it_has_none() -> None:
    """Clubs and national teams share a file each; a league without data falls back by name."""
    keys = ("nba", "ncaawb", "eng.1", "bra.1", "usa.1", "fifa.world", "fifa.friendly", "ufc")
    models = {key: BUILT_IN.model_for(LEAGUES[key]) for key in keys}
    files = {
        key: None if model is None else model.name.rpartition("-")[0].replace(":", " ").split()
        for key, model in models.items()
    }
    assert {key: file and (file[0] == "fallback", file[-1]) for key, file in files.items()} == {
        "nba": (False, "nba"),
        "ncaawb": (True, "wnba"),
        "eng.1": (False, "soccer"),
        "bra.1": (False, "soccer"),
        "usa.1": (False, "soccer"),
        "fifa.world": (False, "soccer_intl"),
        "fifa.friendly": (False, "soccer_intl"),
        "ufc": None,
    }


def test_a_league_without_a_model_has_no_price() -> None:
    """`model = ""` of a user's leagues file counts, also where coefficients name the league."""
    league = msgspec.structs.replace(LEAGUES["nba"], model="")
    assert Registry(built_in()).model_for(league) is None


def test_a_fallback_says_so_in_its_name() -> None:
    """Whoever decides can tell by the name alone."""
    assert is_fallback("fallback:basketball:ncaamb-1")
    assert not is_fallback("basketball:ncaamb-1")


def test_a_league_of_a_users_own_uses_another_league_of_its_sport() -> None:
    """A basketball league that no file names is priced as a fallback by the NBA's."""
    league = LEAGUES["wnba"]
    shelf = {key: file for key, file in built_in().items() if key == "nba"}
    model = Registry(shelf).model_for(league)
    assert model is not None
    assert is_fallback(model.name)
    assert ":nba-" in model.name


def test_a_mixed_batch_keeps_its_order(state_of: StateOf) -> None:
    """Rows of several leagues come back where they were, as their own model prices them."""
    states = [
        state_of("eng.1", clock_s=600.0, home_score=1),
        state_of("nba", clock_s=600.0, home_score=10, away_score=4),
        state_of("ufc"),
        state_of("mlb", period=3, situation=Situation(bottom=True, outs=1, bases=1)),
        state_of("nba", phase="pre", period=0),
        state_of("nowhere"),
        state_of("bra.1", clock_s=700.0, away_score=1),
    ]
    priors = [THREE_WAY, TWO_WAY, TWO_WAY, TWO_WAY, TWO_WAY, TWO_WAY, THREE_WAY]
    priced = price_batch(states, priors)
    expected = np.full((7, 3), np.nan)
    names = ["none"] * 7
    for row in (0, 1, 3, 6):
        league = LEAGUES[states[row].league]
        model = BUILT_IN.model_for(league)
        assert model is not None
        names[row] = model.name
        made = columns([states[row]], [priors[row]], league)
        expected[row] = model.price(made).probabilities[0]
    expected[4] = (0.6, 0.0, 0.4)
    names[4] = names[1]
    np.testing.assert_allclose(priced.probabilities, expected, rtol=0, atol=1e-12)
    assert priced.names == names
    assert priced.failures == 0


@pytest.mark.parametrize(
    ("answer", "failed"),
    [
        ([], [True, True]),
        ([[0.5, 0.0, 0.5]], [True, True]),
        ([[0.5, 0.0, 0.5], [np.nan] * 3], [False, True]),
        ([[1.5, 0.0, -0.5], [0.9, 0.0, 0.1]], [True, False]),
        ([[0.6, 0.0, 0.6], [0.9, 0.0, 0.1]], [True, False]),
    ],
)
def test_a_model_that_fails_costs_its_rows_only(
    state_of: StateOf, answer: list[list[float]], failed: list[bool]
) -> None:
    """What raises, has a wrong shape, or is no price is named and counted; the rest is priced."""
    registry = Registry(built_in(), {"nhl": Own(answer)})
    states = [state_of("nhl"), state_of("nba", phase="pre"), state_of("nhl")]
    priced = price_batch(states, [TWO_WAY] * 3, registry)
    names = ["failed:own" if each else "own" for each in failed]
    assert [priced.names[0], priced.names[2]] == names
    assert priced.failures == sum(failed)
    assert np.isnan(priced.probabilities[[0, 2]]).all(axis=1).tolist() == failed
    np.testing.assert_array_equal(priced.probabilities[1], [0.6, 0.0, 0.4])


def test_a_users_model_comes_before_the_coefficients(state_of: StateOf) -> None:
    """Its price and its error are those of the rows; settled rows need no model."""
    registry = Registry(built_in(), {"nba": Own([[0.7, 0.0, 0.3]])})
    over = state_of("nba", phase="post", completed=True, winner="away")
    priced = price_batch([state_of("nba"), over], [TWO_WAY] * 2, registry)
    assert priced.names == ["own", "own"]
    assert priced.error.tolist() == [0.01, 0.0]
    np.testing.assert_array_equal(priced.probabilities, [[0.7, 0.0, 0.3], [0.0, 0.0, 1.0]])


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"family": "magic"}, "of the family 'magic'; use one of basketball"),
        ({"coefficients": {"speed": 1.0}}, "'nba', version .*speed.*fairline train"),
    ],
)
def test_a_wrong_file_is_told_at_the_start(changes: dict[str, object], message: str) -> None:
    """By its key, and with how to mend it."""
    file = msgspec.structs.replace(built_in()["nba"], **changes)
    with pytest.raises(ConfigError, match=message):
        Registry({"nba": file}).check()


def test_the_files_that_come_along_hold() -> None:
    """Every one has its family's coefficients."""
    BUILT_IN.check()


def test_warm_asks_the_model_of_every_league_once() -> None:
    """Two made-up games of a league are priced, in summer and in winter; fights have no model."""
    asked: list[list[float]] = []

    class Listening(Own):
        """Remembers what it was asked."""

        def price(self, columns: Columns) -> Prices:
            """Answer for two games."""
            asked.append(columns["runner_rule"].tolist())
            return super().price(columns)

    registry = Registry(built_in(), {"mlb": Listening([[0.5, 0.0, 0.5]] * 2)})
    registry.warm(LEAGUES)
    assert asked == [[0.0, 1.0]]


def test_leagues_of_one_file_are_priced_at_once() -> None:
    """They share its model, so that a batch of many leagues asks it once."""
    assert BUILT_IN.model_for(LEAGUES["eng.1"]) is BUILT_IN.model_for(LEAGUES["usa.1"])


def test_nothing_in_gives_nothing_out() -> None:
    """An empty batch is an empty answer of three columns."""
    priced = price_batch([], [])
    assert (priced.probabilities.shape, priced.names, priced.error.size) == ((0, 3), [], 0)
