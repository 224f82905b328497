from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from simulator.gamma_wire import event_json, market_json
from simulator.plan import Evening, GamePlan
from simulator.venue import Venue, moment_index


@pytest.fixture
def venue(evening: Evening) -> Venue:
    """Return a venue that has not started."""
    return Venue(evening, 240.0)


def test_events_and_markets_have_only_keys_that_real_ones_have(venue: Venue, shared: Path) -> None:
    """Every key stands in the captured event of 2026 or in one of the match captures."""
    folder = shared / "captures/polymarket/gamma"
    paths = ("events_keyset_cfb_20260830.json", "wc_match_pre.json", "wc_match_post.json")
    real: list[dict[str, Any]] = []
    for path in paths:
        document = json.loads((folder / path).read_text())
        real += document if isinstance(document, list) else document["events"]
    events = {name for event in real for name in event}
    markets = {name for event in real for market in event["markets"] for name in market}
    teams = {name for event in real for row in event["teams"] for name in row}
    for game in venue.evening.games:
        for listing in game.listings:
            event = event_json(venue, game, listing)
            assert event.keys() <= events
            assert all(market.keys() <= markets for market in event["markets"])
            assert all(row.keys() <= teams for row in event.get("teams", ()))


def test_a_market_holds_json_in_strings(venue: Venue) -> None:
    """Outcomes, prices and tokens belong together by index; fees are those of late 2026."""
    game = venue.evening.games[0]
    listing = game.listings[0]
    market = listing.markets[1]
    row = market_json(venue, game, market, listing)
    assert json.loads(row["outcomes"]) == list(market.outcomes)
    assert json.loads(row["clobTokenIds"]) == list(market.token_ids)
    prices = [float(price) for price in json.loads(row["outcomePrices"])]
    assert sum(prices) == pytest.approx(1.0)
    assert row["feeSchedule"] == {
        "exponent": 1,
        "rate": 0.05,
        "takerOnly": True,
        "rebateRate": 0.15,
    }
    assert row["gameStartTime"] == "2026-11-21 00:00:00+00"
    assert (row["closed"], row["acceptingOrders"], row["sportsMarketType"]) == (
        False,
        True,
        "moneyline",
    )


def test_a_listed_event_waits_for_its_start(venue: Venue) -> None:
    """No score before the start; teams stand in the order of the slug."""
    game = venue.evening.games[0]
    event = event_json(venue, game, game.listings[0])
    assert not {"score", "live", "ended", "finishedTimestamp", "closedTime"} & event.keys()
    assert [team["ordering"] for team in event["teams"]] == ["away", "home"]
    assert [team["abbreviation"] for team in event["teams"]] == [game.away.code, game.home.code]
    assert (event["eventDate"], event["startTime"]) == ("2026-11-20", "2026-11-21T00:00:00Z")


def test_a_resolved_market_names_its_result(venue: Venue) -> None:
    """Prices are one and zero, and nothing is accepted any more."""
    game = venue.evening.games[0]
    listing = game.listings[0]
    for market in listing.markets:
        venue.books[market.condition_id].resolved = True
    event = event_json(venue, game, listing)
    assert event["closed"] is True
    for market, row in zip(listing.markets, event["markets"], strict=True):
        prices = json.loads(row["outcomePrices"])
        assert prices == (["1", "0"] if market.first_wins else ["0", "1"])
        assert (row["umaResolutionStatus"], row["acceptingOrders"]) == ("resolved", False)


def of(venue: Venue, key: str) -> GamePlan:
    """Return the first game of a league."""
    return next(game for game in venue.evening.games if game.league.key == key)


def test_a_match_is_told_as_a_captured_one(venue: Venue, shared: Path) -> None:
    """Keys of a real event of tennis, without teams and sport; the title names both in full."""
    captured = shared / "captures/pairs/tennis-two-way-lastname.json.gz"
    real = json.loads(gzip.decompress(captured.read_bytes()))["gamma"]
    game = of(venue, "atp")
    event = event_json(venue, game, game.listings[0])
    assert event.keys() - real.keys() <= {"eventWeek", "restricted", "version"}
    assert event["title"].endswith(f"{game.home.venue_name} vs {game.away.venue_name}")
    assert [tag["id"] for tag in event["tags"]] == ["1", "864", "100639"]


def test_a_bout_names_both_fighters(venue: Venue) -> None:
    """Teams are the fighters, in the order of the title; the sport has its old series."""
    game = of(venue, "ufc")
    event = event_json(venue, game, game.listings[0])
    assert [team["name"] for team in event["teams"]] == [
        game.home.venue_name,
        game.away.venue_name,
    ]
    assert (event["sport"]["series"], event["series"][0]["id"]) == ("10500", "38")


def test_a_type_that_is_not_stated_is_null(venue: Venue) -> None:
    """Moneylines of men's college basketball have none."""
    game = of(venue, "ncaamb")
    listing = game.listings[0]
    rows = [market_json(venue, game, market, listing) for market in listing.markets]
    assert [row["sportsMarketType"] for row in rows] == ["totals", None, "spreads"]


def test_a_void_market_pays_halves(venue: Venue) -> None:
    """Resolved with a half for either token; nothing is told of a winner."""
    game = next(g for g in venue.evening.games if g.final.status == "canceled")
    listing = game.listings[0]
    told = [venue.resolve(venue.books[each.condition_id], 1) for each in listing.markets]
    assert told == [[], [], []]
    event = event_json(venue, game, listing)
    assert event["closed"] is True
    assert {row["outcomePrices"] for row in event["markets"]} == {'["0.5", "0.5"]'}


@pytest.mark.parametrize("status", ["postponed", "suspended"])
def test_the_event_of_an_unplayed_game_stays_open(
    status: str, venue: Venue, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After the whole evening it has no score that is live, is not ended, and takes orders."""
    game = next(g for g in venue.evening.games if g.final.status == status)
    monkeypatch.setattr(Venue, "virtual_ms", venue.evening.end_ms)
    assert moment_index(game, venue.virtual_ms) == len(game.moments) - 1
    event = event_json(venue, game, game.listings[0])
    assert not {"score", "live", "ended", "closedTime"} & event.keys()
    assert (event["closed"], {m["acceptingOrders"] for m in event["markets"]}) == (False, {True})


def test_a_running_match_tells_its_sets(venue: Venue, monkeypatch: pytest.MonkeyPatch) -> None:
    """Games of all sets, home first; no clock."""
    game = of(venue, "atp")
    moment = next(m for m in game.moments if len(m.scene.sets) == 2)
    monkeypatch.setattr(Venue, "virtual_ms", moment.at_ms)
    event = event_json(venue, game, game.listings[0])
    first, second = event["score"].split(", ")
    won = moment.scene.sets[0]
    assert first.partition("(")[0] == f"{won.home}-{won.away}"
    assert second == "0-0"
    assert (event["period"], event["elapsed"], event["live"]) == ("S2", "", True)
