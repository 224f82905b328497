"""The feeds of one process: what its hubs share, on one background thread that only moves bytes.

It polls the scoreboards, discovers markets, matches the slate and listens to the results, once for
all hubs, and hands each payload to the inbox of every one. Every request goes through the budget
of its upstream.
"""

from __future__ import annotations

import asyncio
import queue
import threading
import time
from collections.abc import Collection, Sequence

import msgspec

from connectors.budget import Budget
from connectors.espn.parse import Scoreboard
from connectors.espn.poller import poll_league
from connectors.http import new_session
from connectors.polymarket.discovery import DiscoveryBudgets, discover
from connectors.polymarket.sports_socket import SportsSocket
from flows.connector_settings import (
    discovery_settings,
    followed_leagues,
    open_budgets,
    poll_settings,
    sports_settings,
)
from flows.hub import Hub
from flows.overrides import read_overrides
from flows.settings import Settings
from flows.truth import Truth, ask_truth
from flows.venue import Venue, open_venue
from fusion.errors import FeedError
from fusion.leagues import League
from fusion.listing import ListedEvent
from fusion.share import Share
from fusion.slate import Slate
from fusion.slate_keeper import SlateKeeper

NO_EVENT = "no_event"
OVER_GRACE_S = 4.0
"""After the last final, so long may the last book updates and resolutions take to arrive."""

TOGETHER_S = 0.5
"""So long the first hub waits for others: those that start together are polled for together."""

LOOK_S = 0.05


