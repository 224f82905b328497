from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.espn.parse import Scoreboard, parse_scoreboard
from connectors.espn.tournaments import parse_tournament
from fusion.errors import Refusal
from fusion.game import GameState
from fusion.leagues import LEAGUES

Node = dict[str, Any]
ATP, WTA = LEAGUES["atp"], LEAGUES["wta"]

JUNK: list[Any] = [
    None,
    True,
    -1,
    7,
    2**63,
    1e308,
    "",
    "NaN",
    "x" * 300,
    [],
    [None],
    [[[]]],
    {},
    {"$ref": "http://sports.core.api.espn.pvt/v2"},
]
"""Values of every kind that stand where ESPN did not put them yet."""


def draw(slug: str, *matches: Node) -> Node:
    """Return a draw as tournaments list them since 2023."""
    return {"grouping": {"slug": slug}, "competitions": list(matches)}


def tournament(*groupings: Node, **fields: Any) -> Node:
    """Return a tournament of draws."""
    return {
        "id": "21-2026",
        "uid": "s:850~l:851~e:21-2026",
        "name": "Wimbledon",
        "status": {"type": {"name": "STATUS_FINAL", "state": "post", "completed": True}},
        "groupings": list(groupings),
        **fields,
    }


def renamed(match: Node, own: str, **fields: Any) -> Node:
    """Return a copy of a match under another id; its draw is told by its grouping only."""
    copy = {**deepcopy(match), "id": own, **fields}
    del copy["type"]
    return copy


def undecided(match: Node, *places: int) -> Node:
    """Return a match of which the sides at `places` are not known."""
    copy = deepcopy(match)
    for place in places:
        copy["competitors"][place].update(id=f"-{place + 1}", athlete={"displayName": "TBD"})
    return copy


def pair(match: Node) -> Node:
    """Return a match of two pairs."""
    copy = deepcopy(match)
    for side in copy["competitors"]:
        del side["athlete"]
        side["roster"] = {"displayName": "A / B", "athletes": []}
    return copy


def parse(event: Any, league: str = "atp") -> list[GameState | Refusal]:
    """Return what one event gives."""
    return parse_tournament(msgspec.Raw(msgspec.json.encode(event)), LEAGUES[league])


def counted(found: list[GameState | Refusal]) -> int:
    """Return how many contests the games and refusals stand for."""
    return sum(
        1 if isinstance(each, GameState) else int(each.detail.partition(" ")[0]) for each in found
    )


def test_a_mixed_tournament(match: Node) -> None:
    """Each league takes its own singles of one board; the rest is one refusal a reason."""
    event = tournament(
        draw("womens-singles", renamed(match, "1"), undecided(renamed(match, "2"), 0, 1)),
        draw("mens-singles", renamed(match, "3"), renamed(match, "4")),
        draw("mens-doubles", pair(renamed(match, "5")), undecided(renamed(match, "6"), 0, 1)),
        draw("mixed-doubles", pair(renamed(match, "7"))),
        draw("boys-singles", renamed(match, "8")),
    )
    body = msgspec.json.encode({"events": [event]})
    men, women = parse_scoreboard(body, ATP), parse_scoreboard(body, WTA)

    assert [game.game_id for game in men.games] == ["atp:3", "atp:4"]
    assert [game.game_id for game in women.games] == ["wta:1"]
    assert [(each.reason, each.detail) for each in men.refusals] == [
        ("other_draw", "3 of 8 in Wimbledon: atp is mens-singles, was womens-singles"),
        ("doubles_match", "3 of 8 in Wimbledon: atp is singles, was mens-doubles"),
    ]
    assert [(each.reason, each.detail) for each in women.refusals] == [
        ("undecided_match", "1 of 8 in Wimbledon: neither side is known yet"),
        ("other_draw", "3 of 8 in Wimbledon: wta is womens-singles, was mens-singles"),
        ("doubles_match", "3 of 8 in Wimbledon: wta is singles, was mens-doubles"),
    ]
    assert all(each.excerpt.startswith('{"id":') for each in men.refusals + women.refusals)


def test_the_status_of_the_tournament_is_not_read(match: Node) -> None:
    """A tournament may be final with a match in play, and a match without status is refused."""
    del match["type"]
    lost = {key: value for key, value in match.items() if key != "status"}
    game, refusal = parse(tournament(draw("mens-singles", match, lost)))

    assert isinstance(game, GameState)
    assert (game.phase, game.card) == ("in", "Wimbledon")
    assert isinstance(refusal, Refusal)
    assert refusal.reason == "bad_status"


def test_both_layouts_give_the_same(match: Node) -> None:
    """A match is the same game in `competitions` and in a draw; both may stand side by side."""
    old = tournament(competitions=[match])
    new = tournament(draw("mens-singles", match))
    both = tournament(draw("mens-singles", renamed(match, "2")), competitions=[match])

    assert parse(old) == parse(new)
    assert [each.game_id for each in parse(both) if isinstance(each, GameState)] == [
        "atp:141001",
        "atp:2",
    ]


def test_a_bare_match_is_the_game_of_its_board(match: Node) -> None:
    """A competition alone gives the game of its tournament, which it cannot name."""
    (on_board,) = parse_scoreboard(
        msgspec.json.encode({"events": [tournament(draw("mens-singles", match))]}), ATP
    ).games
    alone = parse_scoreboard(msgspec.json.encode(match), ATP)

    assert alone == Scoreboard(games=(msgspec.structs.replace(on_board, card=""),))


