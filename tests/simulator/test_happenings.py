from __future__ import annotations

from msgspec import structs

from fusion.game import SetScore
from fusion.leagues import LEAGUES
from simulator.happenings import happenings
from simulator.plan import Correction, Evening, GamePlan, Moment, Scene, SideTeam, Status

HOME, AWAY = SideTeam("1", "H", "Home", "Home", "h"), SideTeam("2", "A", "Away", "Away", "a")
FINAL: tuple[Status, int] = ("final", 4)


def game(
    league: str, number: int, *told: tuple[Status, int], scene: Scene | None = None
) -> GamePlan:
    """Return a game of moments that have a status and a period."""
    moments = tuple(
        Moment(at_ms, status, period, 0.0, 0, 0, (1.0, 0.0, 0.0), scene or Scene())
        for at_ms, (status, period) in enumerate(told)
    )
    return GamePlan(LEAGUES[league], str(number), 0, HOME, AWAY, 0, 0, 0, moments, ())


def kinds(*games: GamePlan) -> dict[str, list[str]]:
    """Return what happens in an evening of these games."""
    return happenings(Evening(1, "2026-11-20", 0, games, 0))


def test_an_ordinary_game_is_not_told_of() -> None:
    """Four quarters, and nothing else."""
    assert kinds(game("nba", 1, ("scheduled", 0), ("in_progress", 4), ("final", 4))) == {}


def test_two_games_of_two_teams_are_a_doubleheader() -> None:
    """Both are told of; the same teams in another league are none."""
    assert kinds(game("mlb", 1, FINAL), game("mlb", 2, FINAL), game("nba", 3, FINAL)) == {
        "mlb:1": ["doubleheader"],
        "mlb:2": ["doubleheader"],
    }


def test_more_periods_than_regular_have_a_name() -> None:
    """Overtime where there is a clock, extra innings in baseball, a shootout in two sports."""
    games = [
        game("nba", 1, ("final", 5)),
        game("nhl", 2, ("final", 4)),
        game("nhl", 3, ("final", 5)),
        game("mlb", 4, ("final", 10)),
        game("fifa.world", 5, ("final_aet", 4)),
        game("fifa.world", 6, ("final_pen", 5)),
    ]
    games = [
        structs.replace(each, home=structs.replace(HOME, espn_id=each.espn_id)) for each in games
    ]
    assert kinds(*games) == {
        "nba:1": ["overtime"],
        "nhl:2": ["overtime"],
        "nhl:3": ["overtime", "shootout"],
        "mlb:4": ["extra_innings"],
        "fifa.world:5": ["overtime"],
        "fifa.world:6": ["overtime", "shootout"],
    }


def test_what_befalls_a_game_is_in_its_statuses() -> None:
    """A delay that is over, a suspension after rain, a retirement in a set with a tie break."""
    assert kinds(game("cfb", 1, ("delayed", 1), ("final", 4))) == {"cfb:1": ["delayed"]}
    assert kinds(game("mlb", 1, ("rain_delay", 4), ("suspended", 4))) == {
        "mlb:1": ["suspended", "rain_delay"]
    }
    sets = Scene(sets=(SetScore(7, 6, 7, 3, "home"), SetScore(1, 0)))
    assert kinds(game("atp", 1, ("retired", 2), scene=sets)) == {"atp:1": ["retired", "tie_break"]}


def test_a_mistake_of_the_scoreboard_is_told() -> None:
    """Whatever it was."""
    wrong = structs.replace(game("cfb", 1, FINAL), corrections=(Correction(0, 1, home=3),))
    assert kinds(wrong) == {"cfb:1": ["score_correction"]}
