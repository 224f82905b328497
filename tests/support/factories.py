"""Small made-up values that many tests need: a game, its listing, its books."""

from __future__ import annotations

from typing import Any

import msgspec

from fusion.events import Scored, Stamp, Traded
from fusion.game import GameState, Team
from fusion.market import BookSnapshot, Level, MarketMessage
from fusion.quotes import PregameMids, Quote
from fusion.slate import FeeSchedule, MarketRules, SlateGame, SlateOutcome

START_NS = 1_795_000_000_000_000_000
SECOND = 1_000_000_000
GAME = "nba:401"
MARKET = "0xmoneyline"
HOME, AWAY = "1001", "1002"
LINK = "polymarket:market:0"


def state(**changes: Any) -> GameState:
    """Return a live NBA game in the third quarter, with `changes`."""
    game = GameState(
        game_id=GAME,
        league="nba",
        start_ns=START_NS,
        home=Team("1", "BOS", "Boston Celtics", ("Celtics", "Boston")),
        away=Team("2", "NY", "New York Knicks", ("Knicks", "New York")),
        phase="in",
        status="in_progress",
        completed=False,
        home_score=60,
        away_score=55,
        period=3,
        clock_s=400.0,
    )
    return msgspec.structs.replace(game, **changes)


def pregame(**changes: Any) -> GameState:
    """Return the same game before its start, with `changes`."""
    before = {"phase": "pre", "status": "scheduled", "period": 0, "clock_s": None}
    return state(**{**before, "home_score": 0, "away_score": 0, **changes})


def rules(**changes: Any) -> MarketRules:
    """Return the rules of the two-way market, with `changes`."""
    market = MarketRules(
        market_id=MARKET,
        slug="nba-nyk-bos-2026-11-18",
        token_ids=(AWAY, HOME),
        outcomes=("Knicks", "Celtics"),
        tick_size=100,
        min_order_size=5.0,
        fee=FeeSchedule(rate=0.05),
    )
    return msgspec.structs.replace(market, **changes)


def listing(**market: Any) -> SlateGame:
    """Return the game's two-way listing; `market` changes the rules of its market."""
    return SlateGame(
        game_id=GAME,
        league="nba",
        event_slug="nba-nyk-bos-2026-11-18",
        kind="two_way",
        start_ns=START_NS,
        home="Boston Celtics",
        away="New York Knicks",
        outcomes=(
            SlateOutcome("home", MARKET, "nba-nyk-bos-2026-11-18", HOME, AWAY, "Celtics"),
            SlateOutcome("away", MARKET, "nba-nyk-bos-2026-11-18", AWAY, HOME, "Knicks"),
        ),
        markets=(rules(**market),),
        evidence="names",
    )


def stamp(seq: int, *, at_s: float = 0.0, heard_s: float | None = None) -> Stamp:
    """Return the stamp of frame `seq`, `at_s` seconds into the game's evening.

    `heard_s` is when the link was last heard, the same moment where it is left out.
    """
    now = START_NS + round(at_s * SECOND)
    heard = now if heard_s is None else START_NS + round(heard_s * SECOND)
    return Stamp(seq, now, heard)


def book(token: str, bids: tuple[Level, ...], asks: tuple[Level, ...], ms: int = 1) -> BookSnapshot:
    """Return a snapshot of a token's book; levels best first, as people write them."""
    return BookSnapshot(MARKET, token, ms, tuple(reversed(bids)), tuple(reversed(asks)))


def shares(count: float) -> int:
    """Return a size as books keep it."""
    return round(count * 1_000_000)


def traded(at: Stamp, message: MarketMessage, link: str = LINK) -> Traded:
    """Return a market message as an event of the game."""
    return Traded(at, link, message)


def scored(at: Stamp, game: GameState) -> Scored:
    """Return a score as an event of the game."""
    return Scored(at, game)


def quote(seq: int = 1, **changes: Any) -> Quote:
    """Return a live quote of the home side at 39 to 40 cents, with `changes`."""
    made = Quote(
        seq=seq,
        recv_ns=stamp(seq, at_s=seq).recv_ns,
        venue_ms=7,
        date="2026-11-18",
        league="nba",
        game_id=GAME,
        cause="book",
        outcome=listing().outcomes[0],
        rules=rules(),
        state=state(),
        pregame=PregameMids(home=0.5, away=0.5),
        odds=None,
        bid=3_900,
        ask=4_000,
        bid_size=shares(10),
        ask_size=shares(500),
        ladder=((4_000, shares(500)),),
        leg="buy",
        link="live",
        link_reason="",
        gate="",
        score_age_s=1.0,
        book_age_s=0.5,
        lead_move=0.0,
    )
    return msgspec.structs.replace(made, **changes)
