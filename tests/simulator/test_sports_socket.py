"""The results socket of the simulator: who is told what, how often, and both keepalives."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Iterable
from contextlib import asynccontextmanager
from typing import Any

import msgspec
import pytest
import uvicorn
from market_venue import until
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect as dial

from simulator.connection import SocketProtocol
from simulator.faults import ScoreDispute, Script
from simulator.plan import Evening, GamePlan
from simulator.sports_socket import Rhythm, SportsClient, Teller
from simulator.sports_wire import standing, told_delay_ms, wrong
from simulator.venue import Venue

Updates = list[dict[str, Any]]


class Stopped(Venue):
    """A venue whose clock the test moves."""

    virtual_now_ms = 0

    @property
    def virtual_ms(self) -> int:
        """The virtual time the test set."""
        return self.virtual_now_ms


def stopped(evening: Evening, at_ms: int, *faults: ScoreDispute) -> Stopped:
    """Return a venue that stands at a virtual time."""
    venue = Stopped(evening, 1.0, Script(faults))
    venue.virtual_now_ms = at_ms
    return venue


def ours(frames: Iterable[str], game: GamePlan) -> Updates:
    """Return the updates of one game."""
    found = [json.loads(frame) for frame in frames]
    return [each for each in found if each.get("gameId") == game.venue_id]


@pytest.fixture
def game(evening: Evening) -> GamePlan:
    """Return the first game of the evening that is told of."""
    return next(plan for plan in evening.games if plan.league.key == "nba")


def test_a_game_is_told_from_its_start_to_its_end(evening: Evening, game: GamePlan) -> None:
    """Every score and the end are told once they are old enough, the end once."""
    venue = stopped(evening, 0)
    teller = Teller(venue, Rhythm(again_s=1e9))
    scores, ends = [], []
    for moment in (*game.moments, game.final):
        venue.virtual_now_ms = moment.at_ms + told_delay_ms(game)
        for update in ours(teller.due(0.0), game):
            scores.append(update["score"])
            ends.append(update["ended"])
    planned = [standing(game, each)[0] for each in game.moments if each.status != "scheduled"]
    assert list(dict.fromkeys(scores)) == list(dict.fromkeys(planned))
    assert ends.count(True) == 1
    assert ends[-1]


def test_nothing_is_told_before_its_time(evening: Evening, game: GamePlan) -> None:
    """The socket has a lag of its own; before the start it says nothing."""
    start = next(each.at_ms for each in game.moments if each.live)
    venue = stopped(evening, start + told_delay_ms(game) - 1)
    teller = Teller(venue)
    assert ours(teller.due(0.0), game) == []
    venue.virtual_now_ms += 1
    assert len(ours(teller.due(0.0), game)) == 1


def test_unchanged_states_are_told_again(evening: Evening, game: GamePlan) -> None:
    """Every three seconds, word for word but for what comes and goes; the clock is no news."""
    venue = stopped(evening, game.moments[-2].at_ms + told_delay_ms(game))
    teller = Teller(venue)
    counts = [len(ours(teller.due(at_s), game)) for at_s in (0.0, 1.0, 2.9, 3.0, 4.0, 6.0)]
    assert counts == [1, 0, 0, 1, 0, 1]


def test_who_comes_after_the_end_is_not_told(evening: Evening, game: GamePlan) -> None:
    """The end is told to those who are there."""
    venue = stopped(evening, game.final.at_ms + told_delay_ms(game))
    assert ours(Teller(venue).due(0.0), game) == []


def test_games_of_others_are_told_too(evening: Evening) -> None:
    """Before any game starts there are a computer game, cricket and tennis, by turns."""
    teller = Teller(stopped(evening, 0))
    frames = [json.loads(frame) for at_s in range(9) for frame in teller.due(at_s)]
    codes = [frame["leagueAbbreviation"] for frame in frames]
    assert codes == ["cricket", "wta challenger", "lol", "cricket"]


def test_a_wrong_score_is_told_while_the_script_says_so(evening: Evening, game: GamePlan) -> None:
    """The fault changes the score of its league at once, is on record, and ends."""
    fault = ScoreDispute(at_s=0.0, for_s=60.0, league="nba", points=3)
    venue = stopped(evening, game.moments[-2].at_ms + told_delay_ms(game), fault)
    true = game.moments[-2]
    right, _ = standing(game, true)
    (update,) = ours(Teller(venue).due(0.0), game)
    assert update["score"] == standing(game, wrong(game, true, 3))[0] != right
    rows = [(row.kind, row.target) for row in venue.fault_log.rows()]
    assert ("score_dispute", f"game {game.venue_id}") in rows
    other = msgspec.structs.replace(fault, league="nfl")
    venue = stopped(evening, venue.virtual_now_ms, other)
    assert ours(Teller(venue).due(0.0), game)[0]["score"] == right


@asynccontextmanager
async def serving(evening: Evening, rhythm: Rhythm) -> AsyncGenerator[str]:
    """Serve the socket alone, on a free port."""
    venue = Venue(evening, 1.0)

    async def endpoint(socket: WebSocket) -> None:
        await SportsClient(socket, venue, rhythm).serve()

    app = Starlette(routes=[WebSocketRoute("/ws/sports", endpoint)])
    config = uvicorn.Config(
        app, port=0, ws=SocketProtocol, ws_ping_interval=None, log_level="error", lifespan="off"
    )
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve())
    await until(lambda: server.started)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"ws://127.0.0.1:{port}/ws/sports"
    server.should_exit = True
    await task


async def heard(connection: ClientConnection, *, answer: bool, count: int) -> int:
    """Return how many pings in text came, up to `count`, before the connection was closed."""
    pings = 0
    try:
        async with asyncio.timeout(5.0):
            while pings < count:
                if await connection.recv() == "ping":
                    pings += 1
                    if answer:
                        await connection.send("pong")
    except ConnectionClosed:
        pass
    return pings


def test_who_answers_pings_in_text_stays(evening: Evening) -> None:
    """Ping after ping is answered and the next one comes; without an answer there is one."""
    rhythm = Rhythm(text_ping_s=0.05, patience_s=0.1)

    async def scenario() -> tuple[int, int]:
        async with serving(evening, rhythm) as url:
            async with connect(url, proxy=None) as connection:
                good = await heard(connection, answer=True, count=5)
            async with connect(url, proxy=None) as connection:
                bad = await heard(connection, answer=False, count=5)
        return good, bad

    assert asyncio.run(scenario()) == (5, 1)


class Noting(ClientConnection):
    """A client that notes what it is sent, pings of the protocol too."""

    def process_event(self, event: Any) -> None:
        """Note the kind of a frame, and go on as ever."""
        kinds.append(event.opcode.name if hasattr(event, "opcode") else "")
        super().process_event(event)


kinds: list[str] = []


def test_pings_of_the_protocol_come_between_frames(evening: Evening) -> None:
    """They are sound frames, and what comes after them is too."""
    rhythm = Rhythm(foreign_s=0.0, protocol_ping_s=0.1)
    kinds.clear()

    async def scenario() -> None:
        async with (
            serving(evening, rhythm) as url,
            connect(url, proxy=None, create_connection=Noting) as connection,
        ):
            for _ in range(12):
                json.loads(await connection.recv())

    asyncio.run(scenario())
    assert kinds.count("PING") >= 3
    assert kinds.count("TEXT") >= 12


def test_a_running_simulator_has_the_socket(launch: Any) -> None:
    """Whoever connects is told of tonight's games in play, without a word of theirs."""
    fast = launch("--speed", "2500", "--seed", "11", "--start-now")
    codes: set[str] = set()
    with dial(f"{fast['market_ws'].removesuffix('market')}sports", proxy=None) as socket:
        while not {"nba", "epl", "mlb"} <= codes:
            codes.add(json.loads(socket.recv(timeout=10))["leagueAbbreviation"])
