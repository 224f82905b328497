"""Frames to put on record."""

from __future__ import annotations

import resource
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager

import pytest

from fusion.frames import Frame


@pytest.fixture
def make_frames() -> Callable[..., list[Frame]]:
    """Return a maker of `count` frames with rising `seq` from `first`."""

    def make(count: int, first: int = 0, payload: bytes = b'{"a": 1}') -> list[Frame]:
        return [
            Frame(seq, 1_790_000_000_000_000_000 + seq, "polymarket:market:0", payload)
            for seq in range(first, first + count)
        ]

    return make


@pytest.fixture
def sources() -> Sequence[str]:
    """Return sources as they occur, and one that is not ASCII."""
    return ("espn:nba", "control", "clock", "gamma:events", "ünïcode")


@pytest.fixture
def file_limit() -> Callable[[int], AbstractContextManager[None]]:
    """Return a context in which no file can grow beyond a number of bytes, as on a full disk."""

    @contextmanager
    def limit(size: int) -> Iterator[None]:
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
        try:
            yield
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    return limit
