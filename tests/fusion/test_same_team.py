from __future__ import annotations

import csv
from pathlib import Path

import pytest

from fusion.game import Team
from fusion.grades import Evidence, Grade
from fusion.leagues import league
from fusion.listing import ListedTeam
from fusion.same_team import grade_name, same_team, team_keys

KNICKS = Team("18", "NY", "New York Knicks", ("Knicks", "New York"))
SPURS = Team("24", "SA", "San Antonio Spurs")
WHITE_SOX = Team("4", "CHW", "Chicago White Sox", ("White Sox", "Chicago"))
TAR_HEELS = Team("153", "UNC", "North Carolina Tar Heels", ("North Carolina", "Tar Heels"))
HUSKIES = Team("41", "CONN", "UConn Huskies", ("Huskies", "UConn"))
MIAMI_OHIO = Team("193", "M-OH", "Miami (OH) RedHawks", ("RedHawks", "Miami (OH)"))
ALABAMA = Team("333", "ALA", "Alabama Crimson Tide", ("Alabama", "Crimson Tide"))
LIU = Team("112358", "LIU", "Long Island University Sharks", ("Sharks", "Long Island University"))
BRIGHTON = Team("331", "BHA", "Brighton & Hove Albion", ("Brighton",))
INTER = Team("110", "INT", "Internazionale", ("Inter",))
MILAN = Team("103", "MIL", "AC Milan", ("Milan",))
ATLANTA = Team("18418", "ATL", "Atlanta United FC", ("Atlanta",))
KOREA = Team("451", "KOR", "South Korea")


@pytest.mark.parametrize(
    ("league_key", "team", "name", "grade"),
    [
        ("nba", KNICKS, "New York Knicks", Grade.NAME),
        ("nba", KNICKS, "KNICKS", Grade.ALIAS),
        ("nba", KNICKS, "nyk", Grade.CODE),
        ("nba", KNICKS, "NY", Grade.CODE),
        ("nba", KNICKS, "New York", Grade.PART),
        ("nba", KNICKS, "New Knicks", Grade.SUBSET),
        ("nba", SPURS, "Spurs", Grade.ALIAS),
        ("nba", KNICKS, "Nets", Grade.NONE),
        ("nba", KNICKS, "", Grade.NONE),
        ("mlb", WHITE_SOX, "Chicago", Grade.PART),
        ("mlb", WHITE_SOX, "Sox", Grade.PART),
        ("mlb", WHITE_SOX, "Red Sox", Grade.NONE),
        ("ncaamb", TAR_HEELS, "North Carolina", Grade.ALIAS),
        ("ncaamb", TAR_HEELS, "Tar Heels", Grade.PART),
        ("ncaamb", TAR_HEELS, "UNC", Grade.ALIAS),
        ("ncaamb", TAR_HEELS, "Heels", Grade.PART),
        ("ncaamb", TAR_HEELS, "North Carolina Central", Grade.NONE),
        ("ncaamb", TAR_HEELS, "NC State", Grade.NONE),
        ("ncaamb", HUSKIES, "Connecticut", Grade.ALIAS),
        ("ncaamb", HUSKIES, "Connecticut Huskies", Grade.ALIAS),
        ("cfb", MIAMI_OHIO, "Miami Ohio", Grade.ALIAS),
        ("cfb", MIAMI_OHIO, "Miami", Grade.NONE),
        ("cfb", MIAMI_OHIO, "Miami (FL)", Grade.NONE),
        ("cfb", ALABAMA, "Alabama A&M", Grade.NONE),
        ("cfb", ALABAMA, "Alabama Tide", Grade.SUBSET),
        ("cfb", ALABAMA, "Alabama Crimson Tide Women", Grade.NONE),
        ("cfb", ALABAMA, "Alabama State", Grade.NONE),
        ("cfb", ALABAMA, "Alabama-Birmingham", Grade.NONE),
        ("cfb", LIU, "LIU", Grade.ALIAS),
        ("eng.1", BRIGHTON, "Brighton & Hove Albion FC", Grade.NAME),
        ("eng.1", BRIGHTON, "Brighton", Grade.ALIAS),
        ("eng.1", BRIGHTON, "Brighton & Hove Albion Women", Grade.NONE),
        ("eng.1", BRIGHTON, "Brighton U21", Grade.NONE),
        ("ita.1", INTER, "Inter Milan", Grade.ALIAS),
        ("ita.1", INTER, "AC Milan", Grade.NONE),
        ("ita.1", MILAN, "Milan", Grade.NAME),
        ("ita.1", MILAN, "Inter Milan", Grade.NONE),
        ("ita.1", MILAN, "Milan Calcio Rossoneri", Grade.SUBSET),
        ("fifa.world", Team("1", "GUI", "Guinea"), "Guinea-Bissau", Grade.NONE),
        ("fifa.world", Team("1", "NIR", "Northern Ireland"), "Ireland", Grade.NONE),
        ("nba", Team("-2", "TBD", "TBD"), "Spurs", Grade.NONE),
        ("atp", Team("1", "", "Jannik Sinner"), "J. Sinner", Grade.CODE),
        ("atp", Team("1", "", "Jannik Sinner", ("J. Sinner", "Sinner")), "Sinner", Grade.PART),
        ("ufc", Team("1", "", "King Green"), "Bobby Green", Grade.ALIAS),
        ("usa.1", ATLANTA, "Atlanta", Grade.PART),
        ("fifa.world", KOREA, "Korea Republic", Grade.ALIAS),
        ("fifa.world", KOREA, "North Korea", Grade.NONE),
        ("fifa.world", KOREA, "Curaçao", Grade.NONE),
    ],
)
def test_name_is_graded(league_key: str, team: Team, name: str, grade: Grade) -> None:
    """A full name is best, then a name only this team bears, its code, a part, a subset."""
    assert grade == grade_name(team_keys(league(league_key), team), name)


