"""What an evening is: its games, everything that will happen in them, and every book step.

Virtual times are milliseconds since the evening's virtual beginning. An `Evening` is a plain
value: the same seed and date give the same one, and the server only plays it out.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from fusion.game import Selection
from fusion.leagues import League
from fusion.market import Level, Side

Status = Literal[
    "scheduled",
    "in_progress",
    "end_period",
    "halftime",
    "first_half",
    "second_half",
    "full_time",
    "final",
]
Truth = tuple[float, float, float]
"""The true probabilities of home, draw and away; they sum to 1."""


class Scene(msgspec.Struct, frozen=True):
    """What stands on the field besides the score; None or 0 where the sport has no such thing.

    `yard_line` counts from the home goal line; `bases` is a bit mask 1/2/4 of first, second,
    third; `stoppage_min` are minutes of added time, 0 outside it.
    """

    possession: Literal["home", "away"] | None = None
    down: int | None = None
    distance: int | None = None
    yard_line: int | None = None
    home_timeouts: int = 3
    away_timeouts: int = 3
    outs: int = 0
    balls: int = 0
    strikes: int = 0
    bases: int = 0
    bottom: bool = False
    between_halves: bool = False
    home_reds: int = 0
    away_reds: int = 0
    stoppage_min: int = 0


class Moment(msgspec.Struct, frozen=True):
    """What is so from `at_ms` until the next moment of the game.

    `clock_s` are seconds left in the period, in soccer seconds played, 0 in baseball.
    """

    at_ms: int
    status: Status
    period: int
    clock_s: float
    home: int
    away: int
    truth: Truth
    scene: Scene = Scene()
    text: str = ""

    @property
    def over(self) -> bool:
        """Whether the result stands."""
        return self.status in ("final", "full_time")

    @property
    def live(self) -> bool:
        """Whether the game has started and is not over."""
        return self.status != "scheduled" and not self.over


class SideTeam(msgspec.Struct, frozen=True):
    """A team under the names both venues know it by."""

    espn_id: str
    espn_code: str
    location: str
    nickname: str
    code: str

    @property
    def name(self) -> str:
        """The full name; clubs of one name have no separate location."""
        return (
            self.location if self.nickname == self.location else f"{self.location} {self.nickname}"
        )


class LevelSet(msgspec.Struct, frozen=True):
    """The new total size of one level of the market's first token; 0 removes it."""

    side: Side
    price: int
    size: int


class Fill(msgspec.Struct, frozen=True):
    """A trade: a taker on token `index` buys (`bid`) or sells at `price` of that token."""

    index: int
    side: Side
    price: int
    size: int


class BookStep(msgspec.Struct, frozen=True):
    """One step of the matching engine: what changed in the book, and the trades that did it.

    `tick` is the new tick size where the step changes it.
    """

    at_ms: int
    levels: tuple[LevelSet, ...]
    fills: tuple[Fill, ...] = ()
    tick: int | None = None


class MarketPlan(msgspec.Struct, frozen=True):
    """One market: its identity as listed and its book steps in order of time.

    `pays` is the side of the game that the first token pays for, None for spreads and totals;
    their winner is `first_wins`. `bias` is the makers' persistent error in dollars.
    """

    number: int
    condition_id: str
    question_id: str
    token_ids: tuple[str, str]
    slug: str
    question: str
    outcomes: tuple[str, str]
    group_title: str
    market_type: str
    line: float | None
    tick: int
    neg_risk: bool
    pays: Selection | None
    first_wins: bool
    bias: float
    opening: tuple[tuple[Level, ...], tuple[Level, ...]]
    steps: tuple[BookStep, ...]


class Listing(msgspec.Struct, frozen=True):
    """One event of the venue: a game, or the companion that holds more of its markets."""

    event_id: int
    slug: str
    title: str
    neg_risk_id: str
    markets: tuple[MarketPlan, ...]


class GamePlan(msgspec.Struct, frozen=True):
    """One game: who plays, everything that happens, and the venue's events for it.

    `delay_ms` is how far the scoreboard lags the game; `resolve_ms` when its markets resolve.
    """

    league: League
    espn_id: str
    venue_id: int
    home: SideTeam
    away: SideTeam
    start_ms: int
    delay_ms: int
    resolve_ms: int
    moments: tuple[Moment, ...]
    listings: tuple[Listing, ...]

    @property
    def key(self) -> str:
        """The game's id in the house's own terms."""
        return f"{self.league.key}:{self.espn_id}"

    @property
    def final(self) -> Moment:
        """The last moment."""
        return self.moments[-1]


class Evening(msgspec.Struct, frozen=True):
    """A whole evening. `begin_ms` is its virtual beginning as Unix milliseconds, UTC."""

    seed: int
    date: str
    begin_ms: int
    games: tuple[GamePlan, ...]
    end_ms: int
