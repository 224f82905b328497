"""Captured football boards, game by game, as a reader of the payloads wrote them down.

Yards to the goal are counted from the texts: "1st & 10 at NO 10" with NO on offense is 90. Rows
in play with time-outs and no down are stubs of the feed: after a score, an extra point or a punt,
or the last down of a half that still stands at 15:00 of the third quarter (IU). At half-time
nothing holds. After the kickoff of SF there is a down, and nobody has the ball.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from golden import lines, rows

from fusion.game import GameState

Games = Callable[[str, str], dict[str, GameState]]

PRESEASON = """
401441652 2022-08-12T22:00 DET ATL 23-20 in   in_progress P4 357 to=3/3
401437965 2022-08-12T23:00 JAX CLE 13-14 in   halftime    P2 0   break
401439661 2022-08-12T23:30 CIN ARI 6-9   in   in_progress P2 463 to=3/3
401437970 2022-08-12T23:30 PHI NYJ 14-3  in   in_progress P2 232 ball=home 3&1 togo=76 to=3/3
401440370 2022-08-13T00:30 SF  GB  0-0   in   in_progress P1 814 1&10
401439619 2022-08-11T23:00 NE  NYG 21-23 post final       P4 -   done won=away
401437967 2022-08-11T23:30 BAL TEN 23-10 post final       P4 -   done won=home
401437979 2022-08-13T17:00 CHI KC  0-0   pre  scheduled   P0 -
401440372 2022-08-13T17:00 WSH CAR 0-0   pre  scheduled   P0 -
401438010 2022-08-13T20:00 BUF IND 0-0   pre  scheduled   P0 -
401437997 2022-08-13T23:00 PIT SEA 0-0   pre  scheduled   P0 -
401438013 2022-08-13T23:30 TB  MIA 0-0   pre  scheduled   P0 -
401438410 2022-08-14T00:00 HOU NO  0-0   pre  scheduled   P0 -
401438174 2022-08-14T01:00 DEN DAL 0-0   pre  scheduled   P0 -
401438178 2022-08-14T02:00 LAC LAR 0-0   pre  scheduled   P0 -
401439621 2022-08-14T20:25 LV  MIN 0-0   pre  scheduled   P0 -
"""

FOURTH_QUARTER = """
401437650 2022-09-11T17:00 ATL NO  26-24 in   in_progress P4 48  ball=away 1&10 togo=90 to=3/0
401437647 2022-09-11T17:00 CHI SF  19-10 in   in_progress P4 120 ball=away 3&10 togo=80 to=3/0
401437634 2022-09-11T17:00 CIN PIT 14-20 in   in_progress P4 16  ball=home 2&10 togo=12 to=0/2
401437648 2022-09-11T17:00 DET PHI 28-38 in   in_progress P4 465 ball=home 3&4  togo=66 to=2/1
401437630 2022-09-11T17:00 MIA NE  20-7  post final       P4 -   done won=home
401437632 2022-09-11T17:00 NYJ BAL 3-24  in   in_progress P4 81  ball=home 4&15 togo=22 to=3/2
401437646 2022-09-11T17:00 WSH JAX 20-22 in   in_progress P4 265 ball=home 3&10 togo=64 to=2/3
401437651 2022-09-11T17:00 CAR CLE 21-23 in   in_progress P4 120 ball=home 1&10 togo=54 to=1/3
401437637 2022-09-11T17:00 HOU IND 20-20 in   in_progress P4 61  ball=away 1&10 togo=77 to=2/2
401437640 2022-09-11T20:25 TEN NYG 0-0   pre  scheduled   P0 -
401437649 2022-09-11T20:25 MIN GB  0-0   pre  scheduled   P0 -
401437653 2022-09-11T20:25 ARI KC  0-0   pre  scheduled   P0 -
401437643 2022-09-11T20:25 LAC LV  0-0   pre  scheduled   P0 -
401437644 2022-09-12T00:20 DAL TB  0-0   pre  scheduled   P0 -
401437654 2022-09-09T00:20 LAR BUF 10-31 post final       P4 -   done won=away
401437655 2022-09-13T00:15 SEA DEN 0-0   pre  scheduled   P0 -
"""

MIDWEEK = """
401547578 2023-12-08T01:15 PIT NE  18-21 post final     P4 - done won=away
401547579 2023-12-10T18:00 ATL TB  0-0   pre  scheduled P0 -
401547586 2023-12-10T18:00 CHI DET 0-0   pre  scheduled P0 -
401547580 2023-12-10T18:00 CIN IND 0-0   pre  scheduled P0 -
401547581 2023-12-10T18:00 CLE JAX 0-0   pre  scheduled P0 -
401547587 2023-12-10T18:00 NO  CAR 0-0   pre  scheduled P0 -
401547582 2023-12-10T18:00 NYJ HOU 0-0   pre  scheduled P0 -
401547585 2023-12-10T18:00 BAL LAR 0-0   pre  scheduled P0 -
401547588 2023-12-10T21:05 LV  MIN 0-0   pre  scheduled P0 -
401547589 2023-12-10T21:05 SF  SEA 0-0   pre  scheduled P0 -
401547583 2023-12-10T21:25 KC  BUF 0-0   pre  scheduled P0 -
401547584 2023-12-10T21:25 LAC DEN 0-0   pre  scheduled P0 -
401547590 2023-12-11T01:20 DAL PHI 0-0   pre  scheduled P0 -
401547592 2023-12-12T01:15 MIA TEN 0-0   pre  scheduled P0 -
401547591 2023-12-12T01:15 NYG GB  0-0   pre  scheduled P0 -
"""

EXTRA_POINT = """
401872657 2026-09-11T00:35 LAR SF 7-17 in in_progress P3 663 neutral to=3/2
"""

COLLEGE = """
401403888 2022-09-17T16:00 SC   UGA   0-24  in   halftime    P2 0   break
401404149 2022-09-17T16:00 MICH CONN  38-0  in   halftime    P2 0   break
401404070 2022-09-17T16:00 NEB  OU    7-35  in   halftime    P2 0   break
401403884 2022-09-17T16:00 UK   YSU   28-0  in   in_progress P3 516 to=3/3
401404071 2022-09-17T16:00 BAY  TXST  21-7  in   in_progress P3 777 ball=home 2&10 togo=52 to=3/3
401403887 2022-09-17T16:00 MIZ  ACU   24-3  in   in_progress P3 647 to=3/3
401404136 2022-09-17T16:00 ARMY VILL  28-7  in   in_progress P3 785 ball=away 2&20 togo=33 to=3/3
401405083 2022-09-17T16:00 NU   SIU   14-14 in   in_progress P3 805 ball=away 4&1  togo=28 to=3/3
401405084 2022-09-17T16:00 SYR  PUR   3-9   in   halftime    P2 0   break
401415623 2022-09-17T16:00 M-OH CIN   17-24 in   halftime    P2 0   break neutral
401416603 2022-09-17T16:00 KENT LIU   42-10 in   in_progress P3 737 to=3/3
401426563 2022-09-17T16:00 IU   WKU   10-17 in   in_progress P3 900 to=3/3
401404073 2022-09-17T17:00 WVU  TOW   28-7  in   in_progress P2 779 to=3/3
401416601 2022-09-17T17:00 CCU  BUFF  7-9   in   in_progress P2 527 to=3/3
401416602 2022-09-17T17:00 CMU  BUCK  0-0   in   in_progress P2 566 ball=home 2&8  togo=40 to=3/3
401411114 2022-09-17T15:00 VT   WOF   27-7  post final       P4 -   done won=home
401403991 2022-09-17T18:00 UCLA USA   0-0   in   in_progress P1 900
401404069 2022-09-17T18:00 ISU  OHIO  0-0   pre  scheduled   P0 -
401405089 2022-09-17T18:00 TEM  RUTG  0-0   in   in_progress P1 242 ball=home 2&10 togo=75 to=3/3
401411113 2022-09-17T18:00 UVA  ODU   0-0   pre  scheduled   P0 -
401416600 2022-09-17T18:00 BALL MUR   0-0   pre  scheduled   P0 -
401403987 2022-09-17T18:30 ND   CAL   0-0   pre  scheduled   P0 -
401404074 2022-09-17T19:00 KSU  TULN  0-0   pre  scheduled   P0 -
401426558 2022-09-17T19:00 UNLV UNT   0-0   pre  scheduled   P0 -
401403989 2022-09-17T19:30 ORE  BYU   0-0   pre  scheduled   P0 -
"""

DELAYED = """
401858214 2026-09-11T23:30 BC RUTG 17-0 in delayed P2 472 ball=away 2&10 togo=45 to=3/2
"""


@pytest.mark.parametrize(
    ("path", "league", "table"),
    [
        ("nfl/20220812-in-halftime.json", "nfl", PRESEASON),
        ("nfl/20220911-in-q4.json.gz", "nfl", FOURTH_QUARTER),
        ("nfl/20231209-pre-post.json", "nfl", MIDWEEK),
        ("nfl/2026-in-extra-point-neutral-site.json", "nfl", EXTRA_POINT),
        ("cfb/20220917-in-halftime.json.gz", "cfb", COLLEGE),
        ("cfb/2026-delayed.json", "cfb", DELAYED),
    ],
)
def test_board(games: Games, path: str, league: str, table: str) -> None:
    """Every game of the board stands as it does in the table, in the board's order."""
    assert lines(games(path, league).values()) == rows(table)
