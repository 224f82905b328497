"""A night on which everything goes wrong: 400 tokens over three sockets, every fault there is.

But for a late resolution, which needs games that end: tests/simulator/test_exchange_faults.py.
"""

from __future__ import annotations

import time
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
import requests

from connectors.journal.reader import read_frames
from connectors.journal.writer import JournalWriter
from flows.board import Board
from flows.feeds import HubPartition, Place
from flows.hubs import Hubs
from flows.infer import Pricer
from flows.route import Router
from flows.rules import join_rules, signal_rules
from flows.settings import Settings
from flows.venue import open_venue
from fusion.frames import Disconnected, Frame, Resubscribed, decode_control
from fusion.healing import Heal
from fusion.join import GameJoin
from fusion.quotes import Priced, Quote
from fusion.rows import DeadLetter, GameRow, SignalRow, SlateRow, Tick
from fusion.signals import SignalDesk

FAULTS_UNTIL_S = 42.0
HEALED_BY_S = 75.0
# Each fault of the scoreboards hits another sport, so that none hides behind the pause after one.
FAULTS = """
fault = [
    { kind = "batch_split", at_s = 2, for_s = 4, share = 1.0 },
    { kind = "crossed", at_s = 4, for_s = 4, share = 1.0 },
    { kind = "drop", at_s = 6 },
    { kind = "garble", at_s = 8, for_s = 2, every = 5 },
    { kind = "duplicate", at_s = 9, for_s = 4, every = 3 },
    { kind = "reorder", at_s = 11, for_s = 2, every = 7 },
    { kind = "freeze", at_s = 13, for_s = 3 },
    { kind = "token_quiet", at_s = 20, tokens = 3 },
    { kind = "lost_change", at_s = 21, for_s = 2, every = 10 },
    { kind = "oversized", at_s = 23, mib = 5 },
    { kind = "text", at_s = 24, text = "INVALID OPERATION" },
    { kind = "tick_change", at_s = 25, markets = 3 },
    { kind = "half_open", at_s = 26, for_s = 4 },
    { kind = "refuse_connect", at_s = 27, for_s = 4, status = 503 },
    { kind = "no_snapshot", at_s = 31, for_s = 4, tokens = 100 },
    { kind = "drop", at_s = 33 },
    { kind = "early_resolution", at_s = 35, markets = 2 },
    { kind = "slow", at_s = 7, for_s = 3, path = "/books", delay_s = 1 },
    { kind = "truncate", at_s = 14, for_s = 3, path = "/books" },
    { kind = "status", at_s = 36, for_s = 2, path = "/books", code = 425 },
    { kind = "status", at_s = 12, for_s = 2, path = "/apis/site/v2/sports/soccer", code = 429 },
    { kind = "html", at_s = 16, for_s = 2, path = "/apis/site/v2/sports/basketball/nba" },
    { kind = "empty", at_s = 18, for_s = 2, path = "/apis/site/v2/sports/football/nfl" },
    { kind = "error_json", at_s = 20, for_s = 2, path = "/apis/site/v2/sports/hockey/nhl" },
    { kind = "gzip_garbage", at_s = 22, for_s = 2, path = "/apis/site/v2/sports/baseball/mlb" },
    { kind = "stale", at_s = 25, for_s = 3, path = "/apis/site/v2/sports/basketball/wnba" },
    { kind = "score_dispute", at_s = 16, for_s = 10, league = "nba", points = 5 },
]
"""


