"""Books rebuilt from recordings."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from connectors.polymarket.books import BookRebuild, BookReport, rebuild_books
from connectors.polymarket.captures import read_capture
from fusion.book import Book
from fusion.book_hash import HashTerms, book_hash
from fusion.frames import (
    Connected,
    Control,
    Disconnected,
    Frame,
    Gap,
    HttpStatus,
    encode_control,
)
from fusion.market import BookSnapshot

WS = "captures/polymarket/ws"
SOCCER = f"{WS}/sports_soccer_20260911_19frames.jsonl"
CHECKPOINT = f"{WS}/sports_soccer_20260911_checkpoint_before_2265.json"


def wire(kind: str, venue_ms: int = 1_700_000_000_000, **fields: Any) -> bytes:
    """Return a message of the market `m`."""
    return json.dumps(
        {"event_type": kind, "market": "m", "timestamp": str(venue_ms), **fields}
    ).encode()


def book(token: str = "1", **fields: Any) -> bytes:  # noqa: S107  a token of the venue
    """Return a snapshot: bid 0.49, ask 0.51."""
    return wire(
        "book",
        asset_id=token,
        bids=[{"price": "0.49", "size": "10"}],
        asks=[{"price": "0.51", "size": "20"}],
        **fields,
    )


def frames(*payloads: bytes | Control, link: str = "polymarket:market:0") -> list[Frame]:
    """Return payloads as frames of a link, and control values as control frames."""
    return [
        Frame(seq, seq, link, payload)
        if isinstance(payload, bytes)
        else Frame(seq, seq, "control", encode_control(payload))
        for seq, payload in enumerate(payloads)
    ]


def states(reports: list[BookReport]) -> list[tuple[str, str, str]]:
    """Return token, state and reason."""
    return [(report.token_id, report.state, report.reason) for report in reports]


def outline(reports: list[BookReport]) -> list[tuple[Any, ...]]:
    """Return what a capture's books must come to, with the first digits of the token."""
    return [
        (
            report.token_id[:5],
            report.best_bid,
            report.best_ask,
            report.bid_levels,
            report.ask_levels,
            report.frames,
            report.declared_best_checked,
            report.declared_best_mismatches,
            report.hash_checked,
            report.hash_matched,
        )
        for report in reports
    ]


# Read from the payloads by hand: the last book of each token, the frames that name it, the
# batches that end before the recording does, and the hashes that stand in complete states.
CAPTURED: dict[tuple[str, ...], list[tuple[Any, ...]]] = {
    (SOCCER,): [
        ("89103", 0.624, 0.63, 53, 44, 15, 0, 0, 1, 1),
        ("81991", 0.37, 0.376, 44, 53, 15, 0, 0, 1, 1),
    ],
    (CHECKPOINT, SOCCER): [
        ("89103", 0.624, 0.63, 53, 44, 16, 1, 0, 3, 3),
        ("81991", 0.37, 0.376, 44, 53, 15, 0, 0, 1, 1),
    ],
    (f"{WS}/wire_raw_20251223_3frames.txt",): [
        ("25245", 0.49, 0.5, 49, 50, 2, 1, 0, 2, 2),
        ("20168", 0.49, 0.5, 49, 50, 3, 1, 0, 3, 3),
    ],
    (f"{WS}/wire_raw_20241202_oldformat.jsonl",): [
        ("81337", 0.248, 0.259, 122, 111, 1, 0, 0, 1, 1),
        ("64903", 0.741, 0.752, 111, 122, 1, 0, 0, 1, 1),
    ],
    ("captures/polymarket/rest/books_cfb_fordham_ndsu_20260830.json",): [
        ("74883", 0.03, 0.92, 3, 5, 1, 0, 0, 1, 1),
        ("27673", 0.06, 0.92, 6, 6, 1, 0, 0, 1, 1),
    ],
    (f"{WS}/tick_size_change.json",): [("11547", None, None, 0, 0, 1, 0, 0, 0, 0)],
    (f"{WS}/last_trade_price.json",): [("21742", None, None, 0, 0, 1, 0, 0, 0, 0)],
    (f"{WS}/price_change_oldest_flat.json",): [],
    (f"{WS}/new_market_live_20261002_description_trimmed.jsonl",): [],
}


@pytest.mark.parametrize("names", CAPTURED, ids=lambda names: "+".join(map(str, names))[-60:])
def test_the_books_of_a_capture_are_right(names: tuple[str, ...], shared: Path) -> None:
    """Declared bests never differ once settled; hashes match wherever they can."""
    recorded = itertools.chain.from_iterable(read_capture(shared / name) for name in names)
    assert outline(rebuild_books(recorded)) == CAPTURED[names]


