"""Rows to archive."""

from __future__ import annotations

import msgspec
import pytest

from fusion.rows import BookRow, DeadLetter, GameRow, Row, SignalRow, Tick

TICK = Tick(
    seq=41,
    recv_ns=1_795_201_501_123_456_789,
    venue_ms=1_795_201_501_050,
    date="2026-11-20",
    league="nba",
    game_id="nba:401810000",
    market_id="0x" + "ab" * 32,
    token_id="8" * 78,
    outcome="home",
    cause="book",
    bid=0.47,
    ask=0.48,
    bid_size=1250.0,
    ask_size=33.333333,
    home_score=51,
    away_score=49,
    period=2,
    clock_s=312.4,
    state="in",
    status="in_progress",
    fair=0.512345678901,
    fair_error=None,
    cost=0.4875,
    fee=0.0075,
    edge=0.024845678901,
    lead_move=-0.01,
    held=False,
    gate="",
    score_age_s=3.123456789,
    book_age_s=0.0,
    link="live",
    link_reason="",
    prior="market",
    model="brownian-1",
)
UNPRICED = Tick(
    seq=42,
    recv_ns=1_795_201_502_000_000_000,
    venue_ms=None,
    date="2026-11-20",
    league="eng.1",
    game_id="eng.1:740001",
    market_id="0x01",
    token_id="7" * 77,
    outcome="draw",
    cause="slate",
    bid=None,
    ask=None,
    bid_size=None,
    ask_size=None,
    home_score=None,
    away_score=None,
    period=None,
    clock_s=None,
    state=None,
    status=None,
    fair=None,
    fair_error=None,
    cost=None,
    fee=None,
    edge=None,
    lead_move=None,
    held=True,
    gate="stale_book",
    score_age_s=None,
    book_age_s=None,
    link="none",
    link_reason="link down",
    prior="",
    model="",
)
GAME = GameRow(
    seq=40,
    recv_ns=1_795_201_500_000_000_000,
    date="2026-11-20",
    league="nba",
    game_id="nba:401810000",
    start_ns=1_795_197_600_000_000_000,
    home="Boston Celtics",
    away="Montréal “Été”, 'quoted'",
    state="post",
    status="final",
    completed=True,
    home_score=101,
    away_score=99,
    period=4,
    clock_s=None,
    detail="Final",
    winner="home",
    espn_home_win=None,
)
SIGNAL = SignalRow(
    signal_id="5f1c",
    transition="open",
    reason="edge",
    seq=41,
    recv_ns=1_795_201_501_123_456_789,
    venue_ms=1_795_201_501_050,
    date="2026-11-20",
    league="nba",
    game_id="nba:401810000",
    market_id="0x" + "ab" * 32,
    token_id="8" * 78,
    outcome="home",
    leg="buy " + "8" * 78,
    delay_s=3,
    fair=0.55,
    fair_error=None,
    cost=0.4875,
    fee=0.0075,
    edge=0.0625,
    size=120.5,
    kelly=0.05,
    bid=0.47,
    ask=0.48,
    home_score=51,
    away_score=49,
    period=2,
    clock_s=312.4,
    score_age_s=3.1,
    book_age_s=0.0,
    link="live",
    prior="market",
    model="brownian-1",
)
PROOF = BookRow(
    seq=45,
    recv_ns=1_795_201_504_000_000_000,
    date="2026-11-20",
    league="nba",
    game_id="nba:401810000",
    market_id="0x" + "ab" * 32,
    token_id="8" * 78,
    declared_checked=812,
    declared_mismatches=0,
    hash_checked=90,
    hash_matched=89,
    rest_checked=4,
    rest_differed=0,
)
LETTER = DeadLetter(
    seq=43,
    recv_ns=1_795_201_503_000_000_000,
    date="2026-11-20",
    league="",
    source="polymarket:market:0",
    reason="html",
    detail="the body is HTML",
    excerpt="<html>\n\x00\ufffd",
)


@pytest.fixture
def tick() -> Tick:
    """Return a tick with every value."""
    return TICK


@pytest.fixture
def game() -> GameRow:
    """Return a game that is over."""
    return GAME


@pytest.fixture
def signal_row() -> SignalRow:
    """Return a signal that opens."""
    return SIGNAL


@pytest.fixture
def letter() -> DeadLetter:
    """Return a dead letter of no league."""
    return LETTER


@pytest.fixture
def rows() -> list[Row]:
    """Return rows of every table, ticks of two leagues and two days among them."""
    other_day = msgspec.structs.replace(TICK, seq=44, date="2026-11-21")
    return [GAME, TICK, SIGNAL, UNPRICED, PROOF, LETTER, other_day]
