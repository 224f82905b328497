"""What a budget keeps for the urgent, and what it does when our name is refused."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from market_venue import Emitted

from connectors.budget import Allowance, Budget, BudgetState
from connectors.http import HttpFailed, fetch, new_session

HUNDRED = Allowance(requests=100, window_s=60.0)


def test_what_is_not_urgent_leaves_room_for_what_is() -> None:
    """Beside urgent requests the others have five of each twelve seconds, alone they have all."""
    alone, beside = BudgetState(HUNDRED), BudgetState(HUNDRED)
    assert [alone.take(0.0, urgent=False) for _ in range(20)] == [0.0] * 20

    assert beside.take(0.0) == 0.0
    assert [beside.take(1.0, urgent=False) for _ in range(6)] == [0.0] * 5 + [12.0]
    assert [beside.take(1.0) for _ in range(14)] == [0.0] * 14
    assert beside.take(13.1, urgent=False) == 0.0


def test_a_minute_after_the_last_urgent_request_the_others_have_all() -> None:
    """Room is kept only while something urgent comes."""
    state = BudgetState(HUNDRED)
    assert state.take(0.0) == 0.0
    assert [state.take(60.0, urgent=False) for _ in range(10)] == [0.0] * 10


def test_a_refused_name_holds_the_others_back(http_server: Any, make_reply: Any) -> None:
    """After two 403s nothing is sent until the time is over; the first is news, not the second."""
    refused = iter([make_reply(status=403)] * 2)
    http_server.reply = lambda request: next(refused, make_reply())
    budget = Budget("test", Allowance(requests=100, window_s=1.0), Emitted())
    news: list[bool] = []

    async def one_after_the_other() -> bytes:
        with new_session("fairline-test") as session:
            for _ in range(2):
                with pytest.raises(HttpFailed):
                    await budget.ask(lambda heard: fetch(session, http_server.url, heard=heard))
                news.append(budget.name_refused(0.5))
            return await budget.ask(lambda heard: fetch(session, http_server.url, heard=heard))

    assert asyncio.run(one_after_the_other()) == b'{"events":[]}'
    _, second, third = http_server.requests
    assert third.at_s - second.at_s >= 0.5
    assert news == [True, False]
