"""A second witness of the score: what the venue's own results socket says of a game.

Both sources are late, and not equally: in a game of many points they may never show the same
score at the same moment. So each is held against what the other showed before: they last agreed
when the one still showed what the other shows now. A dispute begins `dispute_s` seconds later.
It does not matter who leads: a scoreboard that stands still and a socket that does are disputed
alike, and a wrong score on either side is.

Only a told score disputes. A socket that is silent, down or gone proves nothing against ESPN.
"""

from __future__ import annotations

from collections import deque

import msgspec

from fusion.frames import NS_PER_S
from fusion.game import GameState

SPORTS_LINK = "polymarket:sports"
"""The socket of the venue's results: the source of its frames and the name of its link."""

REMEMBERED = 64
"""More scores than any game has within a dispute's seconds."""


class ToldScore(msgspec.Struct, frozen=True):
    """Where the venue says a game stands, in ESPN's home and away.

    In tennis `home` and `away` are the sets won; None where the score cannot be told. `period` is
    as told (`Q4`, `2H`, `S2`, `FT`). Where it is not known whose number comes first, the score is
    not `ordered` and either order will do. `venue_ms` is when the venue says it was so.
    """

    home: int | None
    away: int | None
    period: str = ""
    live: bool = True
    ended: bool = False
    ordered: bool = True
    venue_ms: int | None = None


class WitnessRules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """When the two sources are in dispute. Times in seconds.

    After `stale_s` a told score is no witness any more; unchanged ones are told again before.
    """

    dispute_s: float = 20.0
    stale_s: float = 300.0


class _Standing(msgspec.Struct, frozen=True):
    """What one source shows: its score and whether the game is over."""

    home: int | None
    away: int | None
    over: bool
    ordered: bool = True


class _Series:
    """What one source shows now and what it showed before, each with the time it ended."""

    def __init__(self) -> None:
        self.now: _Standing | None = None
        self._before: deque[tuple[int, _Standing]] = deque(maxlen=REMEMBERED)

    def show(self, standing: _Standing, now_ns: int) -> None:
        """Take over what is shown from `now_ns` on."""
        if self.now is not None and self.now != standing:
            self._before.append((now_ns, self.now))
        self.now = standing

    def clear(self) -> None:
        """Forget everything."""
        self.now = None
        self._before.clear()

    def had_until(self, other: _Standing) -> int:
        """Return when something that agrees with `other` was last shown before, 0 when never."""
        return max((until for until, each in self._before if _agree(each, other)), default=0)


class ScoreWitness:
    """ESPN's score of one game and the one that was told, held against each other."""

    def __init__(self, rules: WitnessRules) -> None:
        self.rules = rules
        self._told = _Series()
        self._shown = _Series()
        self._told_ns = 0
        self._venue_ms: int | None = None
        self._in_play = False
        self._agreed_ns = 0

    def see(self, told: ToldScore, now_ns: int) -> None:
        """Take over a told score; one that the venue dates before the last is ignored.

        Only the end is not, whose date is that of the game. A game that is neither live nor over
        has not been told of: the venue does not say that it is being played.
        """
        if not (told.live or told.ended) or self._is_stale(now_ns):
            self.withdraw()
        if not (told.live or told.ended) or (self._is_older(told) and not told.ended):
            return
        if self._told.now is None:
            self._agreed_ns = now_ns
        self._change(self._told, _Standing(told.home, told.away, told.ended, told.ordered), now_ns)
        self._told_ns = now_ns
        self._venue_ms = told.venue_ms or self._venue_ms

    def show(self, state: GameState, now_ns: int) -> None:
        """Take over a state of the scoreboard."""
        in_play = state.phase == "in"
        if in_play and not self._in_play:
            self._agreed_ns = now_ns
        self._in_play = in_play
        over = state.phase == "post"
        standing = _Standing(state.home_score, state.away_score, over)
        self._change(self._shown, standing, now_ns)

    def withdraw(self) -> None:
        """Forget what was told: its link is down, or it does not hold any more."""
        self._told.clear()
        self._venue_ms = None

    def told(self, now_ns: int) -> tuple[int | None, int | None]:
        """Return the told score of home and away; None where there is none that counts.

        One whose order is not known is given in the order that is nearer to the scoreboard's.
        """
        told, shown = self._told.now, self._shown.now
        if told is None or self._is_stale(now_ns):
            return None, None
        straight, turned = (told.home, told.away), (told.away, told.home)
        if told.ordered or shown is None:
            return straight
        return min(straight, turned, key=lambda score: _distance(score, shown))

    def disputed(self, now_ns: int) -> bool:
        """Tell whether the two have contradicted each other for too long, in play."""
        told, shown = self._told.now, self._shown.now
        if told is None or shown is None or not self._in_play or self._is_stale(now_ns):
            return False
        if _agree(told, shown):
            return False
        return now_ns - self._agreed_ns > self.rules.dispute_s * NS_PER_S

    def _change(self, series: _Series, standing: _Standing, now_ns: int) -> None:
        """Take over what one source shows, and note when the two last agreed."""
        told, shown = self._told.now, self._shown.now
        if told is not None and shown is not None and _agree(told, shown):
            self._agreed_ns = now_ns
        series.show(standing, now_ns)
        told, shown = self._told.now, self._shown.now
        if told is not None and shown is not None:
            untils = self._shown.had_until(told), self._told.had_until(shown)
            self._agreed_ns = max(self._agreed_ns, *untils)

    def _is_stale(self, now_ns: int) -> bool:
        return now_ns - self._told_ns > self.rules.stale_s * NS_PER_S

    def _is_older(self, told: ToldScore) -> bool:
        if told.venue_ms is None or self._venue_ms is None:
            return False
        return told.venue_ms < self._venue_ms


def _agree(one: _Standing, other: _Standing) -> bool:
    if one.over != other.over:
        return False
    if None in (one.home, one.away, other.home, other.away):
        return True
    if (one.home, one.away) == (other.home, other.away):
        return True
    either = not (one.ordered and other.ordered)
    return either and (one.home, one.away) == (other.away, other.home)


def _distance(score: tuple[int | None, int | None], shown: _Standing) -> int:
    pairs = zip(score, (shown.home, shown.away), strict=True)
    return sum(abs((mine or 0) - (theirs or 0)) for mine, theirs in pairs)
