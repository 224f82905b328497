"""Gamma and the CLOB over HTTP: events, sports, books, and the rules of a market."""

from __future__ import annotations

from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from simulator.clob_market_wire import clob_market_json
from simulator.gamma_sports import SERIES, sports_json, tags
from simulator.gamma_wire import event_json
from simulator.plan import GamePlan, Listing
from simulator.venue import Venue

Json = dict[str, Any]
NO_BOOK = {"error": "No orderbook exists for the requested token id"}
NO_MARKET = {"error": "market not found"}
KEYSET_SCHEMA = "https://gamma-api.polymarket.com/schemas/EventsKeysetListResponse.json"
MOST_EVENTS = 500
MOST_KEYSET_EVENTS = 100


class TokenQuery(msgspec.Struct):
    """One member of the body of `POST /books`."""

    token_id: str


_encode = msgspec.json.Encoder().encode
_decode_queries = msgspec.json.Decoder(list[TokenQuery]).decode


class MarketRoutes:
    """The venue's public read endpoints."""

    def __init__(self, venue: Venue) -> None:
        self.venue = venue

    def routes(self) -> list[Route]:
        """Return the routes to mount."""
        return [
            Route("/sports", self.sports),
            Route("/events", self.events),
            Route("/events/keyset", self.keyset),
            Route("/book", self.book),
            Route("/books", self.books, methods=["POST"]),
            Route("/clob-markets/{condition_id}", self.clob_market),
        ]

    async def sports(self, _request: Request) -> Response:
        """List the sports with their series and tags."""
        return _json(sports_json(), cache=True)

    async def events(self, request: Request) -> Response:
        """List events page by page with an offset; the venue calls this way outdated."""
        limit = _number(request, "limit", 20, MOST_EVENTS)
        offset = _number(request, "offset", 0)
        answer = _json(self._found(request)[offset : offset + limit], cache=True)
        answer.headers["deprecation"] = "true"
        return answer

    async def keyset(self, request: Request) -> Response:
        """List events page by page with a cursor, which the last page lacks.

        Here, unlike with an offset, the start of play can be limited, by times written as those
        in the listings are.
        """
        limit = _number(request, "limit", 20, MOST_KEYSET_EVENTS)
        offset = _number(request, "after_cursor", 0)
        first = request.query_params.get("start_time_min", "")
        last = request.query_params.get("start_time_max", "9")
        found = [row for row in self._found(request) if first <= row["startTime"] <= last]
        page: Json = {"$schema": KEYSET_SCHEMA, "events": found[offset : offset + limit]}
        if offset + limit < len(found):
            page["next_cursor"] = str(offset + limit)
        return _json(page, cache=True)

    def _found(self, request: Request) -> list[Json]:
        params = request.query_params
        listed = [
            event_json(self.venue, game, listing)
            for game in self.venue.evening.games
            for listing in game.listings
            if _wanted(game, listing, request)
        ]
        for flag in ("closed", "active"):
            if flag in params:
                listed = [row for row in listed if row[flag] == (params[flag].lower() == "true")]
        if "order" in params:
            keys = [key for key in params["order"].split(",") if key in ("startTime", "id", "slug")]
            listed.sort(
                key=lambda row: [row[key] for key in keys],
                reverse=params.get("ascending", "true").lower() == "false",
            )
        return listed

    async def book(self, request: Request) -> Response:
        """Show one book."""
        found = self.venue.by_token.get(request.query_params.get("token_id", ""))
        if found is None or found[0].resolved:
            return Response(_encode(NO_BOOK), 404, media_type="application/json")
        return Response(found[0].summary(found[1]), media_type="application/json")

    async def books(self, request: Request) -> Response:
        """Show several books; unknown tokens are left out."""
        try:
            queries = _decode_queries(await request.body())
        except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
            return Response(
                _encode({"error": "Invalid payload"}), 400, media_type="application/json"
            )
        found = (self.venue.by_token.get(query.token_id) for query in queries)
        books = [entry[0].summary(entry[1]) for entry in found if entry and not entry[0].resolved]
        return Response(f"[{','.join(books)}]", media_type="application/json")

    async def clob_market(self, request: Request) -> Response:
        """Show the rules of one market."""
        wanted = request.path_params["condition_id"]
        found = (
            clob_market_json(self.venue, game, market)
            for game in self.venue.evening.games
            for listing in game.listings
            for market in listing.markets
            if market.condition_id == wanted
        )
        row = next(found, None)
        if row is None:
            return Response(_encode(NO_MARKET), 404, media_type="application/json")
        return _json(row, cache=False)


def _wanted(game: GamePlan, listing: Listing, request: Request) -> bool:
    params = request.query_params
    known = {tag["id"] for tag in tags(game.league)}
    series = params.getlist("series_id")
    slugs = params.getlist("slug")
    return (
        (not series or SERIES[game.league.key][0] in series)
        and set(params.getlist("tag_id")) <= known
        and (not slugs or listing.slug in slugs)
    )


def _number(request: Request, name: str, default: int, most: int | None = None) -> int:
    text = request.query_params.get(name, "")
    value = int(text) if text.isascii() and text.isdigit() else default
    return value if most is None else min(value, most)


def _json(value: object, *, cache: bool) -> Response:
    headers = {"cache-control": "public, max-age=300"} if cache else {}
    return Response(_encode(value), media_type="application/json", headers=headers)
