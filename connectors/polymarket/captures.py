"""Recorded frames of the market channel as frames, whatever wrote them.

The layout is recognised by content. The first of these that fits is taken:

    ==========  ==========================================================================
    frames      Fairline's own: `{"recv_ns", "source", "payload"}` a line
    recorder    an object a line with the wire string in `data`, `sequence` and
                `receivedAtMs`; a jump of `sequence` means frames that are not in the file,
                and becomes a gap
    document    the whole file is one frame, over one or many lines, or a book without an event
                type: of REST (also a list of them), or a recorder's checkpoint
    raw         one frame a line, as it came over the wire
    ==========  ==========================================================================

Files may be gzipped. Where a recording has no times, frames are one millisecond apart from 0.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from connectors.journal.jsonl import read_jsonl
from connectors.polymarket.explain import DECODE_ERRORS
from fusion.errors import JournalError
from fusion.frames import NS_PER_MS, Frame, Gap, encode_control

SOURCE = "polymarket:market:0"


class _Recorded(msgspec.Struct, rename="camel"):
    """A line of a recorder. Lines of another kind than `ws_message` are its own notes."""

    sequence: int
    data: str
    received_at_ms: int
    kind: str = "ws_message"
    connection_id: str = ""


class _Line(msgspec.Struct):
    """What tells the layouts of lines apart."""

    recv_ns: int | None = None
    source: str | None = None
    sequence: int | None = None
    data: str | None = None


_decode_recorded = msgspec.json.Decoder(_Recorded).decode
_decode_line = msgspec.json.Decoder(_Line).decode


def read_capture(path: Path) -> Iterator[Frame]:
    """Yield the frames of a recording.

    Raises:
        JournalError: the file cannot be read or has no layout known here; the message says which
            layouts there are.
    """
    try:
        data = path.read_bytes()
        if data[:2] == b"\x1f\x8b":
            data = gzip.decompress(data)
    except (OSError, EOFError, zlib.error) as error:
        msg = f"cannot read {path}: {error}"
        raise JournalError(msg) from error
    lines = [line for line in data.splitlines() if line.strip()]
    if not lines:
        return
    first = _first(lines[0])
    if first is not None and first.recv_ns is not None and first.source is not None:
        yield from read_jsonl(path)
    elif first is not None and first.sequence is not None and first.data is not None:
        yield from _recorder(path, lines)
    else:
        yield from _wire(path, data, lines)


def _first(line: bytes) -> _Line | None:
    try:
        return _decode_line(line)
    except DECODE_ERRORS:
        return None


def _recorder(path: Path, lines: list[bytes]) -> Iterator[Frame]:
    links: dict[str, str] = {}
    last: int | None = None
    for number, line in enumerate(lines, 1):
        try:
            row = _decode_recorded(line)
        except DECODE_ERRORS as error:
            msg = f"{path}, line {number}, is no recorded frame: {error}; restore the line"
            raise JournalError(msg) from error
        recv_ns = row.received_at_ms * NS_PER_MS
        if last is not None and row.sequence > last + 1:
            missing = row.sequence - last - 1
            gap = Gap("frames are missing in the recording", missing)
            yield Frame(last + 1, recv_ns, "control", encode_control(gap))
        last = row.sequence
        if row.kind == "ws_message":
            link = links.setdefault(row.connection_id, f"polymarket:market:{len(links)}")
            yield Frame(row.sequence, recv_ns, link, row.data.encode())


def _wire(path: Path, data: bytes, lines: list[bytes]) -> Iterator[Frame]:
    try:
        document = msgspec.json.decode(data)
    except DECODE_ERRORS:
        document = None
    if isinstance(document, dict | list):
        payloads = [_document(document, data)]
    elif all(_looks_like_wire(line) for line in lines):
        payloads = lines
    else:
        msg = (
            f"{path} has no layout known here; it must hold one frame a line, one JSON document, "
            'or lines of {"recv_ns", "source", "payload"}'
        )
        raise JournalError(msg)
    for seq, payload in enumerate(payloads):
        yield Frame(seq, seq * NS_PER_MS, SOURCE, payload)


def _looks_like_wire(line: bytes) -> bool:
    """Whether a line can be a frame: JSON, or one of the venue's short texts (`PONG`)."""
    return line[:1] in {b"{", b"["} or (len(line) <= 64 and line.isupper() and line.isascii())


def _document(document: Any, data: bytes) -> bytes:
    """Return a document as a frame; books without an event type get theirs."""
    books = document if isinstance(document, list) else [document]
    if not books or not all(_is_bare_book(book) for book in books):
        return data
    return msgspec.json.encode([{**book, "event_type": "book"} for book in books])


def _is_bare_book(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and "event_type" not in value
        and {"asset_id", "bids", "asks"} <= value.keys()
    )
