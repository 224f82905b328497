from __future__ import annotations

import gzip

import msgspec
import pytest

from connectors.espn.board import MAX_BYTES, open_board, undecodable
from fusion.errors import Refusal


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        (b"", "empty_body"),
        (b" \r\n" * 1000, "empty_body"),
        (b"<!DOCTYPE html><title>Denied</title>", "html"),
        (b"\n <html>", "html"),
        (gzip.compress(b"{}", mtime=0), "gzip_bytes"),
        (b" " * (MAX_BYTES + 1), "too_large"),
        (b'{"events":[', "not_json"),
        (b"events", "not_json"),
        (b'{"events":[{"a":NaN}]}', "not_json"),
        (b'{"events":[{"a":"\\ud800"}]}', "not_json"),
        (b'{"events":[]} {"events":[]}', "not_json"),
        (b'{"events":' + b"[" * 100_000, "too_deep"),
        (b"[" * 100_000, "wrong_shape"),
        (b"[]", "wrong_shape"),
        (b"null", "wrong_shape"),
        (b'"events"', "wrong_shape"),
        (b'{"events":{}}', "wrong_shape"),
        (b'{"events":null}', "wrong_shape"),
        (b'{"events":"none"}', "wrong_shape"),
        (b'{"code":400,"message":"Failed to get events endpoint."}', "error_body"),
        (b'{"message":"Forbidden"}', "error_body"),
        (b'{"code":400,"competitions":null}', "error_body"),
        (b"{}", "missing_events"),
        (b'{"leagues":[]}', "missing_events"),
        (b"x" * 10_000_000, "not_json"),
    ],
)
def test_what_is_no_board_is_refused(payload: bytes, reason: str) -> None:
    """A body that is no scoreboard gives one named refusal and never an empty slate."""
    refusal = open_board(payload)

    assert isinstance(refusal, Refusal)
    assert refusal.reason == reason
    assert refusal.detail
    assert len(refusal.excerpt) <= 200


@pytest.mark.parametrize(
    ("payload", "events"),
    [
        (b'{"events":[]}', []),
        (b'{"code":200,"events":[]}', []),
        (b'\n{"events":[{"id":"1"},7,null]}', [b'{"id":"1"}', b"7", b"null"]),
        (b'{"id":"1","competitions":[]}', [b'{"id":"1","competitions":[]}']),
        (b'{"id":"1","groupings":[]}', [b'{"id":"1","groupings":[]}']),
        (b'{"events":["\xff"]}', [b'"\xff"']),
        (
            b'{"id":"7","uid":"s:1","competitors":[]}',
            [b'{"id":"7","uid":"s:1","competitions":[{"id":"7","uid":"s:1","competitors":[]}]}'],
        ),
    ],
)
def test_a_board_gives_its_events(payload: bytes, events: list[bytes]) -> None:
    """A board gives its events undecoded; a single event or competition is a board of one."""
    found = open_board(payload)

    assert not isinstance(found, Refusal)
    assert [bytes(event) for event in found] == events


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (RecursionError("deep"), "too_deep"),
        (msgspec.ValidationError("shape"), "shape_of_mine"),
        (msgspec.DecodeError("bad"), "not_json"),
        (UnicodeDecodeError("utf-8", b"\xff", 0, 1, "bad"), "not_json"),
    ],
)
def test_decoder_errors_have_reasons(error: Exception, reason: str) -> None:
    """Each error of the decoder has its reason."""
    assert undecodable(error, b"[1]", "shape_of_mine") == Refusal(reason, str(error), "[1]")
