from __future__ import annotations

from pathlib import Path
from shutil import copytree

import msgspec
import numpy as np
import pytest
from click.testing import CliRunner
from live_archive import MODEL, basketball_evenings, bent, write_archive
from rows import final, tick

from cli.recalibrate import recalibrate
from connectors.archive.connect import ask, connect
from flows.price_models import open_registry
from flows.settings import load_settings
from fusion.errors import ConfigError
from fusion.game import GameState, Team
from fusion.rows import Row, Tick
from models.calibration import Calibration, calibrated
from models.coefficients.schema import CoefficientFile, read, written
from models.coefficients.shelf import built_in
from models.protocol import Prior

GAMES = 400
NEXT = built_in()["nba"].version + 1


@pytest.fixture(scope="module")
def unsure() -> list[Row]:
    """Return games that were priced with half of the log-odds that they should have had."""
    return basketball_evenings(GAMES, 0.5)


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory, unsure: list[Row]) -> Path:
    """Return a data directory with an archive of those games."""
    return write_archive(tmp_path_factory.mktemp("unsure"), unsure)


@pytest.fixture
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, archive: Path) -> Path:
    """Return the configured data directory, with a copy of that archive."""
    monkeypatch.setenv("FAIRLINE_DATA_DIR", str(tmp_path / "data"))
    return Path(copytree(archive, tmp_path / "data"))


def run(*arguments: object) -> str:
    """Run `fairline recalibrate` and return what it printed."""
    found = CliRunner().invoke(
        recalibrate,
        [str(each) for each in arguments],
        catch_exceptions=False,
        help_option_names=["-h", "--help"],
    )
    assert found.exit_code == 0
    return found.stdout


def file_of(path: Path) -> CoefficientFile:
    """Return what a coefficient file says."""
    return read(path.read_text(), path.name)


def test_new_version_is_nearer_to_the_truth(data_dir: Path) -> None:
    """The archive's prices, calibrated anew, are much nearer to those they were bent from."""
    told = run("nba")
    path = data_dir / "models" / f"nba-{NEXT}.toml"
    file, known = file_of(path), built_in()["nba"]
    assert (file.version, file.coefficients) == (NEXT, known.coefficients)
    assert told.startswith(f"{path}: basketball:nba-{NEXT}, calibrated on the archive of ")
    assert file.data.source == (
        f"{known.data.source}; calibrated on the archive of 2026-10-20 to 2026-11-28, 400 games"
    )
    assert (file.data.newest, file.scores.seasons) == ("2026-11-28", (2026,))
    true = np.linspace(0.1, 0.9, 9)
    priced = np.array([bent(price, 0.5) for price in true])
    both = np.stack([priced, priced * 0.0, 1.0 - priced], axis=1)
    for played in (0.25, 0.5, 0.75):
        mended = calibrated(both, np.full(9, played), file.calibration)[:, 0]
        assert np.abs(mended - true).max() < 0.5 * np.abs(priced - true).max()


def test_run_prices_with_the_new_version(data_dir: Path) -> None:
    """The next start takes it, the rows say so, and its prices are the surer ones."""
    state = GameState(
        game_id="nba:1",
        league="nba",
        start_ns=0,
        home=Team("1", "HOM", "Home"),
        away=Team("2", "AWY", "Away"),
        phase="in",
        status="in_progress",
        completed=False,
        home_score=60,
        away_score=52,
        period=3,
        clock_s=300.0,
    )
    prior = Prior(home=0.5, draw=0.0, away=0.5, source="market")
    before = open_registry(load_settings()).price([state], [prior])
    run("nba")
    after = open_registry(load_settings()).price([state], [prior])
    assert (before.names, after.names) == ([MODEL], [f"basketball:nba-{NEXT}"])
    assert after.probabilities[0, 0] > before.probabilities[0, 0] > 0.5


def test_same_archive_gives_the_same_bytes(data_dir: Path, tmp_path: Path) -> None:
    """Another directory gets an equal file."""
    first, second = tmp_path / "first", tmp_path / "second"
    run("nba", "--out", first)
    run("nba", "--archive", data_dir, "--out", second)
    name = f"nba-{NEXT}.toml"
    assert (first / name).read_bytes() == (second / name).read_bytes()
    assert not (data_dir / "models").exists()


