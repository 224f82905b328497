"""Books over REST: the witness beside the socket, and the fallback without one.

`POST /books` leaves out tokens that have no book (not yet, or not any more) without a word. The
`timestamp` of a book is that of its last change, hours ago in a quiet market: no sign of freshness.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import requests

from connectors.http import Heard, fetch
from connectors.polymarket import schema
from connectors.polymarket.explain import DECODE_ERRORS, explain_error, explain_text
from connectors.polymarket.numbers import BadNumberError
from connectors.polymarket.parse import snapshot_of
from fusion.errors import Refusal, excerpt
from fusion.market import BookSnapshot

MAX_TOKENS = 500
"""The most tokens of one request; more exceed the venue's payload limit."""


class BooksAnswer(msgspec.Struct, frozen=True):
    """The books of one answer, in its order, and what was refused of it."""

    books: tuple[BookSnapshot, ...] = ()
    refusals: tuple[Refusal, ...] = ()


def chunks(token_ids: Sequence[str]) -> list[Sequence[str]]:
    """Return the tokens in as many parts as they need requests."""
    return [token_ids[start : start + MAX_TOKENS] for start in range(0, len(token_ids), MAX_TOKENS)]


def fetch_books(
    session: requests.Session, base_url: str, token_ids: Sequence[str], heard: Heard | None = None
) -> bytes:
    """Return the answer to one `POST /books` for at most `MAX_TOKENS` tokens; it blocks.

    `heard` is told when the answer began.

    Raises:
        HttpFailed: the request gave no usable body.
    """
    wanted = [{"token_id": token} for token in token_ids]
    return fetch(session, f"{base_url.rstrip('/')}/books", json=wanted, heard=heard)


def parse_books(payload: bytes) -> BooksAnswer:
    """Return the books of `POST /books`, or of `GET /book`, which is one object."""
    body = payload.strip()
    if body[:1] not in {b"[", b"{"}:
        return BooksAnswer(refusals=(explain_text(body, "a list of books"),))
    try:
        elements = schema.decode_elements(body) if body[:1] == b"[" else [msgspec.Raw(body)]
    except DECODE_ERRORS as error:
        return BooksAnswer(refusals=(explain_error(error, body),))
    books: list[BookSnapshot] = []
    refusals: list[Refusal] = []
    for element in elements:
        try:
            books.append(snapshot_of(schema.decode_rest_book(element)))
        except BadNumberError as error:
            refusals.append(Refusal(error.reason, str(error), excerpt(bytes(element))))
        except DECODE_ERRORS as error:
            refusals.append(explain_error(error, bytes(element), "bad_book"))
    return BooksAnswer(tuple(books), tuple(refusals))
