"""Captured games of the American leagues, whole: what the golden tables have no column for."""

from __future__ import annotations

from collections.abc import Callable

from fusion.game import GameState, Odds, Situation, Team

Games = Callable[[str, str], dict[str, GameState]]
Nanoseconds = Callable[[str], int]


def test_basketball_in_play(games: Games, ns: Nanoseconds) -> None:
    """A live NBA game gives score, clock, phase and ESPN's own probability."""
    board = games("nba/20251127T0106Z-halftime-endperiod-in.json.gz", "nba")

    assert board["401809805"] == GameState(
        game_id="nba:401809805",
        league="nba",
        start_ns=ns("2025-11-27T00:30:00+00:00"),
        home=Team("28", "TOR", "Toronto Raptors", ("Raptors", "Toronto")),
        away=Team("11", "IND", "Indiana Pacers", ("Pacers", "Indiana")),
        phase="in",
        status="in_progress",
        completed=False,
        home_score=18,
        away_score=18,
        period=1,
        clock_s=92.0,
        detail="1:32 - 1st Quarter",
        espn_home_win=0.794,
    )


def test_basketball_before_the_start(games: Games, ns: Nanoseconds) -> None:
    """A scheduled game has no period and no clock, and the odds without their margin."""
    board = games("nba/20260225-pre.json.gz", "nba")

    # IND +310 implies 100/410, PHI -395 implies 395/495.
    home, away = 100 / 410, 395 / 495
    assert board["401810686"] == GameState(
        game_id="nba:401810686",
        league="nba",
        start_ns=ns("2026-02-25T00:00:00+00:00"),
        home=Team("11", "IND", "Indiana Pacers", ("Pacers", "Indiana")),
        away=Team("20", "PHI", "Philadelphia 76ers", ("76ers", "Philadelphia")),
        phase="pre",
        status="scheduled",
        completed=False,
        home_score=0,
        away_score=0,
        period=0,
        clock_s=None,
        detail="Tue, February 24th at 7:00 PM EST",
        odds=Odds(home / (home + away), away / (home + away), 0.0, "Draft Kings"),
    )
    assert all(game.odds for game in board.values())


def test_neutral_site(games: Games) -> None:
    """The First Four are played on a neutral floor, and home is still a side."""
    board = games("ncaamb/20260317-pre-neutral-site.json", "ncaamb")

    assert {
        game_id: (game.home.code, game.away.code, game.neutral_site)
        for game_id, game in board.items()
    } == {"401856435": ("HOW", "UMBC", True), "401856434": ("NCSU", "TEX", True)}
    assert board["401856435"].home == Team("47", "HOW", "Howard Bison", ("Howard", "Bison"))


def test_wnba_with_few_fields(games: Games, ns: Nanoseconds) -> None:
    """A board without uid, time flag and short names still gives its results."""
    board = games("wnba/post.json", "wnba")

    assert board["401736228"] == GameState(
        game_id="wnba:401736228",
        league="wnba",
        start_ns=ns("2025-07-06T17:00:00+00:00"),
        home=Team("9", "NY", "New York Liberty"),
        away=Team("14", "SEA", "Seattle Storm"),
        phase="post",
        status="final",
        completed=True,
        home_score=70,
        away_score=79,
        period=4,
        clock_s=None,
        detail="Final",
        winner="away",
    )


def test_odds_of_hockey(games: Games) -> None:
    """A game of the night that has not begun carries its moneyline, the margin removed."""
    board = games("nhl/20251127T0106Z-endperiod-in.json.gz", "nhl")

    # UTA -145 implies 145/245, MTL +125 implies 100/225.
    home, away = 145 / 245, 100 / 225
    odds = Odds(home / (home + away), away / (home + away), 0.0, "ESPN BET")
    assert board["401802723"].odds == odds


def test_football_in_play(games: Games, ns: Nanoseconds) -> None:
    """The ball's line counts from the home goal, the situation from the offense's point of view."""
    board = games("nfl/20220911-in-q4.json.gz", "nfl")

    assert board["401437650"] == GameState(
        game_id="nfl:401437650",
        league="nfl",
        start_ns=ns("2022-09-11T17:00:00+00:00"),
        home=Team("1", "ATL", "Atlanta Falcons", ("Falcons", "Atlanta")),
        away=Team("18", "NO", "New Orleans Saints", ("Saints", "New Orleans")),
        phase="in",
        status="in_progress",
        completed=False,
        home_score=26,
        away_score=24,
        period=4,
        clock_s=48.0,
        detail="0:48 - 4th Quarter",
        situation=Situation(
            possession="away",
            down=1,
            distance=10,
            yards_to_goal=90,
            home_timeouts=3,
            away_timeouts=0,
        ),
        espn_home_win=0.924,
    )


def test_probability_through_a_delay(games: Games) -> None:
    """ESPN's own probability stays while a game is delayed."""
    assert games("cfb/2026-delayed.json", "cfb")["401858214"].espn_home_win == 0.9174