def test_what_is_mended_is_not_written_again(data_dir: Path) -> None:
    """The rows of the first version say that the second one holds; force writes a third."""
    run("nba")
    with pytest.raises(ConfigError, match="nba is no better for it: on the newest 100 games"):
        run("nba")
    assert [path.name for path in (data_dir / "models").iterdir()] == [f"nba-{NEXT}.toml"]
    run("nba", "--force")
    second, third = (data_dir / "models" / f"nba-{number}.toml" for number in (NEXT, NEXT + 1))
    assert file_of(third).calibration == file_of(second).calibration
    assert file_of(third).data == file_of(second).data


@pytest.mark.usefixtures("data_dir")
def test_rows_of_a_calibrated_version_count_as_the_formula(
    tmp_path: Path, unsure: list[Row]
) -> None:
    """What a version's calibration did is undone before anything is fitted."""
    run("nba", "--out", tmp_path / "first")
    expected = file_of(tmp_path / "first" / f"nba-{NEXT}.toml").calibration
    other = tmp_path / "other"
    mild = Calibration("beta", played=(0.0,), power=(1.1,))
    second = msgspec.structs.replace(built_in()["nba"], version=NEXT, calibration=mild)
    models = other / "models"
    models.mkdir(parents=True)
    (models / "mild.toml").write_text(written(second))
    halves = [
        msgspec.structs.replace(row, fair=bent(row.fair, 1.1), model=f"basketball:nba-{NEXT}")
        if isinstance(row, Tick) and row.fair is not None and row.date > "2026-11-08"
        else row
        for row in unsure
    ]
    run("nba", "--archive", write_archive(other, halves), "--out", models)
    found = file_of(models / f"nba-{NEXT + 1}.toml").calibration
    assert found.power == pytest.approx(expected.power, abs=0.02)


def test_too_few_games_are_refused(tmp_path: Path) -> None:
    """The refusal says how many there are, and nothing is written."""
    archive = write_archive(tmp_path / "few", basketball_evenings(29, 0.7))
    with pytest.raises(ConfigError, match=r"nba needs 30 games .*, was 29; run on"):
        run("nba", "--archive", archive, "--out", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_prices_of_another_formula_do_not_count(tmp_path: Path) -> None:
    """Rows that a user's own model priced say nothing of the coefficients."""
    archive = write_archive(tmp_path / "own", basketball_evenings(31, 0.7, model="my own"))
    with pytest.raises(ConfigError, match=f"no game with a result that {MODEL} priced"):
        run("nba", "--archive", archive)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("ufc", "'ufc' has no model"),
        ("ncaawb", "'ncaawb' is priced with the coefficients of '.*'; train its own"),
        ("cricket_ipl", "no scoreboard of 'cricket_ipl' is read, .*: fairline train"),
        ("nab", "no league is called 'nab'"),
    ],
)
def test_league_without_its_own_coefficients_is_refused(
    data_dir: Path, name: str, told: str
) -> None:
    """There is nothing that could be calibrated."""
    with pytest.raises(ConfigError, match=told):
        run(name)


def test_archive_is_as_it_was(data_dir: Path) -> None:
    """Nothing but the new file is written."""
    before = sorted(data_dir.rglob("*"))
    run("nba")
    added = set(data_dir.rglob("*")) - set(before)
    assert added == {data_dir / "models", data_dir / "models" / f"nba-{NEXT}.toml"}
    with connect(data_dir) as connection:
        assert ask(connection, "SELECT count(*) AS n FROM ticks").to_pylist() == [{"n": GAMES * 24}]


def test_leagues_that_share_coefficients_are_mended_together(tmp_path: Path) -> None:
    """Soccer of two leagues is one archive of moments, each with three outcomes."""
    rows: list[Row] = []
    for number in range(32):
        league = ("eng.1", "esp.1")[number % 2]
        of_game = {"league": league, "game_id": f"{league}:{number}"}
        at = of_game | {"recv_ns": number * 100, "period": 2, "clock_s": 3600.0}
        for outcome, fair in (("home", 0.6), ("draw", 0.25), ("away", 0.15)):
            name = f"soccer:soccer-{built_in()['soccer'].version}"
            rows.append(tick(**at, cause="score", outcome=outcome, fair=fair, model=name))
        rows.append(final(1, 0, **(of_game | {"recv_ns": number * 100 + 50, "period": 2})))
    archive = write_archive(tmp_path / "data", rows)
    for name in ("esp.1", "soccer"):
        out = tmp_path / name
        told = run(name, "--archive", archive, "--out", out)
        (path,) = out.iterdir()
        file = file_of(path)
        assert (file.key, file.scores.games, file.scores.rows) == ("soccer", 8, 8)
        assert file.calibration == Calibration("beta", played=(0.0,), power=(2.0,))
        assert "32 games; on the newest 8 games" in told
