"""`fairline slate` as it is typed."""

from __future__ import annotations

import json

from click.testing import CliRunner, Result

from cli.main import main
from flows.venue import Venue


def fairline(venue: Venue, *arguments: str) -> Result:
    """Run the verb against a venue that runs already."""
    return CliRunner().invoke(main, ("slate", *arguments), env={"FAIRLINE_VENUE": venue.espn_url})


def test_a_slate_is_told_by_league(venue: Venue) -> None:
    """Games with their evidence, then what each league has, and which have nothing."""
    result = fairline(venue, "--league", "nba", "--league", "eng.2")

    assert (result.exit_code, result.stderr) == (0, "")
    assert "\n    home " in result.stdout
    assert "NBA " in result.stdout
    assert "Championship" in result.stdout


def test_a_slate_is_one_object_in_json(venue: Venue) -> None:
    """Scripts get the whole of it."""
    told = json.loads(fairline(venue, "--league", "nba", "--json").stdout)

    assert [one["league"] for one in told["leagues"]] == ["nba"]
    assert {game["league"] for game in told["slate"]["games"]} == {"nba"}


def test_a_day_is_checked(venue: Venue) -> None:
    """A date is a date."""
    result = fairline(venue, "--date", "tomorrow")

    assert result.exit_code == 2
    assert "'tomorrow' does not match the format '%Y-%m-%d'" in result.stderr