class Hubs:
    """The hubs of a run and, from when the first of them is started, the feeds of this process.

    `hubs` are all of the run. Which of them are in this process nobody knows before the engine has
    built their partitions, and one that has frames of an earlier process to emit starts later: it
    is given the slate at once, and all scoreboards are polled anew, whole.
    """

    def __init__(self, settings: Settings, processes: int = 1) -> None:
        count = settings.feeds.hubs
        self.hubs = tuple(Hub(settings, Share(number, count), self) for number in range(count))
        self.truth: Truth | None = None
        self._settings = settings
        self._processes = processes
        self._keeper = SlateKeeper(overrides=read_overrides(settings.slate.overrides))
        self._slate: Slate | None = None
        self._heard: set[str] = set()
        self._phases: dict[str, dict[str, str]] = {}
        self._error: BaseException | None = None
        self._stopping = threading.Event()
        self._coming: queue.SimpleQueue[Hub] = queue.SimpleQueue()
        self._present: list[Hub] = []
        self._came = asyncio.Event()
        self._starting = threading.Lock()
        self._thread = threading.Thread(target=self._run, name="feeds", daemon=True)

    def attach(self, hub: Hub) -> None:
        """Let a hub have what arrives from now on; the first starts the thread."""
        self._coming.put(hub)
        with self._starting:
            if self._thread.ident is None:
                self._thread.start()

    def stop(self) -> None:
        """Ask the thread to end; safe in a signal handler, and more than once."""
        self._stopping.set()

    def stopping(self) -> bool:
        """Tell whether the thread was asked to end."""
        return self._stopping.is_set()

    def ended(self) -> bool:
        """Tell whether nothing more will come."""
        return self._thread.ident is not None and not self._thread.is_alive()

    def failed(self) -> bool:
        """Tell whether a connector died."""
        return self._error is not None

    def failure(self) -> str:
        """Return what ended the thread before its time, as a sentence."""
        return f"the feeds stopped: {self._error}"

    def check(self) -> None:
        """Raise what ended the thread before its time.

        Raises:
            FeedError: a connector died; the cause is chained.
        """
        if self._error is not None:
            raise FeedError(self.failure()) from self._error

    def _run(self) -> None:
        try:
            with open_venue(self._settings) as venue:
                asyncio.run(self._until_stopped(venue))
        except BaseException as error:  # noqa: BLE001  (told to the worker, which raises it)
            self._error = first_cause(error)

    async def _until_stopped(self, venue: Venue) -> None:
        await self._wait_for_hubs()
        connectors = asyncio.create_task(self._connect(venue))
        watch = asyncio.create_task(self._watch(venue))
        done, pending = await asyncio.wait({connectors, watch}, return_when=asyncio.FIRST_COMPLETED)
        for task in pending:
            task.cancel()
        await asyncio.gather(*pending, return_exceptions=True)
        if venue.simulated:
            self.truth = await asyncio.to_thread(ask_truth, venue)
        for task in done:
            task.result()

    async def _wait_for_hubs(self) -> None:
        for _ in range(round(TOGETHER_S / LOOK_S)):
            if self._coming.qsize() == len(self.hubs):
                return
            await asyncio.sleep(LOOK_S)

    async def _connect(self, venue: Venue) -> None:
        """Run every connector; the first that fails ends them all."""
        settings = self._settings
        budgets = open_budgets(settings, venue, self._emit, self._processes)
        leagues = followed_leagues(settings, venue)
        async with asyncio.TaskGroup() as tasks:
            # First, so that there is a hub when something arrives.
            tasks.create_task(self._take_in(venue, budgets, tasks))
            tasks.create_task(self._poll(leagues, venue, budgets["espn:scoreboard"]))
            if settings.witness.enabled:
                results = SportsSocket(sports_settings(settings, venue), self._emit)
                tasks.create_task(results.run())
            tasks.create_task(
                discover(
                    leagues,
                    discovery_settings(settings, venue),
                    self._emit,
                    self._on_events,
                    new_session(settings.espn.user_agent),
                    budgets=DiscoveryBudgets(budgets["gamma:sports"], budgets["gamma:events"]),
                )
            )

    async def _take_in(
        self, venue: Venue, budgets: dict[str, Budget], tasks: asyncio.TaskGroup
    ) -> None:
        """Open the hubs that come, as they come."""
        while True:
            while not self._coming.empty():
                hub = self._coming.get_nowait()
                hub.open(venue, budgets, tells=not self._present)
                tasks.create_task(hub.run())
                self._present.append(hub)
                if self._slate is not None:
                    hub.match(self._slate)
                self._came.set()
            await asyncio.sleep(LOOK_S)

    async def _poll(self, leagues: Sequence[League], venue: Venue, budget: Budget) -> None:
        """Poll every scoreboard; begin anew when a hub came, which has not seen what they said."""
        settings = poll_settings(self._settings, venue)
        session = new_session(self._settings.espn.user_agent)
        while True:
            await self._came.wait()
            self._came.clear()
            async with asyncio.TaskGroup() as tasks:
                polls = [
                    tasks.create_task(
                        poll_league(
                            league,
                            settings,
                            self._emit,
                            self._on_scoreboard,
                            time.time_ns,
                            session,
                            budget=budget,
                        )
                    )
                    for league in leagues
                ]
                await self._came.wait()
                for poll in polls:
                    poll.cancel()

    def _emit(self, source: str, payload: bytes) -> None:
        for hub in self._present:
            hub.inbox.put(source, payload)

    def _on_scoreboard(self, league: League, board: Scoreboard) -> None:
        phases = self._phases.setdefault(league.key, {})
        phases.update((game.game_id, game.phase) for game in board.games)
        self._keeper.see_games(league.key, board.games, time.time_ns())
        if self._keeper.changed:
            self._match()

    def _on_events(self, league: str, events: Sequence[ListedEvent]) -> None:
        self._keeper.see_events(events)
        if self._keeper.changed or league not in self._heard:
            self._heard.add(league)
            self._match()

    def _match(self) -> None:
        self._slate = heard(self._keeper.slate(), self._heard)
        for hub in self._present:
            hub.match(self._slate)

    async def _watch(self, venue: Venue) -> None:
        """Emit the clock, ask for snapshots after a gap, and return when it is time to end."""
        feeds = self._settings.feeds
        ends = venue.simulated if feeds.stop_when_over is None else feeds.stop_when_over
        over_since, next_clock = None, time.monotonic()
        while not self._stopping.is_set():
            await asyncio.sleep(LOOK_S)
            now = time.monotonic()
            if now >= next_clock:
                next_clock = now + feeds.clock_s
                for hub in self._present:
                    hub.tick()
            for hub in self._present:
                hub.mend_gaps()
            if ends and self._all_over():
                over_since = over_since or now
                if now - over_since >= OVER_GRACE_S:
                    return
            else:
                over_since = None

    def _all_over(self) -> bool:
        """Tell whether every league was polled, there were games, and all of them are over."""
        polled = len(self._phases) == len(self._settings.leagues)
        phases = [phase for games in self._phases.values() for phase in games.values()]
        return polled and bool(phases) and all(phase == "post" for phase in phases)


def heard(slate: Slate, leagues: Collection[str]) -> Slate:
    """Leave out games without an event while the listing of their league has not come."""
    unmatched = tuple(
        one for one in slate.unmatched if one.reason != NO_EVENT or one.league in leagues
    )
    return msgspec.structs.replace(slate, unmatched=unmatched)


def first_cause(error: BaseException) -> BaseException:
    """Return the first error of a group of groups, which says what was wrong."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error
