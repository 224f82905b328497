"""What can go wrong, as one tree.

    FairlineError
    ├── ConfigError     the configuration contradicts itself or names something unknown
    ├── FeedError       a connector cannot go on; the process ends with its reason
    ├── JournalError    the journal cannot be written or read
    ├── ArchiveError    the archive cannot be written or queried
    └── RecoveryError   a run cannot go on from what an earlier one left

Input from outside never raises: what cannot be used becomes a `Refusal`, which the flow keeps
in the dead letters.
"""

from __future__ import annotations

import msgspec

EXCERPT_BYTES = 200


class FairlineError(Exception):
    """Base of all errors of Fairline; the message says what was wrong and how to mend it."""


class ConfigError(FairlineError):
    """The configuration contradicts itself or names something unknown."""


class FeedError(FairlineError):
    """A connector cannot go on."""


class JournalError(FairlineError):
    """The journal cannot be written or read."""


class ArchiveError(FairlineError):
    """The archive cannot be written or queried."""


class RecoveryError(FairlineError):
    """A run cannot go on from what an earlier one left."""


class Refusal(msgspec.Struct, frozen=True):
    """A piece of input that was not used, and why.

    `reason` is a short stable code (`not_json`, `html`, `unknown_event_type`, ...), `detail` a
    sentence, `excerpt` the first bytes of what was refused.
    """

    reason: str
    detail: str
    excerpt: str = ""


def excerpt(payload: bytes | str) -> str:
    """Return the start of `payload` as printable text."""
    if isinstance(payload, str):
        payload = payload[:EXCERPT_BYTES].encode(errors="replace")
    return payload[:EXCERPT_BYTES].decode(errors="replace")