def test_the_first_seven_frames_of_a_match_end_in_the_declared_book(shared: Path) -> None:
    """After the checkpoint and two batches the best is 0.63 to 0.638 and both hashes hold."""
    checkpoint = read_capture(shared / CHECKPOINT)
    match = itertools.islice(read_capture(shared / SOCCER), 7)
    [yes, no] = rebuild_books(itertools.chain(checkpoint, match))
    assert outline([yes]) == [("89103", 0.63, 0.638, 57, 39, 7, 2, 0, 3, 3)]
    assert (no.state, no.best_bid, no.ignored) == ("empty", None, 6)


def test_a_report_has_the_documented_fields() -> None:
    """The door's field names are a contract."""
    assert set(msgspec.structs.asdict(rebuild_books(frames(book()))[0])) == {
        "token_id", "market_id", "state", "reason", "best_bid", "best_ask", "bid_levels",
        "ask_levels", "frames", "ignored", "declared_best_checked", "declared_best_mismatches",
        "hash_checked", "hash_matched",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("control", "state"),
    [
        (Gap("queue full"), ("1", "invalid", "gap: queue full")),
        (Disconnected("polymarket:market:0"), ("1", "invalid", "disconnected")),
        (Connected("polymarket:market:0"), ("1", "invalid", "waiting for a snapshot")),
        (Disconnected("polymarket:market:1"), ("1", "live", "")),
        (HttpStatus("gamma:events", 503), ("1", "live", "")),
    ],
)
def test_what_happens_to_the_link_happens_to_its_books(
    control: Control, state: tuple[str, str, str]
) -> None:
    """A gap, a drop or a reconnect of a book's own link makes it invalid until a snapshot."""
    assert states(rebuild_books(frames(book(), control))) == [state]
    assert states(rebuild_books(frames(book(), control, book()))) == [("1", "live", "")]


def test_a_tick_change_invalidates_its_token_alone() -> None:
    """The other token of the market keeps its book until its own message comes."""
    tick = wire("tick_size_change", asset_id="1", old_tick_size="0.01", new_tick_size="0.001")
    assert states(rebuild_books(frames(book("1"), book("2"), tick))) == [
        ("1", "invalid", "tick size changed"),
        ("2", "live", ""),
    ]


def test_a_frame_counts_once_a_token() -> None:
    """A frame with several changes of a token is one frame of it."""
    level = {"asset_id": "1", "size": "5", "side": "BUY", "best_bid": "0.49", "best_ask": "0.51"}
    changes = [
        {**level, "price": "0.47"},
        {**level, "price": "0.48"},
        {**level, "asset_id": "2", "price": "0.4"},
    ]
    later = wire("price_change", 1_700_000_000_005, price_changes=changes)
    [one, two] = rebuild_books(frames(book("1"), later))
    assert (one.frames, one.bid_levels, one.declared_best_checked) == (2, 3, 1)
    assert (two.frames, two.state, two.ignored) == (1, "empty", 1)


def test_other_frames_are_passed_over_and_bad_ones_kept() -> None:
    """Frames of other feeds do nothing; what cannot be read of the market's is a refusal."""
    rebuild = BookRebuild()
    for frame in [
        *frames(b"PONG", b"INVALID OPERATION", book()),
        *frames(b"<html>", link="espn:nba"),
        *frames(b'{"c": "0xa"}', link="polymarket:clob-markets"),
        *frames(b"{}", link="control"),
    ]:
        rebuild.apply(frame)
    assert states(rebuild.reports()) == [("1", "live", "")]
    assert [refusal.reason for refusal in rebuild.refusals] == ["text_frame", "bad_control"]


def test_a_trade_lets_a_hash_match_later() -> None:
    """A hash with a price that is not told yet is tried again when the trade is told."""
    levels = Book("1")
    levels.apply_snapshot(
        BookSnapshot("m", "1", 1_700_000_000_000, ((4900, 10_000_000),), ((5100, 20_000_000),))
    )
    declared = book_hash("m", levels, HashTerms("5", "0.0025", True), "0.4925")
    snapshot = book(
        hash=declared,
        min_order_size="5",
        tick_size="0.0025",
        neg_risk=True,
        last_trade_price="0.500",
    )
    trade = wire("last_trade_price", asset_id="2", price="0.4925", size="1", side="BUY")
    [early] = rebuild_books(frames(snapshot))
    [late, _] = rebuild_books(frames(snapshot, trade))
    assert (early.hash_checked, early.hash_matched) == (1, 0)
    assert (late.hash_checked, late.hash_matched) == (1, 1)
