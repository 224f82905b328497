"""`fairline match` as it is typed."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from factories import AWAY, GAME, HOME, MARKET
from payloads import espn_event, gamma_event, listing_body, scoreboard

from cli.main import main

SLUG = "nba-nyk-bos-2026-11-18"
MATCHED = {
    "game_id": GAME,
    "matched": True,
    "reason": (
        "home by name 'Boston Celtics', away by name 'New York Knicks', away listed first, "
        "start +0 min"
    ),
    "kind": "two_way",
    "outcomes": [
        {
            "selection": selection,
            "market_id": MARKET,
            "market_slug": SLUG,
            "token_id": token,
            "outcome": outcome,
        }
        for selection, token, outcome in (("home", HOME, "Celtics"), ("away", AWAY, "Knicks"))
    ],
}


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in a folder with a scoreboard and a listing."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "espn.json").write_bytes(scoreboard(espn_event()))
    (tmp_path / "gamma.json").write_bytes(listing_body(gamma_event()))
    return tmp_path


def fairline(*arguments: str) -> Result:
    """Match the two files, with more arguments."""
    files = ("--espn", "espn.json", "--gamma", "gamma.json")
    return CliRunner().invoke(main, ("match", "--league", "nba", *files, *arguments))


def matched(*arguments: str) -> list[dict[str, Any]]:
    """Return what is printed as JSON."""
    result = fairline(*arguments, "--json")
    assert (result.exit_code, result.stderr) == (0, "")
    games: list[dict[str, Any]] = json.loads(result.stdout)
    return games


def test_a_game_is_matched_with_the_token_of_each_side() -> None:
    """Outcomes are told by the names of the teams, whatever their order."""
    assert matched() == [MATCHED]


def test_single_events_and_gzip_will_do(home: Path) -> None:
    """One event of each side is enough, packed or not."""
    (home / "espn.json").write_bytes(gzip.compress(json.dumps(espn_event()).encode()))
    (home / "gamma.json").write_text(json.dumps(gamma_event()))

    assert matched() == [MATCHED]


def test_a_refusal_says_why(home: Path) -> None:
    """A game without an event is printed all the same."""
    (home / "gamma.json").write_text("[]")

    assert matched() == [
        {"game_id": GAME, "matched": False, "reason": "no_event", "kind": None, "outcomes": []}
    ]


def test_overrides_have_the_last_word(home: Path) -> None:
    """What the user refuses is not matched, and the reason says so."""
    (home / "mine.toml").write_text(f'[[refuse]]\nevent_slug = "{SLUG}"\n')
    (home / "fairline.toml").write_text('[slate]\noverrides = "mine.toml"\n')

    (game,) = matched()
    assert (game["matched"], game["reason"].split(":")[0]) == (False, "no_event")


def test_people_read_a_table() -> None:
    """Each game with its tokens and its evidence, then how many there were."""
    result = fairline()

    assert result.exit_code == 0
    assert f"{GAME}  11-18" in result.stdout
    assert "New York Knicks at Boston Celtics" in result.stdout
    assert "1 matched, 0 games and 0 events refused" in result.stdout


def test_a_file_without_games_is_an_error(home: Path) -> None:
    """A file of the wrong side is told by its name, with what is wrong in it."""
    (home / "espn.json").write_text('{"code": 400, "message": "Failed to get events endpoint."}')

    result = fairline()
    assert result.exit_code == 1
    assert "espn.json: error_body" in result.stderr
    assert "espn.json holds no game of NBA that can be read" in result.stderr


def test_an_unknown_league_lists_the_known() -> None:
    """The error says what can be asked for."""
    result = CliRunner().invoke(
        main, ("match", "--league", "quidditch", "--espn", "espn.json", "--gamma", "gamma.json")
    )

    assert result.exit_code == 1
    assert "no league is called 'quidditch'; use one of nba, " in result.stderr


def test_an_empty_scoreboard_has_no_games(home: Path) -> None:
    """A slate without games is none to a script; a person is told."""
    (home / "espn.json").write_text('{"events": []}')

    assert matched() == []
    assert "holds no game of NBA" in fairline().stderr
