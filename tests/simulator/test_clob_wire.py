from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from fusion.market import SIZE_ONE
from simulator.book_engine import Book
from simulator.clob_wire import market_resolved, new_market, snapshot, step_frames
from simulator.plan import BookStep, Evening, Fill, LevelSet

NOW = 1_789_156_413_829


@pytest.fixture
def book(evening: Evening) -> Book:
    """Return a book of one bid at 0.49 and one ask at 0.51, with short ids."""
    market = structs.replace(
        evening.games[0].listings[0].markets[1],
        number=4,
        condition_id="0xabc",
        token_ids=("111", "222"),
        tick=100,
        neg_risk=False,
        opening=(((4900, 10 * SIZE_ONE),), ((5100, 20 * SIZE_ONE),)),
    )
    return Book(market, NOW - 100)


def test_the_snapshot_is_compact_and_in_the_venues_order(book: Book) -> None:
    """One member of the initial array, as captured in 2025 with the tick size of 2026."""
    assert snapshot(book, 1) == (
        '{"market":"0xabc","asset_id":"222","timestamp":"1789156413729",'
        f'"hash":"{book.hashes[1]}","bids":[{{"price":"0.49","size":"20"}}],'
        '"asks":[{"price":"0.51","size":"10"}],"tick_size":"0.01","event_type":"book",'
        '"last_trade_price":""}'
    )


def test_a_level_change_carries_both_tokens_with_hash_and_best(book: Book) -> None:
    """A new best bid: both best prices first, then one frame of two changes, all in one step."""
    step = BookStep(0, (LevelSet("bid", 5000, 55 * SIZE_ONE),))
    frames = step_frames(book, step, NOW)
    best = (
        '{"market":"0xabc", "asset_id":"111", "best_bid":"0.5", "best_ask":"0.51", '
        '"spread":"0.01", "timestamp":"1789156413829", "event_type":"best_bid_ask"}'
    )
    mirrored = (
        '{"market":"0xabc", "asset_id":"222", "best_bid":"0.49", "best_ask":"0.5", '
        '"spread":"0.01", "timestamp":"1789156413829", "event_type":"best_bid_ask"}'
    )
    change = (
        '{"market":"0xabc", "price_changes":[{"asset_id":"111", "price":"0.5", "size":"55", '
        f'"side":"BUY", "hash":"{book.hashes[0]}", "best_bid":"0.5", "best_ask":"0.51"}}, '
        '{"asset_id":"222", "price":"0.5", "size":"55", "side":"SELL", '
        f'"hash":"{book.hashes[1]}", "best_bid":"0.49", "best_ask":"0.5"}}], '
        '"timestamp":"1789156413829", "event_type":"price_change"}'
    )
    assert [frame.text for frame in frames] == [best, mirrored, change]
    assert [(frame.tokens, frame.custom) for frame in frames] == [
        (("111",), True),
        (("222",), True),
        (("111", "222"), False),
    ]


def test_a_match_is_told_in_the_captured_order(book: Book) -> None:
    """Best prices a millisecond ahead, the changes, both books, the trade."""
    step = BookStep(
        0,
        (LevelSet("bid", 5100, 5 * SIZE_ONE), LevelSet("ask", 5100, 0)),
        (Fill(1, "ask", 4900, 20 * SIZE_ONE),),
    )
    frames = [json.loads(frame.text) for frame in step_frames(book, step, NOW)]
    seen = [(frame["event_type"], int(frame["timestamp"]) - NOW) for frame in frames]
    changes = [kind for kind in seen if kind[0] == "price_change"]
    assert [kind for kind in seen if kind[0] != "price_change"] == [
        ("best_bid_ask", 1),
        ("best_bid_ask", 1),
        ("book", 0),
        ("book", 0),
        ("last_trade_price", 0),
    ]
    assert len(changes) == 2
    assert seen.index(("book", 0)) > seen.index(("price_change", 0))
    trade = frames[-1]
    assert (trade["asset_id"], trade["side"], trade["price"], trade["size"]) == (
        "222",
        "SELL",
        "0.49",
        "20",
    )
    assert book.last_trade == "0.490"


