from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

from fusion.leagues import LEAGUES, TEAM_SPORTS
from simulator.espn_wire import IDS
from simulator.gamma_sports import LEAGUE_TAGS, SERIES
from simulator.players import PLAYERS
from simulator.schedule import SCHEDULE
from simulator.teams import EXTRA_TEAMS, TEAMS

VENUE_LEAGUES = {
    "ncaamb": "cbb",
    "ncaawb": "cbb",
    "eng.1": "epl",
    "esp.1": "laliga",
    "ger.1": "bundesliga",
    "ita.1": "seriea",
    "fra.1": "ligue1",
    "usa.1": "mls",
    "uefa.champions": "ucl",
    "fifa.world": "fifa_wc",
}
"""League key to its name in the table of codes; schools have one code for all their teams."""


def test_every_league_has_sides_for_its_games() -> None:
    """Every league that is played has two sides a game at least, and both venues know it."""
    games = Counter(booking.league for booking in SCHEDULE if not booking.again)
    assert games.keys() == SERIES.keys() == LEAGUE_TAGS.keys() == IDS.keys()
    assert games.keys() <= LEAGUES.keys()
    sides = TEAMS | PLAYERS
    assert all(len(sides[key]) >= 2 * count for key, count in games.items())
    assert TEAMS.keys() == {key for key in games if LEAGUES[key].sport in TEAM_SPORTS}
    assert EXTRA_TEAMS.keys() <= TEAMS.keys()


def test_no_team_is_there_twice() -> None:
    """Numbers and codes are distinct in a league, those of added teams too."""
    for key, teams in TEAMS.items():
        every = teams + EXTRA_TEAMS.get(key, ())
        for ids in ([team.espn_id for team in every], [team.code for team in every]):
            assert len(set(ids)) == len(ids)


def test_codes_and_names_are_the_venues(shared: Path) -> None:
    """Each ESPN code, name and Polymarket code stands in the table of observed codes."""
    with (shared / "field/team-codes.tsv").open(encoding="utf-8", newline="") as lines:
        known = {
            (row["league"], row["espn_abbr"], row["espn_name"], row["polymarket_code"])
            for row in csv.DictReader(lines, delimiter="\t")
        }
    ours = {
        (VENUE_LEAGUES.get(key, key), team.espn_code, team.name, team.code)
        for table in (TEAMS, EXTRA_TEAMS)
        for key, teams in table.items()
        for team in teams
    }
    assert ours - known == set()
