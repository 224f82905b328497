from __future__ import annotations

from typing import Any

import pytest

from connectors.espn.schema import Competitor, TeamNames
from connectors.espn.sides import Sides, find_sides, is_placeholder, score, team, winner
from connectors.espn.status import Standing
from fusion.errors import Refusal
from fusion.game import Team
from fusion.leagues import LEAGUES

HOME, AWAY = Competitor(id="1", home_away="home"), Competitor(id="2", home_away="away")
PRE = Standing("pre", "scheduled", False, 0, None, "", False)
LIVE = Standing("in", "in_progress", False, 1, 60.0, "", False)
FINAL = Standing("post", "final", True, 4, None, "", False)
FORFEIT = Standing("post", "forfeit", True, 0, None, "", False)
POSTPONED = Standing("post", "postponed", False, 0, None, "", False)


def reason(value: object) -> str:
    """Return the reason of a refusal, empty for anything else."""
    return value.reason if isinstance(value, Refusal) else ""


def test_sides_are_found_in_any_order() -> None:
    """Home is who says so, not who comes first."""
    assert find_sides([AWAY, HOME]) == find_sides([HOME, AWAY]) == Sides(HOME, AWAY)


@pytest.mark.parametrize(
    ("competitors", "expected"),
    [
        (None, "no_competitors"),
        ([], "no_competitors"),
        ([HOME], "bad_competitors"),
        ([AWAY, AWAY], "bad_competitors"),
        ([HOME, AWAY, AWAY], "bad_competitors"),
        ([HOME, Competitor(home_away=None)], "bad_competitors"),
    ],
)
def test_a_game_has_two_sides(competitors: list[Competitor] | None, expected: str) -> None:
    """One side, two of a kind or three are refused."""
    assert reason(find_sides(competitors)) == expected


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (
            TeamNames("28", "TOR", "Toronto Raptors", "Raptors", "Toronto", "Raptors"),
            Team("28", "TOR", "Toronto Raptors", ("Raptors", "Toronto")),
        ),
        (
            TeamNames("382", "MNC", "Manchester City", "Man City", *["Manchester City"] * 2),
            Team("382", "MNC", "Manchester City", ("Man City",)),
        ),
        (
            TeamNames(47, "HOW", "Howard University", "Howard", "Howard", "Bison"),
            Team("47", "HOW", "Howard University", ("Howard", "Bison", "Howard Bison")),
        ),
        (
            TeamNames(None, None, None, None, "Utah", "Jazz"),
            Team("9", "Utah Jazz", "Utah Jazz", ("Utah", "Jazz")),
        ),
    ],
)
def test_team(names: TeamNames, expected: Team) -> None:
    """A team keeps its other names, each once; the competitor's id stands in for its own."""
    assert team(Competitor(id="9", team=names)) == expected


@pytest.mark.parametrize(
    "competitor", [Competitor(id="9"), Competitor(team=TeamNames(display_name="Utah Jazz"))]
)
def test_a_team_needs_id_and_name(competitor: Competitor) -> None:
    """A team without id or name is refused."""
    assert reason(team(competitor)) == "bad_team"


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (TeamNames("1", "TOR", "Toronto Raptors", is_active=True), False),
        (TeamNames("1", "TOR", "Toronto Raptors"), False),
        (TeamNames("1", "RD32", "Round of 32 1 Winner", is_active=False), True),
        (TeamNames("1", "TBD", "To be decided"), True),
        (TeamNames("1", "X", "tbd"), True),
        (None, False),
    ],
)
def test_placeholder(names: TeamNames | None, expected: bool) -> None:
    """An inactive team, or one called TBD, stands for one to be known."""
    assert is_placeholder(Competitor(team=names)) is expected


@pytest.mark.parametrize(
    ("value", "at", "expected"),
    [
        ("17", LIVE, 17),
        (17.0, LIVE, 17),
        ("0", PRE, 0),
        (None, PRE, 0),
        ("", POSTPONED, 0),
        (None, LIVE, "bad_score"),
        ("", FINAL, "bad_score"),
        (None, FORFEIT, 0),
        ("9", FORFEIT, 9),
        ("155/6", PRE, "bad_score"),
        ({"value": 1}, LIVE, "bad_score"),
        (-1, LIVE, "bad_score"),
        (1000, LIVE, "bad_score"),
    ],
)
def test_score(value: Any, at: Standing, expected: int | str) -> None:
    """A score may be missing only where nothing was played."""
    found = score(value, at)

    assert (reason(found) or found) == expected


@pytest.mark.parametrize(
    ("league", "scores", "flags", "kicks", "at", "expected"),
    [
        ("nba", (101, 99), (True, False), (None, None), FINAL, "home"),
        ("nba", (99, 101), (None, None), (None, None), FINAL, "away"),
        ("nba", (9, 0), (False, True), (None, None), FINAL, "away"),
        ("nba", (101, 99), (True, True), (None, None), FINAL, "home"),
        ("nba", (99, 99), (None, None), (None, None), FINAL, None),
        ("nfl", (20, 20), (False, False), (None, None), FINAL, "draw"),
        ("eng.1", (0, 0), (False, False), (None, None), FINAL, "draw"),
        ("eng.1", (1, 1), (False, False), (3, 4), FINAL, "away"),
        ("eng.1", (0, 0), (False, True), (None, None), FORFEIT, "away"),
        ("eng.1", (0, 0), (False, False), (None, None), FORFEIT, None),
        ("mlb", (9, 0), (None, None), (None, None), FORFEIT, "home"),
        ("nba", (101, 99), (True, False), (None, None), LIVE, None),
        ("eng.1", (0, 0), (True, False), (None, None), POSTPONED, None),
    ],
)
def test_winner(
    *,
    league: str,
    scores: tuple[int, int],
    flags: tuple[Any, Any],
    kicks: tuple[Any, Any],
    at: Standing,
    expected: str | None,
) -> None:
    """The flags name the winner of a completed game, else the score, else the shootout."""
    sides = Sides(
        Competitor(winner=flags[0], shootout_score=kicks[0]),
        Competitor(winner=flags[1], shootout_score=kicks[1]),
    )

    assert winner(sides, *scores, at, LEAGUES[league]) == expected
