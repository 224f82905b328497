"""What a poller makes of what stands around a body: versions, cache lives, numbers, days."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import suppress
from hashlib import sha1
from itertools import pairwise
from typing import Any

import msgspec
import pytest
from budgets import ample
from factories import START_NS, pregame, state
from polling import AFTERNOON_NS, MORNING_NS, TICK_S, Watch, run, settings

from connectors.espn import poller as poller_module
from connectors.espn.cadence import PollSettings
from connectors.espn.parse import Scoreboard
from connectors.espn.poller import _Answer, _Poller, poll_league
from connectors.http import new_session
from fusion.frames import Suspicious, Unchanged
from fusion.game import GameState
from fusion.leagues import LEAGUES, League

BODY = b'{"events":[]}'
Make = Callable[..., _Poller]


@pytest.fixture
def make_poller() -> Iterator[Make]:
    """Return a function that makes a poller at a time, which hands over what is found to nobody."""
    with new_session("curl/8.5") as session:

        def make(now: Callable[[], int], league: League = LEAGUES["nba"]) -> _Poller:
            watch = Watch()
            how = PollSettings(jitter=0.0)
            return _Poller(league, how, watch.emit, watch.see, now=now, session=session)

        yield make


def answer(*games: GameState, fresh_s: float = 0.0) -> _Answer:
    """Return the answer to a poll: a body of these games."""
    digest = sha1(repr(games).encode(), usedforsecurity=False).hexdigest()
    return _Answer(b"{}", digest, Scoreboard(games), len(games), fresh_s=fresh_s)


def versioned(make_reply: Any, body: Callable[[], bytes]) -> Callable[[Any], Any]:
    """Return what answers 304 to everybody who names version 1, whatever there is."""

    def reply(request: Any) -> Any:
        if request.headers.get("if-none-match") == '"1"':
            return make_reply(status=304, body=b"", headers={"ETag": '"1"'})
        return make_reply(body=body(), headers={"ETag": '"1"'})

    return reply


def test_a_304_is_a_poll_without_news(http_server: Any, make_reply: Any) -> None:
    """It is on record with the digest of the last body, and every few polls want all of it."""
    http_server.reply = versioned(make_reply, lambda: BODY)

    watch = run(settings(http_server.url, whole_every=3), lambda watch: len(watch.frames) >= 7)

    unchanged = Unchanged("espn:nba", sha1(BODY, usedforsecurity=False).hexdigest())
    assert watch.bodies == [BODY]
    assert watch.controls[:6] == [unchanged] * 6
    named = ["if-none-match" in request.headers for request in http_server.requests]
    assert named[:7] == [False, True, True, False, True, True, False]


def test_a_304_that_hides_a_change_is_the_last(http_server: Any, make_reply: Any) -> None:
    """Once a whole body shows what a 304 hid, the league is asked for whole bodies only."""
    served = iter(range(10_000))
    http_server.reply = versioned(make_reply, lambda: b'{"events":[],"n":%d}' % next(served))

    watch = run(settings(http_server.url, whole_every=3), lambda watch: len(watch.bodies) >= 5)

    named = ["if-none-match" in request.headers for request in http_server.requests]
    assert named[:4] == [False, True, True, False]
    assert not any(named[4:])
    assert [each for each in watch.controls if isinstance(each, Suspicious)] == [
        Suspicious("espn:nba", "a 304 hid a change; boards are asked for whole from here on")
    ]


def test_no_poll_within_the_life_of_the_cache(http_server: Any, make_reply: Any) -> None:
    """However fast the pace, what the edge keeps is not asked for again before it is old."""
    http_server.reply = lambda request: make_reply(
        headers={"Cache-Control": "max-age=4", "Age": "3"}
    )
    run(settings(http_server.url), lambda watch: len(watch.frames) >= 3)

    at_s = [request.at_s for request in http_server.requests]
    assert min(later - sooner for sooner, later in pairwise(at_s)) >= 1.0


def test_a_wrong_cache_header_does_not_stop_the_polls(http_server: Any, make_reply: Any) -> None:
    """A life of a year is not believed."""
    http_server.reply = lambda request: make_reply(headers={"Cache-Control": "max-age=31536000"})
    how = settings(http_server.url, cache_max_s=10 * TICK_S)
    run(how, lambda watch: len(watch.frames) >= 3)

    at_s = [request.at_s for request in http_server.requests]
    assert min(later - sooner for sooner, later in pairwise(at_s)) >= 10 * TICK_S


def test_a_number_that_looks_cut_is_told_once(http_server: Any, make_reply: Any) -> None:
    """It is told again when another such number comes, and not with each new body."""
    bodies = [
        msgspec.json.encode({"events": [{}] * events, "n": n})
        for n, events in enumerate((25, 25, 50, 51, 51))
    ]
    served = iter([*bodies, *[bodies[-1]] * 1000])
    http_server.reply = lambda request: make_reply(body=next(served))

    watch = run(settings(http_server.url), lambda watch: len(watch.frames) >= 8)

    told = [each.detail for each in watch.controls if isinstance(each, Suspicious)]
    assert [detail.partition(",")[0] for detail in told] == [
        "the board of 2026-01-02 has exactly 25 events",
        "the board of 2026-01-02 has exactly 50 events",
    ]


def test_midnight_brings_its_day_while_the_poller_sleeps(
    http_server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A long pause of yesterday's board does not hold up the first poll of today's."""
    monkeypatch.setattr(poller_module, "LOOK_S", TICK_S)
    now = {"ns": AFTERNOON_NS}
    boards: list[Scoreboard] = []

    async def scene() -> None:
        both = asyncio.Event()

        def pass_midnight() -> None:
            now["ns"] = AFTERNOON_NS + 10 * 3600 * 10**9

        def see(_league: League, board: Scoreboard) -> None:
            asyncio.get_running_loop().call_later(5 * TICK_S, pass_midnight)
            boards.append(board)
            if len(boards) == 2:
                both.set()

        watch = Watch()
        how = settings(http_server.url, quiet_s=3600.0)
        with new_session("curl/8.5") as session:
            task = asyncio.create_task(
                poll_league(
                    LEAGUES["nba"],
                    how,
                    watch.emit,
                    see,
                    lambda: now["ns"],
                    session,
                    budget=ample(watch.emit),
                )
            )
            await asyncio.wait_for(both.wait(), 5.0)
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    asyncio.run(scene())
    days = [request.path.partition("dates=")[2] for request in http_server.requests]
    assert days == ["20260102", "20260103"]


