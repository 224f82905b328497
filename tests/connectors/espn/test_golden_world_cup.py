"""The World Cup of 2026 in 21 captured polls, as a reader of the payloads wrote it down.

Of each poll after the second the table has what moved: the matches in play, and those whose
status is not the one of the poll before.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import pytest
from golden import line, lines, rows

from fusion.game import GameState

Board = dict[str, GameState]
Games = Callable[[str, str], Board]

FOLDER = "soccer/fifa.world/2026-sequence"
FIRST = "20260630T062420Z-noLive-105ddf6.json"
BRACKET = "20260701T194301Z-noLive-c3e7b4c.json.gz"

FIRST_POLL = """
760487 2026-06-29T17:00 BRA JPN 2-1 post full_time P2 - done won=home
760489 2026-06-29T20:30 GER PAR 1-1 post final_pen P5 - done won=away pens=3/4
760488 2026-06-30T01:00 NED MAR 1-1 post final_pen P5 - done won=away pens=2/3
"""

WHOLE_BRACKET = """
760486 2026-06-28T19:00 RSA     CAN     0-1 post full_time P2 - done won=away
760487 2026-06-29T17:00 BRA     JPN     2-1 post full_time P2 - done won=home
760489 2026-06-29T20:30 GER     PAR     1-1 post final_pen P5 - done won=away pens=3/4
760488 2026-06-30T01:00 NED     MAR     1-1 post final_pen P5 - done won=away pens=2/3
760490 2026-06-30T17:00 CIV     NOR     1-2 post full_time P2 - done won=away
760492 2026-06-30T21:00 FRA     SWE     3-0 post full_time P2 - done won=home
760491 2026-07-01T02:00 MEX     ECU     2-0 post full_time P2 - done won=home reds=0/1
760495 2026-07-01T16:00 ENG     COD     2-1 post full_time P2 - done won=home
760493 2026-07-01T20:00 BEL     SEN     0-0 pre  scheduled P0 -
760494 2026-07-02T00:00 USA     BIH     0-0 pre  scheduled P0 -
760497 2026-07-02T19:00 ESP     AUT     0-0 pre  scheduled P0 -
760496 2026-07-02T23:00 POR     CRO     0-0 pre  scheduled P0 -
760498 2026-07-03T03:00 SUI     ALG     0-0 pre  scheduled P0 -
760499 2026-07-03T18:00 AUS     EGY     0-0 pre  scheduled P0 -
760500 2026-07-03T22:00 ARG     CPV     0-0 pre  scheduled P0 -
760501 2026-07-04T01:30 COL     GHA     0-0 pre  scheduled P0 -
760502 2026-07-04T17:00 CAN     MAR     0-0 pre  scheduled P0 -
760503 2026-07-04T21:00 PAR     FRA     0-0 pre  scheduled P0 -
760504 2026-07-05T20:00 BRA     NOR     0-0 pre  scheduled P0 -
760505 2026-07-06T00:00 MEX     ENG     0-0 pre  scheduled P0 -
760506 2026-07-06T19:00 RD32    RD32    0-0 pre  scheduled P0 - tbd
760507 2026-07-07T00:00 RD32    RD32    0-0 pre  scheduled P0 - tbd
760509 2026-07-07T16:00 RD32    RD32    0-0 pre  scheduled P0 - tbd
760508 2026-07-07T20:00 RD32    RD32    0-0 pre  scheduled P0 - tbd
760510 2026-07-09T20:00 RD16_W1 RD16_W2 0-0 pre  scheduled P0 - tbd
760511 2026-07-10T19:00 RD16_W5 RD16_W6 0-0 pre  scheduled P0 - tbd
760512 2026-07-11T21:00 RD16_W3 RD16_W4 0-0 pre  scheduled P0 - tbd
760513 2026-07-12T01:00 RD16_W7 RD16_W8 0-0 pre  scheduled P0 - tbd
760514 2026-07-14T19:00 QFW1    QFW2    0-0 pre  scheduled P0 - tbd
760515 2026-07-15T19:00 QFW3    QW4     0-0 pre  scheduled P0 - tbd
760516 2026-07-18T21:00 SF_L1   SF_L2   0-0 pre  scheduled P0 - tbd
760517 2026-07-19T19:00 SFW1    SFW2    0-0 pre  scheduled P0 - tbd
"""

MOVED = {
    "20260702T012927Z-second_half-72b9e6d.json.gz": """
        760493 2026-07-01T20:00 BEL SEN 3-2 post final_aet P4 - done won=home
        760494 2026-07-02T00:00 USA BIH 1-0 in second_half P2 3780
    """,
    "20260702T214039Z-noLive-2c8fc9c.json.gz": """
        760494 2026-07-02T00:00 USA BIH 2-0 post full_time P2 - done won=home reds=1/0
        760497 2026-07-02T19:00 ESP AUT 3-0 post full_time P2 - done won=home
    """,
    "20260703T074420Z-noLive-01fe809.json.gz": """
        760496 2026-07-02T23:00 POR CRO 2-1 post full_time P2 - done won=home
        760498 2026-07-03T03:00 SUI ALG 2-0 post full_time P2 - done won=home
    """,
    "20260703T213749Z-noLive-0ea7d8a.json.gz": """
        760499 2026-07-03T18:00 AUS EGY 1-1 post final_pen P5 - done won=away pens=2/4
    """,
    "20260704T022436Z-halftime-635fbad.json.gz": """
        760500 2026-07-03T22:00 ARG CPV 3-2 post final_aet P4 - done won=home
        760501 2026-07-04T01:30 COL GHA 1-0 in halftime P1 2700 break
    """,
    "20260704T190122Z-second_half-d7f0b2c.json.gz": """
        760501 2026-07-04T01:30 COL GHA 1-0 post full_time P2 - done won=home
        760502 2026-07-04T17:00 CAN MAR 0-2 in second_half P2 5760
    """,
    "20260704T222559Z-second_half-8db3886.json.gz": """
        760502 2026-07-04T17:00 CAN MAR 0-3 post full_time P2 - done won=away
        760503 2026-07-04T21:00 PAR FRA 0-0 in second_half P2 3660
    """,
    "20260705T215123Z-second_half-2ea1faa.json.gz": """
        760503 2026-07-04T21:00 PAR FRA 0-1 post full_time P2 - done won=away
        760504 2026-07-05T20:00 BRA NOR 0-1 in second_half P2 5280
    """,
    "20260706T025222Z-second_half-5c8e8a0.json.gz": """
        760504 2026-07-05T20:00 BRA NOR 1-2 post full_time P2 - done won=away
        760505 2026-07-06T01:00 MEX ENG 2-3 in second_half P2 5340 reds=0/1
    """,
    "20260706T215226Z-noLive-154a32a.json.gz": """
        760505 2026-07-06T01:00 MEX ENG 2-3 post full_time P2 - done won=away reds=0/1
        760506 2026-07-06T19:00 POR ESP 0-1 post full_time P2 - done won=away
    """,
    "20260707T175133Z-second_half-201b353.json.gz": """
        760507 2026-07-07T00:00 USA BEL 1-4 post full_time P2 - done won=away
        760509 2026-07-07T16:00 ARG EGY 2-2 in second_half P2 5220
    """,
    "20260707T223517Z-overtime-59d3faf.json.gz": """
        760509 2026-07-07T16:00 ARG EGY 3-2 post full_time P2 - done won=home
        760508 2026-07-07T20:00 SUI COL 0-0 in overtime P4 7260
    """,
    "20260709T222443Z-noLive-a102d23.json.gz": """
        760508 2026-07-07T20:00 SUI COL 0-0 post final_pen P5 - done won=home pens=4/3
        760510 2026-07-09T20:00 FRA MAR 2-0 post full_time P2 - done won=home
    """,
    "20260710T215116Z-noLive-16a5691.json.gz": """
        760511 2026-07-10T19:00 ESP BEL 2-1 post full_time P2 - done won=home
    """,
    "20260711T234313Z-overtime-09e8295.json.gz": """
        760512 2026-07-11T21:00 NOR ENG 1-2 in overtime P4 7080
    """,
    "20260714T200458Z-halftime-1d1576a.json.gz": """
        760512 2026-07-11T21:00 NOR ENG 1-2 post final_aet P4 - done won=away
        760513 2026-07-12T01:00 ARG SUI 3-1 post final_aet P4 - done won=home reds=0/1
        760514 2026-07-14T19:00 FRA ESP 0-1 in halftime P1 2700 break
    """,
    "20260715T200218Z-halftime-0e70a89.json.gz": """
        760514 2026-07-14T19:00 FRA ESP 0-2 post full_time P2 - done won=away
        760515 2026-07-15T19:00 ENG ARG 0-0 in halftime P1 2700 break
    """,
    "20260718T223832Z-second_half-f2d704c.json.gz": """
        760515 2026-07-15T19:00 ENG ARG 1-2 post full_time P2 - done won=away
        760516 2026-07-18T21:00 FRA ENG 3-4 in second_half P2 4500
    """,
    "20260719T211134Z-second_half-7585b29.json.gz": """
        760516 2026-07-18T21:00 FRA ENG 4-6 post full_time P2 - done won=away
        760517 2026-07-19T19:00 ESP ARG 0-0 in second_half P2 5640 reds=0/1
    """,
}


@pytest.fixture
def boards(games: Games) -> list[Board]:
    """Return all polls in order."""
    return [games(f"{FOLDER}/{name}", "fifa.world") for name in (FIRST, BRACKET, *MOVED)]


def test_first_poll_and_whole_bracket(boards: list[Board]) -> None:
    """The day's board has three matches, the tournament's has all 32, placeholders among them."""
    assert lines(boards[0].values()) == rows(FIRST_POLL)
    assert lines(boards[1].values()) == rows(WHOLE_BRACKET)


@pytest.mark.parametrize("poll", range(len(MOVED)))
def test_what_moved(boards: list[Board], poll: int) -> None:
    """Of each poll, the matches in play and those with another status are those of the table."""
    before, after = boards[poll + 1], boards[poll + 2]

    seen = [
        line(game)
        for game_id, game in after.items()
        if game.phase == "in" or game.status != before[game_id].status
    ]
    assert seen == rows(list(MOVED.values())[poll])


def test_only_placeholders_change_their_teams(boards: list[Board]) -> None:
    """A side that is known stays the same side of the same match, poll after poll."""
    placeholders = {"RD32", "QW4"}
    for before, after in pairwise(boards):
        for game_id in before:
            for side in ("home", "away"):
                was, now = getattr(before[game_id], side), getattr(after[game_id], side)
                known = was.code not in placeholders and not was.code.startswith(
                    ("RD16 ", "QFW", "SF")
                )
                assert was == now or not known


def test_every_placeholder_is_resolved(boards: list[Board]) -> None:
    """In the last poll all 32 matches have both sides and a known start."""
    last = boards[-1].values()

    assert [game.game_id for game in last if not game.start_known] == []
    assert len(last) == len({frozenset((game.home.code, game.away.code)) for game in last}) == 32


def test_nothing_goes_back(boards: list[Board]) -> None:
    """No match returns to an earlier phase, loses its result or a goal."""
    order = {"pre": 0, "in": 1, "post": 2}

    def reached(game: GameState) -> tuple[int, bool, int, int]:
        return order[game.phase], game.completed, game.home_score, game.away_score

    for before, after in pairwise(boards):
        assert before.keys() <= after.keys()
        for game_id, game in before.items():
            assert all(
                was <= now for was, now in zip(reached(game), reached(after[game_id]), strict=True)
            )
            if game.completed:
                assert line(after[game_id]) == line(game)
