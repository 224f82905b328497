from __future__ import annotations

from datetime import UTC, datetime

import msgspec
import pytest

from fusion.game import GameState, Team
from fusion.leagues import league
from fusion.listed_games import ListedGame, listed_game
from fusion.listing import ListedEvent, ListedTeam
from fusion.pairing import WINDOW_NS, links, nearest, window_ns
from fusion.roster import Roster

HOUR_NS = 3600 * 10**9
NOON_NS = int(datetime(2026, 7, 4, 17, tzinfo=UTC).timestamp()) * 10**9
CODES = {"mlb": "mlb", "eng.1": "epl", "nfl": "nfl", "nba": "nba"}


def game(number: int, hours: float, league_key: str = "mlb", **changes: object) -> GameState:
    """Return game `number` of Alpha at Beta, `hours` after noon."""
    made = GameState(
        game_id=f"{league_key}:{number}",
        league=league_key,
        start_ns=NOON_NS + round(hours * HOUR_NS),
        home=Team("2", "BET", "Beta"),
        away=Team("1", "ALP", "Alpha"),
        phase="pre",
        status="scheduled",
        completed=False,
        home_score=0,
        away_score=0,
        period=0,
        clock_s=None,
    )
    return msgspec.structs.replace(made, **changes)


def listing(
    number: int, hours: float | None, league_key: str = "mlb", **changes: object
) -> ListedGame:
    """Return event `number` of Alpha at Beta, `hours` after noon or of that day only."""
    event = ListedEvent(
        event_id=str(number),
        slug=f"{CODES[league_key]}-alp-bet-2026-07-04",
        title="Alpha vs. Beta",
        code=CODES[league_key],
        start_ns=None if hours is None else NOON_NS + round(hours * HOUR_NS),
        event_date="2026-07-04",
        teams=(ListedTeam("Alpha", "alp", "", "away"), ListedTeam("Beta", "bet", "", "home")),
        markets=(),
    )
    found = listed_game(msgspec.structs.replace(event, **changes))
    assert isinstance(found, ListedGame)
    return found


Ends = list[tuple[str, str]]


def pairs(games: list[GameState], listed: list[ListedGame]) -> tuple[Ends, Ends]:
    """Return the chosen and the open pairs, as numbers of game and event."""
    chosen, left = nearest(links(Roster(listed[0].league, games), listed))

    def numbers(found: object) -> Ends:
        assert isinstance(found, list)
        return sorted((pair.ends[0][1].partition(":")[2], pair.ends[1][1]) for pair in found)

    return numbers(chosen), numbers(left)


@pytest.mark.parametrize(
    ("league_key", "hours", "taken"),
    [
        ("nba", 0, True),
        ("nba", 6, True),
        ("nba", -6, True),
        ("nba", 6.1, False),
        ("nba", 24, False),
        ("mlb", 2.5, True),
        ("mlb", 2.6, False),
    ],
)
def test_start_must_be_near(league_key: str, hours: float, taken: bool) -> None:
    """Six hours apart is near, in baseball two and a half."""
    chosen, _ = pairs([game(1, 0, league_key)], [listing(7, hours, league_key)])

    assert chosen == ([("1", "7")] if taken else [])


def test_window_follows_the_sport() -> None:
    """In baseball never wider than two and a half hours, of athletes never under half a day."""
    assert window_ns(league("nba")) == WINDOW_NS
    assert window_ns(league("nba"), HOUR_NS) == HOUR_NS
    assert window_ns(league("mlb"), HOUR_NS) == HOUR_NS
    assert window_ns(league("atp")) == 18 * HOUR_NS
    assert window_ns(league("wta"), 24 * HOUR_NS) == 24 * HOUR_NS
    assert window_ns(league("ufc")) == 12 * HOUR_NS


