from __future__ import annotations

import numpy as np
import pytest

from fusion.errors import ConfigError
from fusion.leagues import LEAGUES
from simulator.plan import Moment, Wants
from simulator.play.strength import CAN_WANT, came_to, play

WISHES: list[tuple[str, Wants]] = [
    ("nba", "overtime"),
    ("wnba", "overtime"),
    ("ncaamb", "overtime"),
    ("ncaawb", "overtime"),
    ("nfl", "overtime"),
    ("cfb", "overtime"),
    ("nhl", "overtime"),
    ("nhl", "shootout"),
    ("mlb", "extra_innings"),
    ("uefa.champions", "overtime"),
    ("uefa.champions", "shootout"),
    ("atp", "tie_break"),
    ("wta", "retired"),
    ("atp", "walkover"),
]


@pytest.mark.parametrize(
    "key", ["nba", "ncaamb", "nfl", "cfb", "nhl", "mlb", "eng.1", "atp", "wta", "ufc"]
)
@pytest.mark.parametrize("strength", [0.2, 0.5, 0.8])
def test_strength_becomes_the_pregame_probability(key: str, strength: float) -> None:
    """Home's share of the decided games is within four hundredths of what was asked."""
    moments = play(LEAGUES[key], strength, 600_000, np.random.default_rng(1))
    home, _, away = moments[0].truth
    assert home / (home + away) == pytest.approx(strength, abs=0.04)


@pytest.mark.parametrize(("key", "wanted"), WISHES)
def test_a_game_comes_to_what_is_wanted(key: str, wanted: Wants) -> None:
    """The same dice give the same game, and another game without the wish."""
    league = LEAGUES[key]
    moments, again = (
        play(league, 0.55, 600_000, np.random.default_rng(7), wants=wanted) for _ in range(2)
    )
    assert moments == again
    assert came_to(league, moments, wanted)
    assert moments[0].status == "scheduled"
    assert moments[-1].over


def test_overtime_is_no_shootout_yet() -> None:
    """In hockey the fifth period is, in soccer the word of the end."""
    truth = (1.0, 0.0, 0.0)
    ends = [
        ("nhl", Moment(0, "final", 4, 0.0, 3, 2, truth)),
        ("nhl", Moment(0, "final", 5, 0.0, 3, 2, truth)),
        ("fifa.world", Moment(0, "final_aet", 4, 0.0, 3, 2, truth)),
        ("fifa.world", Moment(0, "final_pen", 5, 0.0, 2, 2, truth)),
    ]
    assert [
        (came_to(LEAGUES[key], (end,), "overtime"), came_to(LEAGUES[key], (end,), "shootout"))
        for key, end in ends
    ] == [(True, False), (True, True), (True, False), (True, True)]


def test_every_sport_is_asked_for_all_it_can_come_to() -> None:
    """The list above and the table agree."""
    asked = {(LEAGUES[key].sport, wanted) for key, wanted in WISHES}
    assert asked == {(sport, wanted) for sport, can in CAN_WANT.items() for wanted in can}


def test_most_games_come_to_nothing() -> None:
    """A wish is not granted to every game there is: the checks tell games apart."""
    for key, wanted in WISHES:
        games = [play(LEAGUES[key], 0.55, 0, np.random.default_rng(seed)) for seed in range(4)]
        assert not all(came_to(LEAGUES[key], moments, wanted) for moments in games)


def test_a_wish_that_no_game_grants_is_an_error() -> None:
    """The message says what the sport can come to."""
    with pytest.raises(ConfigError, match=r"baseball comes to extra_innings, .* 'shootout'"):
        play(LEAGUES["mlb"], 0.5, 0, np.random.default_rng(1), wants="shootout")
    with pytest.raises(ConfigError, match="mma comes to nothing"):
        play(LEAGUES["ufc"], 0.5, 0, np.random.default_rng(1), wants="overtime")


def test_matches_of_five_sets_and_rounds_are_longer() -> None:
    """`best_of` is that of the match, else the league's."""
    five = play(LEAGUES["atp"], 0.5, 0, np.random.default_rng(1), best_of=5)
    assert max(five[-1].home, five[-1].away) == 3
    three = play(LEAGUES["atp"], 0.5, 0, np.random.default_rng(1))
    assert max(three[-1].home, three[-1].away) == 2
    rounds = {
        play(LEAGUES["ufc"], 0.5, 0, np.random.default_rng(seed), best_of=5)[-1].period
        for seed in range(60)
    }
    assert rounds == {1, 2, 3, 4, 5}
