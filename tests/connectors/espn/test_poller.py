from __future__ import annotations

from hashlib import sha1
from itertools import pairwise
from typing import Any

import pytest
from polling import AFTERNOON_NS, MORNING_NS, TICK_S, Watch, run, settings

from connectors.espn.parse import Scoreboard
from connectors.espn.poller import _Answer, _Poller
from connectors.http import HttpFailed, new_session
from fusion.frames import HttpStatus, Unchanged, decode_control
from fusion.leagues import LEAGUES


def test_a_board_is_emitted_once(
    http_server: Any, make_reply: Any, as_board: Any, event: Any
) -> None:
    """The first body is a frame and a board, the same again only a note with its digest."""
    body = as_board(event)
    http_server.reply = lambda request: make_reply(body=body)

    watch = run(settings(http_server.url), lambda watch: len(watch.frames) >= 3)

    assert watch.frames[0] == ("espn:nba", body)
    assert watch.bodies == [body]
    unchanged = Unchanged("espn:nba", sha1(body, usedforsecurity=False).hexdigest())
    assert watch.controls[:2] == [unchanged, unchanged]
    assert [(league.key, board.games[0].game_id) for league, board in watch.boards] == [
        ("nba", "nba:401")
    ]


def test_each_change_is_emitted(http_server: Any, make_reply: Any) -> None:
    """Every new body is a frame, in the order of the requests, and so is an older one again."""
    bodies = [b'{"events":[],"n":%d}' % n for n in (1, 2, 1, 3)]
    served = iter([*bodies, *[bodies[-1]] * 1000])
    http_server.reply = lambda request: make_reply(body=next(served))

    watch = run(settings(http_server.url), lambda watch: len(watch.bodies) >= 4)

    assert watch.bodies == bodies
    assert len(watch.boards) == 4


def test_the_request(http_server: Any) -> None:
    """The day is always named, in New York's calendar, with the parameters of the league."""
    how = settings(http_server.url, user_agent="curl/8.5 fairline")
    run(how, lambda watch: len(watch.frames) >= 1, leagues=("ncaamb",))

    request = http_server.requests[0]
    path, _, query = request.path.partition("?")
    assert path == "/apis/site/v2/sports/basketball/mens-college-basketball/scoreboard"
    assert sorted(query.split("&")) == ["dates=20260102", "groups=50", "limit=500"]
    assert request.headers["user-agent"] == "curl/8.5 fairline"


def test_yesterday_is_followed_in_the_morning(http_server: Any) -> None:
    """Before noon both days are polled, and each has its own last body."""
    watch = run(
        settings(http_server.url), lambda watch: len(watch.controls) >= 4, now_ns=MORNING_NS
    )

    days = [request.path.partition("dates=")[2] for request in http_server.requests]
    assert set(days) == {"20260102", "20260101"}
    assert abs(days.count("20260102") - days.count("20260101")) <= 1
    assert len(watch.bodies) == 2


def test_the_floor_holds_between_days(http_server: Any) -> None:
    """Two days of one league are not asked for at the same moment."""
    floor_s = 4 * TICK_S
    run(
        settings(http_server.url, floor_s=floor_s),
        lambda watch: len(watch.frames) >= 4,
        now_ns=MORNING_NS,
    )

    at_s = [request.at_s for request in http_server.requests]
    assert min(later - sooner for sooner, later in pairwise(at_s)) >= floor_s


def test_a_refused_user_agent(http_server: Any, make_reply: Any) -> None:
    """After a 403 the poller says what to mend, once, and does not hammer."""
    http_server.reply = lambda request: make_reply(status=403, body=b"<html>Denied</html>")

    watch = run(settings(http_server.url), lambda watch: bool(watch.frames), linger_s=10 * TICK_S)

    assert len(http_server.requests) == 1
    (control,) = watch.controls
    assert isinstance(control, HttpStatus)
    assert (control.source, control.status) == ("espn:nba", 403)
    assert "set espn.user_agent" in control.detail
    assert watch.boards == []


def test_a_bad_request(http_server: Any, make_reply: Any) -> None:
    """A 400 is on record and asked again rarely."""
    body = b'{"code":400,"message":"Failed to get events endpoint."}'
    http_server.reply = lambda request: make_reply(status=400, body=body)

    watch = run(settings(http_server.url), lambda watch: bool(watch.frames), linger_s=10 * TICK_S)

    assert len(http_server.requests) == 1
    assert [getattr(control, "status", None) for control in watch.controls] == [400]
    assert watch.bodies == []


