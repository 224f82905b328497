"""What HTTP says about caching: how long an answer stays as it is, and how to ask for a newer one.

Pure: headers in, values out. A header that cannot be read says nothing.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

MAX_VALIDATOR = 512
"""Validators are sent back as they came; one longer than this is not worth it."""


class Validators(msgspec.Struct, frozen=True):
    """What names one version of a body, as the server wrote it; empty where it wrote none."""

    etag: str = ""
    last_modified: str = ""

    @property
    def known(self) -> bool:
        """Tell whether there is anything to ask with."""
        return bool(self.etag or self.last_modified)

    def headers(self) -> dict[str, str]:
        """Return the headers that ask for a body only if it is another version."""
        asked = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in asked.items() if value}


def validators_of(headers: Mapping[str, str]) -> Validators:
    """Return the validators of an answer."""
    return Validators(_sound(headers.get("ETag")), _sound(headers.get("Last-Modified")))


def fresh_s(headers: Mapping[str, str]) -> float:
    """Return for how many seconds the cache will give this same answer; 0 where none is said.

    It is the `max-age` of Cache-Control less the Age that the answer had when it was sent.
    """
    parts = headers.get("Cache-Control", "").lower().split(",")
    directives = dict(part.strip().partition("=")[::2] for part in parts)
    if "no-store" in directives or "no-cache" in directives:
        return 0.0
    life_s = _seconds(directives.get("max-age"))
    return float(max(0, life_s - _seconds(headers.get("Age"))))


def _seconds(value: str | None) -> int:
    value = (value or "").strip()
    return int(value) if value.isascii() and value.isdecimal() and len(value) < 10 else 0


def _sound(value: str | None) -> str:
    value = (value or "").strip()
    return value if len(value) <= MAX_VALIDATOR and value.isascii() and value.isprintable() else ""
