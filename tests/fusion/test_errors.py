from __future__ import annotations

import pytest

from fusion.errors import (
    EXCERPT_BYTES,
    ArchiveError,
    ConfigError,
    FairlineError,
    FeedError,
    JournalError,
    excerpt,
)


@pytest.mark.parametrize("kind", [ConfigError, FeedError, JournalError, ArchiveError])
def test_one_handler_catches_all(kind: type[FairlineError]) -> None:
    """Every error of ours is of one tree, and none is another's parent."""
    assert kind.__bases__ == (FairlineError,)


@pytest.mark.parametrize(
    ("payload", "text"),
    [
        (b"", ""),
        (b"<html>", "<html>"),
        ("héllo", "héllo"),
        (b"\x1f\x8b\x00\xff", "\x1f\ufffd\x00\ufffd"),
        ("lone \ud800 surrogate", "lone ? surrogate"),
        (b"x" * 1000, "x" * EXCERPT_BYTES),
        ("é" * 1000, "é" * (EXCERPT_BYTES // 2)),
        ("x" + "é" * 1000, "x" + "é" * (EXCERPT_BYTES // 2 - 1) + "\ufffd"),
    ],
)
def test_excerpt_is_the_start_as_text(payload: bytes | str, text: str) -> None:
    """Whatever was refused, its first bytes can be kept as text that encodes."""
    assert excerpt(payload) == text
    assert excerpt(payload).encode().decode() == text
