"""Golden tables: a game as one line of text, to be compared with lines that people wrote.

    <id> <start> <home> <away> <scores> <phase> <status> P<period> <clock> <marks>

The clock is `-` where there is none. Marks, in this order: `break`, `done` (a result stands),
`won=`, `neutral`, `tbd` (start or sides not known); football `ball=`, `1&10` (down and distance),
`togo=` (yards to the goal), `to=3/2` (time-outs of home and away); baseball `top` or `bot`, or
`mid` or `end` between halves, `outs=`, `count=` (balls and strikes), `bases=1-3`; soccer `reds=`
and `pens=` of home and away.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from fusion.game import GameState, Situation


def rows(table: str) -> list[str]:
    """Return the lines of a table, however they are aligned."""
    return [" ".join(row.split()) for row in table.splitlines() if row.strip()]


def lines(games: Iterable[GameState]) -> list[str]:
    """Return each game as a line of a table."""
    return [line(game) for game in games]


def line(game: GameState) -> str:
    """Return a game as a line of a table."""
    start = datetime.fromtimestamp(game.start_ns / 1e9, tz=UTC)
    parts = [
        game.game_id.partition(":")[2],
        f"{start:%Y-%m-%dT%H:%M}",
        game.home.code.replace(" ", "_"),
        game.away.code.replace(" ", "_"),
        f"{game.home_score}-{game.away_score}",
        game.phase,
        game.status,
        f"P{game.period}",
        "-" if game.clock_s is None else f"{game.clock_s:g}",
    ]
    marks = {
        "break": game.in_break,
        "done": game.completed,
        f"won={game.winner}": game.winner is not None,
        "neutral": game.neutral_site,
        "tbd": not game.start_known,
    }
    parts += [mark for mark, holds in marks.items() if holds]
    at = game.situation
    return " ".join([*parts, *_football(at), *_baseball(at), *_soccer(at)])


def _football(at: Situation) -> Iterator[str]:
    if at.possession:
        yield f"ball={at.possession}"
    if at.down is not None:
        yield f"{at.down}&{at.distance}"
    if at.yards_to_goal is not None:
        yield f"togo={at.yards_to_goal}"
    if at.home_timeouts is not None:
        yield f"to={at.home_timeouts}/{at.away_timeouts}"


def _baseball(at: Situation) -> Iterator[str]:
    if at.bottom is not None:
        halves = ("end", "mid") if at.between_halves else ("top", "bot")
        yield halves[at.bottom]
    if at.outs is not None:
        yield f"outs={at.outs}"
    if at.balls is not None:
        yield f"count={at.balls}-{at.strikes}"
    if at.bases is not None:
        yield "bases=" + "".join(
            str(base + 1) if at.bases >> base & 1 else "-" for base in range(3)
        )


def _soccer(at: Situation) -> Iterator[str]:
    if at.home_reds or at.away_reds:
        yield f"reds={at.home_reds}/{at.away_reds}"
    if at.home_shootout is not None:
        yield f"pens={at.home_shootout}/{at.away_shootout}"
