from __future__ import annotations

from collections.abc import Callable

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fusion.game import GameState, Situation
from models.innings import Innings, tables
from models.protocol import Prior

StateOf = Callable[..., GameState]

chances = st.floats(0.005, 0.995)
absurd = st.fixed_dictionaries(
    {
        "period": st.integers(-1, 99),
        "in_break": st.booleans(),
        "home_score": st.integers(-5, 60),
        "away_score": st.integers(-5, 60),
        "situation": st.builds(
            Situation,
            outs=st.none() | st.integers(-1, 9),
            bases=st.none() | st.integers(-1, 99),
            bottom=st.none() | st.booleans(),
            between_halves=st.booleans(),
        ),
    }
)


def _prior(home: float) -> Prior:
    return Prior(home=home, draw=0.0, away=1.0 - home, source="market")


def _home(state: GameState, chance: float) -> float:
    return float(Innings().price([state], [_prior(chance)])[0, 0])


def _at(half: str, outs: int = 0, bases: int = 0) -> Situation:
    return Situation(
        outs=outs, bases=bases, bottom=half in ("mid", "bot"), between_halves=half in ("mid", "end")
    )


@given(chance=chances)
def test_the_start_is_the_prior(state_of: StateOf, chance: float) -> None:
    """Before the game, and at the first pitch, the price is the prior."""
    states = [
        state_of("mlb", phase="pre", period=0),
        state_of("mlb", period=1, situation=_at("top")),
    ]
    expected = [[chance, 0.0, 1.0 - chance]] * 2
    np.testing.assert_allclose(Innings().price(states, [_prior(chance)] * 2), expected, atol=1e-6)


@given(fields=absurd, chance=chances)
def test_every_state_in_play_has_a_price(
    state_of: StateOf, fields: dict[str, object], chance: float
) -> None:
    """Whatever the feed says, the row is in [0, 1], sums to 1 and has no draw."""
    row = Innings().price([state_of("mlb", **fields)], [_prior(chance)])[0]
    assert (row >= 0).all()
    assert row.sum() == pytest.approx(1.0)
    assert row[1] == 0.0


@given(fields=absurd, chance=chances, more=st.integers(1, 9))
def test_more_lead_is_never_worse(
    state_of: StateOf, fields: dict[str, object], chance: float, more: int
) -> None:
    """Runs for home at the same state never lower its chance."""
    state = state_of("mlb", **fields)
    ahead = msgspec.structs.replace(state, home_score=state.home_score + more)
    assert _home(ahead, chance) >= _home(state, chance) - 1e-12


@given(chance=chances, inning=st.integers(1, 12), lead=st.integers(-8, 8))
def test_swapping_the_sides_swaps_the_price(
    state_of: StateOf, chance: float, inning: int, lead: int
) -> None:
    """Between whole innings the sides are alike but for the prior, also in extra innings."""
    fields = {"period": inning, "situation": _at("end")}
    there = _home(state_of("mlb", home_score=10 + lead, away_score=10, **fields), chance)
    back = _home(state_of("mlb", home_score=10 - lead, away_score=10, **fields), 1.0 - chance)
    assert there == pytest.approx(1.0 - back, abs=1e-9)


@given(chance=chances, inning=st.integers(1, 8), lead=st.integers(-8, 8), bases=st.integers(0, 7))
def test_the_third_out_is_the_start_of_the_next_half(
    state_of: StateOf, chance: float, inning: int, lead: int, bases: int
) -> None:
    """Three outs, the pause and the next half with nobody on have one price."""
    score = {"home_score": 10 + lead, "away_score": 10}
    situations = [
        (inning, _at("top", 3, bases)),
        (inning, _at("mid")),
        (inning, _at("bot")),
        (inning, _at("bot", 3, bases)),
        (inning, _at("end")),
        (inning + 1, _at("top")),
    ]
    prices = [
        _home(state_of("mlb", period=period, situation=situation, **score), chance)
        for period, situation in situations
    ]
    assert prices == pytest.approx([prices[0]] * 3 + [prices[3]] * 3, abs=1e-9)


