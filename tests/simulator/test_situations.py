from __future__ import annotations

import pytest

from simulator.espn_wire import event_json
from simulator.plan import Evening, GamePlan
from simulator.situations import situation_json


def game_of(evening: Evening, key: str) -> GamePlan:
    """Return the first game of a league."""
    return next(game for game in evening.games if game.league.key == key)


def test_situations_say_what_stands_on_the_field(evening: Evening) -> None:
    """Downs in football, bases in baseball, a probability where ESPN gives one."""
    football = game_of(evening, "nfl")
    index = next(i for i, m in enumerate(football.moments) if m.scene.down == 2)
    scene = football.moments[index].scene
    situation = situation_json(football, football.moments[index])
    team = football.home if scene.possession == "home" else football.away
    assert situation["possession"] == team.espn_id
    assert (situation["down"], situation["yardLine"]) == (2, scene.yard_line)
    chances = situation["lastPlay"]["probability"]
    assert abs(chances["homeWinPercentage"] - football.moments[index].truth[0]) < 0.05
    assert chances["homeWinPercentage"] + chances["awayWinPercentage"] == pytest.approx(1.0)
    baseball = game_of(evening, "mlb")
    index = next(i for i, m in enumerate(baseball.moments) if m.scene.bases == 3)
    situation = situation_json(baseball, baseball.moments[index])
    assert (situation["onFirst"], situation["onSecond"], situation["onThird"]) == (
        True,
        True,
        False,
    )
    assert "probability" not in situation["lastPlay"]


def test_soccer_details_list_every_goal(evening: Evening) -> None:
    """As many goals of each team as its score, and odds of null once it is over."""
    for game in evening.games:
        if game.league.key == "eng.1":
            competition = event_json(evening, game, len(game.moments) - 1)["competitions"][0]
            goals = [
                detail["team"]["id"]
                for detail in competition["details"]
                if detail["type"]["id"] == "70"
            ]
            assert goals.count(game.home.espn_id) == game.final.home
            assert goals.count(game.away.espn_id) == game.final.away
            assert competition["odds"] == [None]
