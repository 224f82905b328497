"""Captured soccer matches, whole: what the golden tables have no column for."""

from __future__ import annotations

from collections.abc import Callable

from fusion.game import GameState, Odds, Team

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


def test_a_club_has_one_name_and_a_short_one(games: Games) -> None:
    """The place and the nickname of a club both repeat its name, and are told once."""
    board = games("soccer/eng.1/post-postponed.json", "eng.1")

    assert board["740902"].home == Team("382", "MNC", "Manchester City", ("Man City",))


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
