from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner

from cli.train import train
from fusion.errors import ConfigError
from models.coefficients.schema import read
from models.training import fit


@pytest.fixture
def states(shared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a small file of hockey, and fit to few rows of it."""
    monkeypatch.setattr(fit, "MOST_ITERATIONS", 2)
    frame = pl.read_parquet(shared / "training" / "nhl.parquet")
    path = tmp_path / "nhl.parquet"
    frame.gather_every(40).write_parquet(path)
    return path


def run(*arguments: object) -> str:
    """Run `fairline train` and return what it printed."""
    result = CliRunner().invoke(train, [str(each) for each in arguments], catch_exceptions=False)
    assert result.exit_code == 0
    return result.output


def test_training_writes_the_next_version_once(states: Path, tmp_path: Path) -> None:
    """The same states give the same bytes, and no newer version of themselves."""
    first, second = tmp_path / "first", tmp_path / "second"
    told = run("nhl", "--states", states, "--out", first)
    cards = tmp_path / "cards"
    run("nhl", "--states", states, "--out", second, "--cards", cards)
    run("nhl", "--states", states, "--out", first)
    (path,) = first.iterdir()
    file = read(path.read_text(), path.name)
    assert path.name == f"nhl-{file.version}.toml"
    assert path.read_bytes() == (second / path.name).read_bytes()
    assert (file.key, file.data.seasons) == ("nhl", (2018, 2019, 2020))
    assert (cards / "nhl.md").read_text().startswith("# hockey:nhl-")
    assert (cards / "nhl.png").read_bytes().startswith(b"\x89PNG")
    assert f"{path}: " in told
    assert "held out 2020: Brier 0.1" in told


def test_tours_are_trained_on_their_own_rows(shared: Path, tmp_path: Path) -> None:
    """A file of one tour trains that one alone; one that tells no tours apart trains nothing."""
    tennis = pl.read_parquet(shared / "training" / "tennis.parquet").gather_every(10)
    path, out = tmp_path / "tennis.parquet", tmp_path / "out"
    tennis.drop("league").write_parquet(path)
    with pytest.raises(ConfigError, match="no column 'league' that tells atp or wta apart"):
        run("tennis", "--states", path, "--out", out)
    assert not out.exists()
    tennis.filter(pl.col("league").str.to_lowercase() == "wta").write_parquet(path)
    run("tennis", "--states", path, "--out", out)
    assert [read(each.read_text(), each.name).key for each in out.iterdir()] == ["wta"]