def test_a_league_is_polled_at_its_own_pace(make_poller: Make) -> None:
    """What a league says of its pace counts more than what is set for all."""
    darts = msgspec.structs.replace(LEAGUES["nba"], live_s=3.0, idle_s=11.0, quiet_s=77.0)
    poller = make_poller(lambda: START_NS, darts)
    day = poller.next_day()

    assert poller.answered(day, answer(state())) == 3.0
    assert poller.answered(day, answer(pregame(start_ns=START_NS + 300 * 10**9))) == 11.0
    assert poller.answered(day, answer(pregame(start_ns=START_NS + 9000 * 10**9))) == 77.0
    assert poller.answered(day, answer(state(), fresh_s=5.0)) == 5.0


def test_which_boards_are_urgent(make_poller: Make) -> None:
    """Those with a game on or about to start, and those that nobody has seen yet."""
    poller = make_poller(lambda: START_NS)
    day = poller.next_day()
    seen = [poller.is_urgent(day)]
    for game in (
        pregame(start_ns=START_NS + 9000 * 10**9),
        pregame(start_ns=START_NS + 300 * 10**9),
        state(),
        state(phase="post", completed=True),
    ):
        poller.answered(day, answer(game))
        seen.append(poller.is_urgent(day))

    assert seen == [True, False, True, True, False]


def test_a_tournament_is_followed_on_one_of_its_days(make_poller: Make) -> None:
    """Matches that are on today's board too do not set the pace of yesterday's."""
    poller = make_poller(lambda: MORNING_NS, LEAGUES["atp"])
    poller.next_day()
    today, yesterday = poller.days
    match, late = state(league="atp"), state(game_id="atp:9", league="atp")

    assert poller.answered(yesterday, answer(match)) == 5.0
    assert poller.answered(today, answer(match)) == 5.0
    assert poller.answered(yesterday, answer(match, state(game_id="atp:9"))) == 5.0
    assert poller.answered(today, answer(match, late)) == 5.0
    assert (poller.is_urgent(today), poller.is_urgent(yesterday)) == (True, False)


def test_one_empty_board_in_an_evening_is_followed_up(make_poller: Make) -> None:
    """A body without games among live ones keeps the pace; only the second slows it down."""
    now = {"ns": START_NS}
    poller = make_poller(lambda: now["ns"])
    day = poller.next_day()
    pauses = []
    for games in ((state(),), (), (state(clock_s=1.0),), (), ()):
        now["ns"] += 5 * 10**9
        again = msgspec.structs.replace(answer(*games), digest=str(now["ns"]))
        pauses.append(poller.answered(day, again))

    assert pauses == [5.0, 5.0, 5.0, 5.0, 60.0]
