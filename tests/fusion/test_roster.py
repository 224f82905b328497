from __future__ import annotations

import msgspec
import pytest

from fusion.game import GameState, Team
from fusion.grades import Evidence, Grade
from fusion.leagues import league
from fusion.listing import ListedTeam
from fusion.overrides import TeamNames
from fusion.roster import Roster

TEAMS = {
    "atp": {
        "JMC": Team("1", "", "Juan Manuel Cerundolo", ("J. M. Cerundolo", "Cerundolo")),
        "FRA": Team("2", "", "Francisco Cerundolo", ("F. Cerundolo", "Cerundolo")),
        "CAR": Team("3", "", "Casper Ruud", ("C. Ruud", "Ruud")),
    },
    "nba": {
        "NY": Team("18", "NY", "New York Knicks", ("Knicks", "New York")),
        "SA": Team("24", "SA", "San Antonio Spurs", ("Spurs", "San Antonio")),
        "LAL": Team("13", "LAL", "Los Angeles Lakers", ("Lakers", "Los Angeles")),
        "LAC": Team("12", "LAC", "LA Clippers", ("Clippers", "LA")),
    },
    "cfb": {
        "UGA": Team("61", "UGA", "Georgia Bulldogs", ("Bulldogs", "Georgia")),
        "MSST": Team("344", "MSST", "Mississippi State Bulldogs", ("Mississippi State",)),
        "LSU": Team("99", "LSU", "LSU Tigers", ("Tigers", "LSU")),
        "AUB": Team("2", "AUB", "Auburn Tigers", ("Tigers", "Auburn")),
    },
    "ita.1": {
        "MIL": Team("103", "MIL", "AC Milan", ("Milan",)),
        "INT": Team("110", "INT", "Internazionale", ("Inter",)),
        "JUV": Team("111", "JUV", "Juventus"),
        "LAZ": Team("112", "LAZ", "Lazio"),
        "MCI": Team("113", "MCI", "Milan City"),
    },
}


def game(league_key: str, away: str, home: str) -> GameState:
    """Return a game of two teams of the table."""
    return GameState(
        game_id=f"{league_key}:{away}{home}",
        league=league_key,
        start_ns=0,
        home=TEAMS[league_key][home],
        away=TEAMS[league_key][away],
        phase="pre",
        status="scheduled",
        completed=False,
        home_score=0,
        away_score=0,
        period=0,
        clock_s=None,
    )


def grades(
    league_key: str,
    played: tuple[str, str],
    *listed: ListedTeam,
    others: tuple[str, str] | None = None,
) -> tuple[Grade, Grade] | None:
    """Return the grades of home and away of two listed teams in a game `played` away at home."""
    one = game(league_key, *played)
    slate = [one, game(league_key, *others)] if others else [one]
    paired = Roster(league(league_key), slate).pair(one, (listed[0], listed[1]))
    return None if paired is None else (paired.home.grade, paired.away.grade)


KNICKS, SPURS = ListedTeam("Knicks", "nyk"), ListedTeam("Spurs", "sas")


def test_order_of_the_listed_teams_does_not_matter() -> None:
    """Home is the team that means home, whichever was listed first."""
    one = game("nba", "NY", "SA")
    roster = Roster(league("nba"), [one])

    for teams in ((KNICKS, SPURS), (SPURS, KNICKS)):
        paired = roster.pair(one, teams)
        assert paired is not None
        assert (paired.sides.home_listed, paired.sides.away_listed) == (SPURS, KNICKS)
        assert (paired.home, paired.away) == (
            Evidence(Grade.ALIAS, "Spurs"),
            Evidence(Grade.ALIAS, "Knicks"),
        )


