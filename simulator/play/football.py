"""A football game down by down, over the exact chain of `drives`.

Overtime is sudden death after a toss, or, among colleges, that of `college_overtime`.
"""

from __future__ import annotations

import msgspec
import numpy as np

from simulator.plan import Moment, Scene, Status, Truth
from simulator.play.college_overtime import CollegeOvertime
from simulator.play.drives import (
    EXTRA_POINT,
    HALF,
    KICKOFF_ZONE,
    PERIOD_S,
    PERIODS,
    SERIES,
    TOTAL,
    DriveChain,
    Outcome,
    all_ways,
)

SERIES_MS = 126_000
SCORE_MS = 45_000
BREAK_MS = 120_000
HALF_MS = 13 * 60_000
OVERTIME_S = 600.0
DOWNS = 3
"""Downs shown of a series; the last one tells how it ends."""


class FootballGame:
    """One game: the probabilities of every state and the dice; `receiver` gets the kick-off."""

    def __init__(self, tilt: float, receiver: int, *, college: bool = False) -> None:
        self.overtime = CollegeOvertime(all_ways(tilt)) if college else None
        level = self.overtime.level if self.overtime else None
        self.chain = DriveChain(tilt, receiver, level)

    def play(self, rng: np.random.Generator, start_ms: int) -> tuple[Moment, ...]:
        """Return everything that happens, from the listing to the final."""
        start = self.chain.home_win(0, self.chain.receiver, KICKOFF_ZONE, 0)
        first = Moment(0, "scheduled", 0, 0.0, 0, 0, (start, 0.0, 1.0 - start))
        drive = _Drive(self.chain, rng, start_ms, [first])
        for series in range(TOTAL):
            if series % SERIES == 0:
                drive.open_quarter(series)
            drive.play_series()
        if self.overtime and drive.scores[0] == drive.scores[1]:
            drive.play_college(self.overtime)
        while drive.scores[0] == drive.scores[1]:
            if (drive.series - TOTAL) % SERIES == 0:
                drive.open_overtime()
            drive.play_series()
        home, away = drive.scores
        won = (1.0, 0.0, 0.0) if home > away else (0.0, 0.0, 1.0)
        period = drive.moments[-1].period
        final = Moment(drive.now + 15_000, "final", period, 0.0, home, away, won, text="End Game")
        return (*drive.moments, final)


