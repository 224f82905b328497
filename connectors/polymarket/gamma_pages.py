"""Reads every page of a listing of Gamma, by cursor where the venue has it, else by offset.

Every body is emitted as it came (`gamma:events`); one that is the same as the last one of its page
is told as `Unchanged`. A listing that could not be read whole is handed over as far as it goes,
and why is on record: a page that is no listing, a cursor that repeats, more pages than allowed.
"""

from __future__ import annotations

import hashlib
from functools import partial
from urllib.parse import urlencode

import msgspec
import requests

from connectors.budget import Budget
from connectors.http import Heard, HttpFailed, fetch
from connectors.polymarket.gamma import Listing, parse_events
from connectors.polymarket.gamma_query import Parameters, keyset_page, offset_page
from fusion.frames import Emit, HttpStatus, Unchanged, encode_control
from fusion.listing import ListedEvent

SOURCE = "gamma:events"
NO_KEYSET = frozenset({400, 404, 405, 422})
"""Statuses by which `/events/keyset` says that it is not there, or not asked like this."""


class PageSettings(msgspec.Struct, frozen=True, kw_only=True):
    """How listings are read; a page of a hundred events may have ten megabytes."""

    base_url: str = "https://gamma-api.polymarket.com"
    page_size: int = 100
    max_pages: int = 10
    max_bytes: int = 64 << 20
    body_s: float = 60.0


class WholeListing(msgspec.Struct, frozen=True):
    """The events of all pages; `complete` is false where some may be missing."""

    events: tuple[ListedEvent, ...]
    complete: bool


_PageKey = tuple[Parameters, bool, int]
"""The filters, whether the starts are limited, and the number of the page."""


class _Answer(msgspec.Struct, frozen=True):
    body: bytes
    digest: str
    listing: Listing
    repeated: bool


class GammaPages:
    """Reads listings; remembers the last body of each page, and whether there are cursors."""

    def __init__(
        self, settings: PageSettings, emit: Emit, session: requests.Session, budget: Budget
    ) -> None:
        self._settings = settings
        self._emit = emit
        self._session = session
        self._budget = budget
        self._has_keyset = True
        self._last: dict[_PageKey, tuple[str, Listing]] = {}

    def try_keyset(self) -> None:
        """Ask for pages by cursor again, whatever the venue said the last time."""
        self._has_keyset = True

    async def read(self, filters: Parameters, window: Parameters = ()) -> WholeListing:
        """Return the events that `filters` find; `window` limits their starts, by cursor only.

        Raises:
            HttpFailed: a page gave no usable body.
        """
        if self._has_keyset:
            try:
                return await self._by_cursor(filters, window)
            except HttpFailed as failure:
                if not _has_no_keyset(failure):
                    raise
                self._has_keyset = False
                detail = f"{failure.detail}: /events/keyset is not served; asking /events"
                self._record(failure.status, detail)
        return await self._by_offset(filters)

    async def _by_cursor(self, filters: Parameters, window: Parameters) -> WholeListing:
        events: list[ListedEvent] = []
        cursor, seen = "", {""}
        for number in range(self._settings.max_pages):
            asked = keyset_page(filters, window, self._settings.page_size, cursor)
            listing = await self._page("/events/keyset", asked, (filters, bool(window), number))
            events.extend(listing.events)
            if listing.next_cursor is None:
                return WholeListing(tuple(events), _is_readable(listing))
            cursor = listing.next_cursor
            if cursor in seen:
                self._record(200, f"page {number + 1} of {filters} gave a cursor for the 2nd time")
                return WholeListing(tuple(events), complete=False)
            seen.add(cursor)
        return self._cut_short(filters, events)

    async def _by_offset(self, filters: Parameters) -> WholeListing:
        events: list[ListedEvent] = []
        size = self._settings.page_size
        for number in range(self._settings.max_pages):
            asked = offset_page(filters, size, number * size)
            listing = await self._page("/events", asked, (filters, False, number))
            events.extend(listing.events)
            if listing.elements < size:
                return WholeListing(tuple(events), _is_readable(listing))
        return self._cut_short(filters, events)

    def _cut_short(self, filters: Parameters, events: list[ListedEvent]) -> WholeListing:
        pages = self._settings.max_pages
        self._record(200, f"{filters} has more than {pages} pages; the rest was not read")
        return WholeListing(tuple(events), complete=False)

    async def _page(self, path: str, asked: Parameters, key: _PageKey) -> Listing:
        url = f"{self._settings.base_url.rstrip('/')}{path}?{urlencode(asked)}"
        answer = await self._budget.ask(partial(self._ask, url, key))
        if answer.repeated:
            self._emit("control", encode_control(Unchanged(SOURCE, answer.digest)))
            return answer.listing
        self._emit(SOURCE, answer.body)
        if not _is_readable(answer.listing):
            refusal = answer.listing.refusals[0]
            self._record(200, f"{refusal.reason}: {refusal.detail}")
        self._last[key] = (answer.digest, answer.listing)
        return answer.listing

    def _ask(self, url: str, key: _PageKey, heard: Heard) -> _Answer:
        """Fetch and parse one page, on a thread: parsing ten megabytes would hold up the links."""
        settings = self._settings
        body = fetch(
            self._session,
            url,
            total_s=settings.body_s,
            max_bytes=settings.max_bytes,
            heard=heard,
        )
        digest = hashlib.sha1(body, usedforsecurity=False).hexdigest()
        last = self._last.get(key)
        if last is not None and last[0] == digest:
            return _Answer(body, digest, last[1], repeated=True)
        return _Answer(body, digest, parse_events(body), repeated=False)

    def _record(self, status: int, detail: str) -> None:
        self._emit("control", encode_control(HttpStatus(SOURCE, status, detail)))


def _has_no_keyset(failure: HttpFailed) -> bool:
    """Tell whether a refusal is of the endpoint; a 503 may be of it or of the whole venue."""
    if failure.reason != "status":
        return False
    return failure.status in NO_KEYSET or (failure.status == 503 and "keyset" in failure.excerpt)


def _is_readable(listing: Listing) -> bool:
    return bool(listing.elements) or not listing.refusals
