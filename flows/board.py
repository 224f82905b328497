"""The board: what a run has seen so far, for the progress display and the summary.

Counters are written by the worker's thread and read by others; every value is replaced whole.
"""

from __future__ import annotations

import time
from collections import Counter, deque
from collections.abc import Sequence
from functools import cache

import msgspec
from bytewax.outputs import DynamicSink, StatelessSinkPartition
from typing_extensions import override

from connectors.espn.status import is_known_status
from flows import metrics
from flows.truth import PricedAt, Truth
from fusion.errors import Refusal
from fusion.frames import (
    NS_PER_S,
    BudgetChanged,
    Control,
    Disconnected,
    Frame,
    Gap,
    NoGames,
    Reconnecting,
    Resubscribed,
    Suspicious,
    decode_control,
)
from fusion.game import Selection
from fusion.healing import Heal
from fusion.levels import LevelBatch
from fusion.rows import BookRow, DeadLetter, GameRow, Row, SignalRow, SlateRow, Tick

BoardItem = tuple[str, Row | LevelBatch | Heal]

# Prometheus checks the labels each time they are looked up, which takes longer than to count.
_frames_of = cache(metrics.FRAMES.labels)
_ticks_of = cache(metrics.TICKS.labels)

LATENCIES_KEPT = 100_000
PRICES_KEPT = 100_000


class GameLine(msgspec.Struct):
    """The last word on one game: its row, its latest ticks by outcome, its signals."""

    game: GameRow | None = None
    ticks: dict[Selection, Tick] = msgspec.field(default_factory=dict)
    opened: int = 0
    open_now: set[str] = msgspec.field(default_factory=set)


