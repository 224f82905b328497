"""The two keyed steps as Bytewax sees them: shells around `GameJoin` and `SignalDesk`."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from typing import Any

from bytewax.operators import StatefulBatchLogic

from fusion.errors import FairlineError
from fusion.events import Event
from fusion.join import GameJoin, JoinRules
from fusion.quotes import Priced, Quote
from fusion.rows import GameRow, SignalRow, Tick
from fusion.signals import SignalDesk, SignalRules

GameItem = Tick | SignalRow | GameRow
RowItem = tuple[str, GameItem]
"""`(game_id, row)` as the sinks take it."""

SNAPSHOT_VERSION = 1
Snapshot = tuple[int, bytes]


def _restore(snapshot: Snapshot) -> Any:
    version, pickled = snapshot
    if version != SNAPSHOT_VERSION:
        msg = (
            f"the recovery store holds snapshots of version {version}, this Fairline reads "
            f"version {SNAPSHOT_VERSION}: run the Fairline that wrote it, or start with an empty "
            "recovery directory (the journal is kept)"
        )
        raise FairlineError(msg)
    return pickle.loads(pickled)  # noqa: S301  (our own recovery store)


class GamesLogic(StatefulBatchLogic[Event, Quote | GameRow, Snapshot]):
    """One game's join; what it restores holds no usable book, as frames may have been lost."""

    def __init__(self, join: GameJoin) -> None:
        self.join = join

    @classmethod
    def builder(cls, rules: JoinRules) -> Callable[[Snapshot | None], GamesLogic]:
        """Return the function Bytewax makes a game's logic with."""

        def build(snapshot: Snapshot | None) -> GamesLogic:
            if snapshot is None:
                return cls(GameJoin(rules))
            join: GameJoin = _restore(snapshot)
            join.rules = rules
            join.books.lose_frames()
            return cls(join)

        return build

    def on_batch(self, values: list[Event]) -> tuple[list[Quote | GameRow], bool]:
        """Fold the events one at a time."""
        return [row for event in values for row in self.join.on(event)], False

    def snapshot(self) -> Snapshot:
        """Return an immutable copy of the join."""
        return SNAPSHOT_VERSION, pickle.dumps(self.join)


class DecideLogic(StatefulBatchLogic[Priced | GameRow, GameItem, Snapshot]):
    """One game's signals."""

    def __init__(self, desk: SignalDesk) -> None:
        self.desk = desk

    @classmethod
    def builder(cls, rules: SignalRules) -> Callable[[Snapshot | None], DecideLogic]:
        """Return the function Bytewax makes a game's logic with."""

        def build(snapshot: Snapshot | None) -> DecideLogic:
            if snapshot is None:
                return cls(SignalDesk(rules))
            desk: SignalDesk = _restore(snapshot)
            desk.rules = rules
            return cls(desk)

        return build

    def on_batch(self, values: list[Priced | GameRow]) -> tuple[list[GameItem], bool]:
        """Fold the priced quotes one at a time; game rows pass."""
        rows: list[GameItem] = []
        for value in values:
            if isinstance(value, GameRow):
                rows.append(value)
            else:
                rows.extend(self.desk.on(value))
        return rows, False

    def snapshot(self) -> Snapshot:
        """Return an immutable copy of the desk."""
        return SNAPSHOT_VERSION, pickle.dumps(self.desk)
