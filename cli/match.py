"""`fairline match`: the matcher on payload files."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import click
import msgspec

from cli.payloads import read_payload
from cli.slate_table import print_slate
from connectors.espn.parse import parse_scoreboard
from connectors.polymarket.gamma import parse_events
from flows.overrides import read_overrides
from flows.settings import load_settings
from fusion.errors import Refusal
from fusion.game import GameState, Selection
from fusion.leagues import league as find
from fusion.matching import match_slate
from fusion.slate import Kind, Slate


class MatchedOutcome(msgspec.Struct, frozen=True):
    """One side of a game and the token that pays for it."""

    selection: Selection
    market_id: str
    market_slug: str
    token_id: str
    outcome: str


class MatchedGame(msgspec.Struct, frozen=True):
    """What became of one game: `reason` is the evidence of a match, or why there is none."""

    game_id: str
    matched: bool
    reason: str
    kind: Kind | None
    outcomes: tuple[MatchedOutcome, ...] = ()


@click.command()
@click.option("--league", "league_name", required=True, help="A league's key or alias.")
@click.option(
    "--espn",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    required=True,
    help="A scoreboard, or one event of it.",
)
@click.option(
    "--gamma",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    required=True,
    help="An event of Gamma, or a list of them.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON array, an object a game.")
def match(league_name: str, espn: Path, gamma: Path, as_json: bool) -> None:
    """Match the games of an ESPN payload with the events of a Gamma payload.

    Both files may be gzipped. What is in a file and cannot be read is told on stderr.
    """
    settings = load_settings()
    league = find(league_name)
    board = parse_scoreboard(read_payload(espn), league)
    listing = parse_events(read_payload(gamma))
    _tell(espn, board.refusals)
    _tell(gamma, listing.refusals)
    if not board.games and (board.refusals or not as_json):
        msg = f"{espn} holds no game of {league.name} that can be read"
        raise click.ClickException(msg)
    slate = match_slate(
        board.games, listing.events, overrides=read_overrides(settings.slate.overrides)
    )
    if as_json:
        click.echo(msgspec.json.encode(matched_games(board.games, slate)))
        return
    print_slate(slate)


def matched_games(games: Iterable[GameState], slate: Slate) -> list[MatchedGame]:
    """Return what became of each game, in the order of the scoreboard."""
    listed = {game.game_id: game for game in slate.games}
    refused = {one.game_id: one for one in slate.unmatched if one.game_id}
    results = []
    for game_id in dict.fromkeys(game.game_id for game in games):
        found = listed.get(game_id)
        if found is None:
            one = refused[game_id]
            reason = f"{one.reason}: {one.detail}" if one.detail else one.reason
            results.append(MatchedGame(game_id, matched=False, reason=reason, kind=None))
            continue
        outcomes = tuple(
            MatchedOutcome(
                each.selection, each.market_id, each.market_slug, each.token_id, each.outcome
            )
            for each in found.outcomes
        )
        results.append(MatchedGame(game_id, True, found.evidence, found.kind, outcomes))
    return results


def _tell(path: Path, refusals: Iterable[Refusal]) -> None:
    for refusal in refusals:
        click.echo(f"{path}: {refusal.reason}: {refusal.detail}", err=True)
