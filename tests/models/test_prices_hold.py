"""What holds of every price of every league, from the state of a game to its probabilities."""

from __future__ import annotations

from typing import Any

import msgspec
import numpy as np
import pytest
from game_states import likely_priors, mirrored, mirrored_prior, priors, states
from hypothesis import given, settings
from hypothesis import strategies as st

from fusion.clock import is_shootout
from fusion.game import GameState, SetScore, Situation
from fusion.leagues import LEAGUES
from models.frame import settle
from models.protocol import Floats, Prior
from models.registry import BUILT_IN, price_batch

PRICED = tuple(key for key, each in LEAGUES.items() if BUILT_IN.model_for(each) is not None)
RULES = ("nba", "ncaamb", "nfl", "cfb", "nhl", "mlb", "eng.1", "fifa.world", "atp", "wta")
"""A league for each set of rules and coefficients; the others differ from them in names."""

CLOCKED = ("nba", "wnba", "ncaamb", "nfl", "cfb", "nhl")
ROUNDING = 1e-9
FEW = settings(max_examples=25, deadline=None)
SOME = settings(max_examples=100, deadline=None)


def prices(*rows: tuple[GameState, Prior]) -> Floats:
    """Return the prices of rows, none of which a model may fail on."""
    priced = price_batch([state for state, _ in rows], [prior for _, prior in rows])
    assert priced.failures == 0
    return priced.probabilities


def with_(state: GameState, **fields: Any) -> GameState:
    """Return a state with other fields."""
    return msgspec.structs.replace(state, **fields)


@SOME
@given(data=st.data())
def test_every_state_has_a_price_or_a_reason(data: st.DataObject) -> None:
    """In [0, 1] with the sum 1; NaN only where the rules say so, without a failure anywhere."""
    key = data.draw(st.sampled_from(PRICED))
    state, prior = data.draw(states(key)), data.draw(priors(LEAGUES[key]))
    (found,) = prices((state, prior))
    settled = settle(state, prior, LEAGUES[key])
    if settled is not None and np.isnan(settled).any():
        assert np.isnan(found).all()
        return
    assert ((found >= 0.0) & (found <= 1.0)).all()
    assert found.sum() == pytest.approx(1.0, abs=ROUNDING)
    if not LEAGUES[key].three_way:
        assert found[1] == 0.0


@pytest.mark.parametrize("key", RULES)
@FEW
@given(data=st.data())
def test_more_lead_is_never_worse(key: str, data: st.DataObject) -> None:
    """One more for home, in the same state, makes home no worse and away no better."""
    state, prior = data.draw(states(key)), data.draw(priors(LEAGUES[key]))
    ahead = with_(state, home_score=state.home_score + 1)
    before, after = prices((state, prior), (ahead, prior))
    # A board whose score is not done yet has no price, one point later it has.
    if not np.isnan(before).any() and not np.isnan(after).any():
        assert after[0] >= before[0] - ROUNDING
        assert after[2] <= before[2] + ROUNDING


@pytest.mark.parametrize("key", ["atp", "wta"])
@FEW
@given(data=st.data())
def test_one_more_game_is_never_worse(key: str, data: st.DataObject) -> None:
    """In the set in play, whatever the sets before."""
    state = data.draw(states(key, phase=st.just("in")))
    games = st.integers(0, 12)
    last = SetScore(data.draw(games), data.draw(games))
    more = msgspec.structs.replace(last, home=last.home + 1)
    prior = data.draw(priors(LEAGUES[key]))
    earlier = state.sets[:2]
    before, after = prices(
        (with_(state, sets=(*earlier, last)), prior), (with_(state, sets=(*earlier, more)), prior)
    )
    assert after[0] >= before[0] - ROUNDING


@pytest.mark.parametrize("key", [key for key in RULES if LEAGUES[key].sport != "baseball"])
@FEW
@given(data=st.data())
def test_neither_side_is_favoured(key: str, data: st.DataObject) -> None:
    """The game seen from the other side has the price of the other side: home is in the prior."""
    state, prior = data.draw(states(key)), data.draw(priors(LEAGUES[key]))
    found, other = prices((state, prior), (mirrored(state), mirrored_prior(prior)))
    np.testing.assert_allclose(other[::-1], found, atol=1e-6)


@SOME
@given(data=st.data())
def test_before_the_start_the_price_is_the_prior(data: st.DataObject) -> None:
    """Whatever a board says of a game that has not begun."""
    key = data.draw(st.sampled_from(PRICED))
    state, prior = data.draw(states(key, phase=st.just("pre"))), data.draw(priors(LEAGUES[key]))
    np.testing.assert_allclose(
        prices((state, prior))[0], [prior.home, prior.draw, prior.away], atol=ROUNDING
    )


