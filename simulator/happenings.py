"""What is out of the ordinary in an evening's games, read off the games themselves."""

from __future__ import annotations

from collections import Counter

from simulator.plan import Evening, GamePlan

RARE = ("postponed", "canceled", "suspended", "retired", "walkover", "rain_delay", "delayed")
"""Statuses that are a happening by themselves."""


def happenings(evening: Evening) -> dict[str, list[str]]:
    """Return per game id what happens in it, for those of which there is something to say.

    `overtime` is extra time of any sport with a clock, `extra_innings` baseball's; `shootout` are
    penalties in soccer too.
    """
    meetings = Counter(_teams(game) for game in evening.games)
    told = {
        game.key: ["doubleheader"] * (meetings[_teams(game)] > 1) + _of(game)
        for game in evening.games
    }
    return {key: kinds for key, kinds in told.items() if kinds}


def _teams(game: GamePlan) -> tuple[str, str, str]:
    return game.league.key, game.home.espn_id, game.away.espn_id


def _of(game: GamePlan) -> list[str]:
    statuses = {moment.status for moment in game.moments}
    kinds: list[str] = [status for status in RARE if status in statuses]
    last, league = game.final, game.league
    if last.period > league.periods and league.clock in ("down", "up"):
        kinds.append("overtime")
    if last.period > league.periods and league.clock == "innings":
        kinds.append("extra_innings")
    if last.status == "final_pen" or (league.sport == "hockey" and last.period > 4):
        kinds.append("shootout")
    if any(played.home_tiebreak is not None for played in last.scene.sets):
        kinds.append("tie_break")
    if game.corrections:
        kinds.append("score_correction")
    return kinds
