"""Which listed game is which game of ESPN, by their teams and starts: one to one, or not at all.

A link is a game and a listed game with at least one team in common. It becomes a pair where both
teams agree, the starts are near, and each is the other's nearest by a margin. Starts tell nothing
about pairs that are known by surnames alone: those must be the only ones.

A game that moved to another date keeps its event where that is certain: they were a pair before
one of the two was re-dated (the memory of the slate), or ESPN itself calls the game postponed in a
sport whose teams do not meet again at the same home within two months.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date

import msgspec

from fusion.athletes import is_of_athletes
from fusion.days import NS_PER_HOUR, slate_day
from fusion.game import GameState
from fusion.leagues import League
from fusion.listed_games import ListedGame
from fusion.roster import PairedTeams, Roster

WINDOW_NS = 6 * NS_PER_HOUR
NEAR_TIE_NS = NS_PER_HOUR // 2
"""Two candidates whose starts differ by less are not told apart by the start."""

DAY_GAP_NS = 24 * NS_PER_HOUR
"""The gap of a link of which only the day is known; more than any window."""

WEAK_GAP_NS = 2 * DAY_GAP_NS
"""The gap of all links by surnames alone: equal, so that two of them are never told apart."""

End = tuple[str, str]
"""`("game", <game id>)` or `("event", <event id>)`."""

_POSTPONED_NS = 60 * 24 * NS_PER_HOUR


class Link(msgspec.Struct, frozen=True):
    """A game and a listed game with a team in common.

    `paired` is None where the other team is not; `gap_ns` is None where the starts are too far
    apart. `plain` tells that the team in common is beyond doubt, `moved` that one of the two was
    re-dated and this may be the old date of the other, `kept` that they were a pair before;
    `successor` is the id of the game that replaces this one and has its event.
    """

    game: GameState
    listed: ListedGame
    paired: PairedTeams | None
    gap_ns: int | None
    plain: bool = False
    moved: bool = False
    kept: bool = False
    successor: str = ""

    @property
    def ends(self) -> tuple[End, End]:
        """The game's end, then the event's."""
        return ("game", self.game.game_id), ("event", self.listed.event.event_id)


class Pair(msgspec.Struct, frozen=True):
    """A game and a listed game that are one, or may be."""

    link: Link
    paired: PairedTeams
    gap_ns: int

    @property
    def ends(self) -> tuple[End, End]:
        """The two ends of its link."""
        return self.link.ends


def window_ns(league: League, default_ns: int = WINDOW_NS) -> int:
    """Return how far apart the two starts of one game of `league` may be.

    Baseball teams meet twice a day, three hours apart at the least, so a wider window could take
    the second game for the first. A tennis match follows whatever was on its court before, and
    is dated by the session; the bouts of a card are dated by the card or by its segment. Athletes
    do not meet twice within a day.
    """
    if league.sport == "baseball":
        return min(default_ns, 5 * NS_PER_HOUR // 2)
    if league.sport == "tennis":
        return max(default_ns, 18 * NS_PER_HOUR)
    if league.sport == "mma":
        return max(default_ns, 12 * NS_PER_HOUR)
    return default_ns


def links(
    roster: Roster,
    listed: list[ListedGame],
    default_ns: int = WINDOW_NS,
    known: Mapping[str, str] | None = None,
) -> list[Link]:
    """Return every game and listed game with a team in common.

    `known` is the memory: the slug of the event that each game id was last matched with.
    """
    known = known or {}
    found: list[Link] = []
    for one in listed:
        for game in roster.games_of(one.teams):
            paired = roster.pair(game, one.teams)
            gap = None if roster.is_lone_second(game) else _gap_ns(game, one, default_ns)
            moved = kept = False
            if gap is None and paired is not None:
                kept = known.get(game.game_id) == one.event.slug
                moved = kept or _may_have_moved(game, one, paired)
            plain = roster.plays(game, one.teams)
            found.append(Link(game, one, paired, gap, plain, moved, kept))
    return found


def nearest(links: list[Link]) -> tuple[list[Pair], list[Pair]]:
    """Return the pairs whose ends are each other's nearest by a margin, and those left open.

    A pair from before counts as if its starts agreed, unless the event has come to fit another
    game. Otherwise a game that moved to another date counts only where both ends are in no other
    pair.
    """
    pairs: list[Pair] = []
    kept: list[Pair] = []
    moved: list[Pair] = []
    for link in links:
        if link.paired is not None and link.gap_ns is not None:
            gap_ns = WEAK_GAP_NS if link.paired.weak else link.gap_ns
            pairs.append(Pair(link, link.paired, gap_ns))
        elif link.paired is not None and link.kept:
            kept.append(Pair(link, link.paired, 0))
        elif link.paired is not None and link.moved:
            moved.append(Pair(link, link.paired, DAY_GAP_NS))
    fits = {pair.ends[1] for pair in pairs}
    kept = [pair for pair in kept if pair.ends[1] not in fits]
    times = Counter(end for pair in pairs + kept + moved for end in pair.ends)
    left = pairs + kept + [pair for pair in moved if all(times[end] == 1 for end in pair.ends)]
    chosen: list[Pair] = []
    while True:
        at_end: dict[End, list[Pair]] = {}
        for pair in left:
            for end in pair.ends:
                at_end.setdefault(end, []).append(pair)
        found = [pair for pair in left if _is_nearest(pair, at_end)]
        if not found:
            return chosen, left
        chosen += found
        taken = {end for pair in found for end in pair.ends}
        left = [pair for pair in left if taken.isdisjoint(pair.ends)]


def _is_nearest(pair: Pair, at_end: dict[End, list[Pair]]) -> bool:
    return all(
        other is pair or other.gap_ns - pair.gap_ns >= NEAR_TIE_NS
        for end in pair.ends
        for other in at_end[end]
    )


def _gap_ns(game: GameState, listed: ListedGame, default_ns: int) -> int | None:
    """Return how far apart the starts are, or None where the game cannot be the same.

    Where one side knows the day only, the Eastern day must be the same (athletes, whose sessions
    are dated by the place, may be a day apart) and the gap is `DAY_GAP_NS`, so that a pair with
    known times is always nearer.
    """
    if listed.start_ns is None or not game.start_known:
        slack = 1 if is_of_athletes(listed.league) else 0
        days = _days_apart(slate_day(game.start_ns), listed.day)
        return DAY_GAP_NS if days is not None and days <= slack else None
    gap = abs(game.start_ns - listed.start_ns)
    return gap if gap <= window_ns(listed.league, default_ns) else None


def _days_apart(one: str, other: str) -> int | None:
    """Return the days between two days, or None where one of them is none."""
    try:
        return abs((date.fromisoformat(one) - date.fromisoformat(other)).days)
    except ValueError:
        return None


def _may_have_moved(game: GameState, listed: ListedGame, paired: PairedTeams) -> bool:
    """Tell whether `game` may be `listed` on another date.

    An event keeps its slug until the game is played, and for a while its date. Taken only where
    ESPN itself says postponed, in sports whose teams do not meet again at the same home within
    two months (baseball and basketball teams do, within days), with the same team at home on
    both sides and the event still open.
    """
    if game.status != "postponed" or listed.league.sport not in {"soccer", "football"}:
        return False
    if listed.event.closed or listed.event.ended or listed.start_ns is None:
        return False
    sides = paired.sides
    if (sides.home_listed.ordering, sides.away_listed.ordering) != ("home", "away"):
        return False
    return abs(game.start_ns - listed.start_ns) <= _POSTPONED_NS
