from __future__ import annotations

import json
from hashlib import sha1
from itertools import pairwise
from typing import Any

import pytest
from factories import AWAY, GAME, HOME, LINK, MARKET, START_NS, listing
from hypothesis import given
from hypothesis import strategies as st
from payloads import (
    book_body,
    control,
    espn_event,
    frame,
    gamma_event,
    listing_body,
    market_frame,
    scoreboard,
)

from flows.route import Router
from fusion.events import FramesLost, LinkLost, Listed, Polled, Scored, Ticked, Traded
from fusion.frames import (
    Connected,
    Disconnected,
    Frame,
    Gap,
    HttpStatus,
    SessionStarted,
    SlateMatched,
    Unchanged,
)
from fusion.market import BookSnapshot
from fusion.rows import DeadLetter, SlateRow
from fusion.slate import Slate

BOARD = scoreboard(espn_event())
SLATE = control(0, SlateMatched(Slate((listing(),))))


def rest_book(token: str) -> dict[str, Any]:
    """Return a book as REST shows it."""
    book = book_body(token)
    del book["event_type"]
    terms = {"min_order_size": "5", "tick_size": "0.01", "neg_risk": False}
    return {**book, **terms, "last_trade_price": ""}


def kinds(router: Router, *frames: Frame) -> list[tuple[str, str]]:
    """Route frames and return the game and the kind of each event, the reason of dead letters.

    What the slate puts on record is left out.
    """
    return [
        (key, value.reason if isinstance(value, DeadLetter) else type(value).__name__)
        for key, value in router(frames)
        if not isinstance(value, SlateRow)
    ]


def test_scoreboard_becomes_scores() -> None:
    """Every game of a board is an event of its own, with or without a market."""
    (_, (game_id, event)) = Router()([frame(1, "espn:nba", BOARD)])

    assert game_id == GAME
    assert isinstance(event, Scored)
    assert (event.stamp.seq, event.stamp.recv_ns) == (1, START_NS + 1_000_000_000)
    assert (event.state.home_score, event.state.away_score) == (60, 55)


def test_what_the_slate_says_is_on_record() -> None:
    """A match is told with its tokens and its evidence, a refusal with its reason, once."""
    router = Router()
    first = router([frame(1, "espn:nba", BOARD)])
    second = router([SLATE, SLATE])

    refused = [row for _, row in first if isinstance(row, SlateRow)]
    assert [(row.game_id, row.reason) for row in refused] == [(GAME, "no_event")]
    matched = [row for _, row in second if isinstance(row, SlateRow)]
    assert [(row.selection, row.token_id, row.evidence) for row in matched] == [
        ("home", HOME, "names"),
        ("away", AWAY, "names"),
    ]


def test_alias_of_a_league_is_its_key() -> None:
    """ESPN's own name of a league gives the same game ids as its key."""
    board = frame(1, "espn:mens-college-basketball", BOARD)

    assert kinds(Router(), board) == [("ncaamb:401", "Scored")]


def test_slate_is_matched_where_none_is_journaled() -> None:
    """ESPN and Gamma frames are enough to list a game and to place its books."""
    router = Router()
    frames = [
        frame(1, "espn:nba", BOARD),
        frame(2, "gamma:events", listing_body(gamma_event())),
        market_frame(3, book_body(HOME)),
    ]

    assert kinds(router, *frames) == [(GAME, "Scored"), (GAME, "Listed"), (GAME, "Traded")]
    outcomes = {each.selection: each.token_id for each in router.index.games[GAME].outcomes}
    assert outcomes == {"home": HOME, "away": AWAY}


def test_journaled_slate_is_taken_as_it_is() -> None:
    """After a session's first frame, Gamma frames list nothing: the slate does."""
    router = Router()
    started = control(0, SessionStarted("0.1.0", "live"))
    listed = frame(1, "gamma:events", listing_body(gamma_event()))

    assert kinds(router, started, frame(2, "espn:nba", BOARD), listed) == [(GAME, "Scored")]
    assert kinds(router, SLATE) == [(GAME, "Listed")]


