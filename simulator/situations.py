"""What ESPN shows of the play itself: `situation` of each sport, `details` in soccer."""

from __future__ import annotations

from itertools import pairwise
from math import exp
from typing import Any

from simulator.plan import GamePlan, Moment, SideTeam

Json = dict[str, Any]


def situation_json(game: GamePlan, moment: Moment) -> Json:
    """Return the `situation` of a live game."""
    sport = game.league.sport
    play: Json = {
        "id": f"{game.espn_id}{moment.at_ms // 1000}",
        "type": {"id": "2", "text": moment.text},
        "text": moment.text,
        "scoreValue": 0,
    }
    if sport in ("basketball", "football"):
        home = round(espn_opinion(game, moment), 4)
        play["probability"] = {
            "tiePercentage": 0.0,
            "homeWinPercentage": home,
            "awayWinPercentage": 1.0 - home,
        }
        if sport == "football":
            play["probability"]["secondsLeft"] = 0
    situation: Json = {"lastPlay": play}
    scene = moment.scene
    if sport == "baseball":
        situation |= {
            "balls": scene.balls,
            "strikes": scene.strikes,
            "outs": scene.outs,
            "onFirst": bool(scene.bases & 1),
            "onSecond": bool(scene.bases & 2),
            "onThird": bool(scene.bases & 4),
        }
    if sport == "football":
        situation |= _downs(game, moment)
    return situation


def espn_opinion(game: GamePlan, moment: Moment) -> float:
    """Return the home win probability of ESPN's own model, which is good but not the truth.

    It is off by a constant of the game on the scale of log odds, at most 0.2.
    """
    home = min(max(moment.truth[0], 1e-6), 1.0 - 1e-6)
    odds = home / (1.0 - home) * exp((int(game.espn_id) % 9 - 4) / 20)
    return odds / (1.0 + odds)


def _downs(game: GamePlan, moment: Moment) -> Json:
    scene = moment.scene
    downs: Json = {
        "down": -1 if scene.down is None else scene.down,
        "yardLine": 65 if scene.yard_line is None else scene.yard_line,
        "distance": 10 if scene.distance is None else scene.distance,
        "isRedZone": False,
        "homeTimeouts": scene.home_timeouts,
        "awayTimeouts": scene.away_timeouts,
    }
    if scene.down is None or scene.possession is None or scene.yard_line is None:
        return downs
    to_goal = 100 - scene.yard_line if scene.possession == "home" else scene.yard_line
    down = {1: "1st", 2: "2nd", 3: "3rd", 4: "4th"}[scene.down]
    short = f"{down} & {'Goal' if to_goal <= (scene.distance or 0) else scene.distance}"
    where = _where(game, scene.yard_line)
    team = game.home if scene.possession == "home" else game.away
    return downs | {
        "downDistanceText": f"{short} at {where}",
        "shortDownDistanceText": short,
        "possessionText": where,
        "isRedZone": to_goal <= 20,
        "possession": team.espn_id,
    }


def _where(game: GamePlan, yard_line: int) -> str:
    """Return a yard line as `NO 10`; it counts from the home goal line."""
    if yard_line == 50:
        return "50"
    if yard_line < 50:
        return f"{game.home.espn_code} {yard_line}"
    return f"{game.away.espn_code} {100 - yard_line}"


def details_json(game: GamePlan, index: int) -> list[Json]:
    """Return the goals and red cards of a soccer match so far."""
    details = []
    for before, after in pairwise(game.moments[: index + 1]):
        for team, goals, reds in (
            (game.home, after.home - before.home, after.scene.home_reds - before.scene.home_reds),
            (game.away, after.away - before.away, after.scene.away_reds - before.scene.away_reds),
        ):
            if goals:
                details.append(_incident(team, after, "70", "Goal"))
            if reds:
                details.append(_incident(team, after, "93", "Red Card"))
    return details


def _incident(team: SideTeam, moment: Moment, type_id: str, text: str) -> Json:
    goal = type_id == "70"
    minute = int(moment.clock_s // 60)
    added = moment.scene.stoppage_min
    return {
        "type": {"id": type_id, "text": text},
        "clock": {
            "value": moment.clock_s,
            "displayValue": f"{minute}'+{added}'" if added else f"{minute}'",
        },
        "team": {"id": team.espn_id},
        "scoreValue": int(goal),
        "scoringPlay": goal,
        "redCard": not goal,
        "yellowCard": False,
        "penaltyKick": False,
        "ownGoal": False,
        "shootout": False,
    }
