"""Captured soccer boards, match by match, as a reader of the payloads wrote them down."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from golden import lines, rows

from fusion.game import GameState

Games = Callable[[str, str], dict[str, GameState]]

POSTPONED = """
740898 2026-03-21T12:45 BHA LIV 2-1 post full_time P2 - done won=home
740905 2026-03-21T15:00 FUL BUR 3-1 post full_time P2 - done won=home reds=0/1
740902 2026-03-21T15:00 MNC CRY 0-0 post postponed P0 -
740899 2026-03-21T17:30 EVE CHE 3-0 post full_time P2 - done won=home
740900 2026-03-21T20:00 LEE BRE 0-0 post full_time P2 - done won=draw
"""

MAJOR_LEAGUE = """
623597 2022-09-17T17:00 NYC NY  2-0 post full_time   P2 -    done won=home
623599 2022-09-17T19:30 ATL PHI 0-0 post full_time   P2 -    done won=draw
623601 2022-09-17T23:30 NE  MTL 0-0 in   second_half P2 3480
623600 2022-09-17T23:30 ORL TOR 3-0 in   second_half P2 3420
623602 2022-09-18T00:00 CHI CLT 2-0 in   first_half  P1 2700
623603 2022-09-18T00:30 SKC MIN 0-0 in   first_half  P1 780
623604 2022-09-18T01:00 ATX NSH 0-0 pre  scheduled   P0 -
623605 2022-09-18T01:30 RSL CIN 0-0 pre  scheduled   P0 -
623606 2022-09-18T02:00 VAN SEA 0-0 pre  scheduled   P0 -
623607 2022-09-18T02:30 LA  COL 0-0 pre  scheduled   P0 -
623598 2022-09-18T02:30 SJ  DAL 0-0 pre  scheduled   P0 -
"""

FINAL_2022 = """
633850 2022-12-18T15:00 ARG FRA 3-3 post final_pen P5 - done won=home pens=4/2
"""

ROUND_OF_32 = """
760487 2026-06-29T17:00 BRA JPN 2-1 post full_time   P2 -    done won=home
760489 2026-06-29T20:30 GER PAR 1-1 in   second_half P2 3660
760488 2026-06-30T01:00 NED MAR 0-0 pre  scheduled   P0 -
"""


@pytest.mark.parametrize(
    ("path", "league", "table"),
    [
        ("eng.1/post-postponed.json", "eng.1", POSTPONED),
        ("usa.1/20220917-in.json.gz", "usa.1", MAJOR_LEAGUE),
        ("fifa.world/20221218-penalties.json", "fifa.world", FINAL_2022),
        ("fifa.world/20260629-in.json", "fifa.world", ROUND_OF_32),
    ],
)
def test_board(games: Games, path: str, league: str, table: str) -> None:
    """Every match of the board stands as it does in the table, in the board's order."""
    assert lines(games(f"soccer/{path}", league).values()) == rows(table)
