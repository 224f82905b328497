from __future__ import annotations

from simulator.fault_log import Applied, FaultLog
from simulator.faults import Drop, Duplicate


def test_one_row_a_fault_and_target() -> None:
    """The first and the last time and how often, in order of the first."""
    log = FaultLog()
    log.note(Duplicate(at_s=1.0), "socket 0", 1.0004)
    log.note(Drop(at_s=1.5), "socket 0", 1.5)
    log.note(Duplicate(at_s=1.0), "socket 0", 2.25)
    log.note(Duplicate(at_s=1.0), "socket 1", 3.0)
    assert log.rows() == [
        Applied("duplicate", 1.0, "socket 0", 1.0, 2.25, 2),
        Applied("drop", 1.5, "socket 0", 1.5, 1.5, 1),
        Applied("duplicate", 1.0, "socket 1", 3.0, 3.0, 1),
    ]
