"""The sets of a tennis match as ESPN's board writes them: numbers of a side, and a sentence."""

from __future__ import annotations

from typing import Any, Literal

from fusion.game import SetScore
from simulator.plan import GamePlan, Moment, SideTeam, result

Json = dict[str, Any]


def set_lines(moment: Moment, side: Literal["home", "away"], *, flagged: bool) -> list[Json]:
    """Return a side's games of each set, with the winner of those that are over if `flagged`.

    A set that a retirement broke off counts as over and nobody's.
    """
    lines = []
    for played in moment.scene.sets:
        home = side == "home"
        line: Json = {"value": float(played.home if home else played.away)}
        points = played.home_tiebreak if home else played.away_tiebreak
        if points is not None:
            line["tiebreak"] = points
        if flagged and (played.winner or moment.over):
            line["winner"] = played.winner == side
        lines.append(line)
    return lines


def live_note(game: GamePlan, moment: Moment) -> str:
    """Return the sentence of a match: `A (Ita) bt B (SER) 6-4 7-6 (7-3)`.

    The note of a walkover was seen to name the one who lost as the winner, and does so here.
    """
    sides = (game.home, game.away)
    if moment.status == "walkover":
        loser, winner = sides if moment.scene.advances == "away" else sides[::-1]
        return f"{_named(loser)} bt {_named(winner)} w/o"
    if not moment.scene.sets:
        return ""
    behind = moment.home < moment.away
    if moment.over:
        behind = result((moment,)) == "away"
    first, second = sides[::-1] if behind else sides
    score = " ".join(_set_text(played, turned=behind) for played in moment.scene.sets)
    verb = "bt" if moment.over else "leads"
    tail = " ret" if moment.status == "retired" else ""
    return f"{_named(first)} {verb} {_named(second)} {score}{tail}"


def _named(player: SideTeam) -> str:
    return f"{player.name} ({player.country_code})"


def _set_text(played: SetScore, *, turned: bool) -> str:
    games = [played.home, played.away]
    points = [played.home_tiebreak, played.away_tiebreak]
    if turned:
        games, points = games[::-1], points[::-1]
    text = f"{games[0]}-{games[1]}"
    return text if points[0] is None else f"{text} ({points[0]}-{points[1]})"
