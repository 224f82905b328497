"""A slate as people read it: the games with their tokens, and what was refused and why."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import click

from fusion.days import EASTERN
from fusion.frames import NS_PER_S
from fusion.slate import Slate, SlateGame, Unmatched

SHOWN_OF_TOKEN = 10


def print_slate(slate: Slate) -> None:
    """Print the games of a slate, then its refusals; lines are as long as they need to be."""
    for game in slate.games:
        click.echo("\n".join(_game(game)))
    if slate.games and slate.unmatched:
        click.echo()
    for one in slate.unmatched:
        click.echo(_refusal(one))
    games = sum(bool(one.game_id) for one in slate.unmatched)
    click.echo(
        f"\n{len(slate.games)} matched, {games} games and {len(slate.unmatched) - games} events"
        " refused"
    )


def _game(game: SlateGame) -> Iterator[str]:
    start = datetime.fromtimestamp(game.start_ns / NS_PER_S, tz=UTC).astimezone(EASTERN)
    teams = f"{game.away} at {game.home}"
    yield f"{game.game_id}  {start:%m-%d %H:%M} ET  {teams}  =  {game.event_slug}"
    for each in game.outcomes:
        token = f"{each.token_id[:SHOWN_OF_TOKEN]}…"
        yield f"    {each.selection:<5} {each.outcome}  {token}  {each.market_slug}"
    yield f"    {game.evidence}"


def _refusal(one: Unmatched) -> str:
    name = " ".join(part for part in (one.game_id, one.event_slug) if part)
    return f"refused {name} ({one.league}): {one.reason}" + (f": {one.detail}" * bool(one.detail))