@pytest.mark.parametrize(
    ("reply", "status"),
    [
        ({"status": 500, "body": b"oops"}, 500),
        ({"body": b"<html>busy</html>"}, 200),
        ({"body": b""}, 200),
        ({"body": b'{"events":[', "length": 999}, 0),
        ({"pause_s": 0.5}, 0),
    ],
)
def test_trouble_passes(
    http_server: Any, make_reply: Any, reply: dict[str, Any], status: int
) -> None:
    """A failure that passes is on record, and the next good body is as if nothing had been."""
    replies = iter([make_reply(**reply)])
    http_server.reply = lambda request: next(replies, make_reply())

    watch = run(settings(http_server.url, timeout_s=0.2), lambda watch: len(watch.boards) >= 1)

    source, payload = watch.frames[0]
    failure = decode_control(payload)
    assert isinstance(failure, HttpStatus)
    assert (source, failure.source, failure.status) == ("control", "espn:nba", status)
    assert failure.detail
    assert watch.bodies == [b'{"events":[]}']


def test_an_unreadable_body_is_kept_and_counts_as_failure(
    http_server: Any, make_reply: Any
) -> None:
    """JSON that is no board is emitted for the record, but is no poll that covered the games."""
    replies = iter([make_reply(body=b'{"code":500,"message":"no"}')])
    http_server.reply = lambda request: next(replies, make_reply())

    watch = run(settings(http_server.url), lambda watch: len(watch.boards) >= 1)

    assert watch.frames[0] == ("espn:nba", b'{"code":500,"message":"no"}')
    assert watch.controls[0] == HttpStatus("espn:nba", 200, "error_body: code 500: no")
    assert watch.frames[2] == ("espn:nba", b'{"events":[]}')


def test_failures_slow_the_poller_down(http_server: Any, make_reply: Any) -> None:
    """The pauses grow with each failure, and a good body ends that."""
    replies = iter([make_reply(status=503)] * 5)
    http_server.reply = lambda request: next(replies, make_reply())

    run(settings(http_server.url, jitter=0.0), lambda watch: len(watch.frames) >= 8)

    at_s = [request.at_s for request in http_server.requests]
    pauses = [later - sooner for sooner, later in pairwise(at_s)]
    floors = [1, 2, 4, 8, 8]
    assert all(pause >= floor * TICK_S for pause, floor in zip(pauses, floors, strict=False))
    assert min(pauses[5:]) < 7 * TICK_S


def test_an_outage_may_last() -> None:
    """The pause stays at its cap, however many failures there are, until a body comes."""
    watch = Watch()
    how = settings("http://127.0.0.1", backoff_max_s=1.0)
    with new_session(how.user_agent) as session:
        poller = _Poller(
            LEAGUES["nba"], how, watch.emit, watch.see, now=lambda: AFTERNOON_NS, session=session
        )
        day = poller.next_day()
        down = HttpFailed(503, "status", "down")
        pauses = [poller.failed(day, down) for _ in range(3000)]
        poller.answered(day, _Answer(b'{"events":[]}', "", Scoreboard()))
        first_again = poller.failed(day, down)
        away = poller.failed(day, HttpFailed(429, "status", "", retry_after_s=86_400.0))

    assert pauses[:6] == [TICK_S * factor for factor in (1, 2, 4, 8, 16, 32)]
    assert pauses[-1] == max(pauses) == 1.0
    assert (first_again, away) == (TICK_S, how.mend_s)
    assert len(watch.frames) == 3003


def test_the_server_may_ask_for_more_time(http_server: Any, make_reply: Any) -> None:
    """After a 429 the poller waits as long as it was told, jitter or not."""
    replies = iter([make_reply(status=429, headers={"Retry-After": "1"})])
    http_server.reply = lambda request: next(replies, make_reply())

    run(settings(http_server.url), lambda watch: len(watch.boards) >= 1)

    first, second = http_server.requests[:2]
    assert second.at_s - first.at_s >= 1.0


def test_a_slow_league_delays_no_other(http_server: Any, make_reply: Any) -> None:
    """While one league hangs, another is polled on."""
    http_server.reply = lambda request: make_reply(pause_s=0.4 if "nhl" in request.path else 0.0)

    watch = run(
        settings(http_server.url, timeout_s=5.0),
        lambda watch: any(source == "espn:nhl" for source, _ in watch.frames),
        leagues=("nhl", "nba"),
    )

    position = [source for source, _ in watch.frames].index("espn:nhl")
    assert position >= 4


def test_jitter_is_bounded(http_server: Any) -> None:
    """Pauses are at least nine tenths of what they are set to."""
    pause_s = 5 * TICK_S
    how = settings(http_server.url, quiet_s=pause_s)
    run(how, lambda watch: len(watch.frames) >= 4)

    at_s = [request.at_s for request in http_server.requests]
    assert min(b - a for a, b in pairwise(at_s)) >= 0.9 * pause_s