@pytest.mark.parametrize(
    ("league_key", "played", "listed", "expected"),
    [
        ("nba", ("NY", "SA"), (ListedTeam("", "nyk"), ListedTeam("", "sas")), (3, 3)),
        ("nba", ("NY", "SA"), (KNICKS, ListedTeam("San Antonio")), (2, 4)),
        ("nba", ("NY", "SA"), (ListedTeam("New York"), ListedTeam("San Antonio")), None),
        (
            "nba",
            ("NY", "SA"),
            (ListedTeam("New York", "nyk"), ListedTeam("San Antonio", "sas")),
            (3, 3),
        ),
        ("nba", ("NY", "SA"), (KNICKS, ListedTeam("Lakers", "lal")), None),
        ("nba", ("NY", "SA"), (KNICKS, KNICKS), None),
        ("nba", ("NY", "SA"), (ListedTeam("Knicks", "sas"), ListedTeam("Spurs", "nyk")), None),
        ("nba", ("LAL", "LAC"), (ListedTeam("Los Angeles"), ListedTeam("Los Angeles")), None),
        ("nba", ("LAL", "LAC"), (ListedTeam("Los Angeles"), ListedTeam("Lakers")), None),
        ("nba", ("LAC", "LAL"), (ListedTeam("Los Angeles"), ListedTeam("Lakers")), None),
        ("cfb", ("LSU", "UGA"), (ListedTeam("Tigers"), ListedTeam("Bulldogs")), None),
        ("cfb", ("LSU", "UGA"), (ListedTeam("LSU"), ListedTeam("Bulldogs")), None),
        ("cfb", ("LSU", "UGA"), (ListedTeam("LSU"), ListedTeam("Mississippi State")), None),
        ("cfb", ("LSU", "UGA"), (ListedTeam("", "lsu"), ListedTeam("", "uga")), None),
        ("cfb", ("LSU", "UGA"), (ListedTeam("LSU"), ListedTeam("Bulldogs", "", "Georgia")), (4, 4)),
        ("ita.1", ("MIL", "INT"), (ListedTeam("Inter Milan"), ListedTeam("AC Milan")), (4, 5)),
        ("ita.1", ("MIL", "INT"), (ListedTeam("Milano"), ListedTeam("AC Milan")), None),
        ("atp", ("JMC", "CAR"), (ListedTeam("Cerundolo"), ListedTeam("Ruud")), (2, 2)),
        ("atp", ("JMC", "CAR"), (ListedTeam("Casper Ruud"), ListedTeam("Cerundolo")), (5, 2)),
        ("atp", ("JMC", "CAR"), (ListedTeam("F. Cerundolo"), ListedTeam("Casper Ruud")), None),
        ("atp", ("JMC", "CAR"), (ListedTeam("J. Cerundolo"), ListedTeam("C. Ruud")), (3, 3)),
        ("atp", ("JMC", "CAR"), (ListedTeam("Juan Cerundolo"), ListedTeam("Ruud")), (2, 4)),
        ("atp", ("JMC", "FRA"), (ListedTeam("Cerundolo"), ListedTeam("Cerundolo")), None),
    ],
)
def test_pair_needs_one_team_beyond_doubt(
    league_key: str,
    played: tuple[str, str],
    listed: tuple[ListedTeam, ListedTeam],
    expected: tuple[Grade, Grade] | None,
) -> None:
    """Both teams must agree, one of them by a name of its own or both by their codes."""
    assert expected == grades(league_key, played, *listed)


def test_name_of_a_third_team_takes_a_weak_match_back() -> None:
    """`Milan City` has the word Milan, but where a Milan City is known to play it is not Milan."""
    listed = (ListedTeam("Milan City"), ListedTeam("Juventus"))

    assert grades("ita.1", ("MIL", "JUV"), *listed) == (Grade.NAME, Grade.SUBSET)
    assert grades("ita.1", ("MIL", "JUV"), *listed, others=("MCI", "LAZ")) is None
    assert grades("ita.1", ("JUV", "MIL"), *listed) == (Grade.SUBSET, Grade.NAME)
    assert grades("ita.1", ("JUV", "MIL"), *listed, others=("MCI", "LAZ")) is None


