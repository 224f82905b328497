"""Runs pollers of the scoreboards against a server and keeps what they handed over."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from typing import Any

import msgspec
from budgets import ample

from connectors.budget import Budget
from connectors.espn.parse import Scoreboard
from connectors.espn.poller import PollSettings, poll_league
from connectors.http import new_session
from fusion.errors import Refusal
from fusion.frames import Control, Emit, decode_control
from fusion.leagues import LEAGUES, League

TICK_S = float(os.environ.get("FAIRLINE_TEST_TICK_S", "0.02"))
"""The shortest pause in these tests; raise it on a slow machine."""

AFTERNOON_NS = 1_767_380_400_000_000_000
"""2 January 2026, 14:00 in New York: one slate day."""

MORNING_NS = AFTERNOON_NS - 5 * 3600 * 10**9
"""The same day at 09:00: yesterday is still followed."""


class Watch:
    """Everything a poller handed over, and a way to wait for it."""

    def __init__(self) -> None:
        self.frames: list[tuple[str, bytes]] = []
        self.boards: list[tuple[League, Scoreboard]] = []

    def emit(self, source: str, payload: bytes) -> None:
        """Keep a frame."""
        self.frames.append((source, payload))

    def see(self, league: League, board: Scoreboard) -> None:
        """Keep a board."""
        self.boards.append((league, board))

    @property
    def controls(self) -> list[Control]:
        """Return the control values among the frames."""
        found = [decode_control(payload) for source, payload in self.frames if source == "control"]
        assert not any(isinstance(control, Refusal) for control in found)
        return [control for control in found if not isinstance(control, Refusal)]

    @property
    def bodies(self) -> list[bytes]:
        """Return the bodies among the frames."""
        return [payload for source, payload in self.frames if source != "control"]


def settings(url: str, **changes: Any) -> PollSettings:
    """Return settings a hundred times as fast as those of a live run."""
    fast = PollSettings(
        base_url=url,
        live_s=TICK_S,
        idle_s=TICK_S,
        quiet_s=TICK_S,
        floor_s=TICK_S,
        backoff_s=TICK_S,
        backoff_max_s=8 * TICK_S,
        mend_s=1000.0,
        timeout_s=2.0,
    )
    return msgspec.structs.replace(fast, **changes)


def run(
    how: PollSettings,
    until: Callable[[Watch], bool],
    *,
    now_ns: int = AFTERNOON_NS,
    leagues: tuple[str, ...] = ("nba",),
    linger_s: float = 0.0,
    budget: Callable[[Emit], Budget] = ample,
) -> Watch:
    """Poll until `until` holds and `linger_s` longer, then cancel; return what was seen.

    The leagues share what `budget` gives.
    """
    watch = Watch()
    shared = budget(watch.emit)

    async def scene() -> None:
        with new_session(how.user_agent) as session:
            tasks = [
                asyncio.create_task(
                    poll_league(
                        LEAGUES[name],
                        how,
                        watch.emit,
                        watch.see,
                        lambda: now_ns,
                        session,
                        budget=shared,
                    )
                )
                for name in leagues
            ]
            async with asyncio.timeout(10.0):
                while not until(watch):
                    assert not any(task.done() for task in tasks)
                    await asyncio.sleep(TICK_S / 4)
                await asyncio.sleep(linger_s)
            for task in tasks:
                task.cancel()
            ended = await asyncio.gather(*tasks, return_exceptions=True)
            assert all(isinstance(end, asyncio.CancelledError) for end in ended)

    asyncio.run(scene())
    return watch
