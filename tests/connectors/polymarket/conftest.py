"""A local venue that lists games, and a session to ask it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import requests
from gamma_venue import GammaVenue

from connectors.http import new_session


@pytest.fixture
def session() -> Iterator[requests.Session]:
    """Open a session for the length of a test."""
    with new_session("fairline-test") as session:
        yield session


@pytest.fixture
def gamma(http_server: Any, make_reply: Any) -> GammaVenue:
    """Return a venue that lists nothing yet."""
    return GammaVenue(http_server, make_reply)
