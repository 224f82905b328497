"""Captured soccer matches against what a reader finds in them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from fusion.game import GameState, Odds, Situation, Team

Games = Callable[[str, str], dict[str, GameState]]
Nanoseconds = Callable[[str], int]
WORLD_CUP = "soccer/fifa.world/2026-sequence"


def test_soccer_in_play(games: Games, ns: Nanoseconds) -> None:
    """A match in play keeps its closing odds, not the current ones."""
    board = games("soccer/fifa.world/20260629-in.json", "fifa.world")

    # GER -300, draw +400, PAR +950 at the close.
    home, draw, away = 300 / 400, 100 / 500, 100 / 1050
    total = home + away + draw
    assert board["760489"] == GameState(
        game_id="fifa.world:760489",
        league="fifa.world",
        start_ns=ns("2026-06-29T20:30:00+00:00"),
        home=Team("481", "GER", "Germany"),
        away=Team("210", "PAR", "Paraguay"),
        phase="in",
        status="second_half",
        completed=False,
        home_score=1,
        away_score=1,
        period=2,
        clock_s=3660.0,
        detail="61'",
        odds=Odds(home / total, away / total, draw / total, "DraftKings"),
    )


def test_soccer_results(games: Games) -> None:
    """Wins, a draw, a red card and a postponement are told apart."""
    board = games("soccer/eng.1/post-postponed.json", "eng.1")

    seen = {
        game_id: (game.status, game.completed, game.winner, game.period, game.situation.away_reds)
        for game_id, game in board.items()
    }
    assert seen == {
        "740898": ("full_time", True, "home", 2, 0),
        "740905": ("full_time", True, "home", 2, 1),
        "740902": ("postponed", False, None, 0, 0),
        "740899": ("full_time", True, "home", 2, 0),
        "740900": ("full_time", True, "draw", 2, 0),
    }
    city = Team("382", "MNC", "Manchester City", ("Man City",))
    assert board["740902"].home == city


def test_soccer_shootout(games: Games) -> None:
    """The final of 2022 was level and decided by penalties."""
    game = games("soccer/fifa.world/20221218-penalties.json", "fifa.world")["633850"]

    assert (game.status, game.period, game.home_score, game.away_score, game.winner) == (
        "final_pen",
        5,
        3,
        3,
        "home",
    )
    assert game.situation == Situation(home_shootout=4, away_shootout=2)


def test_a_bracket_fills(games: Games) -> None:
    """One match of the World Cup is followed from two placeholders to a shootout."""
    polls = [
        "20260701T194301Z-noLive-c3e7b4c",
        "20260703T074420Z-noLive-01fe809",
        "20260704T190122Z-second_half-d7f0b2c",
        "20260707T223517Z-overtime-59d3faf",
        "20260709T222443Z-noLive-a102d23",
    ]
    seen = []
    for poll in polls:
        game = games(f"{WORLD_CUP}/{poll}.json.gz", "fifa.world")["760508"]
        seen.append(
            (
                game.home.name,
                game.away.name,
                game.start_known,
                game.status,
                game.period,
                game.clock_s,
                game.winner,
            )
        )

    winner_13, winner_15 = "Round of 32 13 Winner", "Round of 32 15 Winner"
    assert seen == [
        (winner_13, winner_15, False, "scheduled", 0, None, None),
        ("Switzerland", winner_15, False, "scheduled", 0, None, None),
        ("Switzerland", "Colombia", True, "scheduled", 0, None, None),
        ("Switzerland", "Colombia", True, "overtime", 4, 7260.0, None),
        ("Switzerland", "Colombia", True, "final_pen", 5, None, "home"),
    ]


def test_extra_time_and_stoppage(games: Games) -> None:
    """The soccer clock counts stoppage in play and leaves it out in a break."""
    expected = {
        ("20260704T022436Z-halftime-635fbad", "760501"): ("halftime", 1, 2700.0, True),
        ("20260704T190122Z-second_half-d7f0b2c", "760502"): ("second_half", 2, 5760.0, False),
        ("20260707T175133Z-second_half-201b353", "760509"): ("second_half", 2, 5220.0, False),
        ("20260711T234313Z-overtime-09e8295", "760512"): ("overtime", 4, 7080.0, False),
        ("20260719T211134Z-second_half-7585b29", "760517"): ("second_half", 2, 5640.0, False),
    }
    seen = {}
    for poll, game_id in expected:
        game = games(f"{WORLD_CUP}/{poll}.json.gz", "fifa.world")[game_id]
        seen[poll, game_id] = (game.status, game.period, game.clock_s, game.in_break)

    assert seen == expected


def test_extra_time_is_decided(games: Games) -> None:
    """A match that ends after extra time names its winner, and its red card stays on record."""
    poll = f"{WORLD_CUP}/20260714T200458Z-halftime-1d1576a.json.gz"
    board = games(poll, "fifa.world")

    seen = {
        game_id: (board[game_id].status, board[game_id].period, board[game_id].winner)
        for game_id in ("760512", "760513")
    }
    assert seen == {"760512": ("final_aet", 4, "away"), "760513": ("final_aet", 4, "home")}
    cards = board["760513"].situation
    assert cards.home_reds + cards.away_reds == 1


@pytest.mark.parametrize(
    ("poll", "phases"),
    [
        ("20260701T194301Z-noLive-c3e7b4c", (24, 0, 8)),
        ("20260702T012927Z-second_half-72b9e6d", (22, 1, 9)),
        ("20260702T214039Z-noLive-2c8fc9c", (21, 0, 11)),
        ("20260703T074420Z-noLive-01fe809", (19, 0, 13)),
        ("20260703T213749Z-noLive-0ea7d8a", (18, 0, 14)),
        ("20260704T022436Z-halftime-635fbad", (16, 1, 15)),
        ("20260704T190122Z-second_half-d7f0b2c", (15, 1, 16)),
        ("20260704T222559Z-second_half-8db3886", (14, 1, 17)),
        ("20260705T215123Z-second_half-2ea1faa", (13, 1, 18)),
        ("20260706T025222Z-second_half-5c8e8a0", (12, 1, 19)),
        ("20260706T215226Z-noLive-154a32a", (11, 0, 21)),
        ("20260707T175133Z-second_half-201b353", (9, 1, 22)),
        ("20260707T223517Z-overtime-59d3faf", (8, 1, 23)),
        ("20260709T222443Z-noLive-a102d23", (7, 0, 25)),
        ("20260710T215116Z-noLive-16a5691", (6, 0, 26)),
        ("20260711T234313Z-overtime-09e8295", (5, 1, 26)),
        ("20260714T200458Z-halftime-1d1576a", (3, 1, 28)),
        ("20260715T200218Z-halftime-0e70a89", (2, 1, 29)),
        ("20260718T223832Z-second_half-f2d704c", (1, 1, 30)),
        ("20260719T211134Z-second_half-7585b29", (0, 1, 31)),
    ],
)
def test_a_tournament_is_played(games: Games, poll: str, phases: tuple[int, int, int]) -> None:
    """Poll by poll matches move from before to after, and none is lost."""
    seen = [game.phase for game in games(f"{WORLD_CUP}/{poll}.json.gz", "fifa.world").values()]

    assert (seen.count("pre"), seen.count("in"), seen.count("post")) == phases