@pytest.mark.parametrize("inning", [9, 10, 13])
def test_a_lead_in_a_last_bottom_half_has_won(state_of: StateOf, inning: int) -> None:
    """Home does not bat when it leads after the top, and a run that takes the lead ends it."""
    states = [
        state_of("mlb", period=inning, home_score=5, away_score=4, situation=situation)
        for situation in (_at("mid"), _at("bot"), _at("bot", 2, 4), _at("top", 3))
    ]
    prices = Innings().price(states, [_prior(0.3)] * 4)
    np.testing.assert_array_equal(prices, [[1.0, 0.0, 0.0]] * 4)


def test_home_behind_after_the_last_half_has_lost(state_of: StateOf) -> None:
    """With three outs in the bottom of the ninth nothing is left to score."""
    state = state_of("mlb", period=9, home_score=3, away_score=4, situation=_at("bot", 3))
    level = state_of("mlb", period=9, home_score=4, away_score=4, situation=_at("bot", 3))
    tenth = state_of("mlb", period=10, home_score=4, away_score=4, situation=_at("top", 0, 2))
    lost, extra, begun = Innings().price([state, level, tenth], [_prior(0.6)] * 3)[:, 0].tolist()
    assert lost == 0.0
    assert extra == pytest.approx(begun, abs=1e-9)
    assert 0.5 < extra < 0.6


def test_level_in_the_bottom_of_the_ninth_is_the_known_figure() -> None:
    """Home wins 0.63 to 0.66 of games level before the bottom of the ninth (Lindsey 1963 on)."""
    known = tables(9).win
    middle = known.shape[1] // 2
    assert 0.62 < known[17, middle, known.shape[2] // 2] < 0.66
    assert known[0, middle, known.shape[2] // 2] == pytest.approx(0.5)


def test_extra_innings_start_with_a_runner_until_october(state_of: StateOf) -> None:
    """Level with one out and nobody on in the tenth, home has a runner to come, or has none."""
    fields = {"period": 10, "situation": _at("top", 1)}
    july, october = (
        _home(state_of("mlb", start_ns=start_s * 1_000_000_000, **fields), 0.5)
        for start_s in (1_784_505_600, 1_792_454_400)
    )
    assert july > 0.7
    assert 0.5 < october < 0.6


def test_a_tenth_inning_whose_runner_is_not_shown_yet_is_level(state_of: StateOf) -> None:
    """Empty bases, no out and level scores can only be the moment before the first pitch."""
    state = state_of("mlb", period=10, situation=_at("top"))
    assert _home(state, 0.5) == pytest.approx(0.5)


def test_runners_and_outs_count(state_of: StateOf) -> None:
    """Loaded bases are better for the side at bat than empty ones, two outs worse than none."""
    loaded, empty, two_out = (
        _home(state_of("mlb", period=7, situation=situation), 0.5)
        for situation in (_at("bot", 0, 7), _at("bot"), _at("bot", 2))
    )
    assert loaded > empty + 0.1
    assert empty > two_out + 0.02


def test_runs_have_the_chance_and_mean_of_the_table() -> None:
    """At league strength the runs of a state sum to 1 and keep both published figures."""
    known = tables(9).runs
    middle = known.shape[1] // 2
    second_and_third_one_out = known[0, middle, 8 + 6]
    counts = np.arange(second_and_third_one_out.size)
    assert second_and_third_one_out.sum() == pytest.approx(1.0)
    assert second_and_third_one_out[0] == pytest.approx(1.0 - 0.686)
    assert second_and_third_one_out @ counts == pytest.approx(1.40, abs=1e-3)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"completed": True, "home_score": 3, "away_score": 2}, [1.0, 0.0, 0.0]),
        ({"completed": True, "winner": "away"}, [0.0, 0.0, 1.0]),
        ({"completed": False, "status": "postponed"}, [np.nan] * 3),
    ],
)
def test_a_game_that_is_over_is_its_result(
    state_of: StateOf, fields: dict[str, object], expected: list[float]
) -> None:
    """The winner has 1 exactly, by flag or score; a postponed game has no price."""
    state = state_of("mlb", phase="post", period=9, **fields)
    np.testing.assert_array_equal(Innings().price([state], [_prior(0.5)]), [expected])


def test_no_price_without_a_prior(state_of: StateOf) -> None:
    """A prior of nothing gives a row of NaN beside rows that have one, and no error."""
    nothing = Prior(home=0.0, draw=0.0, away=0.0, source="league")
    state = state_of("mlb", period=3, situation=_at("top"))
    prices = Innings().price([state, state], [nothing, _prior(0.5)])
    assert np.isnan(prices).all(axis=1).tolist() == [True, False]
