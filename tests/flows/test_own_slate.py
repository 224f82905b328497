from __future__ import annotations

import msgspec
from factories import GAME, MARKET, START_NS
from payloads import espn_event, gamma_event, listing_body, scoreboard

from connectors.espn.parse import parse_scoreboard
from connectors.polymarket.clob_rules import parse_clob_market
from connectors.polymarket.gamma import parse_events
from flows.own_slate import OwnSlate
from fusion.errors import Refusal
from fusion.leagues import LEAGUES
from fusion.overrides import Overrides

GAMES = parse_scoreboard(scoreboard(espn_event()), LEAGUES["nba"]).games
EVENTS = parse_events(listing_body(gamma_event())).events


def test_a_slate_is_made_of_games_and_listings_in_either_order() -> None:
    """Whatever comes first is kept until its partner is there."""
    late, early = OwnSlate(Overrides()), OwnSlate(Overrides())
    first = late.see_games("nba", GAMES, START_NS)
    matched = late.see_events(EVENTS)
    early.see_events(EVENTS)

    assert first is not None
    assert first.games == ()
    assert matched is not None
    assert [game.game_id for game in matched.games] == [GAME]
    assert early.see_games("nba", GAMES, START_NS) == matched


def test_what_was_seen_before_gives_no_slate() -> None:
    """Only what may change a match, or the rules of a market, gives a slate."""
    own = OwnSlate(Overrides())
    own.see_games("nba", GAMES, START_NS)
    own.see_events(EVENTS)

    assert own.see_games("nba", GAMES, START_NS) is None
    assert own.see_events(EVENTS) is None


def test_rules_of_the_clob_stand_in_the_slate() -> None:
    """The rules read from the CLOB replace those of the listing, and are told once."""
    body = {"c": MARKET, "t": [{"t": "1"}, {"t": "2"}], "mts": 0.001, "mos": 5, "nr": False}
    rules = parse_clob_market(msgspec.json.encode(body))
    assert not isinstance(rules, Refusal)
    own = OwnSlate(Overrides())
    own.see_games("nba", GAMES, START_NS)
    own.see_events(EVENTS)
    slate = own.see_rules(rules)

    assert slate is not None
    assert [market.tick_size for game in slate.games for market in game.markets] == [10]
    assert own.see_rules(rules) is None
