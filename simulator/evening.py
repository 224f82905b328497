"""The seeded schedule: which games are played tonight, and the plan of each.

The evening begins at 18:50 US Eastern; the first games start ten virtual minutes later. Every
game has its own child of the seed, so that a change in one leaves the others as they are.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec
import numpy as np

from fusion.game import Selection
from fusion.leagues import LEAGUES, League
from simulator.listing import EASTERN, Face, first_wins, hex_id, titles, token_id
from simulator.maker import Curve, Window, plan_book, plan_quiet_book
from simulator.plan import Evening, GamePlan, Listing, MarketPlan, Moment, SideTeam
from simulator.play.strength import play
from simulator.teams import EXTRA_TEAMS, TEAMS

MINUTE_MS = 60_000
FINE_TICK, COARSE_TICK = 10, 100
FINE_SHARE = 0.25
BIASED_SHARE = 0.3
FIRST_EVENT, FIRST_GAME, FIRST_ESPN_ID = 700_000, 20_030_000, 401_900_000
MARKETS_A_GAME = 20
BEGIN = {"hour": 18, "minute": 50}
SCHEDULE: dict[str, tuple[int, ...]] = {
    "nba": (10, 40, 55),
    "ncaamb": (10, 20, 55),
    "nfl": (15, 25),
    "cfb": (10,),
    "nhl": (10, 15, 40),
    "mlb": (10, 15),
    "eng.1": (10, 10, 25),
}
"""League key to the starts of its games, in virtual minutes since the beginning."""

EXTRA_GAMES = sum(len(teams) // 2 for teams in EXTRA_TEAMS.values())
"""How many games can be added."""

EXTRA_STARTS = (10, 20, 30, 40)
"""When added games start, in turn, in virtual minutes since the beginning."""


class Slot(msgspec.Struct, frozen=True):
    """A place in the schedule: who plays when. `number` counts the games of the evening."""

    number: int
    league: League
    home: SideTeam
    away: SideTeam
    start_ms: int


def plan_evening(seed: int, date: str, extra_games: int = 0) -> Evening:
    """Return the evening of a seed on a US Eastern day (`YYYY-MM-DD`).

    `extra_games` more games, `EXTRA_GAMES` at most, are of other leagues and leave those of the
    schedule as they are.
    """
    begin = datetime.strptime(date, "%Y-%m-%d").replace(**BEGIN, tzinfo=EASTERN)
    root = np.random.default_rng(seed)
    times = [(key, start) for key, starts in SCHEDULE.items() for start in starts]
    children = root.spawn(len(times))
    decks = _shuffled(root, {key: TEAMS[key] for key in SCHEDULE}) | _shuffled(root, EXTRA_TEAMS)
    extra = [key for key, teams in EXTRA_TEAMS.items() for _ in teams[::2]][:extra_games]
    times += [(key, EXTRA_STARTS[n % len(EXTRA_STARTS)]) for n, key in enumerate(extra)]
    children += root.spawn(len(extra))
    games = []
    for number, ((key, start), rng) in enumerate(zip(times, children, strict=True)):
        home, away = decks[key].pop(), decks[key].pop()
        slot = Slot(number, LEAGUES[key], home, away, start * MINUTE_MS)
        games.append(_plan_game(slot, begin, rng))
    return Evening(
        seed=seed,
        date=date,
        begin_ms=round(begin.timestamp() * 1000),
        games=tuple(games),
        end_ms=max(game.resolve_ms for game in games),
    )


def _shuffled(
    rng: np.random.Generator, teams: dict[str, tuple[SideTeam, ...]]
) -> dict[str, list[SideTeam]]:
    return {
        key: [deck[index] for index in rng.permutation(len(deck))] for key, deck in teams.items()
    }


def _plan_game(slot: Slot, begin: datetime, rng: np.random.Generator) -> GamePlan:
    moments = play(slot.league, float(rng.uniform(0.2, 0.8)), slot.start_ms, rng)
    final_ms = moments[-1].at_ms
    window = Window(slot.start_ms, final_ms, final_ms + int(rng.uniform(5, 9) * MINUTE_MS))
    start = begin + timedelta(milliseconds=slot.start_ms)
    neg_risk_id = hex_id(rng)
    listings = []
    for part, title in enumerate(titles(slot.league, slot.home, slot.away, start, rng)):
        # All markets of an event share a tick; most of the venue's have the coarse one.
        tick = FINE_TICK if rng.random() < FINE_SHARE else COARSE_TICK
        first = MARKETS_A_GAME * slot.number + MARKETS_A_GAME // 2 * part
        markets = tuple(
            _plan_market(face, first + place, tick, moments, window, rng=rng)
            for place, face in enumerate(title.faces)
        )
        event_id = FIRST_EVENT + 10 * slot.number + part
        shared = neg_risk_id if markets[0].neg_risk else ""
        listings.append(Listing(event_id, title.slug, title.title, shared, markets))
    return GamePlan(
        league=slot.league,
        espn_id=str(FIRST_ESPN_ID + 37 * slot.number + int(rng.integers(30))),
        venue_id=FIRST_GAME + slot.number,
        home=slot.home,
        away=slot.away,
        start_ms=slot.start_ms,
        delay_ms=int(rng.uniform(8_000, 20_000)),
        resolve_ms=window.resolve_ms,
        moments=moments,
        listings=tuple(listings),
    )


def _plan_market(
    face: Face,
    number: int,
    tick: int,
    moments: tuple[Moment, ...],
    window: Window,
    *,
    rng: np.random.Generator,
) -> MarketPlan:
    strong = rng.random() < BIASED_SHARE
    bias = float(rng.uniform(0.03, 0.05) * rng.choice((-1, 1))) if strong else 0.0
    if face.pays is None:
        bias = 0.0
        opening, steps = plan_quiet_book(rng, window, tick)
    else:
        opening, steps = plan_book(rng, _curve(face.pays, moments), window, tick, bias)
    return MarketPlan(
        number=number,
        condition_id=hex_id(rng),
        question_id=hex_id(rng),
        token_ids=(token_id(rng), token_id(rng)),
        slug=face.slug,
        question=face.question,
        outcomes=face.outcomes,
        group_title=face.group_title,
        market_type=face.market_type,
        line=face.line,
        tick=tick,
        neg_risk=face.neg_risk,
        pays=face.pays,
        first_wins=first_wins(face, moments[-1].home, moments[-1].away),
        bias=bias,
        opening=opening,
        steps=steps,
    )


def _curve(pays: Selection, moments: tuple[Moment, ...]) -> Curve:
    """Return the truth of a market's first token."""
    column = ("home", "draw", "away").index(pays)
    return Curve(
        np.array([moment.at_ms for moment in moments], np.int64),
        np.array([moment.truth[column] for moment in moments]),
    )
