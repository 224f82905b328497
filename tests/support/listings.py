"""Games, events and markets for tests of the matcher, as short as they can be written."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from fusion.game import GameState, Team
from fusion.listing import ListedEvent, ListedMarket, ListedTeam
from fusion.slate import FeeSchedule, MarketRules, Slate

HOUR_NS = 3600 * 10**9
DAY_NS = 24 * HOUR_NS


def at(moment: str) -> int:
    """Return a time like `2026-03-12T19:00Z` in UTC nanoseconds."""
    return int(datetime.fromisoformat(moment).timestamp()) * 10**9


def side(name: str, *aliases: str, code: str = "") -> Team:
    """Return a team or an athlete; its id is its name, so that nobody is two."""
    return Team(f"id {name}", code, name, aliases)


def game(
    game_id: str, home: Team | str, away: Team | str, moment: str, **changes: Any
) -> GameState:
    """Return a game before its start; sides without aliases may be given by their names."""
    made = GameState(
        game_id=game_id,
        league=game_id.partition(":")[0],
        start_ns=at(moment),
        home=side(home) if isinstance(home, str) else home,
        away=side(away) if isinstance(away, str) else away,
        phase="pre",
        status="scheduled",
        completed=False,
        home_score=0,
        away_score=0,
        period=0,
        clock_s=None,
    )
    return msgspec.structs.replace(made, **changes)


def market(
    slug: str,
    outcomes: tuple[str, ...],
    kind: str | None = "moneyline",
    question: str = "",
    group_title: str = "",
) -> ListedMarket:
    """Return a market whose tokens are called after its slug and outcomes."""
    tokens = tuple(f"{slug}={outcome}" for outcome in outcomes)
    rules = MarketRules(f"0x{slug}", slug, tokens, outcomes, 10, 5.0, FeeSchedule())
    return ListedMarket(rules, question, group_title, kind)


def event(slug: str, title: str, moment: str | None, **changes: Any) -> ListedEvent:
    """Return an event as the venue lists it today, with the teams of its title unless given.

    Its markets are those its league has: one with two outcomes, or three of Yes and No.
    """
    code = slug.partition("-")[0]
    first, second = changes.pop("labels", None) or title.rpartition(": ")[2].split(" vs. ")
    codes = slug.split("-")[1:3]
    kind = changes.pop("kind", "moneyline")
    if changes.pop("three_way", code in {"epl", "lal", "ita", "ucl", "mls", "fifwc", "sea", "bun"}):
        both = f"{first} vs. {second}"
        markets = tuple(
            market(f"{slug}-{end}", ("Yes", "No"), kind, question, shown)
            for end, question, shown in (
                (codes[0], f"Will {first} win on 2026-03-12?", first),
                ("draw", f"Will {both} end in a draw?", f"Draw ({both})"),
                (codes[1], f"Will {second} win on 2026-03-12?", second),
            )
        )
    else:
        markets = (market(slug, (first, second), kind, title),)
    made = ListedEvent(
        event_id=slug,
        slug=slug,
        title=title,
        code=code,
        start_ns=None if moment is None else at(moment),
        event_date="",
        teams=(),
        markets=markets,
    )
    return msgspec.structs.replace(made, **changes)


def teams(first: str, second: str, home: str = "") -> tuple[ListedTeam, ListedTeam]:
    """Return two listed teams; `home` tells which of the two is at home, if that is listed."""
    if not home:
        return ListedTeam(first), ListedTeam(second)
    if home == first:
        return ListedTeam(first, ordering="home"), ListedTeam(second, ordering="away")
    return ListedTeam(first, ordering="away"), ListedTeam(second, ordering="home")


def matched(slate: Slate) -> dict[str, str]:
    """Return the event of each game."""
    return {game.game_id: game.event_slug for game in slate.games}


def labels(slate: Slate, game_id: str) -> dict[str, str]:
    """Return what the outcome of each side of a game is called."""
    (found,) = [game for game in slate.games if game.game_id == game_id]
    if found.kind == "three_way":
        return {one.selection: one.market_slug.rpartition("-")[2] for one in found.outcomes}
    return {one.selection: one.outcome for one in found.outcomes}


def reasons(slate: Slate) -> dict[str, str]:
    """Return why each game or event is in no pair."""
    return {one.game_id or one.event_slug: one.reason for one in slate.unmatched}
