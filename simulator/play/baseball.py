"""A baseball game pitch by pitch, over the exact chain of `innings`."""

from __future__ import annotations

import numpy as np

from simulator.plan import Moment, Scene
from simulator.play.innings import GHOST, INNINGS, Batting, InningsChain, advance

PITCH_MS = 24_000
BREAK_MS = 120_000


class BaseballGame:
    """One game: two bats, the probabilities of every state, and the dice."""

    def __init__(self, home: float, away: float) -> None:
        self.home, self.away = Batting(home), Batting(away)
        self.chain = InningsChain(self.home, self.away)

    def play(self, rng: np.random.Generator, start_ms: int) -> tuple[Moment, ...]:
        """Return everything that happens, from the listing to the final."""
        start = self.chain.home_win(1, bottom=False, outs=0, bases=0, margin=0)
        first = Moment(0, "scheduled", 1, 0.0, 0, 0, (start, 0.0, 1.0 - start))
        scorer = _Scorer(self.chain, rng, start_ms, [first])
        while not scorer.over:
            scorer.half(self.home if scorer.bottom else self.away)
        home, away = scorer.home, scorer.away
        won = (1.0, 0.0, 0.0) if home > away else (0.0, 0.0, 1.0)
        final = Moment(scorer.now + 20_000, "final", scorer.inning, 0.0, home, away, won)
        return (*scorer.moments, final)


class _Scorer:
    """Writes a game down, half inning by half inning."""

    def __init__(
        self, chain: InningsChain, rng: np.random.Generator, now: int, moments: list[Moment]
    ) -> None:
        self.chain, self.rng, self.now, self.moments = chain, rng, now, moments
        self.inning, self.bottom, self.over = 1, False, False
        self.home, self.away = 0, 0
        self.outs, self.bases = 0, 0

    def half(self, bat: Batting) -> None:
        """Play the half inning that is up."""
        self.outs, self.bases = 0, GHOST if self.inning > INNINGS else 0
        self._tell("Play Ball")
        while self.outs < 3 and not self._walked_off():
            self._appear(bat)
        self.over = self._walked_off() or (
            self.inning >= INNINGS
            and (self.home != self.away if self.bottom else self.home > self.away)
        )
        if not self.over:
            self.now += 4_000
            self._between()
            self.now += BREAK_MS
            self.inning, self.bottom = self.inning + self.bottom, not self.bottom

    def _walked_off(self) -> bool:
        return self.bottom and self.inning >= INNINGS and self.home > self.away

    def _appear(self, bat: Batting) -> None:
        """Play one plate appearance; balls and strikes say nothing about how it ends."""
        balls = strikes = 0
        for _ in range(int(self.rng.integers(1, 5))):
            self._wait()
            if self.rng.random() < 0.45 and balls < 3:
                balls += 1
            elif strikes < 2:
                strikes += 1
            self._tell("Pitch", balls, strikes)
        self._wait()
        hit = bat.draw(self.rng)
        if hit == "out":
            self.outs += 1
            # ESPN shows the third out as two outs and a last strike until the sides change.
            self._tell("Out", balls, 3 if self.outs == 3 else 0)
            return
        self.bases, runs = advance(self.bases, hit)
        if self.bottom:
            self.home += runs
        else:
            self.away += runs
        self._tell(hit.capitalize())

    def _wait(self) -> None:
        self.now += int(self.rng.gamma(4.0, PITCH_MS / 4.0)) + 1

    def _tell(self, text: str, balls: int = 0, strikes: int = 0) -> None:
        scene = Scene(
            outs=min(self.outs, 2),
            balls=balls,
            strikes=strikes,
            bases=self.bases,
            bottom=self.bottom,
        )
        self._write(scene, text)

    def _between(self) -> None:
        scene = Scene(bottom=self.bottom, between_halves=True)
        self._write(scene, f"{'End' if self.bottom else 'Middle'} of the inning")

    def _write(self, scene: Scene, text: str) -> None:
        win = self._home_win()
        self.moments.append(
            Moment(
                self.now,
                "in_progress",
                self.inning,
                0.0,
                self.home,
                self.away,
                (win, 0.0, 1.0 - win),
                scene,
                text,
            )
        )

    def _home_win(self) -> float:
        margin = self.home - self.away
        if self.outs < 3:
            return self.chain.home_win(
                self.inning, bottom=self.bottom, outs=self.outs, bases=self.bases, margin=margin
            )
        if self.inning >= INNINGS and (margin if self.bottom else margin > 0):
            return float(margin > 0)
        inning, bottom = self.inning + self.bottom, not self.bottom
        bases = GHOST if inning > INNINGS else 0
        return self.chain.home_win(inning, bottom=bottom, outs=0, bases=bases, margin=margin)
