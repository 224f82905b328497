"""Which numbers of frames a stream has, on real segments and sealed files."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.archive.places import archive_directory
from connectors.journal.numbers import Numbers, holes_and_overlaps, joined, stream_numbers
from connectors.journal.sealing import seal_segment
from connectors.journal.segment import HEADER, encode_record
from connectors.journal.segment_file import segment_path
from connectors.journal.sessions import hub_at, journal_directory
from fusion.frames import Frame

SESSION = "20261120T190501Z"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return the folder of a session."""
    folder = journal_directory(tmp_path) / SESSION
    folder.mkdir(parents=True)
    return folder


def segment(folder: Path, number: int, *seqs: int) -> Path:
    """Write a segment with frames of some numbers."""
    path = segment_path(folder, number)
    frames = (Frame(seq, 1_795_201_501_000_000_000 + seq, "espn:nba", b"{}") for seq in seqs)
    path.write_bytes(HEADER + b"".join(map(encode_record, frames)))
    return path


def test_all_are_there(folder: Path) -> None:
    """A segment that is also sealed is counted once."""
    sealed = segment(folder, 1, *range(5))
    seal_segment(sealed, archive_directory(folder.parents[1]))
    segment(folder, 2, 5, 6)
    assert stream_numbers(hub_at(folder)) == Numbers(SESSION, 7, ((0, 6),), (), (), False, ())


def test_sealed_alone_counts(folder: Path) -> None:
    """A segment that is only in the archive counts like any other."""
    sealed = segment(folder, 1, *range(5))
    segment(folder, 2, 5)
    seal_segment(sealed, archive_directory(folder.parents[1]))
    sealed.unlink()
    assert stream_numbers(hub_at(folder)) == Numbers(SESSION, 6, ((0, 5),), (), (), False, ())


def test_missing_and_twice_are_told(folder: Path) -> None:
    """Holes, doubles, and a beginning that is not there."""
    segment(folder, 1, 2, 3, 4)
    segment(folder, 2, 4, 5, 8, 9)
    assert stream_numbers(hub_at(folder)) == Numbers(
        SESSION, 7, ((2, 5), (8, 9)), ((0, 1), (6, 7)), ((4, 4),), False, ()
    )


def test_first_segments_may_be_gone(folder: Path) -> None:
    """What retention took from the front is not missing; what is between is."""
    segment(folder, 3, 100, 101)
    segment(folder, 5, 110)
    assert stream_numbers(hub_at(folder)) == Numbers(
        SESSION, 3, ((100, 101), (110, 110)), ((102, 109),), (), True, ()
    )


def test_damaged_segments_are_named(folder: Path) -> None:
    """A segment that cannot be read is a problem with its file; the others are counted."""
    broken = segment(folder, 1, 0, 1)
    broken.write_bytes(broken.read_bytes()[:-1])
    segment(folder, 2, 2)
    found = stream_numbers(hub_at(folder))
    assert (found.frames, found.missing) == (1, ((0, 1),))
    (problem,) = found.problems
    assert problem.startswith(f"{broken} ends inside a record although a later segment exists at")


def test_a_sealed_file_of_other_frames_is_named(folder: Path) -> None:
    """A segment and its sealed file that do not have the same numbers are told apart."""
    path = segment(folder, 1, 0, 1, 2)
    sealed = seal_segment(path, archive_directory(folder.parents[1]))
    segment(folder, 1, 0, 1)
    found = stream_numbers(hub_at(folder))
    (problem,) = found.problems
    assert found.frames == 2
    assert problem == (
        f"{sealed.file} holds other frames than {path}; remove it, and the segment is sealed anew"
    )


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 5)), max_size=8))
def test_ranges_agree_with_counting(pairs: list[tuple[int, int]]) -> None:
    """Holes and overlaps are those that counting each number gives."""
    ranges = [(first, first + more) for first, more in pairs]
    numbers = [number for first, last in ranges for number in range(first, last + 1)]
    missing, twice = holes_and_overlaps(ranges, 0)
    assert [number for first, last in missing for number in range(first, last + 1)] == [
        number for number in range(max(numbers, default=-1)) if number not in numbers
    ]
    assert {number for first, last in twice for number in range(first, last + 1)} == {
        number for number in numbers if numbers.count(number) > 1
    }


@given(st.sets(st.integers(0, 40)))
def test_joined_ranges_do_not_touch(numbers: set[int]) -> None:
    """Numbers one by one become the fewest ranges."""
    found = list(joined((number, number) for number in sorted(numbers)))
    assert {each for first, last in found for each in range(first, last + 1)} == numbers
    assert all(later[0] > before[1] + 1 for before, later in pairwise(found))