def settings(folder: Path) -> Settings:
    """Return settings under which the night's mishaps are noticed and healed in seconds."""
    script = folder / "faults.toml"
    script.write_text(FAULTS)
    return Settings.model_validate(
        {
            "data_dir": folder / "data",
            "simulator": {"speed": 60.0, "faults": script, "extra_games": 60},
            "healing": {
                "doubt_s": 2.0,
                "first_book_s": 3.0,
                "retry_s": 2.0,
                "token_quiet_s": 6.0,
                "witness_s": 1.5,
            },
            "witness": {"dispute_s": 2.0},
            "polymarket": {
                "ping_s": 0.5,
                "silence_s": 3.0,
                "tokens_per_socket": 150,
                "reconnect_max_s": 1.0,
                "witness_s": 1.0,
                "witness_tokens": 150,
                "fallback_s": 1.0,
            },
        }
    )


class Night:
    """The rules of the flow, fed with frames by hand, and every row they made."""

    def __init__(self, configured: Settings) -> None:
        self.router = Router(configured.healing.doubt_s)
        self.pricer = Pricer()
        rules, signals = join_rules(configured), signal_rules(configured)
        self.joins: dict[str, GameJoin] = defaultdict(lambda: GameJoin(rules))
        self.desks: dict[str, SignalDesk] = defaultdict(lambda: SignalDesk(signals))
        self.rows: list[Any] = []
        self.quotes: list[Quote] = []

    def follow(self, frames: list[Frame]) -> list[Heal]:
        """Fold frames and return what is to be healed."""
        heals = []
        for game_id, event in self.router(frames):
            if isinstance(event, DeadLetter | SlateRow):
                self.rows.append(event)
                continue
            rows = self.joins[game_id].on(event)
            self.quotes += [row for row in rows if isinstance(row, Quote)]
            for _, item in self.pricer([(game_id, row) for row in rows]):
                if isinstance(item, Heal):
                    heals.append(item)
                self.rows += self.desks[game_id].on(item) if isinstance(item, Priced) else [item]
        return heals

    def of(self, kind: type[Any]) -> list[Any]:
        """Return the rows of a kind."""
        return [row for row in self.rows if isinstance(row, kind)]


class Soak(msgspec.Struct):
    """What a night left behind."""

    night: Night
    configured: Settings
    frames: list[Frame]
    journal: Path
    never_equal: dict[str, str]
    live_tokens: int
    told: dict[str, Any]


@pytest.fixture(scope="module")
def soak(tmp_path_factory: pytest.TempPathFactory) -> Soak:
    """Live through the night once."""
    folder = tmp_path_factory.mktemp("soak")
    configured = settings(folder)
    with open_venue(configured) as venue:
        (hub,) = Hubs(configured.model_copy(update={"venue": venue.espn_url})).hubs
        journal = JournalWriter(folder / "session")
        place = Place("session", journal, iter(()), 0)
        board = Board(measure_latency=False)
        source = HubPartition("hub-0", hub, place, board, batch_frames=2_000)
        night, frames = Night(configured), list[Frame]()
        started = time.monotonic()

        def run(until_s: float) -> None:
            while time.monotonic() - started < until_s:
                batch = source.next_batch()
                frames.extend(batch)
                for heal in night.follow(batch):
                    hub.heal(heal)

        run(FAULTS_UNTIL_S)
        unequal: dict[str, str] = {"": "not compared yet"}
        while unequal and time.monotonic() - started < HEALED_BY_S:
            run(time.monotonic() - started + 0.5)
            shown = requests.get(f"{venue.espn_url}/simulator/books", timeout=5).json()
            run(time.monotonic() - started + 0.3)
            unequal = dict(differences(night, shown))
        told = requests.get(f"{venue.espn_url}/simulator", timeout=5).json()
        live = sum(book.usable for _, book in books(night))
        source.close()
    return Soak(night, configured, frames, folder / "session", unequal, live, told)


def books(night: Night) -> Iterator[tuple[str, Any]]:
    """Yield every token with its book, but for resolved markets and games that are over.

    A resolution may be missed on a link that was down, and such a market answers nothing more.
    """
    for join in night.joins.values():
        if join.state is not None and join.state.phase == "post":
            continue
        for token, market, book, _ in join.books.proofs():
            if market not in join.books.resolved:
                yield token, book


