"""The hub: every connector of one process on one background thread, which only moves bytes.

It polls the scoreboards, discovers markets, matches the slate, keeps the market sockets subscribed
to what the slate lists, reads the rules of its markets, and asks for books over REST. Every
request goes through the budget of its upstream.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Collection, Mapping, Sequence
from importlib.metadata import version

import msgspec

from connectors.budget import Budget
from connectors.espn.parse import Scoreboard
from connectors.espn.poller import poll_league
from connectors.http import new_session
from connectors.polymarket.clob_reader import ClobRulesReader
from connectors.polymarket.discovery import DiscoveryBudgets, discover
from connectors.polymarket.rest_books import RestBooks
from connectors.polymarket.sessions import MarketSessions
from connectors.polymarket.sports_socket import SportsSocket
from flows.connector_settings import (
    discovery_settings,
    followed_leagues,
    open_budgets,
    poll_settings,
    rest_settings,
    rules_settings,
    socket_settings,
    sports_settings,
)
from flows.inbox import Inbox
from flows.overrides import read_overrides
from flows.settings import Settings
from flows.truth import Truth, ask_truth
from flows.venue import Venue, open_venue
from fusion.errors import FeedError
from fusion.frames import SessionStarted, SlateMatched
from fusion.healing import Heal
from fusion.leagues import League
from fusion.listing import ListedEvent
from fusion.market_rules import ClobRules, with_clob_rules
from fusion.slate import Slate
from fusion.slate_keeper import SlateKeeper

NO_EVENT = "no_event"
OVER_GRACE_S = 4.0
"""After the last final, so long may the last book updates and resolutions take to arrive."""


class Hub:
    """The connectors of one process; fills `inbox` from its own thread until stopped.

    `sessions` and `rest` are there before the first frame is, and may be called from any thread;
    `rules` belongs to the thread of the hub.
    """

    sessions: MarketSessions
    rest: RestBooks
    rules: ClobRulesReader

    def __init__(self, settings: Settings) -> None:
        self.inbox = Inbox(settings.feeds.queue_frames)
        self._settings = settings
        self._keeper = SlateKeeper(overrides=read_overrides(settings.slate.overrides))
        self._slate: Slate | None = None
        self._heard: set[str] = set()
        self._clob_rules: dict[str, ClobRules] = {}
        self._phases: dict[str, dict[str, str]] = {}
        self._error: BaseException | None = None
        self.truth: Truth | None = None
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="hub-0", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def stop(self) -> None:
        """Ask the thread to end; safe in a signal handler, and more than once."""
        self._stopping.set()

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

    def heal(self, wanted: Heal) -> None:
        """Ask for books that cannot be trusted; safe from any thread."""
        if self.ended():
            return
        match wanted.remedy:
            case "check":
                self.rest.check(wanted.token_ids)
            case "resubscribe":
                self.sessions.resubscribe(wanted.token_ids, wanted.reason)
            case "reconnect":
                for link in self.sessions.links_of(wanted.token_ids):
                    self.sessions.reconnect(link, wanted.reason)

    def _run(self) -> None:
        try:
            with open_venue(self._settings) as venue:
                asyncio.run(self._until_stopped(venue))
        except BaseException as error:  # noqa: BLE001  (told to the worker, which raises it)
            self._error = error

    async def _until_stopped(self, venue: Venue) -> None:
        budgets = open_budgets(self._settings, venue, self.inbox.put)
        self.sessions = MarketSessions(socket_settings(self._settings, venue), self.inbox.put)
        self.rest = RestBooks(
            rest_settings(self._settings, venue),
            self.inbox.put,
            new_session(self._settings.espn.user_agent),
            budgets["clob:books"],
            healthy=self.sessions.healthy,
        )
        self.rules = ClobRulesReader(
            rules_settings(venue),
            self.inbox.put,
            self._on_rules,
            new_session(self._settings.espn.user_agent),
            budgets["clob:markets"],
        )
        self.inbox.control(SessionStarted(version("fairline"), venue.name))
        connectors = asyncio.create_task(self._connect(venue, budgets))
        watch = asyncio.create_task(self._watch(venue))
        done, pending = await asyncio.wait({connectors, watch}, return_when=asyncio.FIRST_COMPLETED)
        for task in pending:
            task.cancel()
        await asyncio.gather(*pending, return_exceptions=True)
        if venue.simulated:
            self.truth = await asyncio.to_thread(ask_truth, venue)
        for task in done:
            task.result()

    async def _connect(self, venue: Venue, budgets: dict[str, Budget]) -> None:
        """Run every connector; the first that fails ends them all."""
        settings, inbox = self._settings, self.inbox
        session = new_session(settings.espn.user_agent)
        leagues = followed_leagues(settings, venue)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self.sessions.run())
            tasks.create_task(self.rest.run())
            tasks.create_task(self.rules.run())
            if settings.witness.enabled:
                tasks.create_task(SportsSocket(sports_settings(settings, venue), inbox.put).run())
            for league in leagues:
                poll = poll_league(
                    league,
                    poll_settings(settings, venue),
                    inbox.put,
                    self._on_scoreboard,
                    time.time_ns,
                    session,
                    budget=budgets["espn:scoreboard"],
                )
                tasks.create_task(poll)
            tasks.create_task(
                discover(
                    leagues,
                    discovery_settings(settings, venue),
                    inbox.put,
                    self._on_events,
                    new_session(settings.espn.user_agent),
                    budgets=DiscoveryBudgets(budgets["gamma:sports"], budgets["gamma:events"]),
                )
            )

    def _on_scoreboard(self, league: League, board: Scoreboard) -> None:
        phases = self._phases.setdefault(league.key, {})
        phases.update((game.game_id, game.phase) for game in board.games)
        self._keeper.see_games(league.key, board.games, time.time_ns())
        self._match()

    def _on_events(self, league: str, events: Sequence[ListedEvent]) -> None:
        self._keeper.see_events(events)
        if self._keeper.changed or league not in self._heard:
            self._heard.add(league)
            self._publish()

    def _on_rules(self, rules: Mapping[str, ClobRules]) -> None:
        self._clob_rules |= rules
        self._publish()

    def _match(self) -> None:
        if self._keeper.changed:
            self._publish()

    def _publish(self) -> None:
        """Put the slate with the CLOB's rules on record if it changed, then subscribe to it."""
        slate = with_clob_rules(self._keeper.slate(), self._clob_rules)
        slate = heard(slate, self._heard)
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

    async def _watch(self, venue: Venue) -> None:
        """Emit the clock, ask for snapshots after a gap, and return when it is time to end."""
        feeds = self._settings.feeds
        ends = venue.simulated if feeds.stop_when_over is None else feeds.stop_when_over
        gaps, over_since, next_clock = 0, None, time.monotonic()
        while not self._stopping.is_set():
            await asyncio.sleep(0.05)
            now = time.monotonic()
            if now >= next_clock:
                next_clock = now + feeds.clock_s
                self.inbox.put("clock", b"")
            if self.inbox.gaps > gaps:
                gaps = self.inbox.gaps
                self.sessions.resubscribe_all("frames were lost on our side")
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
