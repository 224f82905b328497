"""What an evening is: its games, everything that will happen in them, and every book step.

Virtual times are milliseconds since the evening's virtual beginning. An `Evening` is a plain
value: the same seed and date give the same one, and the server only plays it out.

A side that plays alone (tennis, fights) is a `SideTeam` without a code, whose location and
nickname are both its full name. In tennis the scores are sets won and `period` is the set; in a
fight they are rounds won, which the scoreboard does not show, and `period` is the round. In both
only the truth tells who won.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from fusion.game import Selection, SetScore
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
    "end_of_regulation",
    "overtime",
    "halftime_et",
    "shootout",
    "final_aet",
    "final_pen",
    "fighters_walking",
    "in_progress_2",
    "end_of_round",
    "end_of_fight",
    "retired",
    "walkover",
    "rain_delay",
    "delayed",
    "suspended",
    "postponed",
    "canceled",
]
OVER = frozenset({"final", "full_time", "final_aet", "final_pen", "retired", "walkover"})
PAUSED = frozenset({"rain_delay", "delayed", "suspended"})
"""Play is interrupted; after `suspended` it does not go on tonight."""

NO_RESULT = frozenset({"postponed", "canceled", "suspended"})
"""Nothing more is played tonight, and nobody won."""

EXTRA_TIME = frozenset({"overtime", "halftime_et", "shootout", "final_aet", "final_pen"})
"""Soccer after its regulation time, which is what its three markets settle on."""

Wants = Literal["overtime", "shootout", "extra_innings", "tie_break", "retired", "walkover"]
"""What a game can be asked to come to. Such a game was chosen among its like, so that its truth,
exact as ever, is no longer calibrated."""

Truth = tuple[float, float, float]
"""The true probabilities of home, draw and away; they sum to 1."""


class Scene(msgspec.Struct, frozen=True):
    """What stands on the field besides the score; None or 0 where the sport has no such thing.

    `yard_line` counts from the home goal line; `bases` is a bit mask 1/2/4 of first, second,
    third; `stoppage_min` are minutes of added time, 0 outside it; the shootouts count penalties
    scored; `sets` are a tennis match's, the running one last, and `server` who serves; `advances`
    tells who goes on after a walkover, which the market venue pays to neither side.
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
    home_shootout: int | None = None
    away_shootout: int | None = None
    sets: tuple[SetScore, ...] = ()
    server: Literal["home", "away"] | None = None
    advances: Literal["home", "away"] | None = None


class Moment(msgspec.Struct, frozen=True):
    """What is so from `at_ms` until the next moment of the game.

    `clock_s` are seconds left in the period, in soccer seconds played, 0 in baseball and tennis,
    in a fight the number ESPN shows, whatever it counts. `truth` is that of the markets: after
    regulation time of soccer it is settled while play goes on.
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
        return self.status in OVER

    @property
    def live(self) -> bool:
        """Whether the game has started and goes on tonight."""
        return self.status != "scheduled" and self.status not in OVER | NO_RESULT


class Correction(msgspec.Struct, frozen=True):
    """A mistake of the scoreboard that it puts right itself.

    It is shown with the moments from `at_ms` on, which are those before `until_ms`; `home` and
    `away` are added to the scores, and `status`, where there is one, is shown instead.
    """

    at_ms: int
    until_ms: int
    home: int = 0
    away: int = 0
    status: Status | None = None


class SideTeam(msgspec.Struct, frozen=True):
    """A team, player or fighter under the names both venues know it by.

    `listed` is how the market venue spells the name where ESPN spells it otherwise; `country` a
    player's, as ESPN names it, with its three letters in `country_code`.
    """

    espn_id: str
    espn_code: str
    location: str
    nickname: str
    code: str
    listed: str = ""
    country: str = ""
    country_code: str = ""

    @property
    def name(self) -> str:
        """The full name; clubs of one name have no separate location."""
        return (
            self.location if self.nickname == self.location else f"{self.location} {self.nickname}"
        )

    @property
    def venue_name(self) -> str:
        """The full name as the market venue spells it."""
        return self.listed or self.name


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
    their winner is `first_wins`, unless the market is `void` and pays half for either token.
    `bias` is the makers' persistent error in dollars.
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
    void: bool = False


class Listing(msgspec.Struct, frozen=True):
    """One event of the venue: a game, or the companion that holds more of its markets."""

    event_id: int
    slug: str
    title: str
    neg_risk_id: str
    markets: tuple[MarketPlan, ...]


class GamePlan(msgspec.Struct, frozen=True):
    """One game: who plays, everything that happens, and the venue's events for it.

    `delay_ms` is how far the scoreboard lags the game; `resolve_ms` when its markets resolve, or
    where they stay open, when nothing happens any more.
    `selected` marks a game that was asked to come to something (`Wants`): leave it out of what
    measures calibration. `card` names the tournament or the fight card, `best_of` the most sets
    or rounds. `headline` is what the scoreboard notes of a game, such as a doubleheader.
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
    selected: bool = False
    corrections: tuple[Correction, ...] = ()
    card: str = ""
    best_of: int = 0
    headline: str = ""

    @property
    def key(self) -> str:
        """The game's id in the house's own terms."""
        return f"{self.league.key}:{self.espn_id}"

    @property
    def final(self) -> Moment:
        """The last moment."""
        return self.moments[-1]

    @property
    def settles(self) -> bool:
        """Whether its markets resolve tonight: not of a game that is still to be played."""
        return self.final.status not in ("postponed", "suspended")


class Evening(msgspec.Struct, frozen=True):
    """A whole evening. `begin_ms` is its virtual beginning as Unix milliseconds, UTC."""

    seed: int
    date: str
    begin_ms: int
    games: tuple[GamePlan, ...]
    end_ms: int


def result(moments: tuple[Moment, ...]) -> Selection | None:
    """Return what the markets of a game settle on, None where nobody is paid in full tonight.

    After a walkover, and after a game was cancelled, the venue pays a half to either side.
    """
    last = moments[-1]
    if not last.over:
        return None
    sides: tuple[Selection, ...] = ("home", "draw", "away")
    return next((side for side, won in zip(sides, last.truth, strict=True) if won == 1.0), None)


def settled_score(moments: tuple[Moment, ...]) -> tuple[int, int]:
    """Return the scores that spreads and totals settle on: in soccer those of 90 minutes."""
    regular = [moment for moment in moments if moment.status not in EXTRA_TIME]
    return regular[-1].home, regular[-1].away


def shown_moment(game: GamePlan, moment: Moment) -> Moment:
    """Return a moment of a game as the scoreboard shows it, its mistakes included."""
    for slip in game.corrections:
        if slip.at_ms <= moment.at_ms < slip.until_ms:
            return msgspec.structs.replace(
                moment,
                home=moment.home + slip.home,
                away=moment.away + slip.away,
                status=slip.status or moment.status,
            )
    return moment
