from __future__ import annotations

from typing import Any

import pytest

from connectors.espn.header import SPORT_UIDS, game_id, other_sport, start_ns, unsupported
from fusion.errors import Refusal
from fusion.leagues import LEAGUES


@pytest.mark.parametrize(
    ("found", "expected"),
    [("401", "nba:401"), (401, "nba:401"), ("504-2022", "nba:504-2022"), (" 7 ", "nba:7")],
)
def test_game_id(found: Any, expected: str) -> None:
    """An id is put behind the league."""
    assert game_id(found, LEAGUES["nba"]) == expected


@pytest.mark.parametrize("found", [None, "", "4:1", "../../etc", "x" * 41, 1.5, {}, True])
def test_a_bad_id_is_refused(found: Any) -> None:
    """What is more than letters and digits would be a path or a separator elsewhere."""
    refusal = game_id(found, LEAGUES["nba"])

    assert isinstance(refusal, Refusal)
    assert refusal.reason == "bad_id"


@pytest.mark.parametrize(
    ("uid", "league"),
    [("s:40~l:46~e:1", "nba"), ("s:850~l:900~e:1", "atp"), ("s:3301", "ufc"), (None, "ufc")],
)
def test_own_sport(uid: Any, league: str) -> None:
    """An event of the sport, or of none that is told, is let through."""
    assert other_sport(uid, LEAGUES[league]) is None


def test_other_sport() -> None:
    """An event of another sport is refused, and both numbers are told."""
    expected = unsupported("wta is s:850, the event is s:3301")

    assert other_sport("s:3301~l:3321~e:1", LEAGUES["wta"]) == expected


def test_every_sport_has_a_number() -> None:
    """No league is of a sport whose number is not known."""
    assert {league.sport for league in LEAGUES.values()} == set(SPORT_UIDS)


@pytest.mark.parametrize(
    "dates",
    [("2026-01-02T00:30Z",), (None, "2026-01-02T00:30Z"), ("TBD", "2026-01-01T19:30-05:00")],
)
def test_start(dates: tuple[Any, ...]) -> None:
    """The first date that is a time counts."""
    assert start_ns(*dates) == 1_767_313_800_000_000_000


def test_no_start() -> None:
    """Without any time the refusal shows the first date there was."""
    expected = Refusal("bad_time", "a start is ISO 8601 with its zone, was 'soon'")

    assert start_ns(None, "soon", "later") == expected