def test_names_the_user_adds_are_the_teams_own() -> None:
    """An added name or code counts beyond doubt, also in college, and only for its team."""
    added = team_keys(league("cfb"), ALABAMA, ("Bama", "alab"))

    assert [grade_name(added, name) for name in ("BAMA", "Alab", "Alabama")] == [Grade.ALIAS] * 3
    assert same_team(added, ListedTeam("?", "alab")) == Evidence(Grade.ALIAS, "alab")
    assert same_team(team_keys(league("cfb"), ALABAMA), ListedTeam("?", "alab")) is None


def test_every_name_a_team_has_finds_it() -> None:
    """What a team is looked up by holds its names, codes and words; of a school no single word."""
    assert team_keys(league("nba"), KNICKS).search >= {"new york knicks", "knicks", "york", "nyk"}
    assert "crimson" not in team_keys(league("cfb"), ALABAMA).search
    player = team_keys(league("atp"), Team("1", "", "Felix Auger-Aliassime", ("Aliassime",)))
    assert player.search >= {"auger", "aliasime", "augeraliasime"}


@pytest.mark.parametrize("name", ["nba", "wnba", "nfl", "nhl", "mlb"])
def test_nicknames_of_a_big_league_are_not_shared(shared: Path, name: str) -> None:
    """No two teams of a big league bear one name of their own, whatever of it is written."""
    lines = (shared / "field" / "team-codes.tsv").read_text("utf-8").splitlines()
    owners: dict[str, set[str]] = {}
    for row in csv.DictReader(lines, delimiter="\t"):
        if row["league"] == name:
            team = Team("1", row["espn_abbr"], row["espn_name"])
            for key in team_keys(league(name), team).own:
                owners.setdefault(key, set()).add(row["espn_name"])

    assert [(key, names) for key, names in owners.items() if len(names) > 1] == []
    assert len(owners) > 30


@pytest.mark.parametrize(
    ("league_key", "team", "listed", "evidence"),
    [
        ("nba", KNICKS, ListedTeam("Knicks", "nyk"), Evidence(Grade.ALIAS, "Knicks")),
        ("nba", KNICKS, ListedTeam("?", "nyk"), Evidence(Grade.CODE, "nyk")),
        ("nba", KNICKS, ListedTeam("?", "ny"), None),
        (
            "nba",
            KNICKS,
            ListedTeam("Knicks", "nyk", "New York Knicks"),
            Evidence(Grade.NAME, "New York Knicks"),
        ),
        ("cfb", LIU, ListedTeam("Sharks", "liub", "LIU"), Evidence(Grade.ALIAS, "LIU")),
        ("cfb", LIU, ListedTeam("Sharks", "liub"), None),
        ("cfb", ALABAMA, ListedTeam("", "ala"), None),
        ("cfb", ALABAMA, ListedTeam("Alabama Tide"), None),
        ("cfb", MIAMI_OHIO, ListedTeam("Miami", "mia"), None),
        ("cfb", ALABAMA, ListedTeam("ALA"), Evidence(Grade.CODE, "ALA")),
        ("fifa.world", KOREA, ListedTeam("Curaçao", "kor"), None),
        ("fifa.world", KOREA, ListedTeam("", "kr"), Evidence(Grade.CODE, "kr")),
    ],
)
def test_best_evidence_of_a_listed_team_counts(
    league_key: str, team: Team, listed: ListedTeam, evidence: Evidence | None
) -> None:
    """Name, alias and code are compared; a college's nickname or code alone is no evidence."""
    assert evidence == same_team(team_keys(league(league_key), team), listed)
