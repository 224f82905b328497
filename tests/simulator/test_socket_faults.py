from __future__ import annotations

import asyncio
import json
from itertools import chain

import pytest
from evening_server import Payload, Played, closed, follow, heard, messages, named, playing
from msgspec import structs
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import InvalidStatus

from connectors.polymarket.parse import parse_market
from fusion.market import NewMarket
from simulator.plan import Evening


@pytest.fixture(scope="module")
def games(evening: Evening) -> Evening:
    """Return an evening of two games: basketball, and soccer with its three markets."""
    soccer = next(game for game in evening.games if game.league.key == "eng.1")
    return structs.replace(evening, games=(evening.games[0], soccer))


def fault(kind: str, *fields: str) -> str:
    """Return one table of a script."""
    return "\n".join(["[[fault]]", f'kind = "{kind}"', *fields, ""])


async def both_heard(played: Played, for_s: float) -> tuple[list[Payload], list[Payload]]:
    """Return what connections 0 and 1 hear of the same evening, without the first books."""
    async with played.dial() as first, played.dial() as second:
        for client in (first, second):
            await follow(client, played.tokens)
            await client.recv()
        ours, theirs = await asyncio.gather(heard(first, for_s), heard(second, for_s))
    ours = ours[ours.index(theirs[0]) :]  # The second may have come a frame later.
    common = next(
        (n for n, (a, b) in enumerate(zip(ours, theirs, strict=False)) if a != b), len(ours)
    )
    return ours[common:], theirs[common:]


async def answered(client: ClientConnection, for_s: float) -> list[Payload]:
    """Send a PING and return what comes within some time."""
    await client.send("PING")
    return await heard(client, for_s)


def test_freeze(games: Evening) -> None:
    """PONG and nothing else, also after it ends; a token subscribed again comes back, alone."""

    async def run() -> None:
        script = fault("freeze", "at_s = 0.3", "for_s = 0.5", "sockets = [0]")
        async with (
            playing(games, script) as played,
            played.dial() as client,
            played.dial() as other,
        ):
            token = played.tokens[0]
            for each in (client, other):
                await follow(each, played.tokens)
            before = await heard(client, 0.35)
            await heard(other, 0.05)
            during = await answered(client, 0.2)
            await follow(client, [token], again=True)
            asked_early = await answered(client, 0.05)
            await played.until(0.85)
            after = await answered(client, 0.2)
            meanwhile = await heard(other, 0.05)
            await follow(client, [token], again=True)
            rescued = messages(await heard(client, 0.5))
            assert len(before) > 10
            assert during == asked_early == after == ["PONG"]
            assert len(meanwhile) > 10
            assert rescued[0]["event_type"] == "book"
            assert set().union(*map(named, rescued)) == {token}
            assert len(rescued) > 3
            assert await played.faults() == [("freeze", "socket 0")]

    asyncio.run(run())


def test_token_quiet(games: Evening) -> None:
    """One token gets nothing, its sibling everything; subscribing again brings it back."""

    async def run() -> None:
        script = fault("token_quiet", "at_s = 0.2")
        async with playing(games, script) as played, played.dial() as client:
            quiet, sibling = played.tokens[:2]
            await follow(client, played.tokens[:2])
            await heard(client, 0.25)
            told = messages(await heard(client, 0.5))
            await follow(client, [quiet], again=True)
            rescued = messages(await heard(client, 0.5))
            assert set().union(*map(named, told)) == {sibling}
            assert "price_change" in {message["event_type"] for message in told}
            assert set().union(*map(named, rescued)) == {quiet, sibling}
            assert await played.faults() == [("token_quiet", f"socket 0 token {quiet}")]

    asyncio.run(run())


