from __future__ import annotations

import asyncio
import json

import pytest
from evening_server import follow, heard, messages, named, playing
from msgspec import structs

from simulator.clob_wire import WireFrame
from simulator.market_routes import NO_BOOK
from simulator.plan import Evening


@pytest.fixture(scope="module")
def coarse(evening: Evening) -> Evening:
    """Return an evening of one basketball game whose moneyline has a tick of a cent."""
    game = next(
        game
        for game in evening.games
        if not game.league.three_way
        if all(market.tick == 100 for listing in game.listings for market in listing.markets)
    )
    return structs.replace(evening, games=(game,))


def test_tick_change(coarse: Evening) -> None:
    """Told for both tokens and without books; levels are gone until somebody asks again."""

    async def run() -> None:
        script = '[[fault]]\nkind = "tick_change"\nat_s = 0.8'
        async with playing(coarse, script, 2_000.0) as played, played.dial() as client:
            await follow(client, played.tokens)
            told = messages(await heard(client, 1.0))
            changes = [m for m in told if m["event_type"] == "tick_size_change"]
            assert {m["asset_id"] for m in changes} == set(played.tokens)
            assert {(m["old_tick_size"], m["new_tick_size"]) for m in changes} == {
                ("0.01", "0.001")
            }
            at = told.index(changes[0])
            assert [m["event_type"] for m in told[at : at + 2]] == ["tick_size_change"] * 2
            await follow(client, played.tokens[:1], again=True)
            asked = messages(await heard(client, 0.2))
            book = next(m for m in asked if "tick_size" in m and m["event_type"] == "book")
            assert book["tick_size"] == "0.001"
            market = played.venue.by_token[played.tokens[0]][0].market.condition_id
            assert await played.faults() == [("tick_change", f"market {market}")]

    asyncio.run(run())


def test_tick_change_loses_all_but_the_best(coarse: Evening) -> None:
    """Best prices stay as they were, and no price_change tells of the rest."""

    async def run() -> None:
        script = '[[fault]]\nkind = "tick_change"\nat_s = 0.8'
        async with playing(coarse, script, 1_000.0) as played:
            book, _ = played.venue.by_token[played.tokens[0]]
            best = [book.best(0)]
            seen = []

            def watch(frame: WireFrame) -> None:
                if '"tick_size_change"' in frame.text:
                    levels = {side: len(sizes) for side, sizes in book.sides.items()}
                    seen.append((book.best(0) == best[0], levels))
                best[0] = book.best(0)

            played.venue.publish.append(watch)
            played.venue.start()
            await played.until(1.2)
            assert seen == [(True, {"bid": 1, "ask": 1})] * 2

    asyncio.run(run())


def test_early_resolution(coarse: Evening) -> None:
    """Resolved in play, told once, closed in listings, and nothing about it afterwards."""

    async def run() -> None:
        script = '[[fault]]\nkind = "early_resolution"\nat_s = 0.5\nleague = "LEAGUE"'.replace(
            "LEAGUE", coarse.games[0].league.key
        )
        async with playing(coarse, script, 2_000.0) as played, played.dial() as client:
            tokens = played.tokens
            await follow(client, tokens)
            told = messages(await heard(client, 1.0))
            (at,) = [n for n, m in enumerate(told) if m["event_type"] == "market_resolved"]
            assert set(told[at]["assets_ids"]) == set(tokens)
            assert not set().union(*map(named, told[at + 1 :])) & set(tokens)
            assert played.venue.true_moment(coarse.games[0]).live
            assert (await played.get("/book", token_id=tokens[0])).json() == NO_BOOK
            assert (await played.post_books(tokens)).json() == []
            (event,) = (await played.get("/events")).json()
            (market,) = [m for m in event["markets"] if json.loads(m["clobTokenIds"]) == tokens]
            assert (market["closed"], market["acceptingOrders"]) == (True, False)

    asyncio.run(run())


def test_late_resolution(coarse: Evening) -> None:
    """The markets stay open until the fault is over, and only then is the evening."""

    async def run() -> None:
        script = '[[fault]]\nkind = "late_resolution"\nfor_s = 1.2'
        async with playing(coarse, script, 40_000.0) as played, played.dial() as client:
            await follow(client, played.tokens)
            await played.until(1.0)
            assert played.venue.virtual_ms > coarse.end_ms
            assert not any(book.resolved for book in played.venue.books.values())
            await asyncio.wait_for(played.venue.finished.wait(), 1.0)
            assert played.venue.elapsed_s > 1.2
            assert all(book.resolved for book in played.venue.books.values())
            told = messages(await heard(client, 0.2))
            resolved = {m["market"] for m in told if m["event_type"] == "market_resolved"}
            assert resolved == set(played.venue.books)

    asyncio.run(run())


def test_books_are_gone_after_resolution(coarse: Evening) -> None:
    """With no fault at all `/book` is 404 and `/books` leaves the token out, once resolved."""

    async def run() -> None:
        async with playing(coarse, "", 100_000.0) as played:
            assert len((await played.post_books(played.tokens)).json()) == 2
            played.venue.start()
            await asyncio.wait_for(played.venue.finished.wait(), 5.0)
            assert (await played.get("/book", token_id=played.tokens[0])).status_code == 404
            assert (await played.post_books(played.tokens)).json() == []

    asyncio.run(run())
