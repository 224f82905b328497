"""Captured games of the American leagues against what a reader finds in them."""

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


def test_basketball_breaks(games: Games) -> None:
    """Half-time and the end of a quarter are breaks with an empty clock."""
    board = games("nba/20251127T0106Z-halftime-endperiod-in.json.gz", "nba")

    seen = {
        game_id: (game.status, game.period, game.clock_s, game.in_break)
        for game_id, game in board.items()
        if game.phase == "in"
    }
    assert seen == {
        "401809803": ("halftime", 2, 0.0, True),
        "401809804": ("end_period", 1, 0.0, True),
        "401809805": ("in_progress", 1, 92.0, False),
        "401809806": ("in_progress", 1, 216.0, False),
    }


def test_finals_show_any_clock(games: Games) -> None:
    """A final of the NBA has no clock, whether ESPN shows 0.0 or 12:00."""
    first = games("nba/20251129-sequence/1-T0459Z.json.gz", "nba")
    second = games("nba/20251129-sequence/2-T0525Z.json.gz", "nba")

    assert (first["401809818"].phase, first["401809818"].clock_s) == ("in", 30.9)
    assert [board["401809817"].clock_s for board in (first, second)] == [None, None]
    ended = second["401809818"]
    assert (
        ended.phase,
        ended.completed,
        ended.home_score,
        ended.away_score,
        ended.winner,
        ended.period,
        ended.clock_s,
    ) == ("post", True, 136, 139, "away", 4, None)


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


def test_hockey_intermissions(games: Games) -> None:
    """Both ways in which the NHL board shows an intermission are breaks."""
    board = games("nhl/20251127T0106Z-endperiod-in.json.gz", "nhl")

    seen = {
        game_id: (board[game_id].status, board[game_id].period, board[game_id].clock_s)
        for game_id in board
        if board[game_id].in_break
    }
    assert seen == {"401802718": ("in_progress", 1, 0.0), "401802720": ("end_period", 1, 0.0)}
    assert (board["401802712"].period, board["401802712"].clock_s) == (2, 1193.0)
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
    # "2nd & 10 at PIT 12" with CIN, at home, on offense.
    assert board["401437634"].situation == Situation(
        possession="home", down=2, distance=10, yards_to_goal=12, home_timeouts=0, away_timeouts=2
    )
    scheduled = board["401437640"]
    assert (scheduled.phase, scheduled.period, scheduled.clock_s) == ("pre", 0, None)


def test_football_stubs(games: Games) -> None:
    """Downs that do not hold any more are not told."""
    college = games("cfb/20220917-in-halftime.json.gz", "cfb")
    preseason = games("nfl/20220812-in-halftime.json", "nfl")
    extra_point = games("nfl/2026-in-extra-point-neutral-site.json", "nfl")

    seen = {
        "half-time with its last down": college["401403888"].situation,
        "after an extra point": college["401403884"].situation,
        "15:00 of the third quarter": college["401426563"].situation,
        "only a reference": college["401403991"].situation,
        "after a punt, at line 0": preseason["401439661"].situation,
        "after a kickoff, no possession": preseason["401440370"].situation,
        "kicking team as possession": extra_point["401872657"].situation,
    }
    assert seen == {
        "half-time with its last down": Situation(),
        "after an extra point": Situation(home_timeouts=3, away_timeouts=3),
        "15:00 of the third quarter": Situation(home_timeouts=3, away_timeouts=3),
        "only a reference": Situation(),
        "after a punt, at line 0": Situation(home_timeouts=3, away_timeouts=3),
        "after a kickoff, no possession": Situation(down=1, distance=10),
        "kicking team as possession": Situation(home_timeouts=3, away_timeouts=2),
    }
    assert extra_point["401872657"].neutral_site


def test_football_delay(games: Games) -> None:
    """A delay in the second quarter keeps the game in play, with clock and down as they stood."""
    game = games("cfb/2026-delayed.json", "cfb")["401858214"]

    assert (game.phase, game.status, game.period, game.clock_s, game.in_break) == (
        "in",
        "delayed",
        2,
        472.0,
        False,
    )
    assert game.situation == Situation(
        possession="away", down=2, distance=10, yards_to_goal=45, home_timeouts=3, away_timeouts=2
    )
    assert game.espn_home_win == 0.9174


def test_baseball(games: Games) -> None:
    """The half inning comes from the text, also through a rain delay; there is no clock."""
    board = games("mlb/20220911-in-rain-delay-mid-inning.json.gz", "mlb")

    def between(*, bottom: bool) -> Situation:
        return Situation(outs=0, balls=0, strikes=0, bases=0, bottom=bottom, between_halves=True)

    def batting(outs: int, balls: int, *, bottom: bool) -> Situation:
        return Situation(outs=outs, balls=balls, strikes=0, bases=0, bottom=bottom)

    seen = {
        game_id: (game.status, game.period, game.clock_s, game.in_break, game.situation)
        for game_id, game in board.items()
        if game.phase == "in"
    }
    assert seen == {
        "401356300": ("in_progress", 3, None, False, between(bottom=False)),
        "401356311": ("rain_delay", 3, None, False, batting(0, 0, bottom=False)),
        "401356308": ("in_progress", 6, None, False, between(bottom=True)),
        "401356309": ("rain_delay", 1, None, False, batting(0, 0, bottom=False)),
        "401356306": ("in_progress", 4, None, False, batting(0, 0, bottom=True)),
        "401356297": ("in_progress", 3, None, False, batting(0, 1, bottom=True)),
        "401356302": ("in_progress", 2, None, False, between(bottom=False)),
        "401356303": ("in_progress", 3, None, False, between(bottom=False)),
        "401356304": ("in_progress", 4, None, False, batting(2, 1, bottom=True)),
        "401356310": ("in_progress", 1, None, False, between(bottom=False)),
    }
    assert {game.period for game in board.values() if game.phase == "pre"} == {0}