def test_unchanged_slate_is_not_told_again() -> None:
    """A slate that lists a game as before gives it no event; one without it takes it away."""
    router = Router()
    empty = control(2, SlateMatched(Slate()))

    assert kinds(router, SLATE, SLATE, empty) == [(GAME, "Listed"), (GAME, "Listed")]
    assert router.index.games == {}


def test_market_message_goes_to_its_game() -> None:
    """A snapshot reaches the game of its token, with its link and when that was heard."""
    router = Router()
    router([SLATE])
    ((game_id, event),) = router([market_frame(3, book_body(HOME))])

    assert game_id == GAME
    assert isinstance(event, Traded)
    assert isinstance(event.message, BookSnapshot)
    assert (event.link, event.stamp.link_ns) == (LINK, event.stamp.recv_ns)


def test_heartbeat_keeps_the_books_fresh() -> None:
    """A PONG gives no event, and the next one knows that the link was heard."""
    router = Router()
    router([SLATE, market_frame(1, book_body(HOME)), frame(9, "polymarket:market:0", "PONG")])
    ((_, event),) = router([frame(12, "espn:nba", BOARD)])

    assert isinstance(event, Scored)
    assert event.stamp.link_ns == START_NS + 9_000_000_000


def test_clock_reaches_listed_games_that_are_not_over() -> None:
    """A second passes for every listed game until its final."""
    router = Router()
    over = scoreboard(espn_event(phase="post"))

    assert kinds(router, SLATE, frame(1, "clock", "")) == [(GAME, "Listed"), (GAME, "Ticked")]
    assert kinds(router, frame(2, "espn:nba", over), frame(3, "clock", "")) == [(GAME, "Scored")]


def test_final_that_goes_back_to_live_is_followed_again() -> None:
    """The first sight of it is held; once it has lasted, the clock reaches the game again."""
    router = Router()
    router([SLATE, frame(1, "espn:nba", scoreboard(espn_event(phase="post")))])
    again = control(5, Unchanged("espn:nba", sha1(BOARD, usedforsecurity=False).hexdigest()))

    assert kinds(router, frame(2, "espn:nba", BOARD), frame(3, "clock", "")) == [
        ("none", "step_back"),
        (GAME, "ScoreDoubted"),
    ]
    assert kinds(router, again, frame(6, "clock", "")) == [(GAME, "Scored"), (GAME, "Ticked")]


def test_unchanged_board_reaches_the_games_it_covered() -> None:
    """The digest of an earlier body stands for all games of that body."""
    router = Router()
    digest = sha1(BOARD, usedforsecurity=False).hexdigest()
    frames = [frame(1, "espn:nba", BOARD), control(2, Unchanged("espn:nba", digest))]

    assert kinds(router, *frames) == [(GAME, "Scored"), (GAME, "Polled")]


def test_lost_link_reaches_the_games_it_carried() -> None:
    """A disconnect is told once to each game whose books came over the link."""
    router = Router()
    down = control(3, Disconnected(LINK, "closed"))

    assert kinds(router, SLATE, control(1, Connected(LINK)), market_frame(2, book_body(HOME))) == [
        (GAME, "Listed"),
        (GAME, "Traded"),
    ]
    assert kinds(router, down, down) == [(GAME, "LinkLost")]


def test_gap_reaches_every_listed_game() -> None:
    """Lost frames may have been anyone's."""
    assert kinds(Router(), SLATE, control(2, Gap("queue full", 3))) == [
        (GAME, "Listed"),
        (GAME, "FramesLost"),
    ]


@pytest.mark.parametrize(
    ("source", "payload", "reason"),
    [
        ("espn:nba", b"<html>", "html"),
        ("espn:curling", BOARD, "unknown_league"),
        ("kalshi:market", b"{}", "unknown_source"),
        ("control", b"{}", "bad_control"),
        ("polymarket:market:0", json.dumps(book_body(HOME)).encode(), "unknown_market"),
        ("polymarket:market:0", b"INVALID OPERATION", "text_frame"),
        ("gamma:events", b'[{"id": "9"', "not_json"),
    ],
)
def test_what_cannot_be_placed_is_a_dead_letter(source: str, payload: bytes, reason: str) -> None:
    """Nothing is dropped without a reason."""
    assert [reason for _, reason in kinds(Router(), frame(1, source, payload))] == [reason]


