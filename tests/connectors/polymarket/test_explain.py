"""Why bytes are not what they should be."""

from __future__ import annotations

import msgspec
import pytest

from connectors.polymarket.explain import DECODE_ERRORS, explain_error, explain_text
from fusion.errors import Refusal


@pytest.mark.parametrize(
    ("body", "reason", "found"),
    [
        (b"", "empty_body", "empty"),
        (b"\x1f\x8b\x08", "gzip", "gzip"),
        (b"<html>", "html", "HTML"),
        (b"NO NEW ASSETS", "text_frame", "text: 'NO NEW ASSETS'"),
    ],
)
def test_what_is_not_json_is_named(body: bytes, reason: str, found: str) -> None:
    """Emptiness, gzip, HTML and text are told apart."""
    refusal = explain_text(body, "a frame")
    assert (refusal.reason, refusal.detail) == (reason, f"a frame must be JSON, was {found}")


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b'{"a":', "not_json"),
        (b'{"a":1}', "bad_thing"),
        (b'{"a":"\xff"}', "bad_utf8"),
        (b'{"b":' + b"[" * 100_000, "too_deep"),
    ],
)
def test_decoding_errors_are_told_apart(body: bytes, reason: str) -> None:
    """Broken JSON, another shape, another encoding and endless nesting have their reasons."""

    class Thing(msgspec.Struct):
        a: str

    with pytest.raises(DECODE_ERRORS) as caught:
        msgspec.json.decode(body, type=Thing)
    refusal = explain_error(caught.value, body, "bad_thing")
    assert refusal == Refusal(reason, refusal.detail, refusal.excerpt)
    assert refusal.excerpt.startswith(body[:4].decode())