def differences(night: Night, shown: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the tokens whose book is not the venue's, unless it has changed since it was shown."""
    for token, book in books(night):
        theirs = shown.get(token)
        if theirs is None:
            continue
        if not book.usable:
            yield token, f"{book.state} {book.reason}"
        elif (book.venue_ms or 0) <= theirs["timestamp"] and book.depth_usable:
            bids, asks = ([tuple(level) for level in theirs[side]] for side in ("bids", "asks"))
            if (list(book.bids_ladder()), list(book.asks_ladder())) != (bids, asks):
                yield token, f"{book.venue_ms} was {theirs['timestamp']}"


def test_every_live_book_is_the_venues_in_the_end(soak: Soak) -> None:
    """After all faults every book is live again and equal to the venue's, level by level."""
    assert soak.never_equal == {}
    assert soak.live_tokens >= 400


def test_no_gate_stays_shut(soak: Soak) -> None:
    """When all is healed, every outcome in play may carry a signal again."""
    gates = {
        side.gate
        for join in soak.night.joins.values()
        if join.state is not None and join.state.phase == "in"
        for side in join.sides.values()
        if side.rules.market_id not in join.books.resolved
    }

    assert gates == {""}


def test_every_fault_was_applied(soak: Soak) -> None:
    """The night had what it promised: each kind of fault hit something, over three sockets."""
    wanted = {fault["kind"] for fault in tomllib.loads(FAULTS)["fault"]}
    links = {frame.source for frame in soak.frames if frame.source.startswith("polymarket:market")}

    assert {row["kind"] for row in soak.told["faults"]} == wanted
    assert len(links) == 3


def test_no_frame_is_missing_from_the_journal(soak: Soak) -> None:
    """What the flow saw is what the journal has, frame by frame."""
    assert list(read_frames(soak.journal)) == soak.frames


def test_a_disputed_score_shuts_the_gate_and_opens_it_again(soak: Soak) -> None:
    """While the venue told another score, games of that league could not signal."""
    disputed = {quote.league for quote in soak.night.quotes if quote.gate == "score_disputed"}
    rows = [row for row in soak.night.of(GameRow) if row.disputed]

    assert "nba" in disputed
    assert {row.league for row in rows} >= {"nba"}


def test_every_shut_row_says_why(soak: Soak) -> None:
    """No row has an unusable book without its state and its reason."""
    shut = [quote for quote in soak.night.quotes if quote.link not in {"live", "settling"}]

    assert [quote for quote in shut if not quote.link_reason] == []
    assert {quote.link for quote in shut} >= {"waiting", "down", "invalid", "doubt"}


def test_no_signal_came_from_a_book_that_is_not_trusted(soak: Soak) -> None:
    """Signals open and move on live books with open gates, whatever happens around them."""
    ticks = {(row.seq, row.token_id): row for row in soak.night.of(Tick)}
    signals = [row for row in soak.night.of(SignalRow) if row.transition != "close"]

    assert signals
    assert {row.link for row in signals} == {"live"}
    assert {ticks[row.seq, row.token_id].gate for row in signals} == {""}


def test_each_step_of_healing_is_on_record(soak: Soak) -> None:
    """Disconnects and resubscriptions are control frames, and REST was asked in doubt."""
    controls = Counter(
        type(decode_control(frame.payload)) for frame in soak.frames if frame.source == "control"
    )

    assert controls[Disconnected] >= 5
    assert controls[Resubscribed] >= 1
    assert {row.remedy for row in soak.night.of(Heal)} >= {"check", "resubscribe"}


def test_the_journal_of_such_a_night_replays_the_same(soak: Soak) -> None:
    """Even so, the journal gives the same rows again."""
    again = Night(soak.configured)
    again.follow(list(read_frames(soak.journal)))

    assert again.rows == soak.night.rows
    assert len(soak.night.of(GameRow)) > 50
