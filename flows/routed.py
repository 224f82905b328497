"""The graph's input: frames of any source, routed in the partition that brings them.

The slate and the links belong to one stream of frames, and a snapshot of them must be that of the
very frame behind which the source goes on. So both are one state: see docs/decisions/006.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from bytewax.inputs import FixedPartitionedSource, StatefulSourcePartition
from typing_extensions import override

from flows.route import Routed, Router
from flows.snapshots import VERSION, check_version
from fusion.frames import Frame
from fusion.share import Share

S = TypeVar("S")

RoutedState = tuple[int, tuple[S, bytes]]
"""The version, and the state of the frames and of the router."""


class RoutedPartition(StatefulSourcePartition[Routed, RoutedState[S]]):
    """Routes what a partition of frames brings."""

    def __init__(self, frames: StatefulSourcePartition[Frame, S], router: Router) -> None:
        self._frames = frames
        self._router = router

    @override
    def next_batch(self) -> list[Routed]:
        return self._router(self._frames.next_batch())

    @override
    def next_awake(self) -> datetime | None:
        return self._frames.next_awake()

    @override
    def snapshot(self) -> RoutedState[S]:
        return VERSION, (self._frames.snapshot(), self._router.snapshot())

    @override
    def close(self) -> None:
        self._frames.close()


class RoutedSource(FixedPartitionedSource[Routed, RoutedState[S]]):
    """A source of frames with a router for each of its partitions.

    Each partition is a hub, so that its router is made with its share of the games.
    """

    def __init__(
        self, frames: FixedPartitionedSource[Frame, S], new_router: Callable[[Share], Router]
    ) -> None:
        self._frames = frames
        self._new_router = new_router

    @override
    def list_parts(self) -> list[str]:
        return self._frames.list_parts()

    @override
    def build_part(
        self, step_id: str, for_part: str, resume_state: RoutedState[S] | None
    ) -> RoutedPartition[S]:
        parts = self._frames.list_parts()
        router, position = self._new_router(Share(parts.index(for_part), len(parts))), None
        if resume_state is not None:
            position, routed = check_version(resume_state)
            router.restore(routed)
        return RoutedPartition(self._frames.build_part(step_id, for_part, position), router)