def test_a_side_to_be_known(match: Node) -> None:
    """With one side known a match is a game whose start is not; with none it is no game."""
    half, nobody = undecided(match, 1), undecided(match, 0, 1)
    game, refusal = parse(tournament(draw("mens-singles", half, nobody)))

    assert isinstance(game, GameState)
    assert (game.home.name, game.away.name, game.start_known) == ("Alex de Minaur", "TBD", False)
    assert isinstance(refusal, Refusal)
    assert refusal.reason == "undecided_match"


@pytest.mark.parametrize(("valid", "expected"), [(True, True), (None, True), (False, False)])
def test_start_known(match: Node, valid: Any, expected: bool) -> None:
    """A day without an hour is not known."""
    (game,) = parse(tournament(draw("mens-singles", {**match, "timeValid": valid})))

    assert isinstance(game, GameState)
    assert game.start_known is expected


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("id", "4:1", "bad_id"),
        ("date", "soon", "bad_time"),
        ("competitors", [], "no_competitors"),
        ("competitors", None, "no_competitors"),
        ("competitors", [{"id": "1"}], "bad_competitors"),
        ("competitors", [{"id": "1"}, {"id": "2"}], "bad_athlete"),
        ("competitors", {}, "match_wrong_shape"),
        ("status", "live", "match_wrong_shape"),
        ("status", {"type": {"name": "STATUS_NEW"}}, "bad_status"),
    ],
)
def test_refusals_of_a_match(match: Node, field: str, value: Any, reason: str) -> None:
    """Each way in which a match cannot be used has its reason; the others are read all the same."""
    bad = {**match, field: value}
    game, refusal = parse(tournament(draw("mens-singles", bad, match, bad)))

    assert isinstance(game, GameState)
    assert isinstance(refusal, Refusal)
    assert refusal.reason == reason
    assert refusal.detail.startswith("2 of 3 in Wimbledon: ")
    assert refusal.excerpt


@pytest.mark.parametrize(
    ("event", "reason"),
    [
        (tournament(), "no_matches"),
        ({}, "no_matches"),
        (tournament(groupings=None, competitions=None), "no_matches"),
        (tournament(uid="s:40~e:1"), "unsupported_layout"),
        (tournament(groupings={}), "event_wrong_shape"),
        ([], "event_wrong_shape"),
    ],
)
def test_refusals_of_an_event(event: Any, reason: str) -> None:
    """An event without contests, or of another shape or sport, is one refusal."""
    (refusal,) = parse(event)

    assert isinstance(refusal, Refusal)
    assert refusal.reason == reason
    assert refusal.excerpt


def test_deep_nesting(match: Node) -> None:
    """A tournament that is nested too deeply is refused, however deep."""
    body = msgspec.json.encode(tournament(draw("mens-singles", match)))
    deep = body[:-1] + b',"x":' + b"[" * 100_000 + b"]" * 100_000 + b"}"
    (refusal,) = parse_tournament(msgspec.Raw(deep), ATP)

    assert isinstance(refusal, Refusal)
    assert refusal.reason == "too_deep"


def test_a_card(bout: Node) -> None:
    """A bout of a card has its name, and the card's status is not read."""
    card = {"uid": "s:3301~l:3321~e:1", "shortName": "UFC 331", "competitions": [bout]}
    (game,) = parse(card, "ufc")

    assert isinstance(game, GameState)
    assert (game.game_id, game.card) == ("ufc:401001", "UFC 331")


def paths(node: Any, here: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the path of every node of a JSON value."""
    items = node.items() if isinstance(node, dict) else enumerate(node)
    for key, child in items:
        yield (*here, key)
        if isinstance(child, (dict, list)):
            yield from paths(child, (*here, key))


@given(st.data(), st.sampled_from(["atp", "wta", "ufc"]))
def test_every_contest_is_counted(match_template: Node, data: st.DataObject, league: str) -> None:
    """Whatever stands in its matches, all of a tournament are games or counted in a refusal."""
    matches = [{**deepcopy(match_template), "id": str(number)} for number in range(4)]
    for _ in range(data.draw(st.integers(1, 6))):
        *parents, last = data.draw(st.sampled_from([p for p in paths(matches) if len(p) > 1]))
        node: Any = matches
        for part in parents:
            node = node[part]
        node[last] = deepcopy(data.draw(st.sampled_from(JUNK)))
    found = parse({"competitions": matches[:2], "groupings": [draw("", *matches[2:])]}, league)

    assert counted(found) == 4
    for each in found:
        if isinstance(each, GameState):
            assert each.home != each.away
            assert each.home_score + each.away_score <= len(each.sets) <= 5
            assert msgspec.json.decode(msgspec.json.encode(each), type=GameState) == each


@given(st.data(), st.sampled_from(["atp", "wta", "ufc"]))
def test_any_event_gives_something(match_template: Node, data: st.DataObject, league: str) -> None:
    """Whatever an event is, it gives a game or a refusal, and a bad one sinks no other."""
    event = deepcopy(tournament(draw("mens-singles", match_template)))
    *parents, last = data.draw(st.sampled_from(list(paths(event))))
    node: Any = event
    for part in parents:
        node = node[part]
    node[last] = deepcopy(data.draw(st.sampled_from(JUNK)))
    board = parse_scoreboard(msgspec.json.encode({"events": [event, {}]}), LEAGUES[league])

    assert board.readable
    assert board.refusals[-1].reason == "no_matches"
    assert len(board.games) + len(board.refusals) >= 2
    assert all(refusal.reason and refusal.detail for refusal in board.refusals)