def test_team_with_other_aliases_is_no_third_team() -> None:
    """A board that leaves out an alias still speaks of the same team."""
    known = msgspec.structs.replace(TEAMS["nba"]["NY"], aliases=("Gotham",))
    one = game("nba", "NY", "SA")
    other = msgspec.structs.replace(game("nba", "NY", "LAL"), away=known)

    paired = Roster(league("nba"), [one, other]).pair(one, (ListedTeam("Gotham", "nyk"), SPURS))

    assert paired is not None
    assert (paired.home.grade, paired.away.grade) == (Grade.ALIAS, Grade.CODE)


def test_side_that_is_not_known_yet_is_no_team() -> None:
    """`TBD` on both sides does not make a pair."""
    one = msgspec.structs.replace(game("nba", "NY", "SA"), away=Team("-1", "TBD", "TBD"))

    assert Roster(league("nba"), [one]).pair(one, (ListedTeam("TBD", "tbd"), SPURS)) is None


def test_games_of_a_pair_are_those_of_either_team() -> None:
    """A game is found by either of its teams, and once."""
    games = [game("nba", "NY", "SA"), game("nba", "SA", "LAL"), game("nba", "LAC", "LAL")]
    roster = Roster(league("nba"), games)
    clippers = ListedTeam("Clippers", "lac")

    assert roster.games_of((KNICKS, SPURS)) == (games[0], games[1])
    assert roster.games_of((clippers, clippers)) == (games[2],)
    assert roster.games_of((ListedTeam("Suns"), ListedTeam("Heat", "mia"))) == ()


def test_plain_team_is_one_with_a_name_of_its_own() -> None:
    """A nickname tells that a team plays; a city or a code does not."""
    one = game("nba", "NY", "SA")
    roster = Roster(league("nba"), [one])

    assert roster.plays(one, (ListedTeam("Suns"), SPURS))
    assert not roster.plays(one, (ListedTeam("Suns"), ListedTeam("New York", "nyk")))


def test_pair_of_surnames_alone_is_weak() -> None:
    """Two surnames make a weak pair; an initial, a full name or a nickname does not."""
    one = game("atp", "JMC", "CAR")
    roster = Roster(league("atp"), [one])
    weak = {
        name: paired.weak
        for name in ("Cerundolo", "J. Cerundolo", "Juan Manuel Cerundolo")
        if (paired := roster.pair(one, (ListedTeam(name), ListedTeam("Ruud"))))
    }

    assert weak == {"Cerundolo": True, "J. Cerundolo": False, "Juan Manuel Cerundolo": False}


def test_names_of_the_user_are_used_or_told() -> None:
    """Added names find their team by any name or the code of ESPN; others are left over."""
    one = game("cfb", "LSU", "UGA")
    used = TeamNames("cfb", "LSU", ("Bayou Bengals",))
    by_code = TeamNames("cfb", "uga", ("Dawgs", "ga"))
    unused = TeamNames("cfb", "Kent State", ("kentst",))
    roster = Roster(league("cfb"), [one], [used, by_code, unused])

    paired = roster.pair(one, (ListedTeam("Bayou Bengals"), ListedTeam("", "ga")))

    assert paired is not None
    assert (paired.home.listed, paired.away.listed) == ("ga", "Bayou Bengals")
    assert roster.unused == [unused]


def test_second_of_a_double_header_needs_the_first() -> None:
    """A baseball game of which the day alone is known stands alone only beside another."""
    sides = {"home": Team("1", "BOS", "Boston Red Sox"), "away": Team("2", "NYY", "Yankees")}
    first = msgspec.structs.replace(game("nba", "NY", "SA"), game_id="mlb:1", league="mlb", **sides)
    second = msgspec.structs.replace(first, game_id="mlb:2", start_known=False)
    mlb = league("mlb")

    assert Roster(mlb, [second]).is_lone_second(second)
    assert not Roster(mlb, [first, second]).is_lone_second(second)
    assert not Roster(mlb, [first]).is_lone_second(first)
