"""A hub: what one share of the games has for itself, on the thread of the process's feeds.

That is an inbox, and so a journal, the market sockets, the books over REST and the rules of its
markets. Scoreboards, listings and results are the same for all hubs: see `flows.hubs`.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Mapping
from importlib.metadata import version
from typing import Protocol

from connectors.budget import Budget
from connectors.http import new_session
from connectors.polymarket.clob_reader import ClobRulesReader
from connectors.polymarket.rest_books import RestBooks
from connectors.polymarket.sessions import MarketSessions
from flows.connector_settings import rest_settings, rules_settings, socket_settings
from flows.inbox import Inbox
from flows.settings import Settings
from flows.venue import Venue
from fusion.frames import SessionStarted, SlateMatched
from fusion.healing import Heal
from fusion.market_rules import ClobRules, with_clob_rules
from fusion.share import Share, slate_of
from fusion.slate import Slate


class Process(Protocol):
    """What a hub asks of the feeds of its process, from any thread."""

    def attach(self, hub: Hub) -> None:
        """Let the hub have what arrives from now on, and start if nobody did."""

    def check(self) -> None:
        """Raise `FeedError` if they ended because a connector died."""

    def ended(self) -> bool:
        """Tell whether nothing more will come."""

    def stop(self) -> None:
        """Ask the feeds to end."""

    def stopping(self) -> bool:
        """Tell whether they were asked to end."""


class Hub:
    """One hub, as the source sees it: it fills `inbox` from when it is started.

    `sessions` and `rest` are there before its first frame is, and may be called from any thread;
    `rules` and all that is not of `Connectors` belong to the thread of the feeds.
    """

    sessions: MarketSessions
    rest: RestBooks
    rules: ClobRulesReader

    def __init__(self, settings: Settings, share: Share, process: Process) -> None:
        self.inbox = Inbox(settings.feeds.queue_frames)
        self._settings = settings
        self._share = share
        self._process = process
        self._matched = Slate()
        self._slate: Slate | None = None
        self._clob_rules: dict[str, ClobRules] = {}
        self._gaps = 0
        self._opened = threading.Event()

    def start(self) -> None:
        """Have the inbox filled from now on."""
        self._process.attach(self)

    def stop(self) -> None:
        """Ask the feeds of the process to end; safe in a signal handler, and more than once."""
        self._process.stop()

    def stopping(self) -> bool:
        """Tell whether they were asked to end."""
        return self._process.stopping()

    def ended(self) -> bool:
        """Tell whether nothing more will come."""
        return self._process.ended()

    def check(self) -> None:
        """Raise what ended the feeds before their time.

        Raises:
            FeedError: a connector died; the cause is chained.
        """
        self._process.check()

    def heal(self, wanted: Heal) -> None:
        """Ask for books that cannot be trusted; safe from any thread."""
        if self.ended() or not self._opened.is_set():
            return
        match wanted.remedy:
            case "check":
                self.rest.check(wanted.token_ids)
            case "resubscribe":
                self.sessions.resubscribe(wanted.token_ids, wanted.reason)
            case "reconnect":
                for link in self.sessions.links_of(wanted.token_ids):
                    self.sessions.reconnect(link, wanted.reason)

    def open(self, venue: Venue, budgets: Mapping[str, Budget], *, tells: bool) -> None:
        """Make the connectors and put the beginning of the session on record.

        Of the hubs of a process one `tells` what is wrong with the frames that all of them get.
        """
        settings, name = self._settings, self._settings.espn.user_agent
        self.sessions = MarketSessions(socket_settings(settings, venue), self.inbox.put)
        self.rest = RestBooks(
            rest_settings(settings, venue),
            self.inbox.put,
            new_session(name),
            budgets["clob:books"],
            healthy=self.sessions.healthy,
        )
        self.rules = ClobRulesReader(
            rules_settings(venue),
            self.inbox.put,
            self._on_rules,
            new_session(name),
            budgets["clob:markets"],
        )
        self._opened.set()
        self.inbox.control(SessionStarted(version("fairline"), venue.name, tells))

    async def run(self) -> None:
        """Run the connectors until cancelled; the first that fails ends them all."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self.sessions.run())
            tasks.create_task(self.rest.run())
            tasks.create_task(self.rules.run())

    def match(self, slate: Slate) -> None:
        """Take over what was matched, of which the share is the hub's."""
        self._matched = slate_of(slate, self._share)
        self._publish()

    def tick(self) -> None:
        """Put on record that time passes."""
        self.inbox.put("clock", b"")

    def mend_gaps(self) -> None:
        """Ask for snapshots of all books if frames were lost on our side since the last call."""
        if self.inbox.gaps > self._gaps:
            self._gaps = self.inbox.gaps
            self.sessions.resubscribe_all("frames were lost on our side")

    def _on_rules(self, rules: Mapping[str, ClobRules]) -> None:
        self._clob_rules |= rules
        self._publish()

    def _publish(self) -> None:
        """Put the slate with the CLOB's rules on record if it changed, then subscribe to it."""
        slate = with_clob_rules(self._matched, self._clob_rules)
        if slate == self._slate:
            return
        self._slate = slate
        self.inbox.control(SlateMatched(slate))
        markets = slate.open_markets()
        self.sessions.set_markets(markets)
        self.rest.set_tokens(token for market in markets for token in market)
        listed = [(market, game.start_ns) for game in slate.games for market in game.markets]
        self.rules.set_markets((each.market_id, at_ns) for each, at_ns in listed if not each.closed)
        self._clob_rules = {
            each.market_id: self._clob_rules[each.market_id]
            for each, _ in listed
            if each.market_id in self._clob_rules
        }
