"""Rows as the flow makes them, made up for tests."""

from __future__ import annotations

from typing import Any

import msgspec
from factories import AWAY, GAME, HOME, MARKET, START_NS

from fusion.rows import DeadLetter, GameRow, SignalRow, Tick

DAY = "2026-11-18"

TICK = Tick(
    seq=7,
    recv_ns=START_NS,
    venue_ms=1_795_000_000_001,
    date=DAY,
    league="nba",
    game_id=GAME,
    market_id=MARKET,
    token_id=HOME,
    outcome="home",
    cause="book",
    bid=0.59,
    ask=0.61,
    bid_size=500.0,
    ask_size=500.0,
    home_score=60,
    away_score=55,
    period=3,
    clock_s=400.0,
    state="in",
    status="in_progress",
    fair=0.7,
    fair_error=None,
    cost=0.62,
    fee=0.01,
    edge=0.08,
    lead_move=0.0,
    held=False,
    gate="",
    score_age_s=1.0,
    book_age_s=0.0,
    link="live",
    link_reason="",
    prior="market",
    model="brownian",
)
GAME_ROW = GameRow(
    seq=7,
    recv_ns=START_NS,
    date=DAY,
    league="nba",
    game_id=GAME,
    start_ns=START_NS,
    home="Boston Celtics",
    away="New York Knicks",
    state="in",
    status="in_progress",
    completed=False,
    home_score=60,
    away_score=55,
    period=3,
    clock_s=400.0,
    detail="6:40 - 3rd",
    winner=None,
    espn_home_win=None,
)
SIGNAL = SignalRow(
    signal_id="5f1d",
    transition="open",
    reason="score",
    seq=7,
    recv_ns=START_NS,
    venue_ms=1_795_000_000_001,
    date=DAY,
    league="nba",
    game_id=GAME,
    market_id=MARKET,
    token_id=HOME,
    outcome="home",
    leg=f"sell {AWAY}",
    delay_s=3,
    fair=0.7,
    fair_error=None,
    cost=0.62,
    fee=0.01,
    edge=0.08,
    size=100.0,
    kelly=0.05,
    bid=0.59,
    ask=0.61,
    home_score=60,
    away_score=55,
    period=3,
    clock_s=400.0,
    score_age_s=1.0,
    book_age_s=0.0,
    link="live",
    prior="market",
    model="brownian",
)
LETTER = DeadLetter(
    seq=8,
    recv_ns=START_NS,
    date=DAY,
    league="none",
    source="polymarket:market:0",
    reason="text_frame",
    detail="the frame is text",
    excerpt="garbage",
)


def tick(**changes: Any) -> Tick:
    """Return a tick of the home side in play, with `changes`."""
    return msgspec.structs.replace(TICK, **changes)


def game_row(**changes: Any) -> GameRow:
    """Return the game in its third quarter, with `changes`."""
    return msgspec.structs.replace(GAME_ROW, **changes)


def final(home_score: int, away_score: int, /, **changes: Any) -> GameRow:
    """Return the game after its end, with `changes`."""
    over = {"state": "post", "status": "final", "completed": True, "detail": "Final"}
    winner = "home" if home_score > away_score else "away"
    return game_row(
        **{
            **over,
            "home_score": home_score,
            "away_score": away_score,
            "winner": winner,
            "clock_s": None,
        },
        **changes,
    )


def signal(transition: str = "open", **changes: Any) -> SignalRow:
    """Return a transition of a signal, with `changes`."""
    return msgspec.structs.replace(SIGNAL, transition=transition, **changes)


def letter(reason: str = "text_frame", **changes: Any) -> DeadLetter:
    """Return a dead letter of a reason, with `changes`."""
    return msgspec.structs.replace(LETTER, reason=reason, **changes)