FIRST_STATES: dict[str, dict[str, Any]] = {
    "basketball": {"clock_s": 720.0},
    "football": {"clock_s": 900.0},
    "hockey": {"clock_s": 1200.0},
    "soccer": {"clock_s": 0.0},
    "baseball": {"situation": Situation(bottom=False, outs=0, bases=0)},
    "tennis": {"sets": (SetScore(0, 0),)},
}


@pytest.mark.parametrize("key", ["nba", "nfl", "cfb", "nhl", "mlb", "eng.1", "atp", "wta"])
@FEW
@given(data=st.data())
def test_play_begins_at_the_prior(key: str, data: st.DataObject) -> None:
    """The first state in play is worth what the last one before it was."""
    state = data.draw(
        states(key, phase=st.just("in"), situation=st.just(Situation()), status=st.just(""))
    )
    start = with_(
        state, home_score=0, away_score=0, period=1, in_break=False, sets=(),
        best_of=LEAGUES[key].periods,
    )  # fmt: skip
    prior = data.draw(likely_priors(LEAGUES[key]))
    (found,) = prices((with_(start, **FIRST_STATES[LEAGUES[key].sport]), prior))
    np.testing.assert_allclose(found, [prior.home, prior.draw, prior.away], atol=0.01)


@SOME
@given(data=st.data())
def test_a_result_is_the_price(data: st.DataObject) -> None:
    """Exactly 1 for the winner, the draw of a soccer match included."""
    key = data.draw(st.sampled_from(PRICED))
    three_way = LEAGUES[key].three_way
    side = data.draw(st.sampled_from(["home", "draw", "away"] if three_way else ["home", "away"]))
    home, away = {"home": (2, 1), "draw": (1, 1), "away": (0, 1)}[side]
    over = with_(
        data.draw(states(key)), phase="post", status="final", completed=True, winner=side,
        home_score=home, away_score=away, period=LEAGUES[key].periods,
    )  # fmt: skip
    (found,) = prices((over, data.draw(priors(LEAGUES[key]))))
    assert found.tolist() == [float(side == each) for each in ("home", "draw", "away")]


DECIDED: dict[str, tuple[str, dict[str, Any]]] = {
    "the clock has run out": ("nba", {"period": 4, "clock_s": 0.0, "in_break": True}),
    "and in overtime": ("nfl", {"period": 5, "clock_s": 0.0, "in_break": True}),
    "after three periods": ("nhl", {"period": 3, "clock_s": 0.0, "in_break": True}),
    "a goal in overtime": ("nhl", {"period": 4, "clock_s": 200.0}),
    "the last half has been": (
        "mlb", {"period": 9, "situation": Situation(bottom=True, between_halves=False, outs=3)},
    ),
    "full time": ("eng.1", {"period": 2, "clock_s": 5400.0, "in_break": True}),
    "all the sets": ("atp", {"period": 2, "best_of": 3, "home_score": 2, "away_score": 0}),
}  # fmt: skip


@pytest.mark.parametrize("name", DECIDED)
@FEW
@given(data=st.data())
def test_a_game_decided_in_play_is_certain(name: str, data: st.DataObject) -> None:
    """Before a board says that it is over, for either side."""
    key, fields = DECIDED[name]
    drawn = data.draw(states(key, phase=st.just("in"), status=st.just("in_progress")))
    over = with_(with_(drawn, in_break=False, home_score=4, away_score=1), **fields)
    prior = data.draw(priors(LEAGUES[key]))
    home, away = prices((over, prior), (mirrored(over), mirrored_prior(prior)))
    assert home.tolist() == [1.0, 0.0, 0.0]
    assert away.tolist() == [0.0, 0.0, 1.0]


@pytest.mark.parametrize("key", CLOCKED)
@FEW
@given(data=st.data())
def test_the_end_of_a_period_is_the_start_of_the_next(key: str, data: st.DataObject) -> None:
    """To the last digit, whether a board shows 0:00, a break, or the next full clock."""
    league = LEAGUES[key]
    period = data.draw(st.integers(1, league.periods - 1))
    state = data.draw(states(key, phase=st.just("in"), situation=st.just(Situation())))
    state = with_(state, status="in_progress", in_break=False, period=period, clock_s=0.0)
    prior = data.draw(priors(league))
    found = prices(
        (state, prior),
        (with_(state, in_break=True), prior),
        (with_(state, period=period + 1, clock_s=league.period_s), prior),
    )
    np.testing.assert_allclose(found, found[[0, 0, 0]], atol=ROUNDING)


