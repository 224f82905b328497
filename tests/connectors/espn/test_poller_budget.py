"""Pollers that share a budget, against a real server."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

from budgets import slow
from polling import TICK_S, run, settings

from connectors.budget import Allowance, Budget
from fusion.frames import BudgetChanged, Emit, HttpStatus


def allowed(requests: int, window_s: float) -> Callable[[Emit], Budget]:
    """Return what gives a budget of so many requests."""
    allowance = Allowance(requests=requests, window_s=window_s)
    return lambda emit: Budget("espn:scoreboard", allowance, emit)


def test_a_league_that_is_sent_away_sends_all_away(http_server: Any, make_reply: Any) -> None:
    """A 429 closes the budget that the leagues share: no other league asks before its time."""
    replies = iter([make_reply(status=429, headers={"Retry-After": "1"})])
    http_server.reply = lambda request: next(replies, make_reply(pause_s=TICK_S))

    watch = run(
        settings(http_server.url),
        lambda watch: {source for source, _ in watch.frames} >= {"espn:nba", "espn:nhl"},
        leagues=("nba", "nhl"),
        budget=allowed(5, 2.5),
    )

    refused, *others = http_server.requests
    assert min(other.at_s for other in others) - refused.at_s >= 1.0
    assert watch.controls[:2] == [
        BudgetChanged("espn:scoreboard", "throttled", 1, 5),
        HttpStatus("espn:nba", 429, "the answer was HTTP 429 Too Many Requests"),
    ]


def test_a_spent_budget_slows_every_league_down(http_server: Any) -> None:
    """Leagues that want more than there is are all polled, at the pace that the budget allows."""
    watch = run(
        settings(http_server.url),
        lambda watch: len(watch.frames) >= 40,
        leagues=("nba", "nhl", "mlb"),
        budget=allowed(20, 1.0),
    )

    at_s = sorted(request.at_s for request in http_server.requests)
    windows = [at_s[number + 20] - at_s[number] for number in range(len(at_s) - 20)]
    leagues = [request.path.split("/")[-2] for request in http_server.requests]
    assert min(windows) >= 0.7
    # First come, first served: their own jittered pauses drift apart, but none is left behind.
    fair_share = len(leagues) / 3
    assert min(leagues.count(name) for name in ("nba", "nhl", "mlb")) > fair_share / 2
    assert [each for each in watch.controls if isinstance(each, BudgetChanged)][:2] == [
        BudgetChanged("espn:scoreboard", "warning", 16, 20),
        BudgetChanged("espn:scoreboard", "exhausted", 20, 20),
    ]


def test_a_slow_feed_is_polled_half_as_often(http_server: Any) -> None:
    """While answers come late the pauses are twice as long."""
    pause_s = 3 * TICK_S
    how = settings(http_server.url, quiet_s=pause_s)
    run(how, lambda watch: len(watch.bodies) + len(watch.controls) >= 5, budget=slow)

    at_s = [request.at_s for request in http_server.requests]
    assert min(b - a for a, b in pairwise(at_s)) >= 2 * 0.9 * pause_s
