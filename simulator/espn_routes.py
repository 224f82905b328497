"""ESPN over HTTP: scoreboards, and the refusals that real clients run into."""

from __future__ import annotations

import re
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from fusion.leagues import LEAGUES
from simulator.espn_wire import board_json, event_json
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
_encode = msgspec.json.Encoder().encode


def welcome(agent: str) -> bool:
    """Return whether ESPN answers a User-Agent: known tools, or a name with a contact URL."""
    return agent.startswith(FRIENDLY_AGENTS) or (
        "(+http" in agent and not agent.startswith("Mozilla/")
    )


class EspnRoutes:
    """The scoreboard of every league; events are encoded once per moment of their game."""

    def __init__(self, venue: Venue) -> None:
        self.venue = venue
        self._leagues = {league.espn_path: league for league in LEAGUES.values()}
        self._events: dict[str, tuple[int, msgspec.Raw]] = {}

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
        evening = self.venue.evening
        events: list[Any] = []
        if dates in ("", evening.date.replace("-", "")):
            events = [
                self._event(number)
                for number, game in enumerate(evening.games)
                if game.league.key == league.key
            ]
        body = _encode(board_json(league, evening, events))
        return Response(body, media_type="application/json", headers={"cache-control": "max-age=5"})

    def _event(self, number: int) -> msgspec.Raw:
        game = self.venue.evening.games[number]
        index = self.venue.shown(game)
        known = self._events.get(game.key)
        if known is None or known[0] != index:
            raw = msgspec.Raw(_encode(event_json(self.venue.evening, game, index)))
            known = self._events[game.key] = (index, raw)
        return known[1]


def _error(code: int, message: str) -> Response:
    body = _encode({"code": code, "message": message})
    return Response(body, code, media_type="application/json;charset=UTF-8")