def test_no_snapshot(games: Evening) -> None:
    """Tokens beyond the limit get changes and no book, however often they are asked for."""

    async def run() -> None:
        script = fault("no_snapshot", "tokens = 2")
        async with playing(games, script) as played, played.dial() as client:
            tokens = played.tokens[:4]
            await follow(client, tokens)
            books = json.loads(await client.recv())
            await follow(client, tokens[3:], again=True)
            told = messages(await heard(client, 0.4))
            assert [book["asset_id"] for book in books] == tokens[:2]
            changed = [named(m) for m in told if m["event_type"] == "price_change"]
            assert set(tokens[2:]) <= set().union(*changed)
            assert not [m for m in told if m["event_type"] == "book" and "tick_size" in m]
            assert await played.faults() == [
                ("no_snapshot", f"socket 0 token {token}") for token in tokens[2:]
            ]

    asyncio.run(run())


def test_drop(games: Evening, capsys: pytest.CaptureFixture[str]) -> None:
    """The connection ends without a closing frame; another one, and the next, are not hit."""

    async def run() -> None:
        script = fault("drop", "at_s = 0.2", "sockets = [0, 2]")
        async with (
            playing(games, script) as played,
            played.dial() as client,
            played.dial() as other,
        ):
            await follow(client, played.tokens)
            await follow(other, played.tokens)
            assert await closed(client) == (None, None)
            async with played.dial() as again:
                assert (await answered(again, 0.1)) == ["PONG"]
            assert "PONG" in await answered(other, 0.1)
            assert await played.faults() == [("drop", "socket 0")]

    asyncio.run(run())
    assert capsys.readouterr() == ("", "")


