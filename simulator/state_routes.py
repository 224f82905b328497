"""What the simulator tells of itself, for tests: how far it is, its faults, books, the truth."""

from __future__ import annotations

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from fusion.market import PRICE_ONE
from simulator.happenings import happenings
from simulator.venue import Venue

_encode = msgspec.json.Encoder().encode


class StateRoutes:
    """The endpoints under `/simulator`, which no fault touches."""

    def __init__(self, venue: Venue) -> None:
        self.venue = venue

    def routes(self) -> list[Route]:
        """Return the routes to mount."""
        return [
            Route("/simulator", self.state),
            Route("/simulator/books", self.books),
            Route("/simulator/truth", self.truth),
        ]

    async def state(self, _request: Request) -> Response:
        """Tell how far the evening is."""
        return _json(state_json(self.venue))

    async def books(self, _request: Request) -> Response:
        """Tell every book as it is at this moment."""
        return _json(books_json(self.venue))

    async def truth(self, _request: Request) -> Response:
        """Tell the whole evening, the future too."""
        return _json(truth_json(self.venue))


def state_json(venue: Venue) -> dict[str, object]:
    """Return how far the evening is; final scores only of games that are over.

    `happenings` tell per game what it comes to, from the beginning on.
    """
    games = []
    for game in venue.evening.games:
        moment = venue.true_moment(game)
        row: dict[str, object] = {
            "game_id": game.key,
            "home": game.home.name,
            "away": game.away.name,
            "start_ms": game.start_ms,
            "status": moment.status,
        }
        if moment.over:
            row |= {"home_score": moment.home, "away_score": moment.away}
        games.append(row)
    return {
        "seed": venue.evening.seed,
        "speed": venue.speed,
        "date": venue.evening.date,
        "elapsed_s": round(venue.elapsed_s, 3),
        "virtual_ms": venue.virtual_ms,
        "virtual_begin_ms": venue.evening.begin_ms,
        "end_ms": venue.evening.end_ms,
        "over": venue.over,
        "connections": venue.connections,
        "faults": venue.fault_log.rows(),
        "games": games,
        "happenings": happenings(venue.evening),
    }


def books_json(venue: Venue) -> dict[str, dict[str, object]]:
    """Return per token its book, both ladders best first.

    Prices are in 1e-4 dollars, sizes in 1e-6 shares, the timestamp in Unix milliseconds.
    """
    books = {}
    for token, (book, index) in venue.by_token.items():
        bid, ask = book.best(index)
        bids, asks = (sorted(book.sides[side].items()) for side in ("bid", "ask"))
        if index:
            bids, asks = _mirrored(asks), _mirrored(bids)
        books[token] = {
            "market": book.market.condition_id,
            "hash": book.hashes[index],
            "timestamp": book.stamp_ms,
            "best_bid": bid,
            "best_ask": ask,
            "bids": bids[::-1],
            "asks": asks,
            "tick_size": book.tick,
            "resolved": book.resolved,
        }
    return books


def _mirrored(levels: list[tuple[int, int]]) -> list[tuple[int, int]]:
    return [(PRICE_ONE - price, size) for price, size in reversed(levels)]


def truth_json(venue: Venue) -> dict[str, dict[str, object]]:
    """Return per game its steps [virtual_ms, home, draw, away, home_score, away_score].

    The truth of games that are `selected` is exact, but says nothing of calibration: they were
    chosen for what they come to.
    """
    return {
        game.key: {
            "selected": game.selected,
            "steps": [(step.at_ms, *step.truth, step.home, step.away) for step in game.moments],
        }
        for game in venue.evening.games
    }


def _json(value: object) -> Response:
    return Response(_encode(value), media_type="application/json")