class Board:
    """What a run has seen. `measure_latency` is off in a replay, whose frames are of old.

    `drained` tells of each hub of this process whether it came to its end by itself, and not by a
    crash. `prices` are kept to be compared with the `truth` of a simulated evening. What was
    received before `since_ns`, which is now, was left by an earlier process and has no latency.
    """

    def __init__(self, *, measure_latency: bool, since_ns: int | None = None) -> None:
        self.measure_latency = measure_latency
        self.drained: dict[str, bool] = {}
        self._since_ns = time.time_ns() if since_ns is None else since_ns
        self.frames = 0
        self.dropped = 0
        self.ticks = 0
        self.held = 0
        self.signals: Counter[str] = Counter()
        self.dead_letters: Counter[str] = Counter()
        self.heals: Counter[str] = Counter()
        self.links: Counter[str] = Counter()
        self.budgets: dict[str, set[str]] = {}
        self.warnings: dict[str, str] = {}
        self.unknown_statuses: Counter[str] = Counter()
        self.refused: dict[str, str] = {}
        self.proofs: Counter[str] = Counter()
        self.prices: deque[PricedAt] = deque(maxlen=PRICES_KEPT)
        self.truth: Truth | None = None
        self.games: dict[str, GameLine] = {}
        self.signal_latencies_ns: deque[int] = deque(maxlen=LATENCIES_KEPT)
        self.tick_latencies_ns: deque[int] = deque(maxlen=LATENCIES_KEPT)

    def is_drained(self) -> bool:
        """Tell whether every hub of this process came to its end by itself."""
        return bool(self.drained) and all(self.drained.values())

    def lines(self) -> list[GameLine]:
        """Return the games as they are now; safe while another thread adds to them."""
        return list(self.games.values())

    def count_frames(self, frames: Sequence[Frame]) -> None:
        """Count frames that entered the flow."""
        self.frames += len(frames)
        for source, count in Counter(frame.source for frame in frames).items():
            _frames_of(source).inc(count)
        for frame in frames:
            if frame.source == "control":
                self._control(decode_control(frame.payload))

    def count(self, items: Sequence[BoardItem], now_ns: int) -> None:
        """Count rows that reached the sinks at `now_ns`."""
        causes: Counter[str] = Counter()
        for game_id, row in items:
            match row:
                case Tick():
                    causes[row.cause] += 1
                    self._tick(game_id, row, now_ns)
                case SignalRow():
                    self._signal(game_id, row, now_ns)
                case GameRow():
                    self._game(game_id, row)
                case SlateRow():
                    self._slate(row)
                case DeadLetter():
                    self.dead_letters[row.reason] += 1
                    metrics.DEAD_LETTERS.labels(row.reason).inc()
                case BookRow():
                    self._book(row)
                case Heal():
                    self.heals[row.remedy] += 1
                    metrics.HEALS.labels(row.remedy).inc()
        for cause, count in causes.items():
            _ticks_of(cause).inc(count)

    def _game(self, game_id: str, row: GameRow) -> None:
        self._line(game_id).game = row
        if not is_known_status(row.status):
            self.unknown_statuses[row.status] += 1
            metrics.UNKNOWN_STATUSES.labels(row.status).inc()

    def _slate(self, row: SlateRow) -> None:
        """Follow what is not matched now; a game is refused until its markets are listed."""
        self.refused.pop(row.game_id, None)
        self.refused.pop(row.event_slug, None)
        if row.reason:
            self.refused[row.game_id or row.event_slug] = row.reason

    def _warn(self, source: str, detail: str) -> None:
        self.warnings[source] = detail
        metrics.WARNINGS.labels(source).inc()

    def _control(self, control: Control | Refusal) -> None:
        match control:
            case Gap():
                self.dropped += control.dropped
            case Disconnected():
                self.links["disconnect"] += 1
            case Resubscribed():
                self.links["resubscription"] += control.tokens
            case Reconnecting():
                self.links["renewal"] += 1
            case Suspicious():
                self._warn(control.source, control.detail)
            case NoGames():
                self._warn(control.league, control.detail)
            case BudgetChanged() if control.state != "ok":
                self.budgets.setdefault(control.upstream, set()).add(control.state)
                metrics.BUDGETS.labels(control.upstream, control.state).inc()

    def _book(self, row: BookRow) -> None:
        self.proofs["declared best"] += row.declared_checked
        self.proofs["declared best wrong"] += row.declared_mismatches
        self.proofs["hash"] += row.hash_checked
        self.proofs["hash wrong"] += row.hash_checked - row.hash_matched
        self.proofs["REST"] += row.rest_checked
        self.proofs["REST wrong"] += row.rest_differed

    def _line(self, game_id: str) -> GameLine:
        line = self.games.get(game_id)
        if line is None:
            line = self.games[game_id] = GameLine()
        return line

    def _tick(self, game_id: str, row: Tick, now_ns: int) -> None:
        self.ticks += 1
        self.held += row.held
        self._line(game_id).ticks[row.outcome] = row
        is_timed = self.measure_latency and row.recv_ns >= self._since_ns
        if is_timed and row.cause in ("book", "score"):
            self.tick_latencies_ns.append(now_ns - row.recv_ns)
        if row.cause == "score" and row.state == "in" and row.fair is not None:
            self.prices.append(PricedAt(row.league, game_id, row.outcome, row.recv_ns, row.fair))

    def _signal(self, game_id: str, row: SignalRow, now_ns: int) -> None:
        self.signals[row.transition] += 1
        metrics.SIGNALS.labels(row.transition).inc()
        line = self._line(game_id)
        if row.transition == "open":
            line.opened += 1
            line.open_now.add(row.signal_id)
        elif row.transition == "close":
            line.open_now.discard(row.signal_id)
        if self.measure_latency and row.recv_ns >= self._since_ns:
            self.signal_latencies_ns.append(now_ns - row.recv_ns)
            metrics.SIGNAL_SECONDS.observe((now_ns - row.recv_ns) / NS_PER_S)


class _BoardPartition(StatelessSinkPartition[BoardItem]):
    def __init__(self, board: Board) -> None:
        self._board = board

    @override
    def write_batch(self, items: list[BoardItem]) -> None:
        self._board.count(items, time.time_ns())


class BoardSink(DynamicSink[BoardItem]):
    """Counts rows on a board of this process; nothing is kept, so nothing is recovered."""

    def __init__(self, board: Board) -> None:
        self._board = board

    @override
    def build(
        self, step_id: str, worker_index: int, worker_count: int
    ) -> StatelessSinkPartition[BoardItem]:
        return _BoardPartition(self._board)
