from __future__ import annotations

from simulator.plan import Evening, Moment, SideTeam, Status


def moment(status: Status) -> Moment:
    """Return a moment of which only the status matters."""
    return Moment(0, status, 1, 0.0, 0, 0, (1.0, 0.0, 0.0))


def test_a_game_is_scheduled_live_or_over() -> None:
    """Breaks are live; both words for the end are the end."""
    assert {
        status: (moment(status).live, moment(status).over)
        for status in ("scheduled", "in_progress", "halftime", "end_period", "final", "full_time")
    } == {
        "scheduled": (False, False),
        "in_progress": (True, False),
        "halftime": (True, False),
        "end_period": (True, False),
        "final": (False, True),
        "full_time": (False, True),
    }


def test_clubs_of_one_name_say_it_once() -> None:
    """A location before a nickname, unless they are the same."""
    knicks = SideTeam("18", "NY", "New York", "Knicks", "nyk")
    arsenal = SideTeam("359", "ARS", "Arsenal", "Arsenal", "ars")
    assert (knicks.name, arsenal.name) == ("New York Knicks", "Arsenal")


def test_games_have_the_ids_of_the_house(evening: Evening) -> None:
    """League, colon, ESPN's id; the final is the last moment, and over."""
    for game in evening.games:
        assert game.key == f"{game.league.key}:{game.espn_id}"
        assert game.final is game.moments[-1]
        assert game.final.over
