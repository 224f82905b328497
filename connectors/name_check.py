"""Whether an upstream lets our name in: a refused User-Agent must not become a storm of refusals.

A 403 says that the sender is not wanted, not that a request was too much. It may concern one path
or all of them; the next request tells. So after a refusal requests go one at a time, and if the
next is refused as well nothing is asked for a while, then one request at a time again. Any other
answer opens the door for all. A rule with the time given to it.
"""

from __future__ import annotations

import math

ENOUGH = 2
"""Refusals in a row that are no longer the matter of one path."""

PROBE_S = 1.0
"""How long one request holds back the others before its answer is there."""


class NameCheck:
    """The state of one upstream; times are seconds on any clock that does not go back.

    `sure` tells whether the name is known to be welcome from the start; where it is not, the
    first request of all goes alone.
    """

    def __init__(self, *, sure: bool) -> None:
        self._sure = sure
        self._refusals = 0
        self._refused_s = -math.inf
        self._probe_until_s = -math.inf
        self._shut_until_s = -math.inf

    def wait_s(self, now_s: float) -> float:
        """Return how long to wait before a request may be sent, 0 for now."""
        until_s = max(self._shut_until_s, -math.inf if self._sure else self._probe_until_s)
        return max(0.0, until_s - now_s)

    def sent(self, now_s: float) -> None:
        """Take note of a request on its way."""
        if not self._sure:
            self._probe_until_s = now_s + PROBE_S

    def let_in(self, sent_s: float) -> None:
        """Take note of an answer that was no refusal, to a request of `sent_s`.

        What was sent before the last refusal says nothing of the time after it.
        """
        if sent_s >= self._refused_s:
            self._sure, self._refusals = True, 0
            self._shut_until_s = -math.inf

    def unanswered(self) -> None:
        """Take note of a request that had no answer, which tells nothing."""
        self._probe_until_s = -math.inf

    def refused(self, now_s: float, shut_s: float) -> bool:
        """Take note of a refusal; return whether it is news that somebody should be told.

        It is when it is the first, and when the door was tried again after `shut_s`.
        """
        is_shut = now_s < self._shut_until_s
        is_news = not self._refusals or (self._refusals >= ENOUGH and not is_shut)
        self._sure = False
        self._probe_until_s = -math.inf
        self._refusals += 1
        self._refused_s = now_s
        if self._refusals >= ENOUGH and not is_shut:
            self._shut_until_s = now_s + shut_s
        return is_news
