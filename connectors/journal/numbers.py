"""The numbers of the frames on record: which there are, which are missing, and which are twice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec
import numpy as np
import numpy.typing as npt

from connectors.archive.frames import SealedFrames
from connectors.journal.segment_file import read_segment
from connectors.journal.sessions import HubJournal, Part, stream_name
from fusion.errors import JournalError

Range = tuple[int, int]
"""The first and the last of some numbers that follow each other."""


class Numbers(msgspec.Struct, frozen=True):
    """The frames of one stream of the journal, each counted once where it is also sealed.

    `begins_late` tells that its first segments were let go by age; then the numbers before the
    first one are not missing. `problems` are sentences about segments that cannot be read, or that
    differ from what was sealed of them.
    """

    stream: str
    frames: int
    ranges: tuple[Range, ...]
    missing: tuple[Range, ...]
    twice: tuple[Range, ...]
    begins_late: bool
    problems: tuple[str, ...]


def stream_numbers(hub: HubJournal) -> Numbers:
    """Return the numbers in a stream; every frame of it is read, one piece at a time."""
    stream = stream_name(hub.folder)
    found: list[Range] = []
    problems: list[str] = []
    for part in hub.parts:
        try:
            ranges = _of_part(part)
        except (JournalError, FileNotFoundError) as error:
            problems.append(str(error))
        else:
            if len(ranges) > 1 and ranges[0] != ranges[1]:
                problems.append(
                    f"{part.sealed} holds other frames than {part.segment}; remove it, and the "
                    "segment is sealed anew"
                )
            found += ranges[0]
    begins_late = bool(hub.parts) and hub.parts[0].number > 1
    missing, twice = holes_and_overlaps(found, None if begins_late else 0)
    return Numbers(
        stream=stream,
        frames=sum(last - first + 1 for first, last in found),
        ranges=tuple(joined(sorted(found))),
        missing=missing,
        twice=twice,
        begins_late=begins_late,
        problems=tuple(problems),
    )


def holes_and_overlaps(
    ranges: Iterable[Range], first: int | None
) -> tuple[tuple[Range, ...], tuple[Range, ...]]:
    """Return which numbers between those of `ranges` are missing, and which are there again.

    They should begin with `first`; None where any number may be the first.
    """
    missing: list[Range] = []
    twice: list[Range] = []
    for begin, end in sorted(ranges):
        expected = begin if first is None else first
        if begin > expected:
            missing.append((expected, begin - 1))
        elif begin < expected:
            twice.append((begin, min(end, expected - 1)))
        first = max(expected, end + 1)
    return tuple(missing), tuple(joined(twice))


def joined(ranges: Iterable[Range]) -> Iterator[Range]:
    """Yield rising ranges, those in one that follow each other or overlap."""
    now: Range | None = None
    for begin, end in ranges:
        if now is None:
            now = begin, end
        elif begin > now[1] + 1:
            yield now
            now = begin, end
        else:
            now = now[0], max(now[1], end)
    if now is not None:
        yield now


def _of_part(part: Part) -> list[list[Range]]:
    """Return the ranges of a segment as the journal has it, and as it is sealed."""
    found = []
    if part.segment is not None:
        pieces = read_segment(part.segment)
        found.append(_ranges(np.array([f.seq for f in piece], np.int64) for piece in pieces))
    if part.sealed is not None:
        sealed = SealedFrames(part.sealed)
        groups = (sealed.group(number).column("seq") for number in range(sealed.groups))
        found.append(_ranges(column.to_numpy() for column in groups))
    return found


def _ranges(pieces: Iterable[npt.NDArray[np.int64]]) -> list[Range]:
    """Return numbers as ranges, in the order in which they came."""
    ranges: list[Range] = []
    for piece in pieces:
        if not len(piece):
            continue
        cuts = np.flatnonzero(np.diff(piece) != 1)
        begins = piece[np.concatenate(([0], cuts + 1))].tolist()
        ends = piece[np.concatenate((cuts, [len(piece) - 1]))].tolist()
        if ranges and ranges[-1][1] + 1 == begins[0]:
            begins[0] = ranges.pop()[0]
        ranges += zip(begins, ends, strict=True)
    return ranges
