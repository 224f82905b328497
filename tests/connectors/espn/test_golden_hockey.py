"""A captured NHL board, game by game, as a reader of the payload wrote it down."""

from __future__ import annotations

from collections.abc import Callable

from golden import lines, rows

from fusion.game import GameState

Games = Callable[[str, str], dict[str, GameState]]

TABLE = """
401802712 2025-11-27T00:00 DET NSH 0-1 in  in_progress P2 1193
401802713 2025-11-27T00:00 TB  CGY 4-0 in  in_progress P2 1121
401802714 2025-11-27T00:00 FLA PHI 1-0 in  in_progress P2 951
401802715 2025-11-27T00:00 NJ  STL 1-2 in  in_progress P2 1008
401802716 2025-11-27T00:00 NYI BOS 1-2 in  in_progress P2 1077
401802717 2025-11-27T00:00 PIT BUF 1-0 in  in_progress P2 793
401802718 2025-11-27T00:00 WSH WPG 2-1 in  in_progress P1 0 break
401802719 2025-11-27T00:00 CAR NYR 0-1 in  in_progress P2 1099
401802720 2025-11-27T00:00 CBJ TOR 0-0 in  end_period  P1 0 break
401802721 2025-11-27T01:30 CHI MIN 0-0 pre scheduled   P0 -
401802722 2025-11-27T02:00 COL SJ  0-0 pre scheduled   P0 -
401802723 2025-11-27T02:30 UTA MTL 0-0 pre scheduled   P0 -
401802724 2025-11-27T03:00 VGK OTT 0-0 pre scheduled   P0 -
401802725 2025-11-27T03:00 ANA VAN 0-0 pre scheduled   P0 -
401802726 2025-11-27T03:00 SEA DAL 0-0 pre scheduled   P0 -
"""


def test_board(games: Games) -> None:
    """Every game stands as it does in the table, both kinds of intermission as a break."""
    board = games("nhl/20251127T0106Z-endperiod-in.json.gz", "nhl")

    assert lines(board.values()) == rows(TABLE)