@pytest.mark.parametrize(
    ("games", "events", "chosen", "left"),
    [
        # Both games, both events, in either order.
        ([(1, 0), (2, 4)], [(7, 4), (8, 0)], [("1", "8"), ("2", "7")], []),
        # Only the second game is listed: the first stays alone, though it is on the same day.
        ([(1, 0), (2, 4)], [(7, 4)], [("2", "7")], []),
        # Only the first is on the scoreboard: the second's event stays alone.
        ([(1, 0)], [(7, 4)], [], []),
        # A late second start is still nearer to the second game.
        ([(1, 0), (2, 3)], [(7, 0), (8, 1.8)], [("1", "7"), ("2", "8")], []),
        # Half way between both games is a tie.
        ([(1, 0), (2, 3)], [(7, 1.5)], [], [("1", "7"), ("2", "7")]),
        # A near tie is a tie.
        ([(1, 0), (2, 3)], [(7, 1.4)], [], [("1", "7"), ("2", "7")]),
        # Listed twice at one time.
        ([(1, 0)], [(7, 0), (8, 0)], [], [("1", "7"), ("1", "8")]),
    ],
)
def test_double_header_is_told_apart_by_start(
    games: list[tuple[int, float]], events: list[tuple[int, float]], chosen: Ends, left: Ends
) -> None:
    """Each must be the other's nearest by half an hour; else the pair is left open."""
    assert (chosen, left) == pairs(
        [game(*each) for each in games], [listing(*each) for each in events]
    )


def test_event_without_start_goes_by_its_eastern_day() -> None:
    """Evening games are of the listed day though it is the next in UTC; two are a tie."""
    evening, next_noon = game(1, 9), game(2, 24)

    assert pairs([evening, next_noon], [listing(7, None)]) == ([("1", "7")], [])
    assert pairs([game(1, 9), game(2, 3)], [listing(7, None)]) == ([], [("1", "7"), ("2", "7")])


def test_game_without_known_time_goes_by_its_day_after_those_with_one() -> None:
    """A placeholder time loses to a known one and takes what is left of the day."""
    unknown = game(2, -13, start_known=False)

    assert pairs([game(1, 0), unknown], [listing(7, 0), listing(8, 5)]) == (
        [("1", "7"), ("2", "8")],
        [],
    )


@pytest.mark.parametrize(
    ("league_key", "days", "game_changes", "event_changes", "taken"),
    [
        ("eng.1", 30, {"status": "postponed"}, {}, True),
        ("nfl", 2, {"status": "postponed"}, {}, True),
        ("eng.1", 30, {}, {}, False),
        ("eng.1", 61, {"status": "postponed"}, {}, False),
        ("mlb", 2, {"status": "postponed"}, {}, False),
        ("nba", 2, {"status": "postponed"}, {}, False),
        ("eng.1", 30, {"status": "postponed"}, {"closed": True}, False),
        ("eng.1", 30, {"status": "postponed"}, {"ended": True}, False),
        (
            "eng.1",
            30,
            {"status": "postponed"},
            {"teams": (ListedTeam("Alpha", "", "", "home"), ListedTeam("Beta", "", "", "away"))},
            False,
        ),
    ],
)
def test_postponed_game_keeps_its_event_where_that_is_safe(
    league_key: str,
    days: int,
    game_changes: dict[str, object],
    event_changes: dict[str, object],
    taken: bool,
) -> None:
    """Only what ESPN calls postponed, in soccer and football, with the same team at home."""
    moved = game(1, 24 * days, league_key, **game_changes)

    chosen, _ = pairs([moved], [listing(7, 0, league_key, **event_changes)])

    assert chosen == ([("1", "7")] if taken else [])


def test_postponed_game_takes_no_event_that_has_another_game() -> None:
    """Where the event or the postponed game could be of another pair, nothing is guessed."""
    moved = game(1, 24 * 30, "eng.1", status="postponed")
    events = [listing(7, 0, "eng.1"), listing(8, 24, "eng.1")]

    assert pairs([moved, game(2, 0, "eng.1")], events[:1]) == ([("2", "7")], [])
    assert pairs([moved], events) == ([], [])