class _Drive:
    """Writes a game down, series by series."""

    def __init__(
        self, chain: DriveChain, rng: np.random.Generator, now: int, moments: list[Moment]
    ) -> None:
        self.chain, self.rng, self.now, self.moments = chain, rng, now, moments
        self.series = 0
        self.side, self.zone = chain.receiver, KICKOFF_ZONE
        self.scores = [0, 0]
        self.timeouts = [3, 3]

    def open_quarter(self, series: int) -> None:
        """Take the break before a quarter, and the kick-off after the half."""
        if series:
            self._pause("halftime" if series == HALF else "end_period", series // SERIES)
            self.now += HALF_MS if series == HALF else BREAK_MS
        if series == HALF:
            self.side, self.zone = 1 - self.chain.receiver, KICKOFF_ZONE
            self.timeouts = [3, 3]
        if series in (0, HALF):
            self._tell(0.0, Scene(), "Kickoff")

    def open_overtime(self) -> None:
        """Take the break before an overtime; the first one starts with a coin toss."""
        self._pause("end_period", PERIODS + (self.series - TOTAL) // SERIES)
        self.now += BREAK_MS
        if self.series == TOTAL:
            self.side, self.zone = int(self.rng.integers(2)), KICKOFF_ZONE
            self._tell(0.0, Scene(), "Kickoff")

    def play_college(self, overtime: CollegeOvertime) -> None:
        """Play the overtime of colleges to its end."""
        self._pause("end_period", PERIODS)
        self.moments += overtime.play(self.rng, self.now, (self.scores[0], self.scores[1]))
        last = self.moments[-1]
        self.now, self.scores = last.at_ms, [last.home, last.away]

    def play_series(self) -> None:
        """Play one series of downs."""
        inside = int(self.rng.integers(1, 10))
        for down in range(1, DOWNS + 1):
            self._wait(SERIES_MS // DOWNS)
            if down < DOWNS:
                self._tell(down / DOWNS - 0.1, self._downs(down, inside), "Rush")
        way = self.chain.draw(self.rng, self.side, self.zone)
        self._use_timeout()
        self._end(way)

    def _end(self, way: Outcome) -> None:
        side, margin = self.side, self.scores[0] - self.scores[1]
        self.series += 1
        if not way.keeps:
            self.side = 1 - side
        self.zone = way.zone
        if way.kind == "Touchdown":
            # The six points and the kick come as two polls, and nobody knows the kick yet.
            self.scores[side] += 6
            seven, six = (self._win(margin + (-points if side else points)) for points in (7, 6))
            win = EXTRA_POINT * seven + (1 - EXTRA_POINT) * six
            self._tell(0.0, Scene(), way.kind, win)
            self._wait(SCORE_MS)
            self.scores[side] += way.points - 6
            self._tell(
                0.0, Scene(), "Extra Point Good" if way.points == 7 else "Extra Point Missed"
            )
            return
        self.scores[side] += way.points
        scene = Scene() if way.points else self._downs(1, 5)
        self._tell(0.0, scene, way.kind)

    def _wait(self, mean_ms: int) -> None:
        self.now += int(self.rng.gamma(4.0, mean_ms / 4.0)) + 1

    def _use_timeout(self) -> None:
        late = self.series < TOTAL and self.series % HALF >= HALF - 4
        team = int(self.rng.integers(2))
        if self.rng.random() < 0.35 and late and self.timeouts[team]:
            self.timeouts[team] -= 1

    def _downs(self, down: int, inside: int) -> Scene:
        """Return the scene of a down; where it stands says nothing about how it ends."""
        to_goal = max(10 * self.zone - inside - 2 * (down - 1), 1)
        home = self.side == 0
        return Scene(
            possession="home" if home else "away",
            down=down,
            distance=min(10 - 2 * (down - 1), to_goal),
            yard_line=100 - to_goal if home else to_goal,
            home_timeouts=self.timeouts[0],
            away_timeouts=self.timeouts[1],
        )

    def _win(self, margin: int) -> float:
        if self.series < TOTAL or (self.series == TOTAL and self.moments[-1].period <= PERIODS):
            return self.chain.home_win(self.series, self.side, self.zone, margin)
        if margin:
            return float(margin > 0)
        return self.chain.sudden[self.side, self.zone]

    def _tell(self, into: float, scene: Scene, text: str, win: float | None = None) -> None:
        """Write a moment `into` the series that is on (0 to 1)."""
        # What ends a series on the last second of a period still belongs to that period.
        ended = into == 0.0 and self.series % SERIES == 0 and text != "Kickoff"
        number = self.series // SERIES - (1 if ended and self.series else 0)
        length_s = PERIOD_S if number < PERIODS else OVERTIME_S
        share = (self.series + into) / SERIES - number
        clock_s = float(round(length_s * max(1.0 - share, 0.0)))
        if win is None:
            win = self._win(self.scores[0] - self.scores[1])
        self._write(
            Moment(self.now, "in_progress", number + 1, clock_s, 0, 0, _two(win), scene, text)
        )

    def _pause(self, status: Status, period: int) -> None:
        self.now += 4_000
        win = self._win(self.scores[0] - self.scores[1])
        self._write(Moment(self.now, status, period, 0.0, 0, 0, _two(win), text="End Period"))

    def _write(self, moment: Moment) -> None:
        """Write a moment down with the score as it stands."""
        home, away = self.scores
        self.moments.append(msgspec.structs.replace(moment, home=home, away=away))


def _two(win: float) -> Truth:
    return (win, 0.0, 1.0 - win)