def test_failed_request_is_a_dead_letter() -> None:
    """A poll without a usable body shows in the dead letters with its status."""
    failed = control(1, HttpStatus("espn:nba", 403, "set espn.user_agent"))
    ((key, letter),) = Router()([failed])

    assert key == "none"
    assert letter == DeadLetter(
        seq=1,
        recv_ns=START_NS + 1_000_000_000,
        date="2026-11-18",
        league="none",
        source="control",
        reason="http_403",
        detail="espn:nba: set espn.user_agent",
        excerpt="",
    )


def test_foreign_resolutions_are_not_ours() -> None:
    """The venue tells every resolution to everyone; one of a foreign market is no dead letter."""
    foreign = {
        "event_type": "market_resolved",
        "market": "0xforeign",
        "assets_ids": ["7"],
        "winning_asset_id": "7",
        "winning_outcome": "Yes",
        "timestamp": "1795000000001",
    }
    ours = foreign | {"market": MARKET}

    assert kinds(Router(), SLATE, market_frame(1, foreign, ours)) == [
        (GAME, "Listed"),
        (GAME, "Traded"),
    ]


def test_rest_books_are_witnesses() -> None:
    """A book asked for over REST reaches its game as a witness; one of no game is no one's."""
    witness = frame(3, "polymarket:books", json.dumps([rest_book(HOME), rest_book("9")]))

    assert kinds(Router(), SLATE, witness) == [(GAME, "Listed"), (GAME, "Witnessed")]


def clob_rules(seq: int, **fields: Any) -> Frame:
    """Return a frame of the order book's rules of the market."""
    return frame(seq, "polymarket:clob-markets", json.dumps({"c": MARKET} | fields))


def test_rules_beside_a_journaled_slate_are_in_it_already() -> None:
    """A session's frame of rules is known and does nothing; one that is none is a dead letter."""
    spoilt = frame(2, "polymarket:clob-markets", "<html>")

    assert kinds(Router(), SLATE, clob_rules(1, mts=0.001)) == [(GAME, "Listed")]
    assert kinds(Router(), SLATE, spoilt) == [(GAME, "Listed"), ("none", "html")]


def test_rules_are_put_over_a_slate_that_is_matched_here() -> None:
    """Where no slate is journaled the rules change the listing, whichever comes first, once."""
    board = frame(1, "espn:nba", BOARD)
    listed = frame(2, "gamma:events", listing_body(gamma_event()))
    late, early = Router(), Router()

    assert kinds(late, board, listed, clob_rules(3, mts=0.001), clob_rules(4, mts=0.001)) == [
        (GAME, "Scored"), (GAME, "Listed"), (GAME, "Listed"),
    ]  # fmt: skip
    assert kinds(early, clob_rules(0, mts=0.001), board, listed) == [
        (GAME, "Scored"), (GAME, "Listed"),
    ]  # fmt: skip
    assert [market.tick_size for market in late.index.games[GAME].markets] == [10]
    assert late.index.games == early.index.games


def test_polled_books_are_a_link_of_their_own() -> None:
    """While no socket is healthy, books polled over REST stand in for it."""
    router = Router()
    polled = frame(3, "polymarket:rest", json.dumps([rest_book(HOME)]))
    (*_, (game_id, event)) = router([SLATE, polled])

    assert game_id == GAME
    assert isinstance(event, Traded)
    assert (event.link, event.stamp.link_ns) == ("polymarket:rest", event.stamp.recv_ns)


