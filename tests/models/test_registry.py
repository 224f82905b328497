from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pytest

from fusion.game import GameState, Situation
from fusion.leagues import LEAGUES
from models import registry
from models.protocol import Prior, Probabilities
from models.registry import model_for, price_batch

StateOf = Callable[..., GameState]

TWO_WAY = Prior(home=0.6, draw=0.0, away=0.4, source="market")
THREE_WAY = Prior(home=0.5, draw=0.27, away=0.23, source="market")


class Broken:
    """A family that cannot."""

    name = "broken-1"

    def price(self, states: Sequence[GameState], priors: Sequence[Prior]) -> Probabilities:
        """Fail as a plugged model may."""
        raise ZeroDivisionError


def test_every_league_has_its_family_or_says_that_it_has_none() -> None:
    """Tennis and mixed martial arts have no model in this version."""
    names = {key: getattr(model_for(league), "name", None) for key, league in LEAGUES.items()}
    soccer = {key: "goals-1" for key, league in LEAGUES.items() if league.sport == "soccer"}
    basketball = dict.fromkeys(("nba", "wnba", "ncaamb", "ncaawb"), "brownian-1")
    football = dict.fromkeys(("nfl", "cfb"), "brownian-1")
    rest = {"nhl": "hockey-1", "mlb": "innings-1", "atp": None, "wta": None, "ufc": None}
    assert names == soccer | basketball | football | rest


def test_a_mixed_batch_keeps_its_order(state_of: StateOf) -> None:
    """Rows of several leagues come back where they were, as their own family prices them."""
    states = [
        state_of("eng.1", clock_s=600.0, home_score=1),
        state_of("nba", clock_s=600.0, home_score=10, away_score=4),
        state_of("atp"),
        state_of("mlb", period=3, situation=Situation(bottom=True, outs=1, bases=1)),
        state_of("nba", phase="pre", period=0),
        state_of("nowhere"),
    ]
    priors = [THREE_WAY, TWO_WAY, TWO_WAY, TWO_WAY, TWO_WAY, TWO_WAY]
    priced = price_batch(states, priors)
    expected = np.full((6, 3), np.nan)
    for row in (0, 1, 3, 4):
        model = model_for(LEAGUES[states[row].league])
        assert model is not None
        expected[row] = model.price([states[row]], [priors[row]])[0]
    np.testing.assert_array_equal(priced.probabilities, expected)
    assert priced.names == ["goals-1", "brownian-1", "none", "innings-1", "brownian-1", "none"]
    assert priced.failures == 0


def test_a_model_that_raises_fails_its_rows_only(
    state_of: StateOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A failure is named and counted, and the other families price on."""
    monkeypatch.setitem(registry._MODELS, "hockey", Broken())
    states = [state_of("nhl"), state_of("nba", phase="pre"), state_of("nhl")]
    priced = price_batch(states, [TWO_WAY] * 3)
    assert priced.names == ["failed:broken-1", "brownian-1", "failed:broken-1"]
    assert priced.failures == 2
    np.testing.assert_array_equal(
        priced.probabilities, [[np.nan] * 3, [0.6, 0.0, 0.4], [np.nan] * 3]
    )


def test_nothing_in_gives_nothing_out() -> None:
    """An empty batch is an empty answer of three columns."""
    probabilities, names = price_batch([], [])
    assert (probabilities.shape, names) == ((0, 3), [])
