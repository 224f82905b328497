from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import polars as pl
import pytest
from click.testing import CliRunner

from cli.evaluate import evaluate
from fusion.errors import ConfigError
from models.coefficients.schema import written
from models.coefficients.shelf import built_in


@pytest.fixture
def states(shared: Path, tmp_path: Path) -> Path:
    """Return a small file of college football."""
    path = tmp_path / "cfb.parquet"
    frame = pl.read_parquet(shared / "training" / "cfb.parquet")
    frame.gather_every(50).write_parquet(path)
    return path


def run(*arguments: object) -> str:
    """Run `fairline evaluate` and return what it printed."""
    words = [str(each) for each in arguments]
    result = CliRunner().invoke(evaluate, words, catch_exceptions=False)
    assert result.exit_code == 0
    return result.output


def test_the_last_line_is_one_object(states: Path) -> None:
    """It has the scores, their errors, and all the comparisons."""
    lines = run("--league", "cfb", "--states", states, "--json").splitlines()
    found: dict[str, Any] = msgspec.json.decode(lines[-1])
    assert (found["league"], found["games"]) == ("cfb", 865)
    assert found["model"].partition(":")[2] == f"cfb-{built_in()['cfb'].version}"
    assert 0.05 < found["brier"] < 0.15
    assert 0.2 < found["log_loss"] < 0.45
    assert 0.0 < found["ece"] < 0.06
    assert {"brier_se", "log_loss_se", "ece_by_chance", "phases", "sources", "baselines"} <= set(
        found
    )
    assert set(found["published"]) == {"published", "model", "published_late", "model_late"}


def test_people_get_a_table_and_a_picture(states: Path, tmp_path: Path) -> None:
    """By phase, source and baseline; the picture is a PNG, the same one every time."""
    png = tmp_path / "cfb.png"
    told = run("--league", "cfb", "--states", states, "--png", png)
    assert all(word in told for word in ("1st quarter", "source pbp", "prior alone", "published"))
    first = png.read_bytes()
    run("--league", "cfb", "--states", states, "--png", png)
    assert first.startswith(b"\x89PNG")
    assert png.read_bytes() == first


def test_a_file_of_coefficients_is_judged_itself(states: Path, tmp_path: Path) -> None:
    """Its version stands in the name."""
    path = tmp_path / "own.toml"
    path.write_text(written(msgspec.structs.replace(built_in()["cfb"], version=77)))
    told = run("--league", "cfb", "--states", states, "--coefficients", path, "--json")
    assert msgspec.json.decode(told.splitlines()[-1])["model"].endswith(":cfb-77")


def test_seasons_can_be_chosen(states: Path) -> None:
    """One that is not in the file is told."""
    with pytest.raises(ConfigError, match="no rows of cfb in 1999"):
        run("--league", "cfb", "--states", states, "--season", 1999)
