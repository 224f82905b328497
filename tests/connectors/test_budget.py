"""Budgets: the rule with the time given to it, and the shell against a real server."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from market_venue import Emitted

from connectors.budget import ALLOWANCES, Allowance, Budget, BudgetState
from connectors.http import Heard, HttpFailed, fetch, new_session
from fusion.frames import BudgetChanged, BudgetCondition, decode_control

TEN = Allowance(requests=10, window_s=10.0, slow_s=1.0, closed_s=3.0, closed_max_s=60.0)


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now_s = 1000.0

    def __call__(self) -> float:
        """Return the time."""
        return self.now_s


@pytest.fixture
def clock() -> Clock:
    """Return a clock."""
    return Clock()


def spend(state: BudgetState, at_s: list[float]) -> None:
    """Take one request at each of these times, for which there must be room."""
    assert [state.take(now_s) for now_s in at_s] == [0.0] * len(at_s)


def test_a_fifth_may_be_spent_at_once() -> None:
    """Of ten in 10 s two are there at once, then two every 2 s, and a wait leads to room."""
    state = BudgetState(TEN)
    spend(state, [0.0, 0.5])
    wait_s = state.take(0.5)
    assert 1.5 <= wait_s <= 1.51
    spend(state, [0.5 + wait_s, 2.6])
    assert 1.4 <= state.take(2.6) <= 1.42


def test_the_whole_window_is_a_wall() -> None:
    """The eleventh request has to wait until the first is 10 s old."""
    state = BudgetState(Allowance(requests=3, window_s=10.0))
    spend(state, [0.0, 2.5, 5.0])
    assert 2.4 <= state.take(7.6) <= 2.41
    assert state.used(7.6) == 3
    spend(state, [10.01])
    assert state.used(10.01) == 3
    assert state.used(15.1) == 1


def test_a_budget_of_one() -> None:
    """One request in a window is all of it and its fifth."""
    state = BudgetState(Allowance(requests=1, window_s=1.0))
    spend(state, [5.0])
    assert 0.5 <= state.take(5.5) <= 0.51
    spend(state, [6.01])


@given(
    requests=st.integers(1, 30),
    steps=st.lists(st.floats(0.0, 3.0), min_size=1, max_size=60),
)
def test_no_window_has_more_than_its_limit(requests: int, steps: list[float]) -> None:
    """However they come, requests that wait as told are all sent, and never too many of them."""
    state, now_s, sent = BudgetState(Allowance(requests=requests, window_s=10.0)), 100.0, []
    for step in steps:
        now_s += step
        while wait_s := state.take(now_s):
            assert 0 < wait_s <= 10.01
            now_s += wait_s
        sent.append(now_s)
    assert len(sent) == len(steps)
    ahead = sent[requests:]
    assert all(late - early > 9.998 for early, late in zip(sent, ahead, strict=False))


def test_the_states_of_a_spent_budget() -> None:
    """Warning from 80 %, exhausted at 100 %; each ends later than it began."""
    state, told = BudgetState(Allowance(requests=10, window_s=100.0)), []
    for number in range(10):
        spend(state, [10.01 * number])
        told.append(state.condition(10.01 * number))
    assert told == ["ok"] * 7 + ["warning"] * 2 + ["exhausted"]
    assert [state.condition(now_s) for now_s in (100.1, 110.1, 120.1, 130.1, 140.1)] == [
        "exhausted",  # 9 of 10
        "exhausted",  # 8
        "warning",  # 7
        "ok",  # 6
        "ok",
    ]


def test_a_steady_pace_at_the_warning_is_told_once() -> None:
    """A pace that hovers between 70 and 80 % neither ends a warning nor begins one."""
    state = BudgetState(Allowance(requests=10, window_s=10.0))
    told = []
    for number in range(60):
        now_s = 1.26 * number
        spend(state, [now_s])
        told.append(state.condition(now_s))
    assert told == ["ok"] * 7 + ["warning"] * 53


@pytest.mark.parametrize(
    ("retry_after_s", "closed_s"), [(None, 3.0), (7.5, 7.5), (86_400.0, 60.0), (0.0, 0.0)]
)
def test_a_refusal_closes_the_budget(retry_after_s: float | None, closed_s: float) -> None:
    """It is closed for as long as was asked for, at most a minute, three seconds if not said."""
    state = BudgetState(TEN)
    spend(state, [100.0])
    state.refused(100.0, retry_after_s)
    assert state.condition(100.0) == ("throttled" if closed_s else "ok")
    assert state.take(100.0) == closed_s
    assert state.take(103.0 + closed_s) == 0.0
    assert state.condition(103.0 + closed_s) == "ok"


def test_a_later_refusal_does_not_open_it_earlier() -> None:
    """Of two refusals the one that wants more time counts."""
    state = BudgetState(TEN)
    state.refused(0.0, 30.0)
    state.refused(1.0, 2.0)
    assert state.take(1.0) == 29.0


def latencies(state: BudgetState, *runs: tuple[int, float]) -> list[BudgetCondition]:
    """Return the states after each run of equally slow answers."""
    told: list[BudgetCondition] = []
    for count, latency_s in runs:
        for _ in range(count):
            state.heard(latency_s)
        told.append(state.condition(0.0))
    return told


@pytest.mark.parametrize(
    ("runs", "told"),
    [
        pytest.param([(8, 9.0), (1, 9.0)], ["ok", "slow"], id="slow from the start"),
        pytest.param([(40, 0.1), (4, 9.0)], ["ok", "ok"], id="some outliers"),
        pytest.param([(40, 0.1), (5, 1.1)], ["ok", "slow"], id="queued"),
        pytest.param([(40, 0.1), (30, 0.9)], ["ok", "ok"], id="below the limit"),
        pytest.param([(40, 0.1), (30, 2.0), (5, 0.1)], ["ok", "slow", "ok"], id="recovers"),
        pytest.param([(40, 0.1), (500, 2.0)], ["ok", "slow"], id="never gets usual"),
        pytest.param(
            [(40, 0.9), (20, 1.0), (5, 2.6), (9, 2.8)], ["ok", "ok", "ok", "slow"],
            id="three times the usual",
        ),
    ],
)  # fmt: skip
def test_queued_answers_are_noticed(
    runs: list[tuple[int, float]], told: list[BudgetCondition]
) -> None:
    """Slow is a median above a second and above three times what is usual."""
    assert latencies(BudgetState(TEN), *runs) == told


def test_defaults_stay_within_what_is_documented() -> None:
    """No default asks for more than the venues' pages, or our own rule for ESPN, allow."""
    per_10_s = {
        upstream: allowance.requests * 10 / allowance.window_s
        for upstream, allowance in ALLOWANCES.items()
    }
    most = {
        "espn:scoreboard": 100 / 6,
        "gamma:events": 500.0,
        "gamma:sports": 4000.0,
        "clob:books": 1000 / 6,
        "clob:markets": 9000.0,
    }
    assert per_10_s.keys() == most.keys()
    assert all(per_10_s[upstream] <= most[upstream] for upstream in most)


