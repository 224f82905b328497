r"""Frames as JSON lines, for people and for tests: readable, diffable, easy to make.

A line is `{"seq": int, "recv_ns": int, "source": str, "payload": str}`; `seq` may be left out
and is then the number of the line, from 0. The payload is the text that arrived, verbatim. Bytes
that are not UTF-8 stand as lone surrogates (`\udc80` to `\udcff`, Python's `surrogateescape`)
and come back as they were.

Lines are in order of their `recv_ns`: whoever reads them must not know what came later. A journal
is in the order in which its frames were emitted, whatever the clock did; lines have no such proof.
"""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Annotated

import msgspec
from msgspec import Meta

from connectors.disk import disk_errors
from fusion.errors import JournalError
from fusion.frames import Frame

_MEND = 'write {"recv_ns": int, "source": str, "payload": str} on every line'


class _Line(msgspec.Struct, frozen=True):
    recv_ns: Annotated[int, Meta(ge=0, le=2**63 - 1)]
    source: str
    payload: str
    seq: Annotated[int, Meta(ge=0, le=2**63 - 1)] | None = None


_decode = msgspec.json.Decoder(_Line).decode


def is_jsonl(path: Path) -> bool:
    """Tell whether a file is one of JSON lines, by its name."""
    return path.name.endswith((".jsonl", ".jsonl.gz"))


def read_jsonl(path: Path) -> Iterator[Frame]:
    """Yield the frames of a `.jsonl` or `.jsonl.gz` file; empty lines are passed over.

    Raises:
        JournalError: a line is no frame or older than the one before, or the file cannot be read;
            the message names the line, counted from 1 as editors do.
    """
    number, last_ns = 0, 0
    try:
        with _open(path, "rb") as file:
            for number, line in enumerate(file, 1):
                if line.isspace():
                    continue
                frame = _decode_line(line, number - 1)
                if frame.recv_ns < last_ns:
                    msg = (
                        f"{path}, line {number}, has recv_ns {frame.recv_ns}, which is before "
                        f"{last_ns} of a line above it; sort the lines by recv_ns"
                    )
                    raise JournalError(msg)
                last_ns = frame.recv_ns
                yield frame
    except (ValueError, msgspec.MsgspecError, RecursionError) as error:
        msg = f"{path}, line {number}, is no frame: {error}; {_MEND}"
        raise JournalError(msg) from error
    except (OSError, EOFError, zlib.error) as error:
        msg = f"cannot read {path} behind line {number}: {error}; make the file anew"
        raise JournalError(msg) from error


def write_jsonl(frames: Iterable[Frame], path: Path) -> int:
    """Write frames as JSON lines, gzipped where `path` ends in `.gz`; return how many.

    Raises:
        JournalError: the disk refuses.
    """
    count = 0
    with disk_errors(JournalError, "write", path), _open(path, "wb") as file:
        for frame in frames:
            file.write(_encode_line(frame))
            count += 1
    return count


def _open(path: Path, mode: str) -> IO[bytes]:
    return gzip.open(path, mode) if path.suffix == ".gz" else path.open(mode)  # type: ignore[return-value]


def _decode_line(line: bytes, number: int) -> Frame:
    try:
        row = _decode(line)
    except msgspec.MsgspecError:
        # msgspec takes no lone surrogates, which the standard library's reader passes on.
        row = msgspec.convert(json.loads(line), _Line)
    seq = number if row.seq is None else row.seq
    return Frame(seq, row.recv_ns, row.source, row.payload.encode(errors="surrogateescape"))


def _encode_line(frame: Frame) -> bytes:
    payload = frame.payload.decode(errors="surrogateescape")
    row = {"seq": frame.seq, "recv_ns": frame.recv_ns, "source": frame.source, "payload": payload}
    return json.dumps(row).encode() + b"\n"
