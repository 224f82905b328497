from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from simulator.gamma_wire import event_json, market_json, sports_json
from simulator.plan import Evening
from simulator.venue import Venue


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
            assert all(row.keys() <= teams for row in event["teams"])


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


def test_sports_name_the_series_of_the_season() -> None:
    """Codes, orderings and series of the leagues that are played."""
    rows = {row["sport"]: (row["ordering"], row["series"]) for row in sports_json({"nfl"})}
    assert not rows.keys() & {"lal", "mls"}
    assert {row["sport"] for row in sports_json({"esp.1"})} - rows.keys() == {"lal"}
    assert rows["nfl"] == ("away", "12185")
    assert rows["epl"] == ("home", "10188")
    assert rows["cbb"] == ("away", "10470")
