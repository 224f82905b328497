"""The rows Fairline keeps: ticks, games, signals, slates, books and dead letters.

Prices are dollars in [0, 1], sizes shares, ages seconds; `recv_ns` is our clock, `venue_ms` the
venue's, both UTC. `date` is the slate day in US Eastern (`YYYY-MM-DD`). `seq` is the frame that
caused the row, so that every row can be traced to the bytes in the journal.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from fusion.days import slate_day
from fusion.errors import Refusal
from fusion.frames import Frame
from fusion.freshness import Gate, LinkState
from fusion.game import GameState, Phase, Selection

Cause = Literal["book", "score", "clock", "link", "slate"]


class Tick(msgspec.Struct, frozen=True, gc=False):
    """One outcome of one game after one change of its book or its score.

    `outcome` is the side of the game the token pays for. `fair` is the model's probability and
    `fair_error` its standard error, `edge` fair less `cost`, the average price of buying the
    configured size with `fee` in it; all None where unknown. `state` is the game's phase;
    `lead_move` how far the mid has moved since the last poll of the scoreboard; `held` tells that
    an edge waited for the next poll, and `gate` why no signal could come of the row (empty when
    one could); `link_reason` says more of a link that is not live.
    """

    seq: int
    recv_ns: int
    venue_ms: int | None
    date: str
    league: str
    game_id: str
    market_id: str
    token_id: str
    outcome: Selection
    cause: Cause
    bid: float | None
    ask: float | None
    bid_size: float | None
    ask_size: float | None
    home_score: int | None
    away_score: int | None
    period: int | None
    clock_s: float | None
    state: Phase | None
    status: str | None
    fair: float | None
    fair_error: float | None
    cost: float | None
    fee: float | None
    edge: float | None
    lead_move: float | None
    held: bool
    gate: Gate
    score_age_s: float | None
    book_age_s: float | None
    link: LinkState
    link_reason: str
    prior: str
    model: str


class GameRow(msgspec.Struct, frozen=True, kw_only=True):
    """A game whenever its state changed, or what the venue tells of its score.

    `told_home` and `told_away` are the score as the venue's results socket has it, in tennis the
    sets won; None where it tells none. `disputed` says that the two contradict each other for so
    long that no signal may come of the game.
    """

    seq: int
    recv_ns: int
    date: str
    league: str
    game_id: str
    start_ns: int
    home: str
    away: str
    state: Phase
    status: str
    completed: bool
    home_score: int
    away_score: int
    period: int
    clock_s: float | None
    detail: str
    winner: str | None
    espn_home_win: float | None
    told_home: int | None = None
    told_away: int | None = None
    disputed: bool = False


def game_row(
    seq: int,
    recv_ns: int,
    state: GameState,
    told: tuple[int | None, int | None] = (None, None),
    *,
    disputed: bool = False,
) -> GameRow:
    """Return the row of a state as of frame `seq`, and of what is told against it."""
    return GameRow(
        seq=seq,
        recv_ns=recv_ns,
        date=slate_day(state.start_ns),
        league=state.league,
        game_id=state.game_id,
        start_ns=state.start_ns,
        home=state.home.name,
        away=state.away.name,
        state=state.phase,
        status=state.status,
        completed=state.completed,
        home_score=state.home_score,
        away_score=state.away_score,
        period=state.period,
        clock_s=state.clock_s,
        detail=state.detail,
        winner=state.winner,
        espn_home_win=state.espn_home_win,
        told_home=told[0],
        told_away=told[1],
        disputed=disputed,
    )


class SignalRow(msgspec.Struct, frozen=True, kw_only=True):
    """One transition of a signal: it opened, it was updated, it closed (and why).

    `signal_id` is the same for all transitions of one signal and depends on nothing but the
    frames. `leg` names the bet (`buy <token>` or `sell <complement>`), `delay_s` how long the
    market holds a taker's order in play before it is matched, `size` what can be bought at or
    above the threshold, `kelly` the advised fraction of the bankroll, capped.
    """

    signal_id: str
    transition: Literal["open", "update", "close"]
    reason: str
    seq: int
    recv_ns: int
    venue_ms: int | None
    date: str
    league: str
    game_id: str
    market_id: str
    token_id: str
    outcome: Selection
    leg: str
    delay_s: int
    fair: float | None
    fair_error: float | None
    cost: float | None
    fee: float | None
    edge: float | None
    size: float | None
    kelly: float | None
    bid: float | None
    ask: float | None
    home_score: int | None
    away_score: int | None
    period: int | None
    clock_s: float | None
    score_age_s: float | None
    book_age_s: float | None
    link: LinkState
    prior: str
    model: str


class BookRow(msgspec.Struct, frozen=True, kw_only=True):
    """How well one token's book proved right, told when its game is over.

    Of each witness, how often it was asked and how often it disagreed (`hash_matched`: agreed):
    the declared best of settled batches, the venue's hash, and the books of REST.
    """

    seq: int
    recv_ns: int
    date: str
    league: str
    game_id: str
    market_id: str
    token_id: str
    declared_checked: int
    declared_mismatches: int
    hash_checked: int
    hash_matched: int
    rest_checked: int
    rest_differed: int


class SlateRow(msgspec.Struct, frozen=True, kw_only=True):
    """One outcome of a game as the slate lists it from here on, or one refusal.

    A refusal has `reason` and `detail`, an empty `token_id`, and names the game or the event that
    found no partner; of a match, `evidence` says why the two belong together. `start_ns` is 0
    where only an event is named.
    """

    seq: int
    recv_ns: int
    date: str
    league: str
    game_id: str
    event_slug: str
    start_ns: int
    home: str
    away: str
    kind: str
    selection: str
    market_id: str
    market_slug: str
    token_id: str
    outcome: str
    evidence: str
    reason: str
    detail: str


class DeadLetter(msgspec.Struct, frozen=True, kw_only=True):
    """Input that could not be decoded or placed, and why; the bytes are in the journal."""

    seq: int
    recv_ns: int
    date: str
    league: str
    source: str
    reason: str
    detail: str
    excerpt: str


def letter(frame: Frame, refusal: Refusal, league: str) -> DeadLetter:
    """Return the dead letter of a frame, or of a part of it."""
    return DeadLetter(
        seq=frame.seq,
        recv_ns=frame.recv_ns,
        date=slate_day(frame.recv_ns),
        league=league,
        source=frame.source,
        reason=refusal.reason,
        detail=refusal.detail,
        excerpt=refusal.excerpt,
    )


Row = Tick | GameRow | SignalRow | BookRow | SlateRow | DeadLetter
