"""Polls the scoreboard of one league until cancelled.

Delivery: every body that arrived is emitted once and unchanged, in the order of its requests, as
`espn:<league>`; a poll that brought nothing new, or failed, is on record as a `control` frame. A
good body also gives its parsed board, for matching. An edge of ESPN's cache may serve an older
body after a newer one; both are emitted, what to believe is decided where the states are kept.

Each day of the slate has its own pace and its own failures, and each league its own thread for
requests and parsing, so that neither a slow league nor a broken day delays another. The pauses
after failures come from `urllib3.util.Retry`, which is the library of the transport itself,
documented, and a value without a loop or a clock; this loop stays the only one. All leagues share
one budget: where it is spent, polls wait their turn and the pace slows down, none is left out.
"""

from __future__ import annotations

import asyncio
import hashlib
import random as dice
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from functools import partial

import msgspec
import requests
from urllib3.util import Retry

from connectors.budget import Budget
from connectors.espn.cadence import PollSettings, next_poll_s, slate_days
from connectors.espn.parse import Scoreboard, parse_scoreboard
from connectors.http import Heard, HttpFailed, classify, fetch
from fusion.frames import (
    NS_PER_S,
    Control,
    Emit,
    HttpStatus,
    Unchanged,
    encode_control,
)
from fusion.game import GameState
from fusion.leagues import League

__all__ = ["OnScoreboard", "PollSettings", "poll_league"]

CONNECT_S = 3.05
"""A little more than the 3 s after which TCP sends a lost packet again."""

OnScoreboard = Callable[[League, Scoreboard], None]


class _Day(msgspec.Struct):
    """What is known of one day's board; `due_s` is on the clock of the event loop."""

    failures: Retry
    due_s: float = 0.0
    digest: str = ""
    games: tuple[GameState, ...] = ()


class _Answer(msgspec.Struct, frozen=True):
    """One body; `board` is None when its `digest` is the last one's."""

    body: bytes
    digest: str
    board: Scoreboard | None


async def poll_league(  # noqa: PLR0917 - what it needs, in the order all pollers take it
    league: League,
    settings: PollSettings,
    emit: Emit,
    on_scoreboard: OnScoreboard,
    now: Callable[[], int],
    session: requests.Session,
    *,
    budget: Budget,
    random: Callable[[], float] = dice.random,
) -> None:
    """Poll `league` until cancelled; `now` gives UTC nanoseconds, `random` numbers in [0, 1).

    `emit` and `on_scoreboard` are called on the event loop. No failure of the feed ends it.
    """
    poller = _Poller(league, settings, emit, on_scoreboard, now=now, session=session)
    loop = asyncio.get_running_loop()
    thread = ThreadPoolExecutor(1, thread_name_prefix=poller.source)
    try:
        while True:
            day = poller.next_day()
            await asyncio.sleep(max(0.0, poller.due_s(day) - loop.time()))
            if day not in poller.current_days():
                continue
            try:
                answer = await budget.ask(partial(poller.ask, day), thread)
            except HttpFailed as failure:
                pause_s = poller.failed(day, failure)
                spread = settings.jitter * random()
            else:
                pause_s = poller.answered(day, answer)
                spread = settings.jitter * (2 * random() - 1)
            poller.schedule(day, loop.time(), pause_s * (1 + spread) * budget.stretch)
    finally:
        thread.shutdown(wait=False, cancel_futures=True)


