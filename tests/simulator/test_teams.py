from __future__ import annotations

import csv
from pathlib import Path

from fusion.leagues import LEAGUES
from simulator.espn_wire import IDS
from simulator.evening import SCHEDULE
from simulator.gamma_wire import SERIES
from simulator.teams import EXTRA_TEAMS, TEAMS

VENUE_LEAGUES = {
    "ncaamb": "cbb",
    "eng.1": "epl",
    "esp.1": "laliga",
    "ger.1": "bundesliga",
    "ita.1": "seriea",
    "fra.1": "ligue1",
    "usa.1": "mls",
    "uefa.champions": "ucl",
}


def test_every_scheduled_league_has_teams_for_its_games() -> None:
    """Two teams a game at least, and every league is one Fairline knows."""
    assert TEAMS.keys() == SCHEDULE.keys()
    assert SCHEDULE.keys() | EXTRA_TEAMS.keys() <= LEAGUES.keys()
    assert not TEAMS.keys() & EXTRA_TEAMS.keys()
    assert TEAMS.keys() | EXTRA_TEAMS.keys() <= IDS.keys() & SERIES.keys()
    assert all(len(TEAMS[key]) >= 2 * len(starts) for key, starts in SCHEDULE.items())


def test_codes_and_names_are_the_venues(shared: Path) -> None:
    """Each ESPN code, name and Polymarket code stands in the table of observed codes."""
    with (shared / "field/team-codes.tsv").open(encoding="utf-8", newline="") as lines:
        known = {
            (row["league"], row["espn_abbr"], row["espn_name"], row["polymarket_code"])
            for row in csv.DictReader(lines, delimiter="\t")
        }
    ours = {
        (VENUE_LEAGUES.get(key, key), team.espn_code, team.name, team.code)
        for key, teams in (TEAMS | EXTRA_TEAMS).items()
        for team in teams
    }
    assert ours - known == set()
