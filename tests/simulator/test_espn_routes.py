from __future__ import annotations

from typing import Any

import pytest
import requests

AGENT = {"User-Agent": "fairline-tests/1.0 (+https://example.org/fairline)"}
NBA = "/apis/site/v2/sports/basketball/nba/scoreboard"


@pytest.fixture(scope="module")
def url(launch: Any) -> str:
    """Return the base URL of a simulator that runs in real time."""
    return str(launch("--speed", "1", "--seed", "11")["url"])


def get(url: str, **params: str) -> requests.Response:
    """Return the answer to a GET."""
    return requests.get(url, params=params, headers=AGENT, timeout=10)


@pytest.mark.parametrize(
    ("path", "params", "status", "body"),
    [
        (
            NBA,
            {"dates": "20261120-20261121"},
            400,
            {"code": 400, "message": "Failed to get events endpoint."},
        ),
        (NBA, {"dates": "today"}, 400, {"code": 400, "message": "Failed to get events endpoint."}),
        (NBA.replace("nba", "nbl"), {}, 404, {"code": 404, "message": "Not Found"}),
    ],
)
def test_errors_are_the_venues(
    url: str, path: str, params: dict[str, str], status: int, body: dict[str, Any]
) -> None:
    """Ranges of days and unknown leagues have their own status and body."""
    answer = get(f"{url}{path}", **params)
    assert (answer.status_code, answer.json()) == (status, body)


@pytest.mark.parametrize(
    ("agent", "status"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0 Safari/537.36", 403),
        ("LEDMatrix/1.0", 403),
        ("", 403),
        ("python-requests/2.32", 200),
        ("curl/8.5.0", 200),
        ("fairline/0.1 (+https://example.org/fairline)", 200),
    ],
)
def test_browsers_and_bare_names_are_denied(url: str, agent: str, status: int) -> None:
    """ESPN answers known tools and names with a contact, others get an HTML page."""
    answer = requests.get(f"{url}{NBA}", headers={"User-Agent": agent}, timeout=10)
    assert answer.status_code == status
    assert ("Access Denied" in answer.text) == (status == 403)


def test_a_board_belongs_to_its_day(url: str) -> None:
    """Three NBA games on the day and without one, none on the day after."""
    counts = [
        len(get(f"{url}{NBA}", **params).json()["events"])
        for params in ({}, {"dates": "20261120"}, {"dates": "20261121"})
    ]
    assert counts == [3, 3, 0]
    assert get(f"{url}{NBA}").headers["cache-control"] == "max-age=5"
