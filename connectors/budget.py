"""Budgets: how much may be asked of each upstream, and when it wants to be left alone.

One budget a host and class of endpoint; every request goes through one. Whoever asks waits for
room, so that no request is lost; what is urgent waits less (`turns`), and a name that is refused
waits for all (`name_check`). A budget also watches how long answers take to begin: the content
network before Polymarket queues requests before it refuses any. `BudgetState` is the rule, with
the time given to it; `Budget` is its shell. The windows are counted by pyrate-limiter.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Executor
from statistics import median
from typing import TypeVar, cast

import msgspec
from pyrate_limiter import InMemoryBucket, Rate, RateItem

from connectors.http import Heard, HttpFailed
from connectors.name_check import NameCheck
from connectors.turns import Turns
from fusion.frames import BudgetChanged, BudgetCondition, Emit, encode_control

WARNING = 0.8
EASED = 0.7
"""A warning ends below this share, so that a steady pace near the limit is told once."""

BURST_PARTS = 5
QUIET_PARTS = 4
"""While urgent requests are made, the others get a fourth of each burst and leave the rest."""

RECENT_ANSWERS = 9
USUAL_ANSWERS = 99
SLOWER_THAN_USUAL = 3.0
SLOW_STRETCH = 2.0

_THROTTLED = frozenset({425, 429})
T = TypeVar("T")


class Allowance(msgspec.Struct, frozen=True, kw_only=True):
    """What an upstream bears; times in seconds.

    At most `requests` in any `window_s`, and at most a fifth of them in a fifth of it: spent all
    at once, they would leave every reader without news for the rest of the window. A refusal
    without a Retry-After closes the budget for `closed_s`, none for more than `closed_max_s`.
    Answers that take longer than `slow_s` to begin, at the median, are slow if that is not usual.
    What is not urgent may be overtaken for `patience_s`. `sure` is false where a User-Agent may be
    refused: the first request then goes alone.
    """

    requests: int
    window_s: float
    slow_s: float = 2.0
    closed_s: float = 10.0
    closed_max_s: float = 300.0
    patience_s: float = 120.0
    sure: bool = True


ALLOWANCES: dict[str, Allowance] = {
    # ESPN publishes no limit; this is what we think fair.
    "espn:scoreboard": Allowance(requests=100, window_s=60.0, sure=False),
    # Documented: 500 in 10 s. A page may have ten megabytes.
    "gamma:events": Allowance(requests=60, window_s=10.0, slow_s=5.0),
    # Not documented by itself; of 4,000 in 10 s for all of Gamma.
    "gamma:sports": Allowance(requests=10, window_s=10.0, slow_s=5.0),
    # Documented: 500 in 10 s.
    "clob:books": Allowance(requests=50, window_s=10.0),
    # Not documented by itself; of 9,000 in 10 s for all of the CLOB.
    "clob:markets": Allowance(requests=50, window_s=10.0),
}
"""What is allowed where the configuration says nothing, by upstream."""


class BudgetState:
    """The state of one budget; times are seconds on any clock that does not go back."""

    def __init__(self, allowance: Allowance) -> None:
        self._allowance = allowance
        self._bucket = InMemoryBucket(_rates(allowance))
        self._part_s = allowance.window_s / BURST_PARTS
        self._quiet_limit = max(1, _burst(allowance) // QUIET_PARTS)
        self._quiet: deque[float] = deque(maxlen=self._quiet_limit)
        self._urgent_s = -math.inf
        self._closed_until_s = -math.inf
        self._load: BudgetCondition = "ok"
        self._recent: deque[float] = deque(maxlen=RECENT_ANSWERS)
        self._usual: deque[float] = deque(maxlen=USUAL_ANSWERS)
        self._slow = False

    def take(self, now_s: float, *, urgent: bool = True) -> float:
        """Take one request and return 0, or return how long to wait before asking again."""
        wait_s = max(self._closed_until_s - now_s, 0.0 if urgent else self._quiet_wait_s(now_s))
        if wait_s > 0:
            return wait_s
        now_ms = math.floor(now_s * 1000)
        self._bucket.leak(now_ms)
        item = RateItem("", now_ms)
        if not self._bucket.put(item):
            # Only a bucket that is kept on a server has one to wait for.
            return cast("int", self._bucket.waiting(item)) / 1000
        if urgent:
            self._urgent_s = now_s
        else:
            self._quiet.append(now_s)
        return 0.0

    def _quiet_wait_s(self, now_s: float) -> float:
        """Return how long what is not urgent leaves room for what is, if anything was of late."""
        is_alone = now_s - self._urgent_s >= self._allowance.window_s
        if is_alone or len(self._quiet) < self._quiet_limit:
            return 0.0
        return self._quiet[0] + self._part_s - now_s

    def heard(self, latency_s: float) -> None:
        """Take note of how long an answer took to begin, whatever it was."""
        if len(self._recent) == RECENT_ANSWERS and not self._slow:
            self._usual.append(self._recent[0])
        self._recent.append(latency_s)
        if len(self._recent) < RECENT_ANSWERS:
            return
        now_s = median(self._recent)
        usual_s = median(self._usual) if len(self._usual) >= RECENT_ANSWERS else 0.0
        self._slow = now_s > max(self._allowance.slow_s, SLOWER_THAN_USUAL * usual_s)

    def refused(self, now_s: float, retry_after_s: float | None) -> None:
        """Close after the upstream said that this was too much, or too early."""
        wanted_s = self._allowance.closed_s if retry_after_s is None else retry_after_s
        until_s = now_s + min(wanted_s, self._allowance.closed_max_s)
        self._closed_until_s = max(self._closed_until_s, until_s)

    def used(self, now_s: float) -> int:
        """Return how many requests of the window that ends now are spent."""
        self._bucket.leak(math.floor(now_s * 1000))
        return self._bucket.count()

    def condition(self, now_s: float) -> BudgetCondition:
        """Return the state of this moment."""
        self._load = _load(self.used(now_s) / self._allowance.requests, self._load)
        if now_s < self._closed_until_s:
            return "throttled"
        return "slow" if self._slow and self._load != "exhausted" else self._load


class Budget:
    """The budget of one upstream, for one event loop; a change of its state goes on record."""

    def __init__(
        self,
        upstream: str,
        allowance: Allowance,
        emit: Emit,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.upstream = upstream
        self._limit = allowance.requests
        self._emit = emit
        self._clock = clock
        self._state = BudgetState(allowance)
        self._told: BudgetCondition = "ok"
        self._name = NameCheck(sure=allowance.sure)
        self._turns = Turns(self._admit, clock, allowance.patience_s)

    @property
    def condition(self) -> BudgetCondition:
        """The state that is on record."""
        return self._told

    @property
    def stretch(self) -> float:
        """By what to multiply the pauses between requests: 2 while the upstream is slow."""
        return SLOW_STRETCH if self._told == "slow" else 1.0

    def take(self, *, urgent: bool = True) -> float:
        """Take one request and return 0, or return the seconds to wait before asking again."""
        wait_s = self._state.take(self._clock(), urgent=urgent)
        self._tell()
        return wait_s

    def heard(self, latency_s: float) -> None:
        """Take note of how long an answer took to begin."""
        self._state.heard(latency_s)
        self._tell()

    def failed(self, failure: HttpFailed) -> None:
        """Close for as long as the upstream wants, if it refused a request as too much."""
        if failure.status in _THROTTLED:
            self._state.refused(self._clock(), failure.retry_after_s)
            self._tell()

    def name_refused(self, shut_s: float) -> bool:
        """Hold the next requests back after a 403: one tries, the others wait for its answer.

        If it is refused too, nothing is asked for `shut_s`. Returns whether somebody should be
        told: a refusal that everybody knows of is no news.
        """
        return self._name.refused(self._clock(), shut_s)

    async def ask(
        self,
        request: Callable[[Heard], T],
        thread: Executor | None = None,
        *,
        urgent: bool = True,
    ) -> T:
        """Wait for room, then return what `request` returns on a thread.

        Those who wait are served in the order they came, the urgent before the others. `request`
        tells its argument how long the answer took to begin; one that never came counts with the
        time it was waited for. After a 403 the caller says `name_refused`, if it was the name.

        Raises:
            HttpFailed: the request gave no usable body.
        """
        await self._turns.wait(urgent=urgent)
        latencies: list[float] = []
        sent_s = self._clock()
        loop = asyncio.get_running_loop()
        try:
            answer = await loop.run_in_executor(thread, request, latencies.append)
        except HttpFailed as failure:
            if failure.reason == "timeout" and not latencies:
                latencies.append(self._clock() - sent_s)
            self.failed(failure)
            self._judge_name(failure, sent_s)
            raise
        else:
            self._name.let_in(sent_s)
            return answer
        finally:
            for latency_s in latencies:
                self.heard(latency_s)
            self._turns.wake()

    def _admit(self, urgent: bool) -> float:
        now_s = self._clock()
        wait_s = self._name.wait_s(now_s) or self.take(urgent=urgent)
        if not wait_s:
            self._name.sent(now_s)
        return wait_s

    def _judge_name(self, failure: HttpFailed, sent_s: float) -> None:
        if not failure.status:
            self._name.unanswered()
        elif failure.status != 403:
            self._name.let_in(sent_s)

    def _tell(self) -> None:
        now_s = self._clock()
        condition = self._state.condition(now_s)
        if condition != self._told:
            self._told = condition
            used = self._state.used(now_s)
            changed = BudgetChanged(self.upstream, condition, used, self._limit)
            self._emit("control", encode_control(changed))


def _rates(allowance: Allowance) -> list[Rate]:
    window_ms = round(allowance.window_s * 1000)
    whole = Rate(allowance.requests, window_ms)
    burst = _burst(allowance)
    if burst == allowance.requests:
        return [whole]
    return [Rate(burst, window_ms // BURST_PARTS), whole]


def _burst(allowance: Allowance) -> int:
    return math.ceil(allowance.requests / BURST_PARTS)


def _load(share: float, before: BudgetCondition) -> BudgetCondition:
    """Return the state by the share that is spent; a worse one ends later than it began."""
    if share >= 1.0:
        return "exhausted"
    if share >= WARNING:
        return "exhausted" if before == "exhausted" else "warning"
    return "ok" if before == "ok" or share < EASED else "warning"
