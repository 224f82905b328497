"""What a league is: where ESPN keeps it, how its clock runs, what Polymarket calls it."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

Sport = Literal["basketball", "football", "hockey", "baseball", "soccer", "tennis", "mma"]
TEAM_SPORTS: frozenset[Sport] = frozenset(
    {"basketball", "football", "hockey", "baseball", "soccer"}
)

Clock = Literal["down", "up", "innings", "sets", "rounds"]
ModelFamily = Literal["basketball", "football", "hockey", "baseball", "soccer", "tennis", ""]
Code = Annotated[str, Meta(pattern=r"^[a-z0-9-]+$")]
Digits = Annotated[str, Meta(pattern=r"^[0-9]*$")]
Month = Annotated[int, Meta(ge=1, le=12)]
Pace = Annotated[float, Meta(gt=0, le=3600)]

MAX_LIMIT = 500
"""ESPN answers a `limit` above this with 25 games and says nothing (measured in August 2026)."""

_CLOCK_OF_MODEL: dict[ModelFamily, Clock] = {
    "basketball": "down",
    "football": "down",
    "hockey": "down",
    "baseball": "innings",
    "soccer": "up",
    "tennis": "sets",
}


class League(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One league; `docs/leagues.md` tells what each field wants.

    `period_s` and `overtime_s` are seconds of play; `periods` those of regulation time. `tag` and
    `more_tags` are Polymarket's own tags of the league, best first; `polymarket` is the code its
    slugs begin with, `polymarket_aliases` are codes it also used; `more_series` are series beside
    those that `/sports` names. `live_s`, `idle_s` and `quiet_s` are the pauses between polls where
    they are not as for all. `season` is the first and the last month with games, None for all
    year, empty where no month is sure to have any; `years` is a year with games and every how many
    years there are some. `default` tells whether a run without a list of leagues takes it.
    """

    key: Annotated[str, Meta(pattern=r"^[a-z][a-z0-9._-]*$")]
    name: str
    sport: Sport
    espn_path: Annotated[str, Meta(pattern=r"^[a-z-]+/[a-z0-9._-]+$")]
    clock: Clock
    periods: Annotated[int, Meta(ge=1)]
    period_s: Annotated[float, Meta(ge=0)]
    overtime_s: Annotated[float, Meta(ge=0)]
    polymarket: Code
    ordering: Literal["home", "away"]
    tag: Digits = ""
    three_way: bool = False
    espn_params: dict[str, str] = {}
    aliases: tuple[str, ...] = ()
    polymarket_aliases: tuple[Code, ...] = ()
    more_tags: tuple[Digits, ...] = ()
    more_series: tuple[Digits, ...] = ()
    model: ModelFamily = ""
    live_s: Pace | None = None
    idle_s: Pace | None = None
    quiet_s: Pace | None = None
    season: tuple[Month, ...] | None = None
    years: tuple[int, Annotated[int, Meta(ge=1)]] | None = None
    default: bool = True

    def __post_init__(self) -> None:
        """Check what the types cannot say; a decoder turns what is raised into its own error."""
        limit = self.espn_params.get("limit", "1")
        if not limit.isdecimal() or not 1 <= int(limit) <= MAX_LIMIT:
            msg = f"`espn_params.limit` must be from 1 to {MAX_LIMIT}, was {limit!r}: above, ESPN"
            msg += " answers with 25 games"
            raise ValueError(msg)
        if self.clock in {"down", "up"} and not self.period_s:
            msg = f"`period_s` must be above 0 for the clock {self.clock!r}, was {self.period_s}"
            raise ValueError(msg)
        if self.model not in {self.sport, ""}:
            msg = f'`model` must be that of the sport, {self.sport!r}, or "" for no fair price,'
            msg += f" was {self.model!r}"
            raise ValueError(msg)
        wanted = _CLOCK_OF_MODEL.get(self.model, self.clock)
        if self.clock != wanted:
            msg = f"`model` {self.model!r} reads the clock {wanted!r}, was {self.clock!r}; leave"
            msg += ' the model out as ""'
            raise ValueError(msg)
        if self.season and len(self.season) != 2:
            msg = f"`season` must be a first and a last month, was {list(self.season)}"
            raise ValueError(msg)

    @property
    def regulation_s(self) -> float:
        """Seconds of play in regulation time; 0 where the sport has no clock."""
        return self.periods * self.period_s

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes Polymarket's slugs may begin with, the one in use first."""
        return (self.polymarket, *self.polymarket_aliases)

    @property
    def tags(self) -> tuple[str, ...]:
        """Polymarket's own tags of the league, best first."""
        return tuple(tag for tag in (self.tag, *self.more_tags) if tag)


def in_season(league: League, day: date) -> bool:
    """Tell whether games of `league` are expected around `day`, so that none at all is a fault.

    It is an expectation by the month, never a reason not to ask: a cup has weeks without games
    and its months are not sure (`season = []`), a preseason has games nobody promised.
    """
    if league.season is not None and not league.season:
        return False
    first, last = league.season or (1, 12)
    wraps = first > last
    begun = day.year - 1 if wraps and day.month <= last else day.year
    if league.years is not None and (begun - league.years[0]) % league.years[1]:
        return False
    return day.month >= first or day.month <= last if wraps else first <= day.month <= last