class _Poller:
    """The state of one league's polling; only `ask` runs on its thread."""

    def __init__(
        self,
        league: League,
        settings: PollSettings,
        emit: Emit,
        on_scoreboard: OnScoreboard,
        *,
        now: Callable[[], int],
        session: requests.Session,
    ) -> None:
        self.source = f"espn:{league.key}"
        self.days: dict[date, _Day] = {}
        self._floor_s = 0.0
        self._league = league
        self._settings = settings
        self._emit = emit
        self._on_scoreboard = on_scoreboard
        self._now = now
        self._session = session
        self._url = f"{settings.base_url}/apis/site/v2/sports/{league.espn_path}/scoreboard"
        self._no_failures = Retry(
            total=None, backoff_factor=settings.backoff_s, backoff_max=settings.backoff_max_s
        )

    def current_days(self) -> tuple[date, ...]:
        """Return the slate days of this moment."""
        return slate_days(datetime.fromtimestamp(self._now() / NS_PER_S, tz=UTC))

    def next_day(self) -> date:
        """Return the day whose poll is due first; days that left the slate are forgotten.

        The day that has waited longest comes first, so that no day starves where the pace of the
        games is as fast as the floor.
        """
        known = self.days
        self.days = {day: known.get(day) or _Day(self._no_failures) for day in self.current_days()}
        return min(self.days, key=lambda day: self.days[day].due_s)

    def ask(self, day: date, heard: Heard) -> _Answer:
        """Fetch and parse the board of `day`; `heard` is told when the answer began.

        Raises:
            HttpFailed: there is no usable body.
        """
        body = fetch(
            self._session,
            self._url,
            params={**self._league.espn_params, "dates": f"{day:%Y%m%d}"},
            timeout_s=(min(CONNECT_S, self._settings.timeout_s), self._settings.timeout_s),
            heard=heard,
        )
        digest = hashlib.sha1(body, usedforsecurity=False).hexdigest()
        if digest == self.days[day].digest:
            return _Answer(body, digest, None)
        return _Answer(body, digest, parse_scoreboard(body, self._league))

    def answered(self, day: date, answer: _Answer) -> float:
        """Put a body on record and return the pause until the next poll of this day."""
        state = self.days[day]
        if answer.board is None:
            self._control(Unchanged(self.source, answer.digest))
        else:
            self._emit(self.source, answer.body)
            if not answer.board.readable:
                refusal = answer.board.refusals[0]
                detail = f"{refusal.reason}: {refusal.detail}"
                return self.failed(day, HttpFailed(200, refusal.reason, detail))
            state.digest, state.games = answer.digest, answer.board.games
            self._on_scoreboard(self._league, answer.board)
        state.failures = self._no_failures
        return next_poll_s(state.games, self._now(), self._settings)

    def failed(self, day: date, failure: HttpFailed) -> float:
        """Put a failure on record and return the pause until the next poll of this day.

        What is passing is asked again at the pace of the games, then ever more rarely, and not
        before the server allows; what only a setting can mend is asked again after `mend_s`, which
        is also the longest that a server can send us away for.
        """
        state = self.days[day]
        if classify(failure) != "transient":
            self._control(HttpStatus(self.source, failure.status, self._mend(failure)))
            return self._settings.mend_s
        self._control(HttpStatus(self.source, failure.status, failure.detail))
        if state.failures.get_backoff_time() < self._settings.backoff_max_s:
            # At its cap a Retry must not count on: after 1,024 failures its power overflows.
            state.failures = state.failures.increment("GET", self._url)
        return max(
            next_poll_s(state.games, self._now(), self._settings),
            state.failures.get_backoff_time(),
            min(failure.retry_after_s or 0.0, self._settings.mend_s),
        )

    def schedule(self, day: date, now_s: float, pause_s: float) -> None:
        """Set when `day` is due next; no request is made sooner than `floor_s` from now."""
        self._floor_s = now_s + self._settings.floor_s
        self.days[day].due_s = now_s + pause_s

    def due_s(self, day: date) -> float:
        """Return when `day` may be asked for."""
        return max(self.days[day].due_s, self._floor_s)

    def _mend(self, failure: HttpFailed) -> str:
        if failure.status == 403:
            return (
                f"{failure.detail}: ESPN refuses this user agent, was"
                f" {self._settings.user_agent!r}; set espn.user_agent to one that starts like"
                " python-requests/2.32 or curl/8.5"
            )
        return f"{failure.detail}; check espn.base_url and the league's espn_path and espn_params"

    def _control(self, control: Control) -> None:
        self._emit("control", encode_control(control))
