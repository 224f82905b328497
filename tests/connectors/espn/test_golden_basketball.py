"""Captured basketball boards, game by game, as a reader of the payloads wrote them down."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from golden import lines, rows

from fusion.game import GameState

Games = Callable[[str, str], dict[str, GameState]]

BREAKS = """
401809802 2025-11-26T22:00 BOS DET 117-114 post final       P4 -   done won=home
401809803 2025-11-27T00:00 CHA NY  47-72   in   halftime    P2 0   break
401809804 2025-11-27T00:30 MIA MIL 29-27   in   end_period  P1 0   break
401809805 2025-11-27T00:30 TOR IND 18-18   in   in_progress P1 92
401809806 2025-11-27T00:30 OKC MIN 16-16   in   in_progress P1 216
401809807 2025-11-27T01:00 NO  MEM 0-0     pre  scheduled   P0 -
401809808 2025-11-27T03:00 GS  HOU 0-0     pre  scheduled   P0 -
401809809 2025-11-27T03:00 POR SA  0-0     pre  scheduled   P0 -
401809810 2025-11-27T03:00 SAC PHX 0-0     pre  scheduled   P0 -
"""

LATE = """
401809818 2025-11-29T02:30 DEN  SA  128-135 in   in_progress P4 30.9
401809819 2025-11-29T02:30 UTAH SAC 122-111 in   in_progress P4 35.3
401809820 2025-11-29T03:00 LAL  DAL 93-90   in   in_progress P3 99
401809821 2025-11-29T03:00 LAC  MEM 85-89   in   in_progress P4 528
401809811 2025-11-29T00:30 ATL  CLE 130-123 post final       P4 -  done won=home
401809812 2025-11-29T00:30 BKN  PHI 103-115 post final       P4 -  done won=away
401809813 2025-11-29T00:30 CHA  CHI 123-116 post final       P4 -  done won=home
401809814 2025-11-29T00:30 DET  ORL 109-112 post final       P4 -  done won=away
401809815 2025-11-29T00:30 IND  WSH 119-86  post final       P4 -  done won=home
401809816 2025-11-29T00:30 NY   MIL 118-109 post final       P4 -  done won=home
401809817 2025-11-29T02:30 OKC  PHX 123-119 post final       P4 -  done won=home
"""

LATER = """
401809820 2025-11-29T03:00 LAL  DAL 117-111 in   in_progress P4 312
401809811 2025-11-29T00:30 ATL  CLE 130-123 post final       P4 -  done won=home
401809812 2025-11-29T00:30 BKN  PHI 103-115 post final       P4 -  done won=away
401809813 2025-11-29T00:30 CHA  CHI 123-116 post final       P4 -  done won=home
401809814 2025-11-29T00:30 DET  ORL 109-112 post final       P4 -  done won=away
401809815 2025-11-29T00:30 IND  WSH 119-86  post final       P4 -  done won=home
401809816 2025-11-29T00:30 NY   MIL 118-109 post final       P4 -  done won=home
401809817 2025-11-29T02:30 OKC  PHX 123-119 post final       P4 -  done won=home
401809818 2025-11-29T02:30 DEN  SA  136-139 post final       P4 -  done won=away
401809819 2025-11-29T02:30 UTAH SAC 128-119 post final       P4 -  done won=home
401809821 2025-11-29T03:00 LAC  MEM 107-112 post final       P4 -  done won=away
"""

BEFORE = """
401810686 2026-02-25T00:00 IND PHI 0-0 pre scheduled P0 -
401810687 2026-02-25T00:30 ATL WSH 0-0 pre scheduled P0 -
401810688 2026-02-25T00:30 BKN DAL 0-0 pre scheduled P0 -
401810689 2026-02-25T00:30 TOR OKC 0-0 pre scheduled P0 -
401810690 2026-02-25T00:30 CLE NY  0-0 pre scheduled P0 -
401810691 2026-02-25T01:00 CHI CHA 0-0 pre scheduled P0 -
401810692 2026-02-25T01:00 MIL MIA 0-0 pre scheduled P0 -
401810693 2026-02-25T01:00 NO  GS  0-0 pre scheduled P0 -
401810694 2026-02-25T02:00 PHX BOS 0-0 pre scheduled P0 -
401810696 2026-02-25T03:00 POR MIN 0-0 pre scheduled P0 -
401810695 2026-02-25T03:30 LAL ORL 0-0 pre scheduled P0 -
"""

COLLEGE = """
401856435 2026-03-17T22:40 HOW  UMBC 0-0 pre scheduled P0 - neutral
401856434 2026-03-18T01:15 NCSU TEX  0-0 pre scheduled P0 - neutral
"""

WOMEN = """
401736228 2025-07-06T17:00 NY  SEA 70-79 post final P4 - done won=away
401736227 2025-07-06T20:00 CON LV  68-86 post final P4 - done won=away
"""


@pytest.mark.parametrize(
    ("path", "league", "table"),
    [
        ("nba/20251127T0106Z-halftime-endperiod-in.json.gz", "nba", BREAKS),
        ("nba/20251129-sequence/1-T0459Z.json.gz", "nba", LATE),
        ("nba/20251129-sequence/2-T0525Z.json.gz", "nba", LATER),
        ("nba/20260219-empty.json", "nba", ""),
        ("nba/20260225-pre.json.gz", "nba", BEFORE),
        ("ncaamb/20260317-pre-neutral-site.json", "ncaamb", COLLEGE),
        ("wnba/post.json", "wnba", WOMEN),
    ],
)
def test_board(games: Games, path: str, league: str, table: str) -> None:
    """Every game of the board stands as it does in the table, in the board's order."""
    assert lines(games(path, league).values()) == rows(table)
