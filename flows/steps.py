"""The two keyed steps as Bytewax sees them: shells around `GameJoin` and `SignalDesk`.

Their snapshots are exact: a game that is restored goes on as if the process had lived. The frames
that follow say what was lost, as the first frame of a process does.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable

from bytewax.operators import StatefulBatchLogic

from flows.snapshots import VERSION, check_version
from fusion.events import Ended, Event
from fusion.healing import Heal
from fusion.join import GameJoin, JoinRow, JoinRules, Passing
from fusion.levels import LevelBatch
from fusion.quotes import Priced
from fusion.rows import BookRow, GameRow, SignalRow, Tick
from fusion.signals import SignalDesk, SignalRules

GameItem = Tick | SignalRow | GameRow | BookRow | LevelBatch | Heal
RowItem = tuple[str, GameItem]
"""`(game_id, row)` as the sinks take it."""

Snapshot = tuple[int, bytes]


class GamesLogic(StatefulBatchLogic[Event, JoinRow, Snapshot]):
    """One game's join; its state is dropped when the game has been over for long."""

    def __init__(self, rules: JoinRules, join: GameJoin) -> None:
        self._rules = rules
        self.join = join

    @classmethod
    def builder(cls, rules: JoinRules) -> Callable[[Snapshot | None], GamesLogic]:
        """Return the function Bytewax makes a game's logic with."""

        def build(snapshot: Snapshot | None) -> GamesLogic:
            if snapshot is None:
                return cls(rules, GameJoin(rules))
            join: GameJoin = pickle.loads(check_version(snapshot))  # noqa: S301  (our own store)
            join.use(rules)
            return cls(rules, join)

        return build

    def on_batch(self, values: list[Event]) -> tuple[list[JoinRow], bool]:
        """Fold the events one at a time."""
        rows: list[JoinRow] = []
        for event in values:
            rows += self.join.on(event)
            if isinstance(event, Ended):
                self.join = GameJoin(self._rules)
        return rows, isinstance(values[-1], Ended)

    def snapshot(self) -> Snapshot:
        """Return an immutable copy of the join."""
        return VERSION, pickle.dumps(self.join)


class DecideLogic(StatefulBatchLogic[Priced | Passing, GameItem, Snapshot]):
    """One game's signals; they are dropped with the game."""

    def __init__(self, rules: SignalRules, desk: SignalDesk) -> None:
        self._rules = rules
        self.desk = desk

    @classmethod
    def builder(cls, rules: SignalRules) -> Callable[[Snapshot | None], DecideLogic]:
        """Return the function Bytewax makes a game's logic with."""

        def build(snapshot: Snapshot | None) -> DecideLogic:
            if snapshot is None:
                return cls(rules, SignalDesk(rules))
            desk: SignalDesk = pickle.loads(check_version(snapshot))  # noqa: S301  (our own store)
            desk.rules = rules
            return cls(rules, desk)

        return build

    def on_batch(self, values: list[Priced | Passing]) -> tuple[list[GameItem], bool]:
        """Fold the priced quotes one at a time; the other rows pass."""
        rows: list[GameItem] = []
        for value in values:
            if isinstance(value, Priced):
                rows += self.desk.on(value)
            elif isinstance(value, Ended):
                self.desk = SignalDesk(self._rules)
            else:
                rows.append(value)
        return rows, isinstance(values[-1], Ended)

    def snapshot(self) -> Snapshot:
        """Return an immutable copy of the desk."""
        return VERSION, pickle.dumps(self.desk)
