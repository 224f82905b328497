"""Faults of the exchange itself that happen once, to markets in play."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator

from simulator.book_engine import Book
from simulator.clob_wire import WireFrame, tick_frames
from simulator.faults import EarlyResolution, EveningFault, TickChange
from simulator.plan import BookStep, LevelSet
from simulator.venue import Venue, wall_ms

LOOK_EVERY_S = 0.05
FINE_TICK, COARSE_TICK = 10, 100


async def misbehave(venue: Venue) -> None:
    """Apply the script's faults of this sort, each at its time."""
    async with asyncio.TaskGroup() as group:
        for early in venue.script.of(EarlyResolution):
            group.create_task(
                _hit(venue, early, early.markets, lambda book: _resolve_now(venue, book))
            )
        for change in venue.script.of(TickChange):
            group.create_task(_hit(venue, change, change.markets, _refine))


async def _hit(
    venue: Venue,
    fault: EveningFault,
    markets: int,
    strike: Callable[[Book], list[WireFrame]],
) -> None:
    """Strike so many markets in play, waiting for them where there are too few.

    `strike` returns what to tell of a market, nothing if it cannot be struck.
    """
    await venue.reached(fault.at_s)
    left = markets
    while not venue.over:
        for book in _in_play(venue, fault.league):
            frames = strike(book)
            if frames:
                venue.note(fault, f"market {book.market.condition_id}")
                venue.tell(frames)
                left -= 1
            if not left:
                return
        await asyncio.sleep(LOOK_EVERY_S)


def _in_play(venue: Venue, league: str | None) -> Iterator[Book]:
    """Yield the quoted, open books of games in play, in the order of the evening."""
    for game in venue.evening.games:
        if league in (None, game.league.key) and venue.true_moment(game).live:
            for listing in game.listings:
                for market in listing.markets:
                    book = venue.books[market.condition_id]
                    if market.pays and not book.resolved:
                        yield book


def _resolve_now(venue: Venue, book: Book) -> list[WireFrame]:
    return venue.resolve(book, venue.virtual_ms)


def _refine(book: Book) -> list[WireFrame]:
    """Make the tick finer and lose all levels but the best ones without a word.

    A finer grid has no level off it; this is worse than any report of what the venue does.
    """
    if book.tick != COARSE_TICK:
        return []
    best = {
        "bid": max(book.sides["bid"], default=None),
        "ask": min(book.sides["ask"], default=None),
    }
    lost = tuple(
        LevelSet(side, price, 0)
        for side, levels in book.sides.items()
        for price in levels
        if price != best[side]
    )
    return tick_frames(book, BookStep(0, lost, tick=FINE_TICK), wall_ms()) if lost else []