def test_some_levels_are_told_twice_with_the_tokens_swapped(book: Book) -> None:
    """As the venue does within a batch; setting a level twice changes nothing."""
    frames = step_frames(book, BookStep(0, (LevelSet("bid", 3500, 9 * SIZE_ONE),)), NOW)
    assert len(frames) == 2
    first, second = (json.loads(frame.text)["price_changes"] for frame in frames)
    assert first == second[::-1]


def test_empty_sides_are_zero_and_one_in_changes(book: Book) -> None:
    """Sentinels in price_change, an empty string in best_bid_ask."""
    frames = step_frames(book, BookStep(0, (LevelSet("ask", 5100, 0),)), NOW)
    best = json.loads(frames[0].text)
    assert (best["best_bid"], best["best_ask"], best["spread"]) == ("0.49", "", "")
    entries = {
        entry["asset_id"]: (entry["best_bid"], entry["best_ask"])
        for entry in json.loads(frames[2].text)["price_changes"]
    }
    assert entries == {"111": ("0.49", "1"), "222": ("0", "0.51")}


def test_a_finer_tick_is_followed_by_both_books(book: Book) -> None:
    """Both tokens are told, and their books with the hash of the new tick."""
    frames = [json.loads(frame.text) for frame in step_frames(book, BookStep(0, (), tick=10), NOW)]
    assert [
        (f["event_type"], f["asset_id"], f.get("old_tick_size"), f.get("new_tick_size"))
        for f in frames
    ] == [
        ("tick_size_change", "111", "0.01", "0.001"),
        ("tick_size_change", "222", "0.01", "0.001"),
        ("book", "111", None, None),
        ("book", "222", None, None),
    ]
    assert '"tick_size":"0.001"' in book.summary(0)


def test_stamps_of_a_market_never_fall(book: Book) -> None:
    """Even if the wall clock stands still, every step is later than the one before."""
    steps = [BookStep(0, (LevelSet("bid", 4800, size * SIZE_ONE),)) for size in (1, 2, 3)]
    stamps = [json.loads(step_frames(book, step, NOW)[-1].text)["timestamp"] for step in steps]
    assert all(int(before) < int(after) for before, after in pairwise(stamps))


def keys(text: str) -> list[str]:
    """Return the keys of a frame in order."""
    return list(json.loads(text))


def test_every_kind_has_the_keys_of_the_captures(shared: Path, book: Book) -> None:
    """Key names and their order are those of captured frames."""
    folder = shared / "captures/polymarket/ws"
    real: dict[str, list[str]] = {}
    for line in (folder / "sports_soccer_20260911_19frames.jsonl").read_text().splitlines():
        data = json.loads(line)["data"]
        real[json.loads(data)["event_type"]] = keys(data)
    trade = (folder / "wire_last_trade_price_20260609_202609.jsonl").read_text().splitlines()[0]
    real["last_trade_price"] = keys(trade)
    listed = next(folder.glob("new_market_live*")).read_text().splitlines()[0]
    real["new_market"] = keys(listed)
    step = BookStep(0, (LevelSet("ask", 5100, 0),), (Fill(0, "bid", 5100, 20 * SIZE_ONE),))
    texts = [frame.text for frame in step_frames(book, step, NOW)] + [new_market(1, NOW).text]
    ours: dict[str, list[str]] = {json.loads(text)["event_type"]: keys(text) for text in texts}
    assert ours == real
    tick: dict[str, Any] = json.loads((folder / "tick_size_change.json").read_text())
    frames = step_frames(book, BookStep(0, (), tick=10), NOW)
    assert sorted(keys(frames[0].text)) == sorted(tick)


def test_a_resolution_names_the_winner(book: Book) -> None:
    """The fields of the published schema, sent to everyone with custom features."""
    market = structs.replace(book.market, first_wins=False, outcomes=("Knicks", "Spurs"))
    frame = market_resolved(market, 77, NOW)
    assert (frame.tokens, frame.custom) == ((), True)
    assert json.loads(frame.text) == {
        "id": "77",
        "market": "0xabc",
        "assets_ids": ["111", "222"],
        "winning_asset_id": "222",
        "winning_outcome": "Spurs",
        "timestamp": str(NOW),
        "tags": [],
        "event_type": "market_resolved",
    }
