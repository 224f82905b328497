"""Frames of the market socket, in the venue's own key order and spacing.

The first frame a subscriber sees is one compact array; everything after it is one object with a
space after commas and colons. Each frame is encoded once, however many clients get it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable

import msgspec

from fusion.market import PRICE_ONE
from simulator.book_engine import Book, price_text, size_text
from simulator.plan import BookStep, Fill, LevelSet, MarketPlan

WIRE_SIDE = {"bid": "BUY", "ask": "SELL"}
REPEAT_EVERY = 13
DESCRIPTION = 'This market will resolve to "Up" if the price is higher at its end.'


class WireFrame(msgspec.Struct, frozen=True):
    """One text frame and whom it is for.

    `tokens` are the tokens whose subscribers get it, none meaning everyone; `custom` frames go
    only to clients that asked for custom features.
    """

    text: str
    tokens: tuple[str, ...]
    custom: bool = False


def snapshot(book: Book, index: int) -> str:
    """Return the compact `book` object of a token, a member of the initial array."""
    market = book.market
    bids, asks = book.levels_text(index)
    return (
        f'{{"market":"{market.condition_id}","asset_id":"{market.token_ids[index]}",'
        f'"timestamp":"{book.stamp_ms}","hash":"{book.hashes[index]}",'
        f'"bids":[{bids}],"asks":[{asks}],"tick_size":"{book.tick_text}",'
        f'"event_type":"book","last_trade_price":"{book.last_trade}"}}'
    )


def step_frames(book: Book, step: BookStep, now_ms: int, *, whole: bool = False) -> list[WireFrame]:
    """Apply a step to the book and return its frames in the venue's order.

    Each level change is a frame of its own, or all are one if `whole`.

    A match is told with the best prices first and one millisecond ahead, then its level
    changes, both books, and the trade; other steps have their best prices first too, in the
    same millisecond. A finer tick is told first, and then both books anew.
    """
    if step.tick == book.tick and not step.levels:
        return []
    if step.tick:
        return tick_frames(book, step, now_ms) + [_match_book(book, index) for index in (0, 1)]
    before = book.best(0)
    stamp = max(now_ms, book.stamp_ms + 2)
    book.apply(step, stamp)
    frames: list[WireFrame] = []
    if book.best(0) != before:
        ahead = stamp + 1 if step.fills else stamp
        frames += [_best_bid_ask(book, index, ahead) for index in (0, 1)]
    frames += [_whole_change(book, step.levels)] if whole else _price_changes(book, step.levels)
    if step.fills:
        frames += [_match_book(book, index) for index in (0, 1)]
        frames += [_last_trade(book, fill) for fill in step.fills]
    return frames


def tick_frames(book: Book, step: BookStep, now_ms: int) -> list[WireFrame]:
    """Apply a step that changes the tick and return what tells of the tick alone."""
    old_tick = book.tick_text
    book.apply(step, max(now_ms, book.stamp_ms + 2))
    return [_tick_size_change(book, index, old_tick) for index in (0, 1)]


def _whole_change(book: Book, levels: Iterable[LevelSet]) -> WireFrame:
    bests = [_declared(book, index) for index in (0, 1)]
    entries = [_entry(book, index, level, bests[index]) for level in levels for index in (0, 1)]
    return _change_frame(book, entries)


def _price_changes(book: Book, levels: Iterable[LevelSet]) -> list[WireFrame]:
    market = book.market
    bests = [_declared(book, index) for index in (0, 1)]
    frames = []
    for level in levels:
        entries = [_entry(book, index, level, bests[index]) for index in (0, 1)]
        mark = (level.price // market.tick + market.number) % REPEAT_EVERY
        if mark % 2:
            entries.reverse()
        frames.append(_change_frame(book, entries))
        # The venue now and then tells a level of a batch twice, with the tokens swapped.
        if mark == 0:
            frames.append(_change_frame(book, entries[::-1]))
    return frames


def _change_frame(book: Book, entries: list[str]) -> WireFrame:
    market = book.market
    text = (
        f'{{"market":"{market.condition_id}", "price_changes":[{", ".join(entries)}], '
        f'"timestamp":"{book.stamp_ms}", "event_type":"price_change"}}'
    )
    return WireFrame(text, market.token_ids)


def _entry(book: Book, index: int, level: LevelSet, best: tuple[str, str]) -> str:
    price = level.price if index == 0 else PRICE_ONE - level.price
    buys = (level.side == "bid") == (index == 0)
    return (
        f'{{"asset_id":"{book.market.token_ids[index]}", "price":"{price_text(price)}", '
        f'"size":"{size_text(level.size)}", "side":"{"BUY" if buys else "SELL"}", '
        f'"hash":"{book.hashes[index]}", "best_bid":"{best[0]}", "best_ask":"{best[1]}"}}'
    )


def _declared(book: Book, index: int) -> tuple[str, str]:
    """Return the best prices as declared in changes: an empty side is `0` or `1`."""
    bid, ask = book.best(index)
    return ("0" if bid is None else price_text(bid), "1" if ask is None else price_text(ask))


def _best_bid_ask(book: Book, index: int, stamp_ms: int) -> WireFrame:
    bid, ask = book.best(index)
    spread = "" if bid is None or ask is None else price_text(ask - bid)
    token = book.market.token_ids[index]
    text = (
        f'{{"market":"{book.market.condition_id}", "asset_id":"{token}", '
        f'"best_bid":"{"" if bid is None else price_text(bid)}", '
        f'"best_ask":"{"" if ask is None else price_text(ask)}", "spread":"{spread}", '
        f'"timestamp":"{stamp_ms}", "event_type":"best_bid_ask"}}'
    )
    return WireFrame(text, (token,), custom=True)


def _match_book(book: Book, index: int) -> WireFrame:
    token = book.market.token_ids[index]
    bids, asks = (side.replace(",", ", ") for side in book.levels_text(index))
    text = (
        f'{{"market":"{book.market.condition_id}", "asset_id":"{token}", '
        f'"bids":[{bids}], "asks":[{asks}], "hash":"{book.hashes[index]}", '
        f'"timestamp":"{book.stamp_ms}", "event_type":"book"}}'
    )
    return WireFrame(text, (token,))


def _last_trade(book: Book, fill: Fill) -> WireFrame:
    token = book.market.token_ids[fill.index]
    seed = f"{token}{book.stamp_ms}{fill.price}{fill.size}".encode()
    text = (
        f'{{"market":"{book.market.condition_id}", "asset_id":"{token}", '
        f'"price":"{price_text(fill.price)}", "size":"{size_text(fill.size)}", '
        f'"fee_rate_bps":"0", "side":"{WIRE_SIDE[fill.side]}", "timestamp":"{book.stamp_ms}", '
        f'"event_type":"last_trade_price", '
        f'"transaction_hash":"0x{hashlib.sha256(seed).hexdigest()}"}}'
    )
    return WireFrame(text, (token,))


def _tick_size_change(book: Book, index: int, old_tick: str) -> WireFrame:
    token = book.market.token_ids[index]
    text = (
        f'{{"market":"{book.market.condition_id}", "asset_id":"{token}", '
        f'"old_tick_size":"{old_tick}", "new_tick_size":"{book.tick_text}", '
        f'"timestamp":"{book.stamp_ms}", "event_type":"tick_size_change"}}'
    )
    return WireFrame(text, (token,))


def new_market(number: int, now_ms: int, description: str = DESCRIPTION) -> WireFrame:
    """Return the notice of a market that has nothing to do with sports, sent to everyone."""
    digest = hashlib.sha256(str(number).encode()).hexdigest()
    tokens = [str(int(digest, 16)), str(int(digest[::-1], 16))]
    slug = f"btc-updown-5m-{number}"
    question = f"Bitcoin Up or Down - {number}"
    notice = {
        "id": str(5_196_000 + number),
        "question": question,
        "market": f"0x{digest}",
        "slug": slug,
        "description": description,
        "assets_ids": tokens,
        "outcomes": ["Up", "Down"],
        "event_message": {
            "id": str(1_117_000 + number),
            "ticker": slug,
            "slug": slug,
            "title": question,
            "description": "",
        },
        "timestamp": str(now_ms),
        "event_type": "new_market",
        "tags": [],
        "condition_id": f"0x{digest}",
        "active": False,
        "clob_token_ids": tokens,
        "sports_market_type": "",
        "line": "",
        "game_start_time": "",
        "order_price_min_tick_size": "0.01",
        "group_item_title": "",
        "taker_base_fee": "1000",
        "fees_enabled": True,
        "fee_schedule": {
            "exponent": "1",
            "rate": "0.07",
            "taker_only": True,
            "rebate_rate": "0.2",
        },
    }
    return WireFrame(json.dumps(notice, separators=(",", ":")), (), custom=True)


def market_resolved(market: MarketPlan, market_id: int, now_ms: int) -> WireFrame:
    """Return the notice, sent to everyone, that a market is resolved."""
    winner = 0 if market.first_wins else 1
    notice = {
        "id": str(market_id),
        "market": market.condition_id,
        "assets_ids": market.token_ids,
        "winning_asset_id": market.token_ids[winner],
        "winning_outcome": market.outcomes[winner],
        "timestamp": str(now_ms),
        "tags": [],
        "event_type": "market_resolved",
    }
    return WireFrame(json.dumps(notice), (), custom=True)
