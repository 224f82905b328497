from __future__ import annotations

from datetime import UTC, datetime

import msgspec

from fusion.game import GameState, Team
from fusion.listing import ListedEvent, ListedMarket, ListedTeam
from fusion.matching import match_slate
from fusion.overrides import parse_overrides
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
        known = {GAME.game_id: SLUG}
        found = keeper.slate()
        assert found.games == match_slate([changed_game(**changes)], [EVENT], known=known).games
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


def dated(days: int, hours: int = 0) -> int:
    """Return the start, so many days and hours later."""
    return START_NS + days * DAY_NS + hours * 3600 * 10**9


def changed_event(**changes: object) -> ListedEvent:
    """Return the event with `changes`."""
    return msgspec.structs.replace(EVENT, **changes)


def matched(keeper: SlateKeeper) -> dict[str, str]:
    """Return the event of each game."""
    return {game.game_id: game.event_slug for game in keeper.slate().games}


def refused(keeper: SlateKeeper) -> dict[str, tuple[str, str]]:
    """Return the reason and the detail of each game or event in no pair."""
    return {
        one.game_id or one.event_slug: (one.reason, one.detail) for one in keeper.slate().unmatched
    }


def test_game_that_is_re_dated_keeps_its_event() -> None:
    """The same id on another day, postponed or not, keeps the slug with the old date."""
    keeper = filled_keeper()

    for changes in (
        {"status": "postponed"},
        {"status": "postponed", "start_ns": dated(9)},
        {"start_ns": dated(9)},
        {"start_ns": dated(9), **BEGUN},
    ):
        see(keeper, [changed_game(**changes)])
        assert matched(keeper) == {"nba:1": SLUG}, changes
    assert keeper.slate().games[0].evidence.endswith("re-dated, start -12960 min")


def test_event_that_is_re_dated_keeps_its_game() -> None:
    """The venue may be the first to know the new date."""
    keeper = filled_keeper()

    keeper.see_events([changed_event(start_ns=dated(9), event_date="2026-06-22")])

    assert matched(keeper) == {"nba:1": SLUG}


def test_event_that_fits_another_game_leaves_its_own() -> None:
    """The makeup has a new id and the event its date: it changes over, and the loss is told."""
    keeper = filled_keeper()
    makeup = changed_game(game_id="nba:2", start_ns=dated(9))
    see(keeper, [changed_game(status="postponed"), makeup])
    assert matched(keeper) == {"nba:1": SLUG}

    keeper.see_events([changed_event(start_ns=dated(9), event_date="2026-06-22")])

    assert matched(keeper) == {"nba:2": SLUG}
    reason, detail = refused(keeper)["nba:1"]
    assert reason == "outside_window"
    assert detail.startswith(f"it had {SLUG}; the same teams at another time: {SLUG} with nba:1")


def test_re_dated_game_takes_no_event_of_the_next_day() -> None:
    """A game moved to the day of the next game of the same teams keeps its own event."""
    keeper = filled_keeper()
    next_day = changed_game(game_id="nba:2", start_ns=dated(1))
    listed = changed_event(
        event_id="901", slug="nba-nyk-sas-2026-06-14", start_ns=dated(1), markets=EVENT.markets
    )
    rules = msgspec.structs.replace(RULES, market_id="0xn", slug=listed.slug)
    listed = msgspec.structs.replace(
        listed, markets=(ListedMarket(rules, "Knicks vs. Spurs", "", "moneyline"),)
    )
    see(keeper, [next_day])
    keeper.see_events([listed])
    assert matched(keeper) == {"nba:1": SLUG, "nba:2": listed.slug}

    see(keeper, [changed_game(start_ns=dated(1, -4))])

    assert matched(keeper) == {"nba:1": SLUG, "nba:2": listed.slug}


def test_event_of_the_next_day_is_not_taken_by_a_moved_game_alone() -> None:
    """Even where the next day's own game is not on the board."""
    keeper = filled_keeper()
    keeper.see_events(
        [changed_event(event_id="901", slug="nba-nyk-sas-2026-06-14", start_ns=dated(1))]
    )

    see(keeper, [changed_game(start_ns=dated(1, -4))])

    assert matched(keeper) == {"nba:1": SLUG}


def test_placeholder_becomes_a_team() -> None:
    """A side that is not known yet has no event; when it is, the same id has one."""
    keeper = SlateKeeper()
    tbd = changed_game(home=Team("-2", "TBD", "TBD"))
    see(keeper, [tbd])
    keeper.see_events([EVENT])
    assert refused(keeper)["nba:1"][0] == "team_unclear"

    see(keeper, [GAME])

    assert matched(keeper) == {"nba:1": SLUG}


def test_game_whose_team_changes_loses_its_event_and_says_so() -> None:
    """Another team under the same id is not the event's game, whatever was matched before."""
    keeper = filled_keeper()

    see(keeper, [changed_game(home=Team("17", "BKN", "Brooklyn Nets", ("Nets",)))])

    assert matched(keeper) == {}
    reason, detail = refused(keeper)["nba:1"]
    assert (reason, detail.partition(";")[0]) == ("team_unclear", f"it had {SLUG}")


def test_market_that_changes_is_checked_again() -> None:
    """An event whose outcomes no longer tell the teams apart is refused, and comes back."""
    keeper = filled_keeper()
    odd = msgspec.structs.replace(RULES, outcomes=("Yes", "No"))

    keeper.see_events([changed_event(markets=(ListedMarket(odd, "", "", "moneyline"),))])
    assert matched(keeper) == {}
    assert refused(keeper)["nba:1"][0] == "outcome_unclear"

    swapped = msgspec.structs.replace(RULES, outcomes=("Spurs", "Knicks"))
    keeper.see_events([changed_event(markets=(ListedMarket(swapped, "", "", "moneyline"),))])
    (found,) = keeper.slate().games
    assert [(one.selection, one.token_id) for one in found.outcomes] == [
        ("home", "11"),
        ("away", "22"),
    ]


def test_cancelled_game_is_a_change() -> None:
    """Postponed and cancelled are not the same to what comes after."""
    keeper = filled_keeper()

    see(keeper, [changed_game(status="canceled", phase="post")])

    assert keeper.changed


def test_overrides_and_window_are_those_given() -> None:
    """The keeper matches with the user's overrides and window."""
    veto = parse_overrides('[[refuse]]\ngame_id = "nba:1"')
    for keeper, reason in (
        (SlateKeeper(overrides=veto), "override_refused"),
        (SlateKeeper(window_ns=60 * 10**9), "outside_window"),
    ):
        see(keeper, [GAME])
        keeper.see_events([changed_event(start_ns=START_NS + 120 * 10**9)])
        assert refused(keeper)["nba:1"][0] == reason
