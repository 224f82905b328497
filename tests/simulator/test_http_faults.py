from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

import pytest
import requests
from evening_server import Played, playing
from msgspec import structs

from connectors.http import HttpFailed, fetch, new_session
from simulator.plan import Evening

NBA = "/apis/site/v2/sports/basketball/nba/scoreboard"
NFL = "/apis/site/v2/sports/football/nfl/scoreboard"
ERROR = {"code": 400, "message": "Failed to get events endpoint."}


@pytest.fixture(scope="module")
def game(evening: Evening) -> Evening:
    """Return an evening of its first game, basketball."""
    return structs.replace(evening, games=evening.games[:1])


def fault(kind: str, *fields: str) -> str:
    """Return one table of a script."""
    return "\n".join(["[[fault]]", f'kind = "{kind}"', *fields, ""])


def with_faults(
    game: Evening, script: str, look: Callable[[Played], None], speed: float = 1.0
) -> list[tuple[str, str]]:
    """Let a function look at an evening from a thread, and return the faults applied."""

    async def run() -> list[tuple[str, str]]:
        async with playing(game, script, speed) as played:
            await asyncio.to_thread(look, played)
            return await played.faults()

    return asyncio.run(run())


def failure(played: Played, path: str) -> HttpFailed:
    """Return how the connectors' own client fails at a path."""
    with pytest.raises(HttpFailed) as failed:
        body(played, path)
    return failed.value


def body(played: Played, path: str) -> bytes:
    """Return what the connectors' own client gets."""
    with new_session("python-requests/2") as session:
        return fetch(session, f"http://127.0.0.1:{played.port}{path}")


@pytest.mark.parametrize("code", [403, 425, 429, 500, 502, 503])
def test_status(game: Evening, code: int) -> None:
    """Every status, with a page; 429 and 503 say when to come again. Other paths are well."""

    def look(played: Played) -> None:
        found = failure(played, NBA)
        waits = 7.0 if code in {429, 503} else None
        assert (found.status, found.reason, found.retry_after_s) == (code, "status", waits)
        assert found.excerpt.startswith("<html>")
        assert body(played, NFL).startswith(b"{")

    script = fault("status", f"code = {code}", "retry_after_s = 7", f'path = "{NBA}"')
    assert with_faults(game, script, look) == [("status", f"GET {NBA}")]


def test_status_with_json(game: Evening) -> None:
    """A status may come with JSON instead of a page."""

    def look(played: Played) -> None:
        answer = requests.get(f"http://127.0.0.1:{played.port}{NBA}", timeout=5)
        assert answer.json() == {"code": 502, "message": "Bad Gateway"}

    script = fault("status", "code = 502", 'body = "json"')
    assert with_faults(game, script, look) == [("status", f"GET {NBA}")]


@pytest.mark.parametrize(
    ("script", "status", "reason"),
    [
        (fault("html"), 200, "html"),
        (fault("truncate"), 0, "truncated"),
        (fault("empty"), 200, "empty_body"),
        (fault("gzip_garbage"), 0, "truncated"),
        (fault("error_json", "code = 400"), 400, "status"),
    ],
)
def test_bodies_that_are_none(
    game: Evening, script: str, status: int, reason: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """The connectors' client refuses each by its name, and the server has nothing to complain."""

    def look(played: Played) -> None:
        found = failure(played, NBA)
        assert (found.status, found.reason) == (status, reason)

    assert len(with_faults(game, script, look)) == 1
    assert capsys.readouterr() == ("", "")


def test_error_json_with_200(game: Evening) -> None:
    """An error that looks like success, as ESPN was seen to send."""

    def look(played: Played) -> None:
        answer = requests.get(f"http://127.0.0.1:{played.port}{NBA}", timeout=5)
        assert (answer.status_code, answer.json()) == (200, ERROR)

    assert with_faults(game, fault("error_json"), look) == [("error_json", f"GET {NBA}")]


def test_slow(game: Evening) -> None:
    """The right answer comes late."""

    def look(played: Played) -> None:
        begun = time.monotonic()
        assert body(played, "/sports").startswith(b"[")
        assert time.monotonic() - begun > 0.3

    assert with_faults(game, fault("slow", "delay_s = 0.3"), look) == [("slow", "GET /sports")]


def test_stale(game: Evening) -> None:
    """After the newest body comes the one before it, then the newest again."""

    def look(played: Played) -> None:
        bodies = []
        for _ in range(4):
            bodies.append(body(played, "/events"))
            time.sleep(0.15)
        assert bodies[1] == bodies[0]
        assert bodies[2] not in bodies[:2]
        assert bodies[3] in bodies[:3]

    script = fault("stale", 'path = "/events"')
    found = with_faults(game, script, look, speed=10_000.0)
    assert found == [("stale", "GET /events")]


def test_stale_keeps_bodies_of_posts_apart(game: Evening) -> None:
    """What was asked for in the body counts, so that nobody gets the books of other tokens."""

    def look(played: Played) -> None:
        url = f"http://127.0.0.1:{played.port}/books"
        for token in (*played.tokens[:2], *played.tokens[:2]):
            answer = requests.post(url, json=[{"token_id": token}], timeout=5)
            assert [row["asset_id"] for row in answer.json()] == [token]

    script = fault("stale", "every = 1")
    assert with_faults(game, script, look) == [("stale", "POST /books")]


def test_every_other_request_within_its_time(game: Evening) -> None:
    """A fault waits for its time, takes its turns, ends, and never touches the simulator's own."""

    async def run() -> None:
        script = fault("empty", "at_s = 0.3", "for_s = 0.4", "every = 2")
        async with playing(game, script, 1.0) as played:
            await played.get(NBA)
            early = (await played.get("/sports")).content
            await played.until(0.35)
            during = [(await played.get("/sports")).content for _ in range(4)]
            await played.until(0.75)
            late = (await played.get("/sports")).content
            assert [len(text) > 0 for text in (early, *during, late)] == [
                True,
                True,
                False,
                True,
                False,
                True,
            ]
            assert (await played.get("/simulator")).status_code == 200

    asyncio.run(run())


def test_a_fault_at_the_start_starts_the_evening(game: Evening) -> None:
    """A poll that is refused lets the clock run too, or the fault would never end."""

    async def run() -> None:
        async with playing(game, fault("status", "for_s = 0.2"), 1.0) as played:
            assert (await played.get(NBA)).status_code == 503
            await played.until(0.25)
            assert (await played.get(NBA)).status_code == 200

    asyncio.run(run())
