from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.espn.parse import parse_scoreboard
from connectors.espn.schema import Competition, Competitor
from connectors.espn.tennis import passed_over
from fusion.errors import Refusal
from fusion.game import GameState, SetScore, Situation, Team
from fusion.leagues import LEAGUES

Match = dict[str, Any]
DE_MINAUR = Team("21", "", "Alex de Minaur", ("A. de Minaur", "de Minaur", "Minaur"))
PAUL = Team("1011", "", "Tommy Paul", ("T. Paul", "Paul"))


def read(match: Match, league: str = "atp") -> GameState:
    """Return the game of a bare competition."""
    board = parse_scoreboard(msgspec.json.encode(match), LEAGUES[league])
    assert board.refusals == ()
    return board.games[0]


def score(match: Match, home: list[Any], away: list[Any]) -> Match:
    """Return `match` with these games; a pair is games and the flag of the winner."""
    for side, games in zip(match["competitors"], (home, away), strict=True):
        side["linescores"] = [
            {"value": game[0], "winner": game[1]} if isinstance(game, tuple) else {"value": game}
            for game in games
        ]
    return match


def end(match: Match, name: str, winner: int | None) -> Match:
    """Return `match` completed under a status name, its winner flagged."""
    match["status"]["type"] = {"name": name, "state": "post", "completed": True, "detail": name}
    for place, side in enumerate(match["competitors"]):
        side["winner"] = place == winner
    return match


def test_a_match_in_play(match: Match, ns: Callable[[str], int]) -> None:
    """A match has its sets, the number of its set, and who serves."""
    assert read(match) == GameState(
        game_id="atp:141001",
        league="atp",
        start_ns=ns("2026-07-01T12:30:00+00:00"),
        home=DE_MINAUR,
        away=PAUL,
        phase="in",
        status="in_progress",
        completed=False,
        home_score=1,
        away_score=0,
        period=2,
        clock_s=None,
        detail="2nd Set",
        situation=Situation(server="away"),
        sets=(SetScore(7, 6, 7, 4, "home"), SetScore(2, 3)),
        best_of=5,
    )


@pytest.mark.parametrize(
    ("home", "away", "expected"),
    [
        ([6, 3], [4, 5], ["home", None]),
        ([6, 6], [4, 5], ["home", None]),
        ([6, 7], [4, 5], ["home", "home"]),
        ([6, 6], [4, 6], ["home", None]),
        ([6, 6], [4, 7], ["home", "away"]),
        ([6, 8], [4, 7], ["home", None]),
        ([6, 8], [4, 6], ["home", "home"]),
        ([5, 0], [3, 0], ["home", None]),
        ([0], [0], [None]),
        ([(6, True), (3, False)], [(4, False), (1, False)], ["home", None]),
        ([(3, True)], [(6, False)], ["home"]),
        ([6, 1, 2], [1, 6], ["home", "away"]),
        ([6, "?", 2], [1, 6, 1], ["home"]),
        ([6, 6], [], []),
        ([1, 6, 1, 6, 1, 6], [6, 1, 6, 1, 6, 1], ["away", "home", "away", "home", "away"]),
    ],
)
def test_who_has_won_a_set(
    match: Match, home: list[Any], away: list[Any], expected: list[str | None]
) -> None:
    """The flag tells, else the score, else that the next set has begun."""
    game = read(score(match, home, away))

    assert [each.winner for each in game.sets] == expected
    assert (game.home_score, game.away_score) == (expected.count("home"), expected.count("away"))


@pytest.mark.parametrize(
    ("name", "games", "flagged", "expected"),
    [
        ("STATUS_FINAL", ([6, 6], [4, 4]), 0, ("home", 2, 0)),
        ("STATUS_FINAL", ([6, 6], [4, 4]), None, ("home", 2, 0)),
        ("STATUS_FINAL", ([4, 4, 1], [2, 5, 0]), None, ("home", 2, 1)),
        ("STATUS_FINAL", ([6], [6]), None, (None, 0, 0)),
        ("STATUS_RETIRED", ([6, 3], [4, 1]), 1, ("away", 1, 0)),
        ("STATUS_RETIRED", ([6, 3], [4, 1]), None, (None, 1, 0)),
        ("STATUS_RETIRED", ([6, 6], [4, 4]), None, (None, 2, 0)),
        ("STATUS_WALKOVER", ([], []), 1, ("away", 0, 0)),
        ("STATUS_FORFEIT", ([1], [0]), 0, ("home", 0, 0)),
    ],
)
def test_who_has_won_a_match(
    match: Match,
    name: str,
    games: tuple[list[int], list[int]],
    flagged: int | None,
    expected: tuple[str | None, int, int],
) -> None:
    """The flag tells, and only of a match that was played out the sets do too."""
    game = read(end(score(match, *games), name, flagged))

    assert (game.winner, game.home_score, game.away_score) == expected
    assert (game.phase, game.completed, game.situation) == ("post", True, Situation())


def test_a_flag_in_play_is_no_winner(match: Match) -> None:
    """Nobody has won before the end."""
    match["competitors"][0]["winner"] = True

    assert read(match).winner is None


