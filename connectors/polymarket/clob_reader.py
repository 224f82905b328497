"""Reads the rules of the listed markets from the CLOB: when listed, near the start, at the start.

One request a market, the next to start first, one at a time. What is answered is emitted as it
came (`polymarket:clob-markets`). A request that fails becomes an `http` control frame and is made
again later, ever more rarely; so is one for a market that the CLOB does not know yet (404) or that
takes no orders for the moment. Trouble of the venue as a whole stops all of them for a while.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from urllib.parse import quote

import msgspec
import requests

from connectors.budget import Budget
from connectors.http import Heard, HttpFailed, classify, fetch
from connectors.polymarket.clob_rules import Asked, ask_again, due, parse_clob_market
from fusion.errors import Refusal
from fusion.frames import NS_PER_S, Emit, HttpStatus, encode_control
from fusion.market_rules import ClobRules

SOURCE = "polymarket:clob-markets"
MAX_BYTES = 1 << 20
_OF_ONE_MARKET = frozenset({400, 404})
"""Statuses that speak of the market asked for, and not of the venue."""

OnRules = Callable[[Mapping[str, ClobRules]], None]
"""Told what a round brought, by market id."""


class ClobRulesSettings(msgspec.Struct, frozen=True, kw_only=True):
    """When to read rules. Times in seconds.

    `before_s` before a market's start they are read anew. An answer that calls for another is
    asked for after `retry_s`, then twice that, up to `retry_max_s`. Rules are handed over after
    each round of at most `round_markets`, so that a long list makes few slates; whether any is
    due is looked at every `look_s`.
    """

    base_url: str = "https://clob.polymarket.com"
    before_s: float = 600.0
    retry_s: float = 30.0
    retry_max_s: float = 600.0
    round_markets: int = 50
    look_s: float = 0.5


class ClobRulesReader:
    """Keeps reading while it runs; all calls are made on its event loop."""

    def __init__(
        self,
        settings: ClobRulesSettings,
        emit: Emit,
        on_rules: OnRules,
        session: requests.Session,
        budget: Budget,
        *,
        now: Callable[[], int] = time.time_ns,
    ) -> None:
        self._settings = settings
        self._emit = emit
        self._on_rules = on_rules
        self._session = session
        self._budget = budget
        self._now = now
        self._starts: dict[str, int] = {}
        self._asked: dict[str, Asked] = {}
        self._trouble: Asked | None = None

    def set_markets(self, markets: Iterable[tuple[str, int]]) -> None:
        """Take over the open markets and their starts in UTC nanoseconds; others are forgotten."""
        self._starts = dict(markets)
        for market_id in self._asked.keys() - self._starts.keys():
            del self._asked[market_id]

    async def run(self) -> None:
        """Read until cancelled; no failure of the venue ends it."""
        while True:
            learned: dict[str, ClobRules] = {}
            for market_id in self._next_round():
                rules = await self._read(market_id)
                if rules is not None:
                    learned[market_id] = rules
                if self._trouble is not None:
                    break
            if learned:
                self._on_rules(learned)
            await asyncio.sleep(self._settings.look_s * self._budget.stretch)

    def _next_round(self) -> list[str]:
        """Return the markets to ask for, by their start; none while the venue is in trouble."""
        now_ns, before_ns = self._now(), round(self._settings.before_s * NS_PER_S)
        if self._trouble is not None and now_ns < (self._trouble.again_ns or 0):
            return []
        wanted = [
            (start_ns, market_id)
            for market_id, start_ns in self._starts.items()
            if due(start_ns, self._asked.get(market_id), now_ns, before_ns)
        ]
        return [market_id for _, market_id in sorted(wanted)][: self._settings.round_markets]

    async def _read(self, market_id: str) -> ClobRules | None:
        """Ask for one market, if it is still wanted, and take note of when to do so again."""
        if market_id not in self._starts:
            return None
        sent_ns = self._now()
        rules = await self._answer(market_id)
        if market_id not in self._starts:
            return None
        if rules is None or rules.accepting_orders is False:
            self._asked[market_id] = self._later(self._asked.get(market_id))
        else:
            self._asked[market_id] = Asked(sent_ns)
        return rules

    async def _answer(self, market_id: str) -> ClobRules | None:
        request = partial(fetch_rules, self._session, self._settings.base_url, market_id)
        try:
            body = await self._budget.ask(request)
        except HttpFailed as failure:
            whole = failure.status not in _OF_ONE_MARKET
            self._trouble = self._later(self._trouble) if whole else None
            self._tell(failure.status, _told(failure, market_id))
            return None
        self._trouble = None
        self._emit(SOURCE, body)
        rules = parse_clob_market(body)
        if isinstance(rules, Refusal):
            return None
        if rules.market_id != market_id:
            self._tell(200, f"asked for market {market_id}, the answer was of {rules.market_id}")
            return None
        return rules

    def _later(self, asked: Asked | None) -> Asked:
        options = self._settings
        return ask_again(asked, self._now(), retry_s=options.retry_s, longest_s=options.retry_max_s)

    def _tell(self, status: int, detail: str) -> None:
        self._emit("control", encode_control(HttpStatus(SOURCE, status, detail)))


def fetch_rules(
    session: requests.Session, base_url: str, market_id: str, heard: Heard | None = None
) -> bytes:
    """Return the answer for one market; it blocks.

    Raises:
        HttpFailed: the request gave no usable body.
    """
    url = f"{base_url.rstrip('/')}/clob-markets/{quote(market_id, safe='')}"
    return fetch(session, url, max_bytes=MAX_BYTES, heard=heard)


def _told(failure: HttpFailed, market_id: str) -> str:
    told = f"market {market_id}: {failure.detail}"
    if failure.status in _OF_ONE_MARKET:
        return f"{told}; its listing's rules stand, and it is asked for again later"
    if classify(failure) == "transient":
        return told
    return f"{told}; check polymarket.clob_url and that this network may reach it"
