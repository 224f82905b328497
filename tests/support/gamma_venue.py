"""A venue that lists what a test says, by cursor and by offset, over real HTTP."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qsl, urlsplit

SPORTS = [
    {"sport": "nfl", "ordering": "away", "tags": "1,450,100639", "series": "12185"},
    {"sport": "epl", "ordering": "home", "tags": "1,82,306,100639,100350", "series": ""},
]


def event(number: int, start: str | None = "2026-09-13T17:00:00Z", **fields: Any) -> dict[str, Any]:
    """Return one event of Gamma, a game of the NFL without markets."""
    slug = f"nfl-a{number}-b{number}-2026-09-13"
    title = f"A{number} vs. B{number}"
    return {
        "id": str(number),
        "slug": slug,
        "title": title,
        "startTime": start,
        "markets": [],
        **fields,
    }


def query(path: str) -> list[tuple[str, str]]:
    """Return what a request asked for."""
    return parse_qsl(urlsplit(path).query)


class GammaVenue:
    """Answers `/sports`, `/events/keyset` and `/events`.

    `listed` maps the first filter to its events, `failures` a path to its answer. `cursors` maps
    the number of a page to the cursor it gives in place of the right one.
    """

    def __init__(self, http_server: Any, make_reply: Any) -> None:
        self.sports: list[dict[str, Any]] = list(SPORTS)
        self.listed: dict[tuple[str, str], list[dict[str, Any]]] = {}
        self.failures: dict[str, Any] = {}
        self.cursors: dict[int, str] = {}
        self.heeds_window = False
        self.server = http_server
        self.make_reply = make_reply
        http_server.reply = self.reply

    @property
    def url(self) -> str:
        """Where the venue is."""
        return str(self.server.url)

    def reply(self, request: Any) -> Any:
        """Answer one request."""
        path, asked = urlsplit(request.path).path, dict(query(request.path))
        failure = self.failures.get(path)
        if failure is not None:
            return failure
        if path == "/sports":
            return self.make_reply(body=json.dumps(self.sports).encode())
        events = self.listed.get(query(request.path)[0], [])
        if self.heeds_window and "start_time_min" in asked:
            first, last = asked["start_time_min"], asked["start_time_max"]
            events = [row for row in events if first <= row["startTime"] <= last]
        if path == "/events":
            return self._json(self._cut(events, int(asked["offset"]), int(asked["limit"])))
        return self._page(events, asked)

    def _page(self, events: list[dict[str, Any]], asked: dict[str, str]) -> Any:
        size = int(asked["limit"])
        start = int(asked.get("after_cursor", "at-0").rpartition("-")[2])
        page: dict[str, Any] = {"$schema": "x", "events": self._cut(events, start, size)}
        if start + size < len(events):
            page["next_cursor"] = self.cursors.get(start // size, f"at-{start + size}")
        return self._json(page)

    def _cut(self, events: list[dict[str, Any]], start: int, size: int) -> list[dict[str, Any]]:
        return events[start : start + size]

    def _json(self, value: Any) -> Any:
        return self.make_reply(body=json.dumps(value).encode())

    def asked(self, path: str = "") -> list[str]:
        """Return what was asked for, all or of one path."""
        found = [request.path for request in self.server.requests]
        return [each for each in found if not path or urlsplit(each).path == path]
