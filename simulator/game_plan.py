"""One game of the evening from its dice: the play, the venue's events for it, and their books."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec
import numpy as np

from fusion.game import Selection
from fusion.leagues import TEAM_SPORTS, League
from simulator.athlete_listing import athlete_titles
from simulator.espn_mma import WEIGHTS
from simulator.listing import Face, Title, first_wins, hex_id, titles, token_id
from simulator.maker import Curve, plan_book, plan_quiet_book
from simulator.plan import GamePlan, Listing, MarketPlan, Moment, SideTeam, result
from simulator.play.strength import play
from simulator.schedule import Booking
from simulator.story import MINUTE_MS, Story, tell

FINE_TICK, COARSE_TICK = 10, 100
FINE_SHARE = 0.25
BIASED_SHARE = 0.3
FIRST_EVENT, FIRST_GAME, FIRST_ESPN_ID = 700_000, 20_030_000, 401_900_000
MARKETS_A_GAME = 20
EVEN = (0.4, 0.6)
"""Strengths of games that are asked to come to something."""


class Slot(msgspec.Struct, frozen=True):
    """A place in the evening: what is booked, and who plays when.

    `number` counts the games of the evening and `place` orders their ESPN ids, which in a
    doubleheader are not those of the starts; `meeting` counts the games of the two teams.
    """

    number: int
    booking: Booking
    league: League
    home: SideTeam
    away: SideTeam
    start_ms: int
    place: int
    meeting: int = 1
    headline: str = ""


def plan_game(slot: Slot, begin: datetime, rng: np.random.Generator) -> GamePlan:
    """Return one game; `begin` is the beginning of the evening."""
    booking, league = slot.booking, slot.league
    best_of = booking.best_of or (0 if league.sport in TEAM_SPORTS else league.periods)
    strength = float(rng.uniform(*(EVEN if booking.wants else (0.2, 0.8))))
    played = play(
        league, strength, slot.start_ms, rng, wants=booking.wants, best_of=booking.best_of
    )
    story = tell(booking.fate, played, slot.start_ms, rng)
    start = begin + timedelta(milliseconds=slot.start_ms)
    espn_id = FIRST_ESPN_ID + 37 * slot.place + int(rng.integers(30))
    neg_risk_id = hex_id(rng)
    listings = []
    for part, title in enumerate(_titles(slot, start, rng, _weight(espn_id), best_of)):
        # All markets of an event share a tick; most of the venue's have the coarse one.
        tick = FINE_TICK if rng.random() < FINE_SHARE else COARSE_TICK
        first = MARKETS_A_GAME * slot.number + MARKETS_A_GAME // 2 * part
        markets = tuple(
            _plan_market(face, first + place, tick, story, rng)
            for place, face in enumerate(title.faces)
        )
        event_id = FIRST_EVENT + 10 * slot.number + part
        shared = neg_risk_id if markets[0].neg_risk else ""
        listings.append(Listing(event_id, title.slug, title.title, shared, markets))
    return GamePlan(
        league=league,
        espn_id=str(espn_id),
        venue_id=FIRST_GAME + slot.number,
        home=slot.home,
        away=slot.away,
        start_ms=slot.start_ms,
        delay_ms=int(rng.uniform(8_000, 20_000)),
        resolve_ms=story.resolve_ms,
        moments=story.moments,
        listings=tuple(listings),
        selected=booking.wants is not None,
        corrections=story.corrections,
        card=booking.card,
        best_of=best_of,
        headline=slot.headline,
    )


def start_after(game: GamePlan) -> int:
    """Return when the second game of a doubleheader starts, in virtual milliseconds."""
    five = 5 * MINUTE_MS
    return -(-(game.final.at_ms + 10 * MINUTE_MS) // five) * five


def _weight(espn_id: int) -> str:
    """Return the weight class that the scoreboard gives a bout of this id."""
    return list(WEIGHTS.values())[espn_id % len(WEIGHTS)]


def _titles(
    slot: Slot, start: datetime, rng: np.random.Generator, weight: str, best_of: int
) -> tuple[Title, ...]:
    if slot.league.sport in TEAM_SPORTS:
        return titles(slot.league, slot.home, slot.away, start, rng, meeting=slot.meeting)
    return athlete_titles(
        slot.league,
        slot.home,
        slot.away,
        start,
        rng,
        card=slot.booking.card,
        best_of=best_of,
        weight=weight,
    )


def _plan_market(
    face: Face, number: int, tick: int, story: Story, rng: np.random.Generator
) -> MarketPlan:
    strong = rng.random() < BIASED_SHARE
    bias = float(rng.uniform(0.03, 0.05) * rng.choice((-1, 1))) if strong else 0.0
    if face.pays is None:
        bias = 0.0
        opening, steps = plan_quiet_book(rng, story.window, tick)
    else:
        curve = _curve(face.pays, story.quoted)
        opening, steps = plan_book(rng, curve, story.window, tick, bias)
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
        first_wins=first_wins(face, story.moments),
        bias=bias,
        opening=opening,
        steps=story.stretched(steps),
        void=result(story.moments) is None,
    )


def _curve(pays: Selection, moments: tuple[Moment, ...]) -> Curve:
    """Return the truth of a market's first token."""
    column = ("home", "draw", "away").index(pays)
    return Curve(
        np.array([moment.at_ms for moment in moments], np.int64),
        np.array([moment.truth[column] for moment in moments]),
    )
