from __future__ import annotations

from datetime import UTC, datetime

import msgspec

from fusion.game import GameState, Team
from fusion.listing import ListedEvent, ListedMarket, ListedTeam
from fusion.matching import match_slate
from fusion.slate import FeeSchedule, MarketRules, Slate
from fusion.slate_keeper import SlateKeeper

START_NS = int(datetime(2026, 6, 14, 0, 30, tzinfo=UTC).timestamp()) * 10**9
DAY_NS = 24 * 3600 * 10**9
SLUG = "nba-nyk-sas-2026-06-13"
RULES = MarketRules("0xm", SLUG, ("11", "22"), ("Knicks", "Spurs"), 10, 5.0, FeeSchedule())
GAME = GameState(
    game_id="nba:1",
    league="nba",
    start_ns=START_NS,
    home=Team("24", "SA", "San Antonio Spurs", ("Spurs",)),
    away=Team("18", "NY", "New York Knicks", ("Knicks",)),
    phase="pre",
    status="scheduled",
    completed=False,
    home_score=0,
    away_score=0,
    period=0,
    clock_s=None,
)
EVENT = ListedEvent(
    event_id="900",
    slug=SLUG,
    title="Knicks vs. Spurs",
    code="nba",
    start_ns=START_NS,
    event_date="2026-06-13",
    teams=(ListedTeam("Knicks"), ListedTeam("Spurs")),
    markets=(ListedMarket(RULES, "Knicks vs. Spurs", "", "moneyline"),),
)
BEGUN = {"phase": "in", "status": "in_progress"}
OVER = {"phase": "post", "status": "final", "completed": True}


LATE_NS = START_NS + 60 * DAY_NS


def see(keeper: SlateKeeper, games: list[GameState], recv_ns: int = LATE_NS) -> None:
    """Show the keeper a board of the league."""
    keeper.see_games("nba", games, recv_ns)


def changed_game(**changes: object) -> GameState:
    """Return the game with `changes`."""
    return msgspec.structs.replace(GAME, **changes)


def filled_keeper() -> SlateKeeper:
    """Return a keeper that has seen the game and its event and has matched them."""
    keeper = SlateKeeper()
    see(keeper, [GAME])
    keeper.see_events([EVENT])
    assert keeper.slate() == match_slate([GAME], [EVENT])
    assert len(keeper.slate().games) == 1
    return keeper


def test_new_keeper_has_an_empty_slate() -> None:
    """Before anything was seen there is nothing, and nothing has changed."""
    keeper = SlateKeeper()

    assert keeper.slate() == Slate()
    assert not keeper.changed


def test_first_sight_of_game_and_event_is_a_change() -> None:
    """Each new game or event is a change until the slate is asked for."""
    keeper = SlateKeeper()

    see(keeper, [GAME])
    assert keeper.changed
    assert [one.reason for one in keeper.slate().unmatched] == ["no_event"]
    assert not keeper.changed
    keeper.see_events([EVENT])
    assert keeper.changed
    assert keeper.slate().unmatched == ()


def test_score_is_no_change() -> None:
    """A board with other scores, clocks and phases gives the very same slate."""
    keeper = filled_keeper()
    slate = keeper.slate()

    see(keeper, [changed_game(home_score=99, period=4, clock_s=1.0, **BEGUN)])
    keeper.see_events([EVENT])

    assert not keeper.changed
    assert keeper.slate() is slate


def test_start_team_postponement_and_listing_are_changes() -> None:
    """What a match depends on is a change, and the slate follows it."""
    closed = msgspec.structs.replace(RULES, closed=True)
    listing = msgspec.structs.replace(EVENT, markets=(ListedMarket(closed, "", "", "moneyline"),))
    for changes in (
        {"start_ns": START_NS + DAY_NS},
        {"start_known": False},
        {"home": Team("17", "BKN", "Brooklyn Nets")},
        {"status": "postponed"},
    ):
        keeper = filled_keeper()
        see(keeper, [changed_game(**changes)])
        assert keeper.changed, changes
        assert keeper.slate() == match_slate([changed_game(**changes)], [EVENT])
    keeper = filled_keeper()
    keeper.see_events([listing])
    assert keeper.changed
    assert keeper.slate() == match_slate([GAME], [listing])


def test_game_missing_from_a_board_stays() -> None:
    """A board of another day, or an empty one, takes no game away."""
    keeper = filled_keeper()

    see(keeper, [])
    keeper.see_events([])

    assert not keeper.changed
    assert len(keeper.slate().games) == 1


def test_ended_game_is_forgotten_after_two_days() -> None:
    """Once a game two days later has begun, the old one and its event go, and stay away."""
    keeper = filled_keeper()
    over = changed_game(**OVER)
    ended = msgspec.structs.replace(EVENT, ended=True)
    later = changed_game(game_id="nba:2", start_ns=START_NS + 2 * DAY_NS + 1, **BEGUN)
    see(keeper, [over])
    keeper.see_events([ended])

    see(keeper, [later])

    assert keeper.changed
    assert keeper.slate() == match_slate([later], [])
    see(keeper, [over])
    keeper.see_events([ended])
    assert not keeper.changed


def test_schedule_of_next_week_makes_nothing_old() -> None:
    """Games that have not begun do not move the time, and running games are never dropped."""
    keeper = filled_keeper()
    next_week = changed_game(game_id="nba:2", start_ns=START_NS + 7 * DAY_NS)
    running = changed_game(**BEGUN)
    see(keeper, [next_week, running])

    assert {game.game_id for game in keeper.slate().games} == {"nba:1"}

    see(keeper, [changed_game(game_id="nba:3", start_ns=START_NS + 3 * DAY_NS, **OVER)])

    assert {game.game_id for game in keeper.slate().games} == {"nba:1"}


def test_event_that_never_ended_is_forgotten_after_two_weeks() -> None:
    """An open event outlives two days (it may be postponed) and not two weeks."""
    keeper = filled_keeper()

    see(keeper, [changed_game(game_id="nba:2", start_ns=START_NS + 13 * DAY_NS, **OVER)])
    assert len(keeper.slate().games) == 1

    see(keeper, [changed_game(game_id="nba:3", start_ns=START_NS + 15 * DAY_NS, **OVER)])
    assert keeper.slate().games == ()


def test_game_that_begins_after_tomorrow_tells_no_time() -> None:
    """A board that dates a running game a year ahead makes nothing old."""
    keeper = filled_keeper()
    wrong = changed_game(game_id="nba:9", start_ns=START_NS + 365 * DAY_NS, **BEGUN)

    see(keeper, [wrong], recv_ns=START_NS)

    assert [game.game_id for game in keeper.slate().games] == ["nba:1"]
