"""Real pairs of an ESPN event and the venue's event, and the tokens that are right."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import msgspec
import pytest

from connectors.espn.parse import parse_scoreboard
from connectors.polymarket.gamma import parse_events
from fusion.game import GameState, Team
from fusion.leagues import league
from fusion.listing import ListedEvent
from fusion.matching import match_slate

PAIRS = [
    "cbb-two-way",
    "epl-three-way-null-type",
    "mlb-two-way-fullname-moneyline",
    "nba-two-way-nickname-index",
    "nfl-two-way-moneyline",
    "soccer-three-way-date-rollover",
    "tennis-two-way-lastname",
]
EVIDENCE = {
    "cbb-two-way": "home by alias 'Duke', away by alias 'North Carolina', away listed first",
    "epl-three-way-null-type": (
        "home by name 'Arsenal FC', away by name 'Manchester City FC', home listed first"
    ),
    "mlb-two-way-fullname-moneyline": (
        "home by name 'Boston Red Sox', away by name 'Toronto Blue Jays', away listed first"
    ),
    "nba-two-way-nickname-index": (
        "home by alias 'Spurs', away by alias 'Knicks', away listed first"
    ),
    "nfl-two-way-moneyline": (
        "home by name 'Kansas City Chiefs', away by name 'Philadelphia Eagles', away listed first"
    ),
    "soccer-three-way-date-rollover": (
        "home by name 'Brazil', away by name 'Haiti', home listed first"
    ),
    "tennis-two-way-lastname": (
        "home by name 'Novak Djokovic', away by name 'Jannik Sinner', home listed first"
    ),
}
START = {"tennis-two-way-lastname": "start -410 min"}
YES_TOKENS = {
    "760487": ("570923", "102894", "627520"),  # Brazil, draw, Japan
    "760488": ("727455", "103480", "845974"),  # Netherlands, draw, Morocco
    "760489": ("105955", "789929", "112884"),  # Germany, draw, Paraguay
}


def read_bytes(path: Path) -> bytes:
    """Return the bytes of a capture, unpacked."""
    return gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()


def read_pair(shared: Path, name: str) -> tuple[GameState, ListedEvent, dict[str, Any]]:
    """Return the game, the event and the expected mapping of a pair."""
    pair = msgspec.json.decode(read_bytes(shared / "captures" / "pairs" / f"{name}.json.gz"))
    board = parse_scoreboard(msgspec.json.encode(pair["espn"]), league(pair["league"]))
    listing = parse_events(msgspec.json.encode(pair["gamma"]))
    assert (board.refusals, listing.refusals) == ((), ())
    return board.games[0], listing.events[0], pair["expected"]


@pytest.mark.parametrize("name", PAIRS)
def test_pair_comes_out_as_expected(shared: Path, name: str) -> None:
    """Every outcome of a real pair has the token, the market and the side that are right."""
    game, event, expected = read_pair(shared, name)

    slate = match_slate([game], [event])

    (found,) = slate.games
    assert slate.unmatched == ()
    assert (found.kind, found.event_slug) == (expected["kind"], expected["pm_event_slug"])
    assert found.evidence == f"{EVIDENCE[name]}, {START.get(name, 'start +0 min')}"
    assert sorted(
        (one["selection"], one["pm_market_slug"], one["token_id"], one["pm_outcome"])
        for one in expected["outcomes"]
    ) == sorted(
        (one.selection, one.market_slug, one.token_id, one.outcome) for one in found.outcomes
    )


def test_complement_is_the_other_token_of_the_market(shared: Path) -> None:
    """The complement of an outcome is its market's other token, in every real pair."""
    for name in PAIRS:
        game, event, _ = read_pair(shared, name)
        (found,) = match_slate([game], [event]).games
        tokens = {rules.market_id: set(rules.token_ids) for rules in found.markets}
        for one in found.outcomes:
            assert tokens[one.market_id] == {one.token_id, one.complement_id}


def test_pairs_keep_to_themselves_in_one_slate(shared: Path) -> None:
    """All games and events together give the same slate games as each pair alone."""
    read = [read_pair(shared, name) for name in PAIRS]
    games = [game for game, _, _ in read]
    events = [event for _, event, _ in read]

    alone = [match_slate([game], [event]).games[0] for game, event, _ in read]
    together = match_slate(games, events[::-1])

    assert together.games == tuple(sorted(alone, key=lambda game: game.game_id))
    assert together.unmatched == ()


def test_no_game_takes_the_event_of_another(shared: Path) -> None:
    """Every game with every other event gives no match."""
    read = [read_pair(shared, name) for name in PAIRS]

    for place, (game, _, _) in enumerate(read):
        others = [event for other, (_, event, _) in enumerate(read) if other != place]
        slate = match_slate([game], others)
        assert slate.games == ()
        assert len(slate.unmatched) == len(read)


@pytest.mark.parametrize(
    "board",
    ["20260629-in.json", "2026-sequence/20260701T194301Z-noLive-c3e7b4c.json.gz"],
)
def test_world_cup_games_find_their_three_markets(shared: Path, board: str) -> None:
    """Three games of one day have their Yes tokens, and the companion event is left out."""
    folder = shared / "captures"
    gamma = folder / "polymarket" / "gamma"
    events = [
        event
        for name in (
            "wc_match_pre.json",
            "wc_match_live_scored.json",
            "wc_match_more_markets.json.gz",
            "wc_match_post.json",
        )
        for event in parse_events(read_bytes(gamma / name)).events
    ]
    payload = read_bytes(folder / "espn" / "soccer" / "fifa.world" / board)
    games = parse_scoreboard(payload, league("fifa.world")).games

    slate = match_slate(games, events)

    tokens = {
        game.game_id.rpartition(":")[2]: tuple(one.token_id[:6] for one in game.outcomes)
        for game in slate.games
    }
    assert tokens == YES_TOKENS
    assert {one.event_slug for one in slate.unmatched} <= {""}
    assert len(slate.games) + len(slate.unmatched) == len(games)


def test_college_event_lists_nickname_and_school(shared: Path) -> None:
    """An event that lists `Sharks`, alias `LIU`, and a code of its own finds LIU at Kansas."""
    gamma = shared / "captures" / "polymarket" / "gamma" / "events_keyset_cfb_20260830.json"
    (event,) = parse_events(gamma.read_bytes()).events
    assert event.start_ns is not None
    game = GameState(
        game_id="cfb:1",
        league="cfb",
        start_ns=event.start_ns,
        home=Team("2305", "KU", "Kansas Jayhawks", ("Kansas", "Jayhawks")),
        away=Team("2350", "LIU", "Long Island University Sharks", ("Long Island University",)),
        phase="pre",
        status="scheduled",
        completed=False,
        home_score=0,
        away_score=0,
        period=0,
        clock_s=None,
    )

    (found,) = match_slate([game], [event]).games

    assert [(one.selection, one.outcome) for one in found.outcomes] == [
        ("home", "Kansas"),
        ("away", "LIU"),
    ]
    assert found.evidence == (
        "home by alias 'Kansas', away by alias 'LIU', away listed first, start +0 min"
    )