def test_fallback_is_no_link_of_a_game_whose_books_came_back() -> None:
    """Once a socket has brought a new snapshot, the age of the book is that of the socket."""
    router = Router()
    polled = frame(3, "polymarket:rest", json.dumps([rest_book(HOME)]))
    router([SLATE, market_frame(1, book_body(HOME)), control(2, Disconnected(LINK)), polled])
    assert kinds(router, control(4, Connected(LINK))) == [(GAME, "LinkLost")]
    router([market_frame(5, book_body(HOME)), frame(60, LINK, "PONG")])
    ((_, event),) = router([frame(61, "espn:nba", BOARD)])

    assert isinstance(event, Scored)
    assert event.stamp.link_ns == START_NS + 60_000_000_000


def test_new_session_has_links_of_its_own() -> None:
    """What an earlier session heard says nothing of the books of the next."""
    router = Router()
    router([SLATE, market_frame(1, book_body(HOME))])
    told = kinds(router, control(50, SessionStarted("0.1.0", "live")))
    ((_, event),) = router([frame(61, "espn:nba", BOARD)])

    assert told == [(GAME, "FramesLost")]
    assert isinstance(event, Scored)
    assert event.stamp.link_ns == 0


def test_books_before_their_listing_are_kept() -> None:
    """A recording that begins with its socket has its books when its game is listed."""
    frames = [
        market_frame(0, book_body(HOME)),
        frame(1, "espn:nba", BOARD),
        frame(2, "gamma:events", listing_body(gamma_event())),
    ]

    assert kinds(Router(), *frames) == [
        ("none", "unknown_market"),
        (GAME, "Scored"),
        (GAME, "Listed"),
        (GAME, "Traded"),
    ]


@pytest.mark.parametrize(
    ("payload", "spoilt"),
    [('{"event_type": "price_ch', True), ("NO NEW ASSETS", False), ('{"event_type": "x"}', False)],
)
def test_spoilt_frame_reaches_the_games_of_its_link(payload: str, spoilt: bool) -> None:
    """A frame that may have held a change is told to the games whose books the link carries."""
    router = Router()
    router([SLATE, market_frame(1, book_body(HOME))])
    told = kinds(router, frame(2, LINK, payload))

    assert ((GAME, "FrameSpoilt") in told) == spoilt
    assert len(told) == 1 + spoilt


def test_link_without_data_is_doubted() -> None:
    """A link that answers for thirty seconds and brings nothing is told to its games once."""
    router = Router(doubt_s=30)
    router([SLATE, market_frame(1, book_body(HOME))])
    quiet = [
        part
        for second in range(2, 40)
        for part in (frame(second, LINK, "PONG"), frame(second, "clock", ""))
    ]

    assert kinds(router, *quiet).count((GAME, "LinkDoubted")) == 1


EVENING = [
    frame(0, "espn:nba", scoreboard(espn_event(phase="pre", home=0, away=0, period=0, clock=0))),
    frame(1, "gamma:events", listing_body(gamma_event())),
    control(2, Connected(LINK)),
    market_frame(3, book_body(HOME), book_body(AWAY, "0.39", "0.41")),
    frame(4, "clock", ""),
    frame(5, "espn:nba", BOARD),
    market_frame(6, book_body(HOME, "0.40", "0.42", ms=9)),
    frame(7, "polymarket:market:0", "PONG"),
    control(8, Disconnected(LINK)),
    frame(9, "polymarket:market:0", "garbage"),
    frame(10, "espn:nba", scoreboard(espn_event(phase="post"))),
]


@given(st.lists(st.integers(0, len(EVENING)), max_size=6))
def test_cuts_of_the_batches_do_not_matter(cuts: list[int]) -> None:
    """The same frames cut into other batches give the same events."""
    edges = [0, *sorted(cuts), len(EVENING)]
    router, whole = Router(), Router()
    parts: list[Any] = []
    for start, end in pairwise(edges):
        parts += router(EVENING[start:end])

    assert parts == whole(EVENING)


def test_every_kind_of_event_is_made() -> None:
    """The evening above makes each kind of event, so that its cuts say something."""
    seen = {type(event) for _, event in Router()([*EVENING, control(11, Gap("test"))])}

    assert seen >= {Scored, Listed, Traded, Ticked, LinkLost, DeadLetter, FramesLost}
    assert Polled not in seen
