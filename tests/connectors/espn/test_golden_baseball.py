"""A captured MLB board, game by game, as a reader of the payload wrote it down."""

from __future__ import annotations

from collections.abc import Callable

from golden import lines, rows

from fusion.game import GameState

Games = Callable[[str, str], dict[str, GameState]]

TABLE = """
401356300 2022-09-11T17:05 BAL BOS 0-1 in  in_progress P3 - end outs=0 count=0-0 bases=---
401356311 2022-09-11T17:05 PHI WSH 1-0 in  rain_delay  P3 - top outs=0 count=0-0 bases=---
401356308 2022-09-11T17:35 PIT STL 1-0 in  in_progress P6 - mid outs=0 count=0-0 bases=---
401356309 2022-09-11T17:35 NYY TB  0-0 in  rain_delay  P1 - top outs=0 count=0-0 bases=---
401356306 2022-09-11T17:40 MIA NYM 1-5 in  in_progress P4 - bot outs=0 count=0-0 bases=---
401356297 2022-09-11T18:10 HOU LAA 1-3 in  in_progress P3 - bot outs=0 count=1-0 bases=---
401356302 2022-09-11T18:10 MIL CIN 6-2 in  in_progress P2 - end outs=0 count=0-0 bases=---
401356303 2022-09-11T18:10 MIN CLE 0-2 in  in_progress P3 - end outs=0 count=0-0 bases=---
401356304 2022-09-11T18:10 KC  DET 4-0 in  in_progress P4 - bot outs=2 count=1-0 bases=---
401356310 2022-09-11T18:35 TEX TOR 1-0 in  in_progress P1 - end outs=0 count=0-0 bases=---
401356298 2022-09-11T19:10 COL ARI 0-0 pre scheduled   P0 -
401356301 2022-09-11T20:07 OAK CHW 0-0 pre scheduled   P0 -
401356299 2022-09-11T20:10 SEA ATL 0-0 pre scheduled   P0 -
401356305 2022-09-11T20:10 SD  LAD 0-0 pre scheduled   P0 -
401356307 2022-09-12T00:00 CHC SF  0-0 pre scheduled   P0 -
"""


def test_board(games: Games) -> None:
    """Every game stands as it does in the table, with its half inning also in a rain delay."""
    board = games("mlb/20220911-in-rain-delay-mid-inning.json.gz", "mlb")

    assert lines(board.values()) == rows(TABLE)
