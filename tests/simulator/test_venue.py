from __future__ import annotations

import asyncio
import re

from msgspec import structs

from simulator.clob_wire import WireFrame
from simulator.faults import read_script
from simulator.plan import Evening
from simulator.venue import Venue, moment_index

UNSTABLE = r'"(timestamp|hash|transaction_hash)": ?"\w+"'
"""What depends on the wall clock."""


def test_a_moment_holds_until_the_next(evening: Evening) -> None:
    """The first one before the start, each from its own millisecond on, the last one for ever."""
    game = evening.games[0]
    second, third = game.moments[1].at_ms, game.moments[2].at_ms
    times = [-5, 0, second - 1, second, third - 1, third, game.final.at_ms, 10**9]
    last = len(game.moments) - 1
    assert [moment_index(game, at) for at in times] == [0, 0, 0, 1, 1, 2, last, last]


def test_the_clock_waits_for_somebody(evening: Evening) -> None:
    """Virtual time is zero until the start, and runs at the given speed from then on."""

    async def run() -> tuple[int, int]:
        venue = Venue(evening, 1000.0)
        await asyncio.sleep(0.02)
        waited = venue.virtual_ms
        venue.start()
        await asyncio.sleep(0.05)
        return waited, venue.virtual_ms

    waited, ran = asyncio.run(run())
    assert waited == 0
    assert 50_000 <= ran < 5_000_000


def test_the_scoreboard_is_late(evening: Evening) -> None:
    """What is shown is what was so a delay of eight to twenty seconds ago."""
    delays = [game.delay_ms for game in evening.games]
    assert min(delays) >= 8_000
    assert max(delays) <= 20_000
    venue = Venue(evening, 1.0)
    assert [venue.shown(game) for game in evening.games] == [0] * len(evening.games)


def test_an_evening_plays_the_same_frames_every_time(evening: Evening) -> None:
    """Stamps and hashes are of the wall clock; kinds and tokens and their order are the seed's."""
    one_game = structs.replace(evening, games=evening.games[:1])

    async def run() -> list[tuple[str, tuple[str, ...]]]:
        venue = Venue(one_game, 10_000_000.0)
        frames: list[WireFrame] = []
        venue.publish.append(frames.append)
        venue.start()
        await venue.play()
        assert venue.over
        return [(frame.text.split('"event_type":')[1][:20], frame.tokens) for frame in frames]

    first, second = asyncio.run(run()), asyncio.run(run())
    assert len(first) > 500
    assert first == second


def test_an_empty_script_changes_nothing(evening: Evening) -> None:
    """Frames, their order and whom they are for are those of a venue without a script."""
    one_game = structs.replace(evening, games=evening.games[:1])

    async def run(venue: Venue) -> list[tuple[str, tuple[str, ...]]]:
        frames: list[WireFrame] = []
        venue.publish.append(frames.append)
        venue.start()
        await venue.play()
        return [(re.sub(UNSTABLE, "", frame.text), frame.tokens) for frame in frames]

    plain = asyncio.run(run(Venue(one_game, 10_000_000.0)))
    scripted = asyncio.run(run(Venue(one_game, 10_000_000.0, read_script("# nothing"))))
    assert len(plain) > 500
    assert scripted == plain
