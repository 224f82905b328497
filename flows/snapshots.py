"""The version that stands in every snapshot of the recovery store."""

from __future__ import annotations

from typing import TypeVar

from fusion.errors import RecoveryError

S = TypeVar("S")

VERSION = 4
"""Raised with every change of what a snapshot holds; all of them share it."""


def check_version(snapshot: tuple[int, S]) -> S:
    """Return what a snapshot holds.

    Raises:
        RecoveryError: another version of Fairline made it.
    """
    version, state = snapshot
    if version != VERSION:
        msg = (
            f"the recovery store holds snapshots of version {version}, this Fairline reads version "
            f"{VERSION}: start the Fairline that wrote it, or begin a new session with: fairline "
            "run --new (the journal is kept, and the archive is finished from it)"
        )
        raise RecoveryError(msg)
    return state
