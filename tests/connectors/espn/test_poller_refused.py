"""A refused name, against a real server: one message, and no storm."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from polling import MORNING_NS, TICK_S, run, settings

from connectors.budget import Allowance, Budget
from fusion.frames import Emit, HttpStatus

LEAGUES = ("nba", "nfl", "nhl", "mlb", "wnba", "ncaamb")


def careful() -> Callable[[Emit], Budget]:
    """Return what gives a budget like ESPN's, which does not know whether our name is let in."""
    allowance = Allowance(requests=10_000, window_s=1.0, sure=False)
    return lambda emit: Budget("espn:scoreboard", allowance, emit)


def test_a_name_that_is_refused_is_told_once(http_server: Any, make_reply: Any) -> None:
    """However many leagues there are, two requests show it, and one message says it."""
    http_server.reply = lambda request: make_reply(status=403, body=b"<html>Denied</html>")

    watch = run(
        settings(http_server.url),
        lambda watch: bool(watch.frames),
        now_ns=MORNING_NS,
        leagues=LEAGUES,
        linger_s=25 * TICK_S,
        budget=careful(),
    )

    assert len(http_server.requests) == 2
    (control,) = watch.controls
    assert isinstance(control, HttpStatus)
    assert control.status == 403
    assert "set espn.user_agent" in control.detail


def test_a_refused_name_holds_both_days_of_a_league(http_server: Any, make_reply: Any) -> None:
    """In the morning a lone league does not try its other day with the name that is refused."""
    http_server.reply = lambda request: make_reply(status=403, body=b"<html>")

    run(
        settings(http_server.url),
        lambda watch: bool(watch.frames),
        now_ns=MORNING_NS,
        linger_s=10 * TICK_S,
        budget=careful(),
    )

    assert len(http_server.requests) == 1


def test_a_name_that_is_refused_later(http_server: Any, make_reply: Any) -> None:
    """When the edge begins to refuse in the evening, it is told once and ends the polls."""
    good = iter([make_reply()] * 30)
    http_server.reply = lambda request: next(good, make_reply(status=403, body=b"<html>"))

    watch = run(
        settings(http_server.url),
        lambda watch: any(isinstance(each, HttpStatus) for each in watch.controls),
        leagues=LEAGUES,
        linger_s=25 * TICK_S,
        budget=careful(),
    )

    assert len([each for each in watch.controls if isinstance(each, HttpStatus)]) == 1
    # Those that were on their way when the first came back, and the one that tried after it.
    assert len(http_server.requests) <= 30 + len(LEAGUES) + 1


def test_the_polls_go_on_when_the_name_is_let_in_again(http_server: Any, make_reply: Any) -> None:
    """After `mend_s` one tries for all, and is told if it is refused again."""
    refused = iter([make_reply(status=403, body=b"<html>")] * 3)
    http_server.reply = lambda request: next(refused, make_reply())

    watch = run(
        settings(http_server.url, mend_s=10 * TICK_S),
        lambda watch: {source for source, _ in watch.frames} >= {f"espn:{n}" for n in LEAGUES},
        leagues=LEAGUES,
        budget=careful(),
    )

    told = [each.status for each in watch.controls if isinstance(each, HttpStatus)]
    assert told == [403, 403]
    at_s = [request.at_s for request in http_server.requests]
    assert at_s[2] - at_s[1] >= 9 * TICK_S
    assert at_s[3] - at_s[2] >= 9 * TICK_S


def test_one_path_that_is_refused_stops_no_other_league(http_server: Any, make_reply: Any) -> None:
    """A 403 of one league's path is its own: the next answer tells, and the others go on."""
    http_server.reply = lambda request: make_reply(
        status=403 if "nfl" in request.path else 200,
        body=b"<html>" if "nfl" in request.path else b'{"events":[]}',
    )

    watch = run(
        settings(http_server.url),
        lambda watch: len(watch.frames) >= 60,
        leagues=LEAGUES,
        budget=careful(),
    )

    assert [each.source for each in watch.controls if isinstance(each, HttpStatus)] == ["espn:nfl"]
    assert len([each for each in http_server.requests if "nfl" in each.path]) == 1


def test_a_first_answer_that_is_late_holds_nobody_up_for_long(
    http_server: Any, make_reply: Any
) -> None:
    """The first request goes alone for a second at most: no slow league delays the others."""
    http_server.reply = lambda request: make_reply(pause_s=3.0 if "/nba/" in request.path else 0.0)

    watch = run(
        settings(http_server.url, timeout_s=5.0),
        lambda watch: {source for source, _ in watch.frames} >= {f"espn:{n}" for n in LEAGUES[1:]},
        leagues=LEAGUES,
        budget=careful(),
    )

    at_s = [request.at_s for request in http_server.requests]
    assert 0.9 <= at_s[1] - at_s[0] <= 1.6
    assert "espn:nba" not in {source for source, _ in watch.frames}
