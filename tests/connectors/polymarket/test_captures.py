"""Recordings of the market channel, whatever wrote them."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from connectors.polymarket.captures import read_capture
from fusion.errors import JournalError
from fusion.frames import Frame, Gap, encode_control

TRADE = '{"event_type": "last_trade_price"}'


def write(folder: Path, text: str | bytes, name: str = "capture") -> Path:
    """Write a file and return its path."""
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def recorded(sequence: int, **changes: Any) -> str:
    """Return a line of a recorder."""
    row = {
        "schemaVersion": 1,
        "sequence": sequence,
        "receivedAtMs": 1_789_156_413_937,
        "kind": "ws_message",
        "data": f'{{"n": {sequence}}}',
        "connectionId": "clob-0-e1",
    }
    return json.dumps(row | changes) + "\n"


def test_raw_lines_are_frames(tmp_path: Path) -> None:
    """One frame a line, JSON or one of the venue's texts, is taken as it stands."""
    path = write(tmp_path, f"[]\n{TRADE}\n\nPONG\n")
    assert list(read_capture(path)) == [
        Frame(0, 0, "polymarket:market:0", b"[]"),
        Frame(1, 1_000_000, "polymarket:market:0", TRADE.encode()),
        Frame(2, 2_000_000, "polymarket:market:0", b"PONG"),
    ]


def test_a_document_over_many_lines_is_one_frame(tmp_path: Path) -> None:
    """A frame that was printed prettily is read as one."""
    text = json.dumps({"event_type": "tick_size_change"}, indent=2)
    path = write(tmp_path, text, "frame.json")
    assert list(read_capture(path)) == [Frame(0, 0, "polymarket:market:0", text.encode())]


@pytest.mark.parametrize("as_list", [False, True])
def test_books_without_an_event_type_become_snapshots(as_list: bool, tmp_path: Path) -> None:
    """Books of REST and checkpoints get the event type that makes them frames."""
    book = {"asset_id": "1", "bids": [], "asks": [], "note": "checkpoint"}
    path = write(tmp_path, json.dumps([book] if as_list else book, indent=1))
    [frame] = read_capture(path)
    assert json.loads(frame.payload) == [{**book, "event_type": "book"}]


def test_a_recorders_lines_keep_their_times(tmp_path: Path) -> None:
    """A recorder's sequence, time and connection become the frame's."""
    path = write(tmp_path, recorded(7) + recorded(8, connectionId="clob-1-e1", data="PONG"))
    received_ns = 1_789_156_413_937_000_000
    assert list(read_capture(path)) == [
        Frame(7, received_ns, "polymarket:market:0", b'{"n": 7}'),
        Frame(8, received_ns, "polymarket:market:1", b"PONG"),
    ]


def test_missing_lines_of_a_recorder_are_a_gap(tmp_path: Path) -> None:
    """A jump of the sequence means that frames are not in the file, and books cannot go on."""
    path = write(tmp_path, recorded(7) + recorded(9, kind="ws_open") + recorded(20))
    frames = list(read_capture(path))
    assert [(frame.seq, frame.source) for frame in frames] == [
        (7, "polymarket:market:0"),
        (8, "control"),
        (10, "control"),
        (20, "polymarket:market:0"),
    ]
    assert [frame.payload for frame in frames[1:3]] == [
        encode_control(Gap("frames are missing in the recording", missing)) for missing in (1, 10)
    ]


@pytest.mark.parametrize("name", ["frames.jsonl", "frames.jsonl.gz"])
def test_our_own_lines_are_read(name: str, tmp_path: Path) -> None:
    """Lines of a journal that was written out are taken as they are."""
    text = b'{"recv_ns": 5, "source": "control", "payload": "{}"}\n'
    path = write(tmp_path, gzip.compress(text) if name.endswith(".gz") else text, name)
    assert list(read_capture(path)) == [Frame(0, 5, "control", b"{}")]


def test_gzip_is_seen_by_content(tmp_path: Path) -> None:
    """A gzipped recording needs no particular name."""
    path = write(tmp_path, gzip.compress(b"[]\nPONG\n"))
    assert [frame.payload for frame in read_capture(path)] == [b"[]", b"PONG"]


def test_an_empty_file_has_no_frames(tmp_path: Path) -> None:
    """Nothing recorded is nothing to read."""
    assert list(read_capture(write(tmp_path, "\n"))) == []


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"once upon a time\n[]\n", "has no layout known here"),
        (b"\x00\x01", "has no layout known here"),
        (b"\x1f\x8b\x08cut", "cannot read"),
        (b'{"recv_ns": 1, "source": "control"}\n', "is no frame"),
        (recorded(1).encode() + b'{"sequence": 2}\n', "line 2, is no recorded frame"),
    ],
)
def test_other_files_are_errors(data: bytes, message: str, tmp_path: Path) -> None:
    """A file of another kind, or one that is damaged, is an error that names it."""
    with pytest.raises(JournalError, match=message):
        list(read_capture(write(tmp_path, data)))


def test_a_file_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    """A wrong path is an error that names it."""
    with pytest.raises(JournalError, match="nowhere"):
        list(read_capture(tmp_path / "nowhere"))
