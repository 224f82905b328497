"""From a response body to its events, or to the one reason why it has none.

A body that is no scoreboard must never pass for an empty one: an error document has no `events`,
while an empty list is a day without games. Bodies that were seen or reported: the error
`{"code":400,"message":...}`, the same still gzipped, an HTML page with status 200, nothing at
all, and a document cut short. A single event (`competitions` or `groupings` at the top) counts as
a board of one, and so does a single competition (`competitors` at the top), which becomes an event
of its own id.

Reasons: `empty_body`, `gzip_bytes`, `too_large`, `html`, `not_json`, `too_deep`, `wrong_shape`,
`error_body`, `missing_events`. The decoder takes a document as a whole: one lone surrogate or
NaN anywhere makes all of it `not_json`.
"""

from __future__ import annotations

import msgspec

from connectors.espn.scalars import text
from connectors.espn.schema import DECODE_ERRORS, Document, present
from fusion.errors import Refusal, excerpt

MAX_BYTES = 32 * 1024 * 1024
"""The largest body seen is 1.9 MB (a week of NFL); a month of college games stays well below."""

GZIP_MAGIC = b"\x1f\x8b"

_document = msgspec.json.Decoder(Document).decode
_events = msgspec.json.Decoder(list[msgspec.Raw]).decode


def open_board(payload: bytes) -> list[msgspec.Raw] | Refusal:
    """Return the raw events of a body, or why the body is no scoreboard."""
    found = _unreadable(payload)
    if found is not None:
        return found
    try:
        document = _document(payload)
        if not document.events:
            return _without_events(payload, document)
        return _events(document.events)
    except DECODE_ERRORS as error:
        return undecodable(error, payload, "wrong_shape")


def undecodable(error: Exception, payload: bytes, wrong_shape: str) -> Refusal:
    """Return the refusal of what a decoder raised; sound JSON of another form is `wrong_shape`."""
    if isinstance(error, RecursionError):
        reason = "too_deep"
    elif isinstance(error, msgspec.ValidationError):
        reason = wrong_shape
    else:
        reason = "not_json"
    return Refusal(reason, str(error), excerpt(payload))


def _unreadable(payload: bytes) -> Refusal | None:
    if len(payload) > MAX_BYTES:
        detail = f"a body has at most {MAX_BYTES} bytes, had {len(payload)}"
        return Refusal("too_large", detail, excerpt(payload))
    start = payload[:1024].lstrip()
    if not start and not payload.strip():
        return Refusal("empty_body", "the body is empty")
    if start.startswith(GZIP_MAGIC):
        return Refusal("gzip_bytes", "the body is gzip that nobody decoded", excerpt(payload))
    if start.startswith(b"<"):
        return Refusal("html", "the body is a page, not JSON", excerpt(payload))
    return None


def _without_events(payload: bytes, document: Document) -> list[msgspec.Raw] | Refusal:
    if present(document.competitions) or present(document.groupings):
        return [msgspec.Raw(payload)]
    if present(document.competitors):
        return [_event_of(payload, document)]
    if document.code is not None or document.message is not None:
        detail = f"code {text(document.code)}: {text(document.message)}"
        return Refusal("error_body", detail, excerpt(payload))
    return Refusal("missing_events", "the document has no `events`", excerpt(payload))


def _event_of(payload: bytes, document: Document) -> msgspec.Raw:
    event = {"id": document.id, "uid": document.uid, "competitions": [msgspec.Raw(payload)]}
    return msgspec.Raw(msgspec.json.encode(event))
