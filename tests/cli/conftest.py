"""A local venue for the verbs that ask one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from flows.settings import Settings
from flows.venue import Venue, open_venue


@pytest.fixture(scope="module")
def venue() -> Iterator[Venue]:
    """Return a simulator of our own that runs for the tests of one module."""
    with open_venue(Settings()) as venue:
        yield venue