@pytest.mark.parametrize(
    ("name", "state", "completed", "expected"),
    [
        ("STATUS_SUSPENDED", "post", False, ("in", False)),
        ("STATUS_SUSPENDED", "in", False, ("in", False)),
        ("STATUS_RAIN_DELAY", "post", False, ("in", False)),
        ("STATUS_POSTPONED", "post", False, ("post", False)),
        ("STATUS_CANCELED", "post", False, ("post", False)),
        ("STATUS_SUSPENDED", "pre", False, ("pre", False)),
        ("STATUS_MADE_UP", "post", True, ("post", True)),
    ],
)
def test_an_interrupted_match_goes_on(
    match: Match, name: str, state: str, completed: bool, expected: tuple[str, bool]
) -> None:
    """A match that will be resumed is still in play, though ESPN calls it `post`."""
    match["status"]["type"] = {"name": name, "state": state, "completed": completed}
    game = read(match)

    assert (game.phase, game.completed) == expected


def test_before_the_start(match: Match) -> None:
    """A scheduled match has neither set nor score, whatever the line scores say."""
    match["status"] = {"period": 1, "type": {"name": "STATUS_SCHEDULED", "state": "pre"}}
    game = read(match)

    assert (game.phase, game.period, game.sets, game.home_score) == ("pre", 0, (), 0)
    assert game.situation == Situation()


@pytest.mark.parametrize(
    ("possession", "server", "expected"),
    [
        ((True, False), None, "home"),
        ((None, True), None, "away"),
        ((False, False), None, None),
        ((True, True), None, None),
        ((None, None), {"$ref": "http://x/wta/athletes/21?lang=en&region=us"}, "home"),
        ((None, None), {"$ref": "http://x/wta/athletes/1011"}, "away"),
        ((None, None), {"id": 1011}, "away"),
        ((True, False), {"id": 1011}, "home"),
        ((None, None), {"$ref": "http://x/wta/athletes/210?lang=en"}, None),
        ((None, None), {"$ref": 7}, None),
        ((None, None), [], None),
    ],
)
def test_server(
    match: Match, possession: tuple[Any, Any], server: Any, expected: Literal["home", "away"] | None
) -> None:
    """The server is marked, or linked by id."""
    for side, flag in zip(match["competitors"], possession, strict=True):
        side["possession"] = flag
    match["situation"] = {"server": server}

    assert read(match).situation == Situation(server=expected)


@pytest.mark.parametrize(
    ("league", "periods", "expected"),
    [
        ("atp", 5, 5),
        ("atp", 3, 3),
        ("atp", 4, 3),
        ("atp", None, 3),
        ("wta", 5, 3),
        ("wta", 3, 3),
    ],
)
def test_best_of(match: Match, league: str, periods: Any, expected: int) -> None:
    """Men play what the format says, women always three sets."""
    del match["type"]
    match["format"] = {"regulation": {"periods": periods}}

    assert read(match, league).best_of == expected


def test_a_period_behind_its_sets(match: Match) -> None:
    """The set that has begun counts, where the number of the status is behind it."""
    match["status"]["period"] = 1

    assert read(match).period == 2


@pytest.mark.parametrize(
    ("kind", "grouping", "league", "reason"),
    [
        ({"slug": "mens-singles"}, "", "atp", None),
        ({"slug": "womens-singles"}, "", "wta", None),
        ({"slug": "womens-singles"}, "", "atp", "other_draw"),
        ({"slug": "mens-singles"}, "", "wta", "other_draw"),
        ({"slug": "boys-singles"}, "", "atp", "other_draw"),
        ({"slug": "mens-doubles"}, "", "atp", "doubles_match"),
        ({"slug": "mixed-doubles"}, "", "wta", "doubles_match"),
        (None, "mens-doubles", "atp", "doubles_match"),
        (None, "womens-singles", "atp", "other_draw"),
        (None, "mens-singles", "atp", None),
        ({"id": "2"}, "", "atp", "other_draw"),
        ({"id": 2}, "", "wta", None),
        ({"id": "1"}, "", "atp", None),
        ({"id": "77"}, "", "atp", None),
        ({"slug": "mens-singles"}, "womens-singles", "atp", None),
        (None, "", "wta", None),
        ("singles", "", "wta", None),
    ],
)
def test_draws(kind: Any, grouping: str, league: str, reason: str | None) -> None:
    """A league takes its own draw, and what nothing tells the draw of."""
    competition = Competition(type=msgspec.Raw(msgspec.json.encode(kind)))
    refusal = passed_over(competition, grouping, LEAGUES[league])

    assert (refusal and refusal.reason) == reason


def test_a_pair_is_doubles_wherever_it_stands() -> None:
    """A roster tells of doubles where the draw does not."""
    pair = Competitor(roster=msgspec.Raw(b'{"athletes":[]}'))
    refusal = passed_over(Competition(competitors=[Competitor(), pair]), "", LEAGUES["atp"])

    assert refusal == Refusal("doubles_match", "atp is singles, was a pair")


GAMES = st.lists(st.integers(0, 8), max_size=6)


@given(GAMES, GAMES, st.booleans(), st.permutations([0, 1]))
def test_the_order_of_the_document_changes_nothing(
    match_template: Match, home: list[int], away: list[int], marked: bool, places: list[int]
) -> None:
    """Sides, sets, server and winner are the same in either order of the competitors."""
    match = score(msgspec.json.decode(msgspec.json.encode(match_template)), home, away)
    match["competitors"][1]["winner"] = True
    if not marked:
        for side in match["competitors"]:
            del side["homeAway"], side["order"]
    turned = {**match, "competitors": [match["competitors"][place] for place in places]}

    assert read(turned) == read(match)
    assert read(match).home == (DE_MINAUR if marked else PAUL)