def test_each_change_of_state_is_on_record_once(clock: Clock) -> None:
    """Frames say upstream, state, and what is spent of how much."""
    emitted = Emitted()
    budget = Budget("clob:books", Allowance(requests=5, window_s=5.0), emitted, clock)
    for _ in range(5):
        assert budget.take() == 0.0
        clock.now_s += 1.01
    assert budget.take() == 0.0
    assert budget.condition == "exhausted"
    budget.failed(HttpFailed(503, "status", "down", retry_after_s=9.0))
    budget.failed(HttpFailed(429, "status", "too many", retry_after_s=9.0))
    assert budget.take() == 9.0
    clock.now_s += 9.0
    assert budget.take() == 0.0
    assert [decode_control(payload) for payload in emitted.of("control")] == [
        BudgetChanged("clob:books", "warning", 4, 5),
        BudgetChanged("clob:books", "exhausted", 5, 5),
        BudgetChanged("clob:books", "throttled", 5, 5),
        BudgetChanged("clob:books", "ok", 1, 5),
    ]


def ask_all(budget: Budget, requests: list[Callable[[Heard], Any]]) -> list[Any]:
    """Return what requests that are made together give, in their order."""

    async def together() -> list[Any]:
        return await asyncio.gather(*map(budget.ask, requests), return_exceptions=True)

    return asyncio.run(together())