def test_half_open(games: Evening, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing comes, not even a PONG, and no end either, until the server gives up."""

    async def run() -> None:
        script = fault("half_open", "at_s = 0.2", "for_s = 0.6")
        async with playing(games, script) as played, played.dial() as client:
            await follow(client, played.tokens)
            await heard(client, 0.3)
            assert await answered(client, 0.3) == []
            assert await closed(client) == (None, None)
            assert played.venue.elapsed_s > 0.8
            assert await played.faults() == [("half_open", "socket 0")]

    asyncio.run(run())
    assert capsys.readouterr() == ("", "")


def test_half_open_does_not_hold_up_the_end(games: Evening) -> None:
    """A server that is asked to stop stops, with a connection left hanging for ever."""

    async def run() -> float:
        async with playing(games, fault("half_open")) as played, played.dial() as client:
            await follow(client, played.tokens)
            await heard(client, 0.1)
            leaving = asyncio.get_running_loop().time()
        return asyncio.get_running_loop().time() - leaving

    assert asyncio.run(run()) < 1.0


def test_reorder(games: Evening) -> None:
    """Frames come in pairs, each the wrong way round, and none is lost."""

    async def run() -> tuple[list[Payload], list[Payload]]:
        async with playing(games, fault("reorder", "at_s = 0.2", "sockets = [0]")) as played:
            return await both_heard(played, 0.8)

    ours, theirs = asyncio.run(run())
    pairs = len(ours) // 2
    assert pairs > 5
    swapped = chain.from_iterable((theirs[2 * n + 1], theirs[2 * n]) for n in range(pairs))
    assert ours[: 2 * pairs] == list(swapped)


def test_a_held_frame_is_released_by_a_ping(games: Evening) -> None:
    """What waits for its successor does not wait for ever."""

    async def run() -> None:
        script = fault("reorder", "at_s = 0.1")
        async with playing(games, script, speed=1.0) as played, played.dial() as client:
            await follow(client, played.tokens[:1])
            await heard(client, 0.2)
            await follow(client, played.tokens[:1], again=True)
            assert await heard(client, 0.1) == []
            book, pong = await answered(client, 0.1)
            assert [pong, named(*messages([book]))] == ["PONG", set(played.tokens[:1])]

    asyncio.run(run())


def test_duplicate(games: Evening) -> None:
    """Each third frame comes twice in a row."""

    async def run() -> tuple[list[Payload], list[Payload]]:
        script = fault("duplicate", "at_s = 0.2", "every = 3", "sockets = [0]")
        async with playing(games, script) as played:
            return await both_heard(played, 0.8)

    ours, theirs = asyncio.run(run())
    # The first that differs comes after the first that was doubled.
    doubled = ours[0]
    expected = [doubled]
    for number, payload in enumerate(theirs, 1):
        expected += [payload] * (2 if number % 3 == 0 else 1)
    assert len(ours) > 10
    assert ours == expected[: len(ours)]


def test_garble(games: Evening) -> None:
    """Spoilt in four ways by turns, each of which is refused by its own name."""

    async def run() -> list[Payload]:
        async with (
            playing(games, fault("garble", "at_s = 0.2")) as played,
            played.dial() as client,
        ):
            await follow(client, played.tokens)
            await heard(client, 0.25)
            return await heard(client, 0.5)

    payloads = [p if isinstance(p, bytes) else p.encode() for p in asyncio.run(run())]
    reasons = [refusal.reason for p in payloads for refusal in parse_market(p).refusals]
    assert len(reasons) == len(payloads) > 8
    assert set(reasons) == {"text_frame", "not_json", "html", "gzip"}


def test_one_way_to_garble(games: Evening) -> None:
    """A script may choose the way, and how often."""

    async def run() -> tuple[list[Payload], list[Payload]]:
        script = fault("garble", "at_s = 0.1", "every = 2", 'how = "html"', "sockets = [0]")
        async with playing(games, script) as played:
            return await both_heard(played, 0.6)

    ours, theirs = asyncio.run(run())
    assert len(ours) > 4
    assert all(str(p).startswith("<html>") for p in ours[::2])
    assert ours[1::2] == theirs[1 : len(ours) : 2]


def test_oversized(games: Evening) -> None:
    """One frame of two MiB: sound for who takes it, the end with 1009 for who does not."""

    async def run() -> None:
        script = fault("oversized", "at_s = 0.2", "mib = 2.0")
        async with playing(games, script) as played:
            async with played.dial() as client, played.dial(max_size=1 << 20) as narrow:
                await follow(client, played.tokens)
                await follow(narrow, played.tokens)
                payloads, codes = await asyncio.gather(heard(client, 0.5), closed(narrow))
            (big,) = (str(p).encode() for p in payloads if len(p) > 2 << 20)
            (message,) = parse_market(big).messages
            assert isinstance(message, NewMarket)
            assert codes[1] == 1009
            assert sorted(await played.faults()) == [
                ("oversized", "socket 0"),
                ("oversized", "socket 1"),
            ]

    asyncio.run(run())


def test_lost_change(games: Evening) -> None:
    """Every price_change stays away; all else comes, so that it can be noticed."""

    async def run() -> tuple[list[Payload], list[Payload]]:
        script = fault("lost_change", "at_s = 0.2", "sockets = [0]")
        async with playing(games, script) as played:
            return await both_heard(played, 0.8)

    ours, theirs = asyncio.run(run())
    kept = [p for p in theirs if '"price_change"' not in str(p)]
    assert len(theirs) > len(kept) > 3
    assert ours == kept[: len(ours)]
    assert len(ours) > 3


def test_text(games: Evening) -> None:
    """Plain text, by default what the venue was seen to say."""

    async def run() -> list[Payload]:
        script = fault("text", "at_s = 0.1") + fault(
            "text", "at_s = 0.2", 'text = "INVALID OPERATION"'
        )
        async with playing(games, script, speed=1.0) as played, played.dial() as client:
            await follow(client, [])
            return await heard(client, 0.4)

    assert asyncio.run(run())[-2:] == ["NO NEW ASSETS", "INVALID OPERATION"]


@pytest.mark.parametrize("status", [403, 429, 503])
def test_refuse_connect(games: Evening, status: int, capsys: pytest.CaptureFixture[str]) -> None:
    """The upgrade gets a status for a while; the first that gets through is connection 0."""

    async def run() -> None:
        script = fault("refuse_connect", f"status = {status}", "for_s = 0.2", "sockets = [0]")
        async with playing(games, script) as played:
            with pytest.raises(InvalidStatus) as refused:
                async with played.dial():
                    pytest.fail("connected")
            assert refused.value.response.status_code == status
            await played.until(0.25)
            async with played.dial() as client:
                assert await answered(client, 0.1) == ["PONG"]
            assert played.venue.connections == 1
            assert await played.faults() == [("refuse_connect", "socket 0")]

    asyncio.run(run())
    assert capsys.readouterr() == ("", "")
