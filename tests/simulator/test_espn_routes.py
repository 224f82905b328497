from __future__ import annotations

from typing import Any

import pytest
import requests
from starlette.datastructures import QueryParams

from fusion.leagues import LEAGUES
from simulator.espn_routes import shown
from simulator.gamma_sports import SERIES

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


SCOREBOARDS = "/apis/site/v2/sports"


def test_a_board_belongs_to_its_day(url: str) -> None:
    """The NBA's game on the day and without one, none on the days around it."""
    days: list[dict[str, str]] = [{}] + [
        {"dates": day} for day in ("20261120", "20261121", "20261119")
    ]
    counts = [len(get(f"{url}{NBA}", **params).json()["events"]) for params in days]
    assert counts == [1, 1, 0, 0]
    headers = get(f"{url}{NBA}").headers
    assert headers["cache-control"] == "max-age=5"
    assert "etag" not in headers


def test_every_league_of_ours_has_a_board(url: str) -> None:
    """An empty one where nobody plays, and events of which each has competitions elsewhere."""
    counts = {}
    for league in LEAGUES.values():
        answer = get(f"{url}{SCOREBOARDS}/{league.espn_path}/scoreboard", **league.espn_params)
        counts[league.key] = len(answer.json()["events"])
    assert {key: count for key, count in counts.items() if count} == dict.fromkeys(SERIES, 1) | {
        "ncaamb": 2,
        "nhl": 2,
        "mlb": 3,
        "eng.1": 2,
        "atp": 2,
    }


@pytest.mark.parametrize(
    ("path", "params", "count"),
    [
        ("mens-college-basketball", {}, 1),
        ("mens-college-basketball", {"groups": "50"}, 2),
        ("mens-college-basketball", {"groups": "100"}, 0),
        ("mens-college-basketball", {"groups": "50", "limit": "1"}, 1),
        ("mens-college-basketball", {"groups": "50", "limit": "500"}, 2),
        ("mens-college-basketball", {"groups": "50", "limit": "many"}, 2),
    ],
)
def test_colleges_need_their_group(path: str, params: dict[str, str], count: int, url: str) -> None:
    """Without one only ranked teams are shown, and a limit holds."""
    answer = get(f"{url}{SCOREBOARDS}/basketball/{path}/scoreboard", **params)
    assert len(answer.json()["events"]) == count


def test_a_limit_that_is_too_high_cuts_a_board_short() -> None:
    """Without a word: of thirty games 25 are left, of a hundred and one the usual hundred."""
    league = LEAGUES["cfb"]
    query = {"groups": "80"}
    assert [
        shown(league, QueryParams(query | limit), there)
        for limit, there in (
            ({"limit": "501"}, 30),
            ({"limit": "500"}, 30),
            ({}, 101),
            ({"limit": "0"}, 30),
        )
    ] == [25, 30, 100, 0]


def test_a_tournament_is_on_both_tours_boards(url: str) -> None:
    """With all of its matches, those of the other tour too."""
    boards = [
        get(f"{url}{SCOREBOARDS}/tennis/{tour}/scoreboard").json()["events"]
        for tour in ("atp", "wta")
    ]
    names = [[event["name"] for event in events] for events in boards]
    assert names == [["Paris Masters", "Vienna Open"], ["Vienna Open"]]
    assert boards[0][1] == boards[1][0]


def test_a_bout_stands_on_its_card(url: str) -> None:
    """Two bouts in one event."""
    (card,) = get(f"{url}{SCOREBOARDS}/mma/ufc/scoreboard").json()["events"]
    assert len(card["competitions"]) == 2


def test_a_fast_evening_is_kept_by_no_cache(launch: Any) -> None:
    """Five seconds of the evening are less than one of the wall."""
    fast = launch("--speed", "240", "--seed", "11")["url"]
    assert get(f"{fast}{NBA}").headers["cache-control"] == "max-age=0"
