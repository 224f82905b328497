"""ESPN over HTTP: scoreboards, and the refusals that real clients run into."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Sequence

import msgspec
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from fusion.leagues import LEAGUES, TEAM_SPORTS, League
from simulator.espn_mma import card_events
from simulator.espn_tennis import tennis_events
from simulator.espn_wire import Json, board_json, event_json, start_of
from simulator.listing import EASTERN
from simulator.plan import GamePlan, shown_moment
from simulator.venue import Venue

FRIENDLY_AGENTS = (
    "curl/",
    "python-requests/",
    "Python-urllib/",
    "Go-http-client/",
    "okhttp/",
    "axios/",
)
DENIED = b"""<HTML><HEAD>
<TITLE>Access Denied</TITLE>
</HEAD><BODY>
<H1>Access Denied</H1>
You don't have permission to access this server.<P>
</BODY></HTML>
"""
MAX_AGE_S = 5
"""How long a cache may keep a board, on the clock of the evening."""

GROUPS = {
    "ncaamb": frozenset({"50"}),
    "ncaawb": frozenset({"50"}),
    "cfb": frozenset({"80", "90"}),
}
"""Leagues whose board without one of these groups has only the best teams' games."""

BEST_GAMES = 1
"""How many of an evening's college games are those of ranked teams."""

USUAL_LIMIT, HIGHEST_LIMIT, CUT_LIMIT = 100, 500, 25
"""A limit above the highest is not refused: the board is cut short without a word."""

_encode = msgspec.json.Encoder().encode


def welcome(agent: str) -> bool:
    """Return whether ESPN answers a User-Agent: known tools, or a name with a contact URL."""
    return agent.startswith(FRIENDLY_AGENTS) or (
        "(+http" in agent and not agent.startswith("Mozilla/")
    )


class EspnRoutes:
    """The scoreboard of every league; what does not change is encoded once."""

    def __init__(self, venue: Venue) -> None:
        self.venue = venue
        self._leagues = {league.espn_path: league for league in LEAGUES.values()}
        self._events: dict[str, tuple[Hashable, list[msgspec.Raw]]] = {}

    def routes(self) -> list[Route]:
        """Return the routes to mount."""
        return [Route("/apis/site/v2/sports/{sport}/{league}/scoreboard", self.scoreboard)]

    async def scoreboard(self, request: Request) -> Response:
        """Answer one poll."""
        if not welcome(request.headers.get("user-agent", "")):
            return Response(DENIED, 403, media_type="text/html")
        params = request.path_params
        league = self._leagues.get(f"{params['sport']}/{params['league']}")
        if league is None:
            return _error(404, "Not Found")
        dates = request.query_params.get("dates", "")
        if dates and not re.fullmatch(r"\d{8}", dates):
            return _error(400, "Failed to get events endpoint.")
        self.venue.start()
        day = dates or self.venue.evening.date.replace("-", "")
        games = [game for game in self.venue.evening.games if self._day(game) == day]
        events = self._shown(league, games)
        events = events[: shown(league, request.query_params, len(events))]
        body = _encode(board_json(league, self.venue.evening, events))
        headers = {"cache-control": f"max-age={int(MAX_AGE_S / self.venue.speed)}"}
        return Response(body, media_type="application/json", headers=headers)

    def _day(self, game: GamePlan) -> str:
        """Return the Eastern day on whose board a game is, also when it was put off."""
        return f"{start_of(self.venue.evening, game).astimezone(EASTERN):%Y%m%d}"

    def _shown(self, league: League, games: Sequence[GamePlan]) -> list[msgspec.Raw]:
        """Return the events of a league's board from all games of its day."""
        if league.sport in TEAM_SPORTS:
            own = [game for game in games if game.league.key == league.key]
            return [event for game in own for event in self._game(game)]
        # A tournament is on the board of each tour that plays in it, with all of its matches.
        return self._nested(league, [game for game in games if game.league.sport == league.sport])

    def _game(self, game: GamePlan) -> list[msgspec.Raw]:
        index = self.venue.shown(game)
        return self._once(game.key, index, lambda: [event_json(self.venue.evening, game, index)])

    def _nested(self, league: League, games: Sequence[GamePlan]) -> list[msgspec.Raw]:
        indexes = tuple(self.venue.shown(game) for game in games)
        pairs = [
            (game, shown_moment(game, game.moments[index]))
            for game, index in zip(games, indexes, strict=True)
        ]
        begin_ms = self.venue.evening.begin_ms
        if league.sport == "mma":
            return self._once(league.key, indexes, lambda: card_events(pairs, begin_ms))
        return self._once(league.key, indexes, lambda: tennis_events(league.key, pairs, begin_ms))

    def _once(self, key: str, state: Hashable, tell: Callable[[], list[Json]]) -> list[msgspec.Raw]:
        """Return events as JSON, which are encoded anew only in a new state."""
        known = self._events.get(key)
        if known is None or known[0] != state:
            encoded = [msgspec.Raw(_encode(event)) for event in tell()]
            known = self._events[key] = (state, encoded)
        return known[1]


def shown(league: League, params: QueryParams, there: int) -> int:
    """Return how many of the events that are there a query gets to see."""
    if league.key in GROUPS:
        group = params.get("groups")
        if group is None:
            there = min(there, BEST_GAMES)
        elif group not in GROUPS[league.key]:
            return 0
    text = params.get("limit", "")
    limit = int(text) if text.isascii() and text.isdigit() else USUAL_LIMIT
    return min(there, limit if limit <= HIGHEST_LIMIT else CUT_LIMIT)


def _error(code: int, message: str) -> Response:
    body = _encode({"code": code, "message": message})
    return Response(body, code, media_type="application/json;charset=UTF-8")
