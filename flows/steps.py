"""The two keyed steps as Bytewax sees them: shells around `GameJoin` and `SignalDesk`."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from typing import Any

from bytewax.operators import StatefulBatchLogic

from fusion.errors import FairlineError
from fusion.events import Event
from fusion.healing import Heal
from fusion.join import GameJoin, JoinRow, JoinRules
from fusion.quotes import Priced
from fusion.rows import BookRow, GameRow, SignalRow, Tick
from fusion.signals import SignalDesk, SignalRules

GameItem = Tick | SignalRow | GameRow | BookRow | Heal
RowItem = tuple[str, GameItem]
"""`(game_id, row)` as the sinks take it."""

SNAPSHOT_VERSION = 2
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


class GamesLogic(StatefulBatchLogic[Event, JoinRow, Snapshot]):
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
            join.restore(rules)
            return cls(join)

        return build

    def on_batch(self, values: list[Event]) -> tuple[list[JoinRow], bool]:
        """Fold the events one at a time."""
        return [row for event in values for row in self.join.on(event)], False

    def snapshot(self) -> Snapshot:
        """Return an immutable copy of the join."""
        return SNAPSHOT_VERSION, pickle.dumps(self.join)


class DecideLogic(StatefulBatchLogic[Priced | GameRow | BookRow | Heal, GameItem, Snapshot]):
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

    def on_batch(
        self, values: list[Priced | GameRow | BookRow | Heal]
    ) -> tuple[list[GameItem], bool]:
        """Fold the priced quotes one at a time; the other rows pass."""
        rows: list[GameItem] = []
        for value in values:
            if isinstance(value, Priced):
                rows.extend(self.desk.on(value))
            else:
                rows.append(value)
        return rows, False

    def snapshot(self) -> Snapshot:
        """Return an immutable copy of the desk."""
        return SNAPSHOT_VERSION, pickle.dumps(self.desk)
