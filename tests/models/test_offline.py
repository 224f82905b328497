"""Leagues without a feed: trained and evaluated like others, and priced live never."""

from __future__ import annotations

from fusion.leagues import LEAGUES
from models.formulas import FAMILIES
from models.offline import OFFLINE
from models.registry import BUILT_IN


def test_they_have_a_family_and_a_model() -> None:
    """Each under its own key, with the coefficients that come along."""
    for key, league in OFFLINE.items():
        model = BUILT_IN.model_for(league)
        assert model is not None
        assert league.key == key
        assert model.name.startswith(f"{league.model}:{key}-")
        assert model.inputs == FAMILIES[league.model].inputs


def test_no_scoreboard_tells_of_them() -> None:
    """Their keys are no league's, so that no live row is ever theirs."""
    assert not set(OFFLINE) & set(LEAGUES)
