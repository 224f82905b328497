"""Frames as JSON lines: exact both ways, and a bad line is named."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.journal.jsonl import is_jsonl, read_jsonl, write_jsonl
from fusion.errors import JournalError
from fusion.frames import Frame

FileLimit = Callable[[int], AbstractContextManager[None]]


@given(st.lists(st.binary(max_size=30), max_size=5))
def test_any_payload_round_trips(
    tmp_path_factory: pytest.TempPathFactory, payloads: list[bytes]
) -> None:
    """Payloads come back byte for byte, UTF-8 or not."""
    path = tmp_path_factory.mktemp("lines") / "frames.jsonl"
    frames = [Frame(seq, 7 * seq, "espn:nba", payload) for seq, payload in enumerate(payloads)]
    assert write_jsonl(frames, path) == len(frames)
    assert list(read_jsonl(path)) == frames


def test_line_is_readable(tmp_path: Path) -> None:
    """A line is an object with the payload as text, and stray bytes as lone surrogates."""
    path = tmp_path / "frames.jsonl"
    write_jsonl([Frame(3, 5, "espn:nba", b'{"a": "\xc3\xa9\xff"}')], path)
    assert path.read_text() == (
        '{"seq": 3, "recv_ns": 5, "source": "espn:nba", '
        '"payload": "{\\"a\\": \\"\\u00e9\\udcff\\"}"}\n'
    )


def test_seq_is_the_line_where_it_is_missing(tmp_path: Path) -> None:
    """Without `seq` a frame is numbered by its line from 0; empty lines and more fields pass."""
    lines = [
        {"recv_ns": 10, "source": "clock", "payload": ""},
        {"recv_ns": 11, "source": "clock", "payload": "é", "seq": 70, "note": "more"},
        None,
        {"recv_ns": 12, "source": "clock", "payload": "x", "seq": None},
    ]
    path = tmp_path / "frames.jsonl.gz"
    text = "\n".join("" if line is None else json.dumps(line) for line in lines)
    path.write_bytes(gzip.compress(text.encode()))
    assert list(read_jsonl(path)) == [
        Frame(0, 10, "clock", b""),
        Frame(70, 11, "clock", "é".encode()),
        Frame(3, 12, "clock", b"x"),
    ]


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        (b"{", "Expecting property name enclosed in double quotes"),
        (b"[]", "Expected `object`, got `array`"),
        (b'{"recv_ns": 1, "source": "clock"}', "Object missing required field `payload`"),
        (b'{"recv_ns": "1", "source": "c", "payload": ""}', r"Expected `int`, got `str` - at"),
        (b'{"recv_ns": 1, "source": "c", "payload": {}}', r"Expected `str`, got `object` - at"),
        (b'{"recv_ns": 1, "source": "c", "payload": "\xff"}', "codec can't decode byte 0xff"),
        (b'{"recv_ns": 1, "source": "c", "payload": "\\ud800"}', "surrogates not allowed"),
        (b"[" * 100_000, "recursion"),
    ],
)
def test_bad_line_is_named(tmp_path: Path, line: bytes, wrong: str) -> None:
    """The error names file and line, says what was wrong, and how a line must look."""
    path = tmp_path / "frames.jsonl"
    path.write_bytes(b'{"recv_ns": 1, "source": "clock", "payload": ""}\n' + line + b"\n")
    frames = read_jsonl(path)
    assert next(frames) == Frame(0, 1, "clock", b"")
    with pytest.raises(JournalError) as caught:
        next(frames)
    message = str(caught.value)
    assert message.startswith(f"{path}, line 2, is no frame: ")
    assert wrong in message
    assert message.endswith('; write {"recv_ns": int, "source": str, "payload": str} on every line')


def test_lines_out_of_order_are_named(tmp_path: Path) -> None:
    """A line that was received before the one above it is refused, one of the same time is not."""
    line = '{"recv_ns": %d, "source": "clock", "payload": ""}\n'
    path = tmp_path / "frames.jsonl"
    path.write_text("".join(line % recv_ns for recv_ns in (5, 5, 7, 6)))
    frames = read_jsonl(path)
    assert [next(frames).recv_ns for _ in range(3)] == [5, 5, 7]
    with pytest.raises(JournalError) as caught:
        next(frames)
    assert str(caught.value) == (
        f"{path}, line 4, has recv_ns 6, which is before 7 of a line above it; sort the lines by "
        "recv_ns"
    )


@pytest.mark.parametrize("content", [b"plain text", gzip.compress(b"{}" * 999, mtime=0)[:-9]])
def test_broken_gzip_is_an_error(tmp_path: Path, content: bytes) -> None:
    """A file that is no gzip, or a part of one, is named."""
    path = tmp_path / "frames.jsonl.gz"
    path.write_bytes(content)
    with pytest.raises(JournalError, match=r"cannot read .*/frames.jsonl.gz behind line 0: "):
        list(read_jsonl(path))


def test_full_disk_is_an_error(tmp_path: Path, file_limit: FileLimit) -> None:
    """A file that cannot be written whole is an error that names it."""
    frames = [Frame(0, 0, "clock", b"x" * 100_000)]
    with file_limit(1000), pytest.raises(JournalError, match=r"cannot write .*: File too large"):
        write_jsonl(frames, tmp_path / "frames.jsonl")


@pytest.mark.parametrize(
    ("name", "is_lines"),
    [("a.jsonl", True), ("a.jsonl.gz", True), ("a.fjl", False), ("a.gz", False)],
)
def test_lines_are_known_by_name(name: str, is_lines: bool) -> None:
    """The ending tells JSON lines from segments."""
    assert is_jsonl(Path(name)) == is_lines
