"""Why bytes could not be read as the JSON that should stand there."""

from __future__ import annotations

import msgspec

from fusion.errors import Refusal, excerpt

DECODE_ERRORS = (msgspec.MsgspecError, RecursionError, UnicodeDecodeError)
"""What msgspec raises on bytes from outside; the last two are no errors of its own."""


def explain_text(body: bytes, what: str) -> Refusal:
    """Say what `body`, which is neither an object nor an array, is instead of `what`."""
    if not body:
        reason, found = "empty_body", "empty"
    elif body[:2] == b"\x1f\x8b":
        reason, found = "gzip", "gzip"
    elif body[:1] == b"<":
        reason, found = "html", "HTML"
    else:
        reason, found = "text_frame", f"text: {excerpt(body)[:60]!r}"
    return Refusal(reason, f"{what} must be JSON, was {found}", excerpt(body))


def explain_error(error: Exception, body: bytes, otherwise: str = "not_json") -> Refusal:
    """Say why decoding failed; `otherwise` is the reason where nothing more is known."""
    match error:
        case RecursionError():
            return Refusal("too_deep", "the JSON is nested beyond reason", excerpt(body))
        case UnicodeDecodeError():
            return Refusal("bad_utf8", f"the JSON must be UTF-8: {error}", excerpt(body))
        case msgspec.ValidationError():
            return Refusal(otherwise, str(error), excerpt(body))
        case _:
            return Refusal("not_json", str(error), excerpt(body))
