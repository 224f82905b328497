"""The results socket: every client is told of every game, with nothing to subscribe to.

A score or a period that changed is told at once (the clock alone is no news), what did not every
few seconds again, the end of a game once. Both
keepalives are played: the text `ping`, whose answer is insisted on, and the protocol's.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator

import msgspec
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from simulator.connection import connection_of
from simulator.faults import ScoreDispute
from simulator.plan import GamePlan, Moment
from simulator.sports_wire import (
    foreign_frame,
    is_told,
    standing,
    told_delay_ms,
    update_frame,
    wrong,
)
from simulator.venue import Venue, moment_index, wall_ms

LOOK_S = 0.05
PROTOCOL_PING = b"\x89\x00"
"""A ping without content, as RFC 6455 frames it."""


class Rhythm(msgspec.Struct, frozen=True):
    """How often what is said, in real seconds.

    `again_s` for states that have not changed, `foreign_s` for the games of others. A text ping
    that finds no `pong` within `patience_s` closes the connection.
    """

    again_s: float = 3.0
    foreign_s: float = 2.0
    text_ping_s: float = 5.0
    patience_s: float = 10.0
    protocol_ping_s: float = 15.0


LIVE = Rhythm()


class Teller:
    """What one client has been told so far; `due` is asked again and again."""

    def __init__(self, venue: Venue, rhythm: Rhythm = LIVE) -> None:
        self.venue = venue
        self._rhythm = rhythm
        self._told: dict[int, tuple[tuple[str, str], float]] = {}
        self._ended: set[int] = {
            game.venue_id for game in venue.evening.games if self._moment(game).over
        }
        self._frames = 0
        self._foreign_frames = 0
        self._foreign_s = 0.0

    def due(self, now_s: float) -> Iterator[str]:
        """Yield the frames to be sent now; `now_s` never goes back."""
        for game in self.venue.evening.games:
            moment = self._moment(game)
            if is_told(game) and game.venue_id not in self._ended:
                yield from self._update(game, moment, now_s)
        if now_s - self._foreign_s >= self._rhythm.foreign_s:
            self._foreign_s = now_s
            self._foreign_frames += 1
            yield foreign_frame(self._foreign_frames)

    def _update(self, game: GamePlan, moment: Moment, now_s: float) -> Iterator[str]:
        if not (moment.live or moment.over):
            return
        fault = self._fault(game)
        if fault:
            moment = wrong(game, moment, fault.points)
        now = standing(game, moment)
        before, at_s = self._told.get(game.venue_id, (None, 0.0))
        if now == before and now_s - at_s < self._rhythm.again_s:
            return
        self._told[game.venue_id] = (now, now_s)
        self._frames += 1
        if fault:
            self.venue.note(fault, f"game {game.venue_id}")
        if moment.over:
            self._ended.add(game.venue_id)
        yield update_frame(game, moment, self._frames, wall_ms())

    def _moment(self, game: GamePlan) -> Moment:
        at_ms = self.venue.virtual_ms - told_delay_ms(game)
        return game.moments[moment_index(game, at_ms)]

    def _fault(self, game: GamePlan) -> ScoreDispute | None:
        """Return what makes the score of a game be told wrongly now."""
        for fault in self.venue.script.of(ScoreDispute):
            if fault.holds(self.venue.elapsed_s) and fault.league in (None, game.league.key):
                return fault
        return None


class SportsClient:
    """One connection of the results socket."""

    def __init__(self, socket: WebSocket, venue: Venue, rhythm: Rhythm = LIVE) -> None:
        self._socket = socket
        self._venue = venue
        self._rhythm = rhythm
        self._pong = asyncio.Event()

    async def serve(self) -> None:
        """Serve until either side has had enough."""
        await self._socket.accept()
        jobs = (self._tell(), self._hear(), self._ping_text(), self._ping_protocol())
        tasks = [asyncio.create_task(job) for job in jobs]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        if self._socket.application_state is WebSocketState.CONNECTED:
            with contextlib.suppress(RuntimeError, WebSocketDisconnect):
                await self._socket.close()

    async def _tell(self) -> None:
        teller, clock = Teller(self._venue, self._rhythm), asyncio.get_running_loop().time
        while True:
            for frame in teller.due(clock()):
                await self._socket.send_text(frame)
            await asyncio.sleep(LOOK_S)

    async def _hear(self) -> None:
        while True:
            if await self._socket.receive_text() == "pong":
                self._pong.set()

    async def _ping_text(self) -> None:
        while True:
            await asyncio.sleep(self._rhythm.text_ping_s)
            self._pong.clear()
            await self._socket.send_text("ping")
            async with asyncio.timeout(self._rhythm.patience_s):
                await self._pong.wait()

    async def _ping_protocol(self) -> None:
        # The server sends pings of its own to all its clients or to none, so these are written
        # between its frames, each of which it writes in one piece.
        transport = connection_of(self._socket.scope).transport
        while True:
            await asyncio.sleep(self._rhythm.protocol_ping_s)
            transport.write(PROTOCOL_PING)


async def serve_results(socket: WebSocket, venue: Venue) -> None:
    """Serve one client of the results socket."""
    await SportsClient(socket, venue).serve()
