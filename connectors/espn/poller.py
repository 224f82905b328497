"""Polls the scoreboard of one league until cancelled.

Delivery: every body that arrived is emitted once and unchanged, in the order of its requests, as
`espn:<league>`; a poll that brought nothing new, or failed, is on record as a `control` frame. A
good body also gives its parsed board, for matching. An edge of ESPN's cache may serve an older
body after a newer one; both are emitted, what to believe is decided where the states are kept.

Each day of the slate has its own pace and its own failures, and each league its own thread for
requests and parsing, so that neither a slow league nor a broken day delays another. The pauses
after failures come from `urllib3.util.Retry`, which is the library of the transport itself,
documented, and a value without a loop or a clock; this loop stays the only one. All leagues share
one budget: where it is spent, polls wait their turn, boards with a live game or one about to
start before the others, and none is left out. A 403 means that our name is refused, so that it is
told once and holds back all leagues.
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
from connectors.espn.cadence import (
    PollSettings,
    next_poll_s,
    pace_of,
    settings_of,
    slate_days,
)
from connectors.espn.caps import count_events, looks_cut
from connectors.espn.day_board import NOTHING_KNOWN, DayBoard
from connectors.espn.parse import Scoreboard, parse_scoreboard
from connectors.http import Heard, HttpFailed, classify, fetch_version
from connectors.http_cache import Validators
from fusion.frames import (
    NS_PER_S,
    Control,
    Emit,
    HttpStatus,
    Suspicious,
    Unchanged,
    encode_control,
)
from fusion.game import GameState
from fusion.leagues import League

__all__ = ["OnScoreboard", "PollSettings", "poll_league"]

CONNECT_S = 3.05
"""A little more than the 3 s after which TCP sends a lost packet again."""

LOOK_S = 30.0
"""The longest sleep: midnight in New York brings another day, whatever the pauses are."""

REFUSED_NAME = 403

OnScoreboard = Callable[[League, Scoreboard], None]


class _Answer(msgspec.Struct, frozen=True):
    """One answer; `board` is None when it is the last one again, whole or told by a 304."""

    body: bytes | None
    digest: str
    board: Scoreboard | None
    events: int = 0
    validators: Validators = NOTHING_KNOWN
    fresh_s: float = 0.0


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
            wait_s = poller.due_s(day) - loop.time()
            if wait_s > 0:
                await asyncio.sleep(min(wait_s, LOOK_S))
                continue
            try:
                answer = await budget.ask(
                    partial(poller.ask, day), thread, urgent=poller.is_urgent(day)
                )
            except HttpFailed as failure:
                if failure.status == REFUSED_NAME and not budget.name_refused(settings.mend_s):
                    pause_s = settings.mend_s
                else:
                    pause_s = poller.failed(day, failure)
                pause_s *= (1 + settings.jitter * random()) * budget.stretch
                if failure.status == REFUSED_NAME:
                    poller.hold(loop.time() + pause_s)
            else:
                spread = settings.jitter * (2 * random() - 1)
                pause_s = poller.answered(day, answer, (1 + spread) * budget.stretch)
            poller.schedule(day, loop.time(), pause_s)
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
        self.days: dict[date, DayBoard] = {}
        self._floor_s = 0.0
        self._league = league
        self._settings = settings = settings_of(league, settings)
        self._emit = emit
        self._on_scoreboard = on_scoreboard
        self._now = now
        self._session = session
        self._whole_every = settings.whole_every
        self._url = f"{settings.base_url}/apis/site/v2/sports/{league.espn_path}/scoreboard"
        self._no_failures = Retry(
            total=None, backoff_factor=settings.backoff_s, backoff_max=settings.backoff_max_s
        )

    def next_day(self) -> date:
        """Return the day whose poll is due first; days that left the slate are forgotten.

        The day that has waited longest comes first, so that no day starves where the pace of the
        games is as fast as the floor.
        """
        known = self.days
        days = slate_days(datetime.fromtimestamp(self._now() / NS_PER_S, tz=UTC))
        self.days = {day: known.get(day) or DayBoard(self._no_failures) for day in days}
        return min(self.days, key=lambda day: self.days[day].due_s)

    def is_urgent(self, day: date) -> bool:
        """Tell whether the poll of `day` should come before those of other leagues.

        So it is with games on or about to start, and with what was never seen.
        """
        if not self.days[day].answered:
            return True
        since_ns = self.days[day].since_ns
        return pace_of(self._games(day), self._now(), since_ns) in {"live", "soon"}

    def ask(self, day: date, heard: Heard) -> _Answer:
        """Fetch and parse the board of `day`; `heard` is told when the answer began.

        Raises:
            HttpFailed: there is no usable body.
        """
        state = self.days[day]
        answer = fetch_version(
            self._session,
            self._url,
            state.versions(self._whole_every),
            params={**self._league.espn_params, "dates": f"{day:%Y%m%d}"},
            timeout_s=(min(CONNECT_S, self._settings.timeout_s), self._settings.timeout_s),
            heard=heard,
        )
        body, validators, fresh_s = answer.body, answer.validators, answer.fresh_s
        if body is None:
            return _Answer(None, state.digest, None, fresh_s=fresh_s)
        digest = hashlib.sha1(body, usedforsecurity=False).hexdigest()
        if digest == state.digest:
            return _Answer(body, digest, None, validators=validators, fresh_s=fresh_s)
        board = parse_scoreboard(body, self._league)
        return _Answer(body, digest, board, count_events(body), validators, fresh_s)

    def answered(self, day: date, answer: _Answer, factor: float = 1.0) -> float:
        """Put an answer on record and return the pause until the next poll of this day.

        `factor` spreads or stretches the pace; the life of the cache that answered stands.
        """
        state = self.days[day]
        if answer.board is None or answer.body is None:
            self._control(Unchanged(self.source, answer.digest))
            state.same(self._now(), not_modified=answer.body is None)
        else:
            self._emit(self.source, answer.body)
            if not answer.board.readable:
                refusal = answer.board.refusals[0]
                detail = f"{refusal.reason}: {refusal.detail}"
                return self.failed(day, HttpFailed(200, refusal.reason, detail))
            if state.see(answer.board.games, answer.digest, answer.validators, self._now()):
                self._whole_every = 1
                detail = "a 304 hid a change; boards are asked for whole from here on"
                self._control(Suspicious(self.source, detail))
            self._look_at_count(day, answer.events)
            self._on_scoreboard(self._league, answer.board)
        state.failures = self._no_failures
        return max(self._next_poll_s(day, factor), min(answer.fresh_s, self._settings.cache_max_s))

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
            self._next_poll_s(day),
            state.failures.get_backoff_time(),
            min(failure.retry_after_s or 0.0, self._settings.mend_s),
        )

    def schedule(self, day: date, now_s: float, pause_s: float) -> None:
        """Set when `day` is due next; no request is made sooner than `floor_s` from now."""
        self._floor_s = now_s + self._settings.floor_s
        self.days[day].due_s = now_s + pause_s

    def hold(self, until_s: float) -> None:
        """Ask for no day before `until_s`."""
        for state in self.days.values():
            state.due_s = max(state.due_s, until_s)

    def due_s(self, day: date) -> float:
        """Return when `day` may be asked for."""
        return max(self.days[day].due_s, self._floor_s)

    def _games(self, day: date) -> tuple[GameState, ...]:
        """Return the games that set the pace of a day: those that no later day shows as well."""
        later = (state.games for other, state in self.days.items() if other > day)
        return self.days[day].own_games({game.game_id for games in later for game in games})

    def _next_poll_s(self, day: date, factor: float = 1.0) -> float:
        state = self.days[day]
        return next_poll_s(
            self._games(day),
            self._now(),
            self._settings,
            since_ns=state.since_ns if state.answered else None,
            factor=factor,
        )

    def _look_at_count(self, day: date, count: int) -> None:
        """Put a number of events that looks cut off on record, once until it changes."""
        state, detail = self.days[day], looks_cut(count, day, self._league)
        if detail and detail != state.told:
            self._control(Suspicious(self.source, detail))
        state.told = detail

    def _mend(self, failure: HttpFailed) -> str:
        if failure.status == REFUSED_NAME:
            return (
                f"{failure.detail}: ESPN refuses this user agent, was"
                f" {self._settings.user_agent!r}; set espn.user_agent to one that starts like"
                " python-requests/2.32 or curl/8.5"
            )
        return f"{failure.detail}; check espn.base_url and the league's espn_path and espn_params"

    def _control(self, control: Control) -> None:
        self._emit("control", encode_control(control))
