"""Turns before a budget, and what they make of an evening; time passes without waiting for it."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Coroutine
from concurrent.futures import Executor, Future
from itertools import pairwise
from typing import Any

import pytest
from market_venue import Emitted

from connectors.budget import ALLOWANCES, Allowance, Budget
from connectors.turns import Turns


class _Leap(selectors.SelectSelector):
    """Waits for nothing: the time until the next timer has passed at once."""

    def __init__(self) -> None:
        super().__init__()
        self.now_s = 1000.0

    def select(self, timeout: float | None = None) -> Any:
        """Let the time pass."""
        assert timeout is not None, "nothing is due any more: a deadlock"
        # A little more, as real timers end: what is due shall be due.
        self.now_s += timeout + 1e-6 if timeout > 0 else 0.0
        return super().select(0)


class _Here(Executor):
    """Runs what it is given at once."""

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Run a call and return its result."""
        done: Future[Any] = Future()
        done.set_result(fn(*args, **kwargs))
        return done


class Scene:
    """An event loop with a clock of its own."""

    def __init__(self) -> None:
        self._leap = _Leap()
        self.loop = asyncio.SelectorEventLoop(self._leap)
        self.loop.time = self.clock  # type: ignore[method-assign]  # the clock of the scene

    def clock(self) -> float:
        """Return the time."""
        return self._leap.now_s

    def run(self, scene: Coroutine[Any, Any, None]) -> None:
        """Run a scene to its end."""
        with asyncio.Runner(loop_factory=lambda: self.loop) as runner:
            runner.run(scene)


@pytest.fixture
def scene() -> Scene:
    """Return a scene."""
    return Scene()


def test_the_urgent_go_first_but_not_for_ever(scene: Scene) -> None:
    """One that waits is overtaken by urgent ones that came up to its patience later."""
    room_s = {"next": 1010.0}
    served: list[str] = []

    def take(_urgent: bool) -> float:
        wait_s = max(0.0, room_s["next"] - scene.clock())
        if not wait_s:
            room_s["next"] += 10.0
        return wait_s

    async def come(turns: Turns, name: str, at_s: float, *, urgent: bool) -> None:
        await asyncio.sleep(at_s)
        await turns.wait(urgent=urgent)
        served.append(name)

    async def everybody() -> None:
        turns = Turns(take, scene.clock, patience_s=25.0)
        await asyncio.gather(
            come(turns, "quiet 0", 0.0, urgent=False),
            come(turns, "quiet 1", 1.0, urgent=False),
            come(turns, "urgent 2", 2.0, urgent=True),
            come(turns, "urgent 3", 3.0, urgent=True),
            come(turns, "urgent 24", 24.0, urgent=True),
            come(turns, "urgent 27", 27.0, urgent=True),
        )

    scene.run(everybody())
    assert served == ["urgent 2", "urgent 3", "urgent 24", "quiet 0", "quiet 1", "urgent 27"]


def test_who_gives_up_holds_up_nobody(scene: Scene) -> None:
    """When the first of the line is cancelled, the second takes its place."""
    served: list[str] = []

    async def both() -> None:
        turns = Turns(lambda _: max(0.0, 1010.0 - scene.clock()), scene.clock, patience_s=25.0)
        first = asyncio.create_task(turns.wait(urgent=True))
        second = asyncio.create_task(turns.wait(urgent=True))
        await asyncio.sleep(1.0)
        first.cancel()
        await second
        served.append(f"{scene.clock():.0f}")

    scene.run(both())
    assert served == ["1010"]


def evening(
    scene: Scene, allowance: Allowance, paces: dict[str, tuple[float, bool]], hours: float
) -> dict[str, float]:
    """Return the longest time between two polls of each league, but for the first minute.

    `paces` gives each league's pause in seconds and whether it is urgent.
    """
    sent: dict[str, list[float]] = {name: [] for name in paces}

    async def league(budget: Budget, name: str) -> None:
        pause_s, urgent = paces[name]
        while True:
            # The first poll is urgent: nobody knows yet what is on.
            await budget.ask(
                lambda _: sent[name].append(scene.clock()),
                _Here(),
                urgent=urgent or not sent[name],
            )
            await asyncio.sleep(pause_s)

    async def all_leagues() -> None:
        budget = Budget("espn:scoreboard", allowance, Emitted(), scene.clock)
        tasks = [asyncio.create_task(league(budget, name)) for name in paces]
        await asyncio.sleep(hours * 3600)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    scene.run(all_leagues())
    begun_s = min(polls[0] for polls in sent.values())
    return {
        name: max(late - early for early, late in pairwise(polls) if early > begun_s + 60.0)
        for name, polls in sent.items()
    }


def test_twenty_leagues_of_which_six_are_live(scene: Scene) -> None:
    """Six live boards are polled every 5 to 5.5 s, and fourteen quiet ones every 60 to 75 s."""
    paces = {f"live {n}": (5.0, True) for n in range(6)}
    paces |= {f"quiet {n}": (60.0, False) for n in range(14)}

    longest = evening(scene, ALLOWANCES["espn:scoreboard"], paces, hours=1.0)

    assert max(gap for name, gap in longest.items() if "live" in name) < 5.5
    assert max(gap for name, gap in longest.items() if "quiet" in name) < 75.0


def test_more_live_leagues_than_there_is_room_for(scene: Scene) -> None:
    """Twelve live leagues share what there is, and the quiet ones have a turn in three minutes."""
    paces = {f"live {n}": (5.0, True) for n in range(12)}
    paces |= {f"quiet {n}": (60.0, False) for n in range(8)}

    longest = evening(scene, ALLOWANCES["espn:scoreboard"], paces, hours=1.0)

    assert max(gap for name, gap in longest.items() if "live" in name) <= 13.0
    assert max(gap for name, gap in longest.items() if "quiet" in name) <= 200.0


def test_a_morning_of_quiet_boards(scene: Scene) -> None:
    """Where nothing is urgent, the quiet boards have all the room there is."""
    paces = {f"quiet {n}": (20.0, False) for n in range(30)}

    longest = evening(scene, ALLOWANCES["espn:scoreboard"], paces, hours=0.5)

    assert max(longest.values()) < 25.0
