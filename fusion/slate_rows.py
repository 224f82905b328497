"""The slate on record: a row for every outcome and every refusal that a new slate changes."""

from __future__ import annotations

from collections.abc import Iterator

from fusion.days import slate_day
from fusion.rows import SlateRow
from fusion.slate import Slate, SlateGame, Unmatched

DELISTED = "delisted"
"""The reason of a game that was in the slate before and is no longer."""


def slate_rows(before: Slate, after: Slate, seq: int, recv_ns: int) -> list[SlateRow]:
    """Return what frame `seq` changed from `before` to `after`, in the order of the slate.

    A game is told again, all its outcomes, when any of them or its evidence changed; a refusal
    when it is new. A game that left the slate and is not refused by name has one row, `delisted`.
    """
    known = {game.game_id: list(_matched(game, 0, 0)) for game in before.games}
    rows: list[SlateRow] = []
    for game in after.games:
        if list(_matched(game, 0, 0)) != known.get(game.game_id):
            rows.extend(_matched(game, seq, recv_ns))
    refused = set(before.unmatched)
    rows.extend(_refusal(one, seq, recv_ns) for one in after.unmatched if one not in refused)
    gone = known.keys() - {game.game_id for game in after.games}
    gone -= {one.game_id for one in after.unmatched}
    rows.extend(
        _refusal(
            Unmatched(game.league, game.game_id, game.event_slug, DELISTED),
            seq,
            recv_ns,
            start_ns=game.start_ns,
        )
        for game in before.games
        if game.game_id in gone
    )
    return rows


def _matched(game: SlateGame, seq: int, recv_ns: int) -> Iterator[SlateRow]:
    for outcome in game.outcomes:
        yield SlateRow(
            seq=seq,
            recv_ns=recv_ns,
            date=slate_day(game.start_ns),
            league=game.league,
            game_id=game.game_id,
            event_slug=game.event_slug,
            start_ns=game.start_ns,
            home=game.home,
            away=game.away,
            kind=game.kind,
            selection=outcome.selection,
            market_id=outcome.market_id,
            market_slug=outcome.market_slug,
            token_id=outcome.token_id,
            outcome=outcome.outcome,
            evidence=game.evidence,
            reason="",
            detail="",
        )


def _refusal(one: Unmatched, seq: int, recv_ns: int, *, start_ns: int = 0) -> SlateRow:
    return SlateRow(
        seq=seq,
        recv_ns=recv_ns,
        date=slate_day(start_ns or recv_ns),
        league=one.league or "none",
        game_id=one.game_id,
        event_slug=one.event_slug,
        start_ns=start_ns,
        home="",
        away="",
        kind="",
        selection="",
        market_id="",
        market_slug="",
        token_id="",
        outcome="",
        evidence="",
        reason=one.reason,
        detail=one.detail,
    )
