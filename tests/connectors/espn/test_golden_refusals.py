"""Captured bodies that are no board of a team sport, and what they are refused for."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from connectors.espn.parse import Scoreboard, parse_scoreboard
from fusion.errors import Refusal
from fusion.leagues import LEAGUES

Read = Callable[[str], bytes]


def test_an_error_document_is_no_empty_board(capture: Read) -> None:
    """ESPN's error of HTTP 400 is refused in its own words."""
    words = "code 400: Failed to get events endpoint."
    body = '{"code":400,"message":"Failed to get events endpoint."}'

    assert parse_scoreboard(capture("errors/http400-body.json"), LEAGUES["nfl"]) == Scoreboard(
        refusals=(Refusal("error_body", words, body),), readable=False
    )


def test_gzip_that_nobody_decoded(capture: Read) -> None:
    """The same error as its client stored it, still compressed, is told from other rubbish."""
    board = parse_scoreboard(capture("errors/http400-body-undecoded-gzip.bin"), LEAGUES["nfl"])

    seen = [(refusal.reason, refusal.detail) for refusal in board.refusals]
    assert seen == [("gzip_bytes", "the body is gzip that nobody decoded")]
    assert not board.readable


@pytest.mark.parametrize(
    ("path", "league", "detail", "count"),
    [
        ("other/cricket.json", "eng.1", "eng.1 is s:600, the event is s:200", 3),
        ("other/cricket.json", "mlb", "mlb is s:1, the event is s:200", 3),
        ("other/golf.json.gz", "nba", "nba is s:40, the event is s:1100", 1),
    ],
)
def test_another_sport(capture: Read, path: str, league: str, detail: str, count: int) -> None:
    """Cricket (three matches) and golf (one tournament) are refused by the number of the sport."""
    board = parse_scoreboard(capture(path), LEAGUES[league])

    seen = [(refusal.reason, refusal.detail) for refusal in board.refusals]
    assert seen == [("unsupported_layout", detail)] * count
    assert (board.games, board.readable) == ((), True)


def test_cricket_that_does_not_say_its_sport(capture: Read) -> None:
    """Without the number of the sport the scores of cricket (`155/6`) still give it away."""
    body = capture("other/cricket.json").replace(b'"s:200~', b'"')
    board = parse_scoreboard(body, LEAGUES["eng.1"])

    assert [(refusal.reason, refusal.detail) for refusal in board.refusals] == [
        ("bad_score", "a score is a whole number, was '155/6'"),
        ("bad_score", "a score is a whole number, was '227 & 231'"),
    ]
    assert [(game.game_id, game.phase) for game in board.games] == [("eng.1:1324648", "pre")]
