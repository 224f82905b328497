from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from click.testing import CliRunner, Result
from live_archive import MODEL, basketball_evenings, write_archive
from rows import game_row, tick

from cli.calibration import FLAGGED, SHOWN_WINDOWS, calibration
from fusion.errors import ConfigError
from fusion.rows import Tick


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return 200 games whose prices are much too unsure; the market's are true."""
    return write_archive(tmp_path_factory.mktemp("bent"), basketball_evenings(200, 0.4))


def run(*arguments: object) -> Result:
    """Run `fairline calibration` as it is typed."""
    return CliRunner().invoke(
        calibration,
        [str(each) for each in arguments],
        catch_exceptions=False,
        help_option_names=["-h", "--help"],
        env={"COLUMNS": "120"},
    )


def reports(*arguments: object) -> list[dict[str, Any]]:
    """Return what `--json` prints."""
    found: list[dict[str, Any]] = json.loads(run("--json", *arguments).stdout.splitlines()[-1])
    return found


def test_prices_are_scored_beside_the_market(archive: Path) -> None:
    """Unsure prices are worse than the market's true ones, by more than chance."""
    (report,) = reports("--archive", archive)
    whole, market = report["whole"], report["whole"]["market"]
    assert (report["league"], report["current"]) == ("nba", MODEL)
    assert (whole["rows"], whole["games"], market["rows"]) == (2400, 200, 2400)
    assert market["brier_fair"] == whole["brier"]
    assert market["difference"] == pytest.approx(market["brier_fair"] - market["brier_mid"])
    assert market["difference"] > 2 * market["difference_se"] > 0
    assert market["ece_mid"] < 0.05 < market["ece_fair"]
    assert list(report["phases"]) == [
        "1st quarter",
        "2nd quarter",
        "3rd quarter",
        "4th quarter before",
        "last 5 minutes",
    ]
    assert len(report["windows"]) == 20


def test_bent_league_is_flagged(archive: Path) -> None:
    """The output says how to stop the league and how to mend it."""
    result = run("--archive", archive)
    told = " ".join(result.stdout.split())
    assert result.exit_code == 0
    assert f"FLAGGED: calibration error of {MODEL} 0.1" in told
    assert 'Stop its signals with `stopped = ["nba"]` under [signals] in fairline.toml' in told
    assert "`fairline recalibrate nba`" in told
    assert result.stdout.count("7 days to") == 2 * SHOWN_WINDOWS


def test_flag_is_an_exit_code_when_asked(archive: Path) -> None:
    """`--fail` tells a script; a limit that holds is no failure."""
    assert run("--archive", archive, "--fail").exit_code == FLAGGED
    assert run("--archive", archive, "--fail", "--limit", 0.5).exit_code == 0


def test_days_and_windows_are_chosen(archive: Path) -> None:
    """Only the newest days count, and each window reaches back as far as it is long."""
    (report,) = reports("--archive", archive, "--days", 3, "--window", 2)
    assert [score["games"] for score in report["windows"].values()] == [10, 20, 20]
    assert list(report["windows"]) == ["2026-11-06", "2026-11-07", "2026-11-08"]
    assert report["whole"]["games"] == 30


def test_leagues_are_chosen(archive: Path) -> None:
    """Others are not told, and a name that is no league is an error."""
    assert reports("--archive", archive, "--league", "nfl") == []
    assert len(reports("--archive", archive, "--league", "NBA")) == 1
    with pytest.raises(ConfigError, match="no league is called 'nab'"):
        run("--archive", archive, "--league", "nab")


def test_games_without_a_result_are_told(tmp_path: Path) -> None:
    """While nothing has ended there is nothing to score."""
    result = run("--archive", write_archive(tmp_path, [tick(cause="score"), game_row()]))
    assert result.stderr == "nba: none of 1 games has a result yet\n"
    assert result.stdout == f"no game with a result was priced in play in {tmp_path}\n"


def test_few_games_are_not_judged(tmp_path: Path) -> None:
    """However wrong they look, and where no book has two sides nothing is compared."""
    rows = [
        msgspec.structs.replace(row, bid=None) if isinstance(row, Tick) else row
        for row in basketball_evenings(3, 0.4)
    ]
    told = run("--archive", write_archive(tmp_path, rows)).stdout
    assert "no row has both sides of a live book" in told
    assert "30 games are needed to tell, was 3" in told