def test_requests_wait_their_turn(http_server: Any, make_reply: Any) -> None:
    """Requests that exceed the budget are sent later, in the order they were made, none lost."""
    budget = Budget("test", Allowance(requests=4, window_s=0.8), Emitted())
    with new_session("fairline-test") as session:

        def ask_for(number: int) -> Callable[[Heard], bytes]:
            return lambda heard: fetch(session, f"{http_server.url}/{number}", heard=heard)

        answers = ask_all(budget, [ask_for(number) for number in range(6)])

    assert answers == [b'{"events":[]}'] * 6
    assert [request.path for request in http_server.requests] == [f"/{n}" for n in range(6)]
    at_s = [request.at_s for request in http_server.requests]
    assert at_s[4] - at_s[0] >= 0.6


def test_who_comes_later_goes_later(clock: Clock) -> None:
    """Room that opens while somebody waits for it is not taken by who comes just then."""
    budget = Budget("test", Allowance(requests=1, window_s=0.1), Emitted(), clock)
    sent: list[str] = []

    async def scenario() -> None:
        await budget.ask(lambda _: sent.append("first"))
        waits = asyncio.create_task(budget.ask(lambda _: sent.append("waits")))
        await asyncio.sleep(0)
        clock.now_s += 1.0
        late = asyncio.create_task(budget.ask(lambda _: sent.append("late")))
        await waits
        clock.now_s += 1.0
        await late

    asyncio.run(scenario())
    assert sent == ["first", "waits", "late"]


@pytest.mark.parametrize("status", [425, 429])
def test_a_refused_request_holds_the_next_one_back(
    status: int, http_server: Any, make_reply: Any
) -> None:
    """After 425 and 429 with Retry-After nothing is sent before the time."""
    emitted = Emitted()
    budget = Budget("test", Allowance(requests=100, window_s=1.0), emitted)
    replies = iter([make_reply(status=status, headers={"Retry-After": "1"})])
    http_server.reply = lambda request: next(replies, make_reply())

    async def twice() -> bytes:
        with new_session("fairline-test") as session:
            with pytest.raises(HttpFailed):
                await budget.ask(lambda heard: fetch(session, http_server.url, heard=heard))
            return await budget.ask(lambda heard: fetch(session, http_server.url, heard=heard))

    assert asyncio.run(twice()) == b'{"events":[]}'
    first, second = http_server.requests
    assert second.at_s - first.at_s >= 1.0
    assert [decode_control(payload) for payload in emitted.of("control")] == [
        BudgetChanged("test", "throttled", 1, 100),
        BudgetChanged("test", "ok", 1, 100),
    ]


@pytest.mark.parametrize(
    "slow",
    [
        pytest.param({"pause_s": 0.1}, id="late"),
        pytest.param({"pause_s": 0.1, "status": 500}, id="late and failed"),
        pytest.param({"pause_s": 0.5}, id="no answer in time"),
    ],
)
def test_slow_answers_stretch_the_pauses(
    slow: dict[str, Any], http_server: Any, make_reply: Any
) -> None:
    """When answers come late, good or not, the budget says so and pauses are doubled."""
    emitted = Emitted()
    allowance = Allowance(requests=1000, window_s=1.0, slow_s=0.08)
    budget = Budget("test", allowance, emitted)
    http_server.reply = lambda request: make_reply(**slow)
    assert budget.stretch == 1.0

    with new_session("fairline-test") as session:
        ask_all(
            budget,
            [lambda heard: fetch(session, http_server.url, timeout_s=(1.0, 0.3), heard=heard)] * 9,
        )

    assert (budget.condition, budget.stretch) == ("slow", 2.0)
    assert [decode_control(payload) for payload in emitted.of("control")] == [
        BudgetChanged("test", "slow", 9, 1000)
    ]


def test_a_long_body_is_not_a_late_answer(http_server: Any, make_reply: Any) -> None:
    """What counts is when an answer begins, not how long its body takes."""
    budget = Budget("test", Allowance(requests=1000, window_s=1.0, slow_s=0.3), Emitted())
    http_server.reply = lambda request: make_reply(body=b"[1,2,3,4,5]", drip_s=0.04)

    with new_session("fairline-test") as session:
        answers = ask_all(budget, [lambda heard: fetch(session, http_server.url, heard=heard)] * 9)

    assert answers == [b"[1,2,3,4,5]"] * 9
    assert budget.condition == "ok"
