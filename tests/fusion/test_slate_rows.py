from __future__ import annotations

import msgspec
from factories import GAME, HOME, START_NS, listing

from fusion.rows import SlateRow
from fusion.slate import Slate, Unmatched
from fusion.slate_rows import slate_rows

REFUSED = Unmatched("nba", "nba:7", "", "no_event", "nobody lists it")


def named(rows: list[SlateRow]) -> list[tuple[str, str, str]]:
    """Return game, side and reason of each row."""
    return [(row.game_id, row.selection, row.reason) for row in rows]


def test_a_new_game_is_told_with_all_its_outcomes() -> None:
    """Every outcome has a row that says which token pays for it, and why."""
    home, away = slate_rows(Slate(), Slate((listing(),)), 3, START_NS + 5)

    assert home == SlateRow(
        seq=3,
        recv_ns=START_NS + 5,
        date="2026-11-18",
        league="nba",
        game_id=GAME,
        event_slug="nba-nyk-bos-2026-11-18",
        start_ns=START_NS,
        home="Boston Celtics",
        away="New York Knicks",
        kind="two_way",
        selection="home",
        market_id="0xmoneyline",
        market_slug="nba-nyk-bos-2026-11-18",
        token_id=HOME,
        outcome="Celtics",
        evidence="names",
        reason="",
        detail="",
    )
    assert away.selection == "away"


def test_what_stays_is_not_told_again() -> None:
    """A slate that is matched again and is the same puts nothing on record."""
    slate = Slate((listing(),), (REFUSED,))

    assert slate_rows(slate, slate, 4, START_NS) == []


def test_a_market_that_only_changed_its_rules_is_not_told_again() -> None:
    """A new tick size changes no match."""
    before, after = Slate((listing(),)), Slate((listing(tick_size=10),))

    assert slate_rows(before, after, 4, START_NS) == []


def test_new_evidence_tells_the_game_again() -> None:
    """A game that is matched for another reason is on record with it."""
    again = msgspec.structs.replace(listing(), evidence="override")

    rows = slate_rows(Slate((listing(),)), Slate((again,)), 4, START_NS)

    assert [row.evidence for row in rows] == ["override", "override"]


def test_a_new_refusal_is_told_once() -> None:
    """A refusal names the game, the reason and the detail, and belongs to the day it was made."""
    (row,) = slate_rows(Slate(), Slate((), (REFUSED,)), 5, START_NS)

    assert (row.date, row.league, row.game_id) == ("2026-11-18", "nba", "nba:7")
    assert (row.reason, row.detail, row.token_id) == ("no_event", "nobody lists it", "")


def test_a_game_that_left_the_slate_is_delisted() -> None:
    """Its markets are nobody's from here on."""
    assert named(slate_rows(Slate((listing(),)), Slate(), 6, START_NS)) == [(GAME, "", "delisted")]


def test_a_game_that_is_refused_after_a_match_says_why() -> None:
    """The refusal stands in place of `delisted`."""
    refused = Unmatched("nba", GAME, "", "ambiguous", "two events")

    rows = slate_rows(Slate((listing(),)), Slate((), (refused,)), 6, START_NS)

    assert named(rows) == [(GAME, "", "ambiguous")]
