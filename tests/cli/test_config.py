"""`fairline config` as it is typed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cli.main import main
from flows.settings import Settings


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def config(*arguments: str) -> Result:
    """Run the verb with a wide terminal."""
    return CliRunner().invoke(main, ["config", *arguments], env={"COLUMNS": "300"})


def rows(result: Result) -> dict[str, tuple[str, str]]:
    """Return the value and the origin of each setting that is shown."""
    cells = [[cell.strip() for cell in line.split("│")] for line in result.stdout.splitlines()]
    return {row[0]: (row[1], row[2]) for row in cells if len(row) == 3}


def test_defaults_say_that_they_are(home: Path) -> None:
    """Every setting is shown with its value, and the file that there is not."""
    result = config()
    shown = rows(result)

    assert result.exit_code == 0
    assert {origin for _, origin in shown.values()} == {"default"}
    assert shown["espn.live_s"] == ("5.0", "default")
    assert shown["display.picture"] == ("", "default")
    assert shown["leagues"][0].startswith("['nba', 'wnba', ")
    assert result.stdout.splitlines()[-1] == (
        "file: fairline.toml (there is none; every value has a default); "
        "environment: FAIRLINE_<SECTION>__<KEY>"
    )


def test_every_value_says_where_it_came_from(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file and the variables are named beside what they set."""
    (home / "fairline.toml").write_text(
        'data_dir = "[red]"\n[espn]\nlive_s = 4\n[freshness.league.college-football]\nbook_s = 9\n'
    )
    monkeypatch.setenv("FAIRLINE_VENUE", "live")
    monkeypatch.setenv("FAIRLINE_LEAGUES", "nba,cfb")
    shown = rows(config())

    assert {name: row for name, row in shown.items() if row[1] != "default"} == {
        "venue": ("live", "FAIRLINE_VENUE"),
        "data_dir": ("[red]", "fairline.toml"),
        "leagues": ("['nba', 'cfb']", "FAIRLINE_LEAGUES"),
        "espn.live_s": ("4.0", "fairline.toml"),
        "freshness.league.cfb.book_s": ("9.0", "fairline.toml"),
    }


def test_json_is_one_object(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a program reads can be read back into the same settings."""
    monkeypatch.setenv("FAIRLINE_ESPN__LIVE_S", "3")
    result = config("--json")
    told = json.loads(result.stdout)

    assert (told["espn"]["live_s"], told["venue"]) == (3.0, "simulator")
    assert Settings(**told) == Settings()