@pytest.mark.parametrize("key", CLOCKED)
@FEW
@given(data=st.data())
def test_overtime_begins_where_regulation_ends(key: str, data: st.DataObject) -> None:
    """A level game at the end is worth as much in the break and when overtime begins."""
    league = LEAGUES[key]
    state = data.draw(states(key, phase=st.just("in"), situation=st.just(Situation())))
    state = with_(
        state, status="in_progress", in_break=False, away_score=state.home_score,
        period=league.periods, clock_s=0.0,
    )  # fmt: skip
    prior = data.draw(priors(league))
    begun = with_(state, period=league.periods + 1, clock_s=league.overtime_s or None)
    found = prices((state, prior), (with_(state, in_break=True), prior), (begun, prior))
    assert not is_shootout(begun, league)
    np.testing.assert_allclose(found, found[[0, 0, 0]], atol=1e-4)


@SOME
@given(data=st.data())
def test_half_time_of_soccer_is_continuous(data: st.DataObject) -> None:
    """The break is the start of the second half; added time ends within a fraction of a goal."""
    state = data.draw(states("eng.1", phase=st.just("in"), status=st.just("in_progress")))
    state = with_(state, period=1, in_break=False, clock_s=2700.0 + 300.0)
    prior = data.draw(priors(LEAGUES["eng.1"]))
    added, rest, begun = prices(
        (state, prior),
        (with_(state, in_break=True, clock_s=2700.0), prior),
        (with_(state, period=2, clock_s=2700.0), prior),
    )
    np.testing.assert_allclose(begun, rest, atol=ROUNDING)
    np.testing.assert_allclose(added, rest, atol=0.03)


@SOME
@given(data=st.data())
def test_half_innings_follow_each_other(data: st.DataObject) -> None:
    """The third out, the break and the first pitch of the next half are one price."""
    inning = data.draw(st.integers(1, 8))
    bottom = data.draw(st.booleans())
    state = with_(
        data.draw(states("mlb", phase=st.just("in"))),
        period=inning,
        situation=Situation(bottom=bottom, outs=3),
    )
    prior = data.draw(priors(LEAGUES["mlb"]))
    rest = with_(state, situation=Situation(bottom=not bottom, between_halves=True))
    begun = with_(
        state, period=inning + bottom, situation=Situation(bottom=not bottom, outs=0, bases=0)
    )
    found = prices((state, prior), (rest, prior), (begun, prior))
    np.testing.assert_allclose(found, found[[0, 0, 0]], atol=ROUNDING)


@pytest.mark.parametrize("key", ["atp", "wta"])
@FEW
@given(data=st.data())
def test_a_set_that_is_won_is_one_set_more(key: str, data: st.DataObject) -> None:
    """The board may name the winner before or after it counts the set and opens the next."""
    games = data.draw(st.sampled_from([(6, 0), (6, 4), (7, 5), (7, 6)]))
    state = data.draw(
        states(key, phase=st.just("in"), situation=st.just(Situation()), sets=st.just(()))
    )
    state = with_(state, home_score=1, away_score=0, period=1, best_of=3)
    prior = data.draw(priors(LEAGUES[key]))
    won = SetScore(*games, winner="home")
    found = prices(
        (with_(state, sets=(won,)), prior),
        (with_(state, sets=(won, SetScore(0, 0))), prior),
        (with_(state, home_score=0, sets=(SetScore(*games),)), prior),
    )
    np.testing.assert_allclose(found, found[[0, 0, 0]], atol=ROUNDING)


@SOME
@given(data=st.data())
def test_a_row_does_not_know_its_batch(data: st.DataObject) -> None:
    """Alone, in a batch, or in another order: a row has one price, one error and one name."""
    keys = data.draw(st.lists(st.sampled_from(list(LEAGUES)), min_size=1, max_size=12))
    drawn_states = [data.draw(states(key)) for key in keys]
    drawn_priors = [data.draw(priors(LEAGUES[key])) for key in keys]
    order = data.draw(st.permutations(range(len(keys))))
    whole = price_batch(drawn_states, drawn_priors)
    other = price_batch([drawn_states[at] for at in order], [drawn_priors[at] for at in order])
    for place, at in enumerate(order):
        alone = price_batch([drawn_states[at]], [drawn_priors[at]])
        assert alone.names[0] == whole.names[at] == other.names[place]
        found = (whole.probabilities[at], other.probabilities[place], alone.probabilities[0])
        np.testing.assert_allclose(found, [found[0]] * 3, atol=1e-12)
        errors = (whole.error[at], other.error[place], alone.error[0])
        np.testing.assert_allclose(errors, [errors[0]] * 3, rtol=1e-9, atol=1e-12)
