"""The results socket's frames, held against the recorded ones and against the plan."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from fusion.game import SetScore
from fusion.leagues import LEAGUES
from simulator.plan import Evening, GamePlan, Moment, Scene, SideTeam, Status
from simulator.sports_wire import (
    foreign_frame,
    is_told,
    standing,
    told_delay_ms,
    update_frame,
    wrong,
)

NOW_MS = 1_784_980_938_395
HOME = SideTeam("1", "HOM", "Home Town", "Homers", "hom")
AWAY = SideTeam("2", "AWY", "Away Town", "Awayers", "awy")


def game(league: str, **changes: Any) -> GamePlan:
    """Return a game without anything in it."""
    plan = GamePlan(
        league=LEAGUES[league],
        espn_id="1",
        venue_id=20_030_000,
        home=HOME,
        away=AWAY,
        start_ms=0,
        delay_ms=10_000,
        resolve_ms=1,
        moments=(),
        listings=(),
    )
    return msgspec.structs.replace(plan, **changes)


def moment(status: Status, period: int = 1, home: int = 0, away: int = 0, **changes: Any) -> Moment:
    """Return a moment of a game."""
    made = Moment(0, status, period, 0.0, home, away, (1.0, 0.0, 0.0))
    return msgspec.structs.replace(made, **changes)


def test_a_frame_in_play_is_as_recorded() -> None:
    """Soccer in the second half, with the state once more inside, key by key."""
    playing = moment("second_half", 2, 2, 1, clock_s=74 * 60.0)
    assert update_frame(game("eng.1"), playing, 3, NOW_MS) == (
        '{"gameId":20030000,"leagueAbbreviation":"epl","homeTeam":"Home Town Homers",'
        '"awayTeam":"Away Town Awayers","status":"running","eventState":{"type":"soccer",'
        '"createdAt":"2026-07-25T12:02:18.395000123Z","updatedAt":"2026-07-25T12:02:18.395000123Z",'
        '"score":"2-1","elapsed":"74","period":"2H","live":true,"ended":false},"score":"2-1",'
        '"elapsed":"74","period":"2H","live":true,"ended":false}'
    )


def test_the_last_frame_is_dated() -> None:
    """The end has neither a status nor a clock, and the time of the end."""
    assert json.loads(update_frame(game("nfl"), moment("final", 4, 20, 17), 3, NOW_MS)) == {
        "gameId": 20_030_000,
        "leagueAbbreviation": "nfl",
        "homeTeam": "HOM",
        "awayTeam": "AWY",
        "score": "17-20",
        "period": "FT",
        "live": False,
        "ended": True,
        "finishedTimestamp": "2026-07-25T12:02:18.395000123Z",
    }


def test_every_key_was_recorded(shared: Path) -> None:
    """No frame has a key, at any depth, that no recorded frame has."""
    path = shared / "captures/polymarket/sports_ws/observed_20260725_20261001.jsonl"
    recorded = [json.loads(line) for line in path.read_bytes().splitlines()]
    known = {key for frame in recorded for key in frame}
    nested = {key for frame in recorded for key in frame.get("eventState", ())}
    made = [
        json.loads(update_frame(game(league), moment(status), number, NOW_MS))
        for league in ("eng.1", "nba", "atp")
        for status in ("in_progress", "final")
        for number in (1, 3)
    ]
    made += [json.loads(foreign_frame(number)) for number in range(3)]
    assert {key for frame in made for key in frame} <= known
    assert {key for frame in made for key in frame.get("eventState", ())} <= nested


def test_status_and_state_come_and_go() -> None:
    """All spellings of in play occur, and a third of the frames has the state inside."""
    frames = [
        json.loads(update_frame(game("nba"), moment("in_progress"), number, NOW_MS))
        for number in range(9)
    ]
    assert {frame["status"] for frame in frames} == {"InProgress", "inprogress", "running"}
    assert ["eventState" in frame for frame in frames] == [True, False, False] * 3


@pytest.mark.parametrize(
    ("league", "points", "score"),
    [("nba", 0, "1-2"), ("nba", 3, "4-2"), ("eng.1", 0, "2-1"), ("eng.1", 1, "3-1")],
)
def test_scores(league: str, points: int, score: str) -> None:
    """The side that the slug names first comes first, and is the one that gets points for free."""
    playing = wrong(game(league), moment("in_progress", home=2, away=1), points)
    assert standing(game(league), playing)[0] == score


def test_sets() -> None:
    """Each set is written with its tie break; a wrong one is turned round."""
    sets = (SetScore(6, 7, 3, 7, "away"), SetScore(6, 3, winner="home"), SetScore(2, 1))
    playing = moment("in_progress", 3, 1, 1, scene=Scene(sets=sets))
    assert standing(game("atp"), playing) == ("6-7(3-7), 6-3, 2-1", "S3")
    turned = wrong(game("atp"), playing, 1)
    assert standing(game("atp"), turned) == ("7-6(7-3), 6-3, 2-1", "S3")
    assert turned.scene.sets[0] == SetScore(7, 6, 7, 3, "home")
    assert wrong(game("atp"), turned, 1) == playing


@pytest.mark.parametrize("league", ["nba", "mlb", "nhl", "eng.1", "atp"])
def test_what_is_over_is_over_in_one_word(league: str) -> None:
    """Listings write `VFT`; every recorded end of the socket is `FT`."""
    assert standing(game(league), moment("final"))[1] == "FT"


def test_it_is_told_before_the_scoreboard_shows_it(evening: Evening) -> None:
    """The lag lies between three and eight tenths of the scoreboard's."""
    shares = {told_delay_ms(plan) / plan.delay_ms for plan in evening.games}
    assert len(shares) > 3
    assert 0.299 < min(shares) <= max(shares) <= 0.8


def test_fights_are_not_told() -> None:
    """All other sports are."""
    assert not is_told(game("ufc"))
    assert is_told(game("atp"))
    assert is_told(game("nba"))
