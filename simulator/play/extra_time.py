"""What follows a level cup tie: extra time of two quarters of an hour, then penalties.

The three markets of a match settle on its 90 minutes, so that their truth stands already; the
scoreboard plays on under names of its own. In a shootout ESPN's clock goes back to `120'`, the
score stays level and the penalties are counted beside it.
"""

from __future__ import annotations

import msgspec
import numpy as np

from simulator.plan import Moment, Scene, Status

MINUTE_S = 60.0
REGULATION_MIN, QUARTER_MIN = 90, 15
TICK_MS, KICK_MS = 60_000, 45_000
REST_MS, TURN_MS, SHOOTOUT_MS = 5 * 60_000, 2 * 60_000, 4 * 60_000
KICKS = 5
SCORED = 0.76


def play_extra_time(
    rng: np.random.Generator, level: Moment, chances: tuple[float, float]
) -> tuple[Moment, ...]:
    """Return what follows the end of regulation time.

    `level` is the moment that ended it, and `chances` are home's and away's chances of a goal in
    a minute; both reds and the truth stay those of `level`.
    """
    extra = _ExtraTime(rng, level, chances)
    extra.quarter(3)
    extra.tell("halftime_et", 3, QUARTER_MIN + extra.stoppage, "Whistle")
    extra.now += TURN_MS
    extra.quarter(4)
    if extra.score[0] == extra.score[1]:
        extra.shootout()
    else:
        extra.tell("final_aet", 4, 2 * QUARTER_MIN + extra.stoppage, "Whistle")
    return tuple(extra.moments)


class _ExtraTime:
    """Writes extra time down, minute by minute and kick by kick."""

    def __init__(
        self, rng: np.random.Generator, level: Moment, chances: tuple[float, float]
    ) -> None:
        self.rng, self.level, self.chances = rng, level, chances
        self.now = level.at_ms + REST_MS
        self.score = (level.home, level.away)
        self.stoppage = 0
        self.moments: list[Moment] = []

    def quarter(self, period: int) -> None:
        """Play a quarter of an hour and its added time; periods are 3 and 4."""
        begin = QUARTER_MIN * (period - 3)
        self.stoppage = int(self.rng.integers(1, 4))
        self.tell("overtime", period, begin, "Kickoff")
        for minute in range(1, QUARTER_MIN + self.stoppage + 1):
            self.now += int(TICK_MS * self.rng.uniform(0.9, 1.1))
            point = self.rng.random()
            home = point < self.chances[0]
            away = not home and point < sum(self.chances)
            self.score = (self.score[0] + home, self.score[1] + away)
            text = "home" if home else "away" if away else ""
            self.tell("overtime", period, begin + minute, text)
        self.now += 5_000

    def shootout(self) -> None:
        """Take penalties, five each, then one each until they differ."""
        self.now += SHOOTOUT_MS
        scored = [0, 0]
        self._count("shootout", scored)
        kicks = 0
        while not _is_decided(scored, kicks):
            self.now += int(KICK_MS * self.rng.uniform(0.8, 1.2))
            scored[kicks % 2] += int(self.rng.random() < SCORED)
            kicks += 1
            self._count("shootout", scored)
        self.now += 20_000
        self._count("final_pen", scored)

    def tell(self, status: Status, period: int, minute: int, text: str) -> None:
        """Write the moment that is so many minutes into extra time."""
        regular = min(minute, QUARTER_MIN * (period - 2))
        self._write(status, period, regular, text, stoppage_min=minute - regular)

    def _count(self, status: Status, scored: list[int]) -> None:
        home, away = scored
        self._write(status, 5, 2 * QUARTER_MIN, "Shootout", home_shootout=home, away_shootout=away)

    def _write(self, status: Status, period: int, minute: int, text: str, **scene: int) -> None:
        calm = Scene(home_reds=self.level.scene.home_reds, away_reds=self.level.scene.away_reds)
        self.moments.append(
            Moment(
                self.now,
                status,
                period,
                (REGULATION_MIN + minute) * MINUTE_S,
                *self.score,
                self.level.truth,
                msgspec.structs.replace(calm, **scene),
                text,
            )
        )


def _is_decided(scored: list[int], kicks: int) -> bool:
    """Return whether nobody can catch up any more; home kicks first."""
    home, away = scored
    if kicks >= 2 * KICKS:
        return kicks % 2 == 0 and home != away
    home_left, away_left = KICKS - (kicks + 1) // 2, KICKS - kicks // 2
    return home > away + away_left or away > home + home_left
