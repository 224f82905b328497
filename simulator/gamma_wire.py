"""Gamma's events and markets, from the plan of an evening and its books."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from fusion.market import PRICE_ONE
from simulator.book_engine import Book
from simulator.espn_status import display_clock
from simulator.espn_wire import start_of
from simulator.gamma_score import ordered, period_text, score_text
from simulator.gamma_sports import SERIES, sport_json, tags
from simulator.listing import EASTERN
from simulator.plan import GamePlan, Listing, MarketPlan, Moment, SideTeam
from simulator.venue import Venue, market_id

Json = dict[str, Any]


def event_json(venue: Venue, game: GamePlan, listing: Listing) -> Json:
    """Return one event with its markets, as it stands now."""
    evening, league = venue.evening, game.league
    start = start_of(evening, game)
    books = [venue.books[market.condition_id] for market in listing.markets]
    closed = all(book.resolved for book in books)
    closed_ms = max(book.resolved_ms for book in books)
    moment = venue.true_moment(game)
    listed = start - timedelta(days=5)
    series_id, series_slug = SERIES[league.key]
    event: Json = {
        "id": str(listing.event_id),
        "ticker": listing.slug,
        "slug": listing.slug,
        "title": listing.title,
        "description": f"This event is for the upcoming {league.name} game.",
        "resolutionSource": "",
        "startDate": _iso(listed),
        "creationDate": _iso(listed),
        "endDate": _iso(start + timedelta(days=7)),
        "active": True,
        "closed": closed,
        "archived": False,
        "new": False,
        "featured": False,
        "restricted": True,
        "enableOrderBook": True,
        "negRisk": bool(listing.neg_risk_id),
        "commentCount": 0,
        "markets": [market_json(venue, game, market, listing) for market in listing.markets],
        "series": [
            {
                "id": series_id,
                "ticker": series_slug,
                "slug": series_slug,
                "title": league.name,
                "seriesType": "single",
                "recurrence": "daily",
                "active": True,
                "closed": False,
            }
        ],
        "tags": tags(league),
        "enableNegRisk": bool(listing.neg_risk_id),
        "eventDate": f"{start.astimezone(EASTERN):%Y-%m-%d}",
        "startTime": _iso(start),
        "eventWeek": 1,
        "seriesSlug": series_slug,
        "gameId": game.venue_id,
        "sport": sport_json(league),
        "version": "v1",
    }
    if listing.neg_risk_id:
        event["negRiskMarketID"] = listing.neg_risk_id
    if league.sport == "tennis":
        # Events of tennis name nobody but in their title, and have no sport.
        del event["sport"]
    else:
        event["teams"] = [_team(game, team) for team in ordered(league, game.home, game.away)]
    if moment.live or moment.over:
        event |= {
            "score": score_text(league, moment),
            "elapsed": _elapsed(game, moment),
            "period": period_text(league, moment),
            "live": moment.live,
            "ended": moment.over,
        }
    if moment.over:
        event["finishedTimestamp"] = _iso(_virtual(venue, game.final.at_ms))
    if closed:
        event["closedTime"] = _iso(_virtual(venue, closed_ms))
    return event


def _elapsed(game: GamePlan, moment: Moment) -> str:
    if moment.over or game.league.sport in ("tennis", "mma"):
        return ""
    return display_clock(game.league, moment)


def _iso(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _virtual(venue: Venue, at_ms: int) -> datetime:
    return datetime.fromtimestamp((venue.evening.begin_ms + at_ms) / 1000, tz=UTC)


def _team(game: GamePlan, team: SideTeam) -> Json:
    name, alias = team.nickname, team.location
    if game.league.key == "nba":
        name, alias = team.nickname, team.nickname
    elif game.league.key in ("nfl", "nhl", "mlb"):
        name, alias = team.name, team.nickname
    elif game.league.key == "fifa.world" or game.league.sport == "mma":
        name, alias = team.venue_name, ""
    elif game.league.sport == "soccer":
        name, alias = f"{team.name.removesuffix(' FC')} FC", team.name
    row = {
        "id": 100_000 + int(team.espn_id) % 100_000,
        "name": name,
        "league": game.league.polymarket,
        "record": "",
        "logo": "",
        "abbreviation": team.code,
        "alias": alias,
        "providerId": int(team.espn_id) % 1000,
        "color": "#1d428a",
        "ordering": "home" if team is game.home else "away",
    }
    return row if alias else {key: value for key, value in row.items() if key != "alias"}


def market_json(venue: Venue, game: GamePlan, market: MarketPlan, listing: Listing) -> Json:
    """Return one market as it stands now; `outcomes` and its kin are JSON inside strings."""
    book = venue.books[market.condition_id]
    start = start_of(venue.evening, game)
    listed = start - timedelta(days=5)
    row: Json = {
        "id": str(market_id(market.number)),
        "question": market.question,
        "conditionId": market.condition_id,
        "slug": market.slug,
        "resolutionSource": "",
        "endDate": _iso(start + timedelta(days=7)),
        "startDate": _iso(listed),
        "description": "",
        "outcomes": json.dumps(market.outcomes),
        "outcomePrices": json.dumps(_prices(book)),
        "active": True,
        "closed": book.resolved,
        "new": False,
        "featured": False,
        "archived": False,
        "restricted": True,
        "questionID": market.question_id,
        "enableOrderBook": True,
        "orderPriceMinTickSize": market.tick / PRICE_ONE,
        "orderMinSize": 5,
        "endDateIso": f"{start + timedelta(days=7):%Y-%m-%d}",
        "startDateIso": f"{listed:%Y-%m-%d}",
        "hasReviewedDates": True,
        "gameStartTime": f"{start:%Y-%m-%d %H:%M:%S}+00",
        "secondsDelay": 1 if game.league.sport in ("football", "hockey") else 0,
        "clobTokenIds": json.dumps(market.token_ids),
        "umaBond": "250",
        "umaReward": "0.8",
        "makerBaseFee": 1000,
        "takerBaseFee": 1000,
        "customLiveness": 900,
        "acceptingOrders": not book.resolved,
        "negRisk": market.neg_risk,
        "ready": False,
        "funded": False,
        "rewardsMinSize": 50,
        "rewardsMaxSpread": 4.5,
        "clearBookOnStart": True,
        "sportsMarketType": market.market_type or None,
        "umaResolutionStatuses": '["proposed"]' if book.resolved else "[]",
        "feesEnabled": True,
        "feeType": "sports_fees_v3",
        "feeSchedule": {"exponent": 1, "rate": 0.05, "takerOnly": True, "rebateRate": 0.15},
        "version": "v1",
    }
    bid, ask = book.best(0)
    if bid is not None:
        row["bestBid"] = bid / PRICE_ONE
    if ask is not None:
        row["bestAsk"] = ask / PRICE_ONE
    if market.group_title:
        row["groupItemTitle"] = market.group_title
    if market.line is not None:
        row["line"] = market.line
    if listing.neg_risk_id:
        row["negRiskMarketID"] = listing.neg_risk_id
    if book.last_trade:
        row["lastTradePrice"] = float(book.last_trade)
    if book.resolved:
        closed = _virtual(venue, book.resolved_ms)
        row |= {
            "closedTime": f"{closed:%Y-%m-%d %H:%M:%S}+00",
            "umaEndDate": _iso(closed),
            "umaResolutionStatus": "resolved",
            "automaticallyResolved": True,
        }
    return row


def _prices(book: Book) -> tuple[str, str]:
    """Return the outcome prices: the result, halves without one, or the middle of the book."""
    if book.resolved and book.market.void:
        return ("0.5", "0.5")
    if book.resolved:
        return ("1", "0") if book.market.first_wins else ("0", "1")
    bid, ask = book.best(0)
    if bid is None or ask is None:
        return ("0.5", "0.5")
    middle = (bid + ask) / 2 / PRICE_ONE
    return (f"{middle:.4f}".rstrip("0"), f"{1 - middle:.4f}".rstrip("0"))
