"""Which rows of a replay are kept: from a moment on, of some games.

All frames before are folded all the same, as slate, books and scores stand on them; so what is
kept is, row by row, what the whole replay gives.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta

import msgspec

from flows.steps import GameItem
from fusion.days import NS_PER_HOUR
from fusion.frames import NS_PER_S
from fusion.rows import DeadLetter, Row, SlateRow

Keep = Callable[[str, Row | GameItem], bool]
"""Tells of a game's id, and of what is of that game, whether it is to reach the sinks."""

_OF_THE_DAY = re.compile(r"\d{1,2}:\d{2}(:\d{2})?")
_DAY = timedelta(days=1)


class Window(msgspec.Struct, frozen=True):
    """What is kept of a replay; everything unless something is said.

    Rows of frames received from `from_ns` on are kept; no frame of `until_ns` or later is read.
    `games` are game ids, or leagues with a colon (`nba:`). What belongs to no game, a dead letter
    or a refused listing, is kept with the whole of its league.
    """

    from_ns: int | None = None
    until_ns: int | None = None
    games: frozenset[str] = frozenset()

    def keeps_all(self) -> bool:
        """Tell whether every row is kept that the frames give."""
        return self.from_ns is None and not self.games

    def keeps(self, game_id: str, row: Row | GameItem) -> bool:
        """Tell whether a row is kept that belongs to a game, or to none."""
        if self.from_ns is not None and row.recv_ns < self.from_ns:
            return False
        if not self.games:
            return True
        if isinstance(row, DeadLetter):
            return f"{row.league}:" in self.games
        if isinstance(row, SlateRow):
            game_id = row.game_id or f"{row.league}:"
        league, colon, _ = game_id.partition(":")
        return game_id in self.games or league + colon in self.games


def parse_moment(text: str, first_ns: int) -> int:
    """Return a moment in UTC nanoseconds: ISO 8601, or a time of the night as `HH:MM[:SS]`.

    A time without a zone is UTC. One without a day is of the night that begins with the frame
    received at `first_ns`: the first such moment that is not more than an hour before that.

    Raises:
        ValueError: it is neither; the message says what is expected.
    """
    try:
        if _OF_THE_DAY.fullmatch(text):
            hour, colon, rest = text.partition(":")
            return _of_the_night(time.fromisoformat(hour.zfill(2) + colon + rest), first_ns)
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        msg = f"a time is ISO 8601, or HH:MM in UTC, was {text!r}"
        raise ValueError(msg) from error
    return _to_ns(moment if moment.tzinfo else moment.replace(tzinfo=UTC))


def _of_the_night(clock: time, first_ns: int) -> int:
    earliest_ns = first_ns - NS_PER_HOUR
    day = datetime.fromtimestamp(earliest_ns // NS_PER_S, UTC).date()
    moment = datetime.combine(day, clock, UTC)
    return _to_ns(moment if _to_ns(moment) >= earliest_ns else moment + _DAY)


def _to_ns(moment: datetime) -> int:
    return (moment - datetime.fromtimestamp(0, UTC)) // timedelta(microseconds=1) * 1000
