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
    assert set(found["published"]) == {
        "published", "model", "published_late", "model_late", "gain", "gain_se",
    }  # fmt: skip


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


def test_coefficients_that_cannot_price_it_are_refused(states: Path, tmp_path: Path) -> None:
    """Those of another sport, and a file that is no text."""
    other, bad = tmp_path / "nhl.toml", tmp_path / "bad.toml"
    other.write_text(written(built_in()["nhl"]))
    bad.write_bytes(b"\xff\xfe")
    with pytest.raises(ConfigError, match=r"the family football; .* nhl\.toml are of 'hockey'"):
        run("--league", "cfb", "--states", states, "--coefficients", other)
    with pytest.raises(ConfigError, match=r"bad\.toml cannot be read"):
        run("--league", "cfb", "--states", states, "--coefficients", bad)


def test_seasons_can_be_chosen(states: Path) -> None:
    """One that is not in the file is told, with those that are."""
    told = "no rows of cfb to judge: 2,747 other seasons; its seasons with results are 2019$"
    with pytest.raises(ConfigError, match=told):
        run("--league", "cfb", "--states", states, "--season", 1999)


def judged(*arguments: object) -> dict[str, Any]:
    """Return the object on the last line."""
    found: dict[str, Any] = msgspec.json.decode(run(*arguments, "--json").splitlines()[-1])
    return found


def test_both_tours_are_one_object(shared: Path, tmp_path: Path) -> None:
    """Each is priced by its own model; the scores are over the rows of both."""
    frame = pl.read_parquet(shared / "training" / "tennis.parquet")
    path = tmp_path / "tennis.parquet"
    frame.filter(pl.col("date") < pl.col("date").min() + pl.duration(days=10)).write_parquet(path)
    found = judged("--league", "tennis", "--states", path)
    tours = [judged("--league", each, "--states", path) for each in ("atp", "wta")]
    assert (found["league"], found["model"]) == (
        "tennis",
        ", ".join(each["model"] for each in tours),
    )
    assert found["rows"] == sum(each["rows"] for each in tours)
    assert found["games"] == sum(each["games"] for each in tours)
    assert found["brier"] == pytest.approx(
        sum(each["brier"] * each["rows"] for each in tours) / found["rows"]
    )
    assert found["skipped"] == {}
    assert tours[0]["skipped"] == {"other leagues": tours[1]["rows"]}


def test_a_file_of_many_leagues_says_what_it_skipped(shared: Path, tmp_path: Path) -> None:
    """Rows of others are counted, also where their columns are of other names."""
    parts = [
        pl.read_parquet(shared / "training" / f"{name}.parquet").gather_every(300)
        for name in ("nfl", "cfb", "nba", "soccer", "soccer_intl")
    ]
    path = tmp_path / "mixed.parquet"
    pl.concat(parts, how="diagonal_relaxed").write_parquet(path)
    heights = {"nfl": 1053, "cfb": 458, "nba": 5192, "soccer": 1605, "soccer_intl": 707}
    assert [part.height for part in parts] == list(heights.values())
    for at, (league, rows) in enumerate(heights.items()):
        found = judged("--league", league, "--states", path)
        assert (found["rows"], found["skipped"]) == (
            rows, {"other leagues": sum(heights.values()) - rows},
        )  # fmt: skip
        parts[at].write_parquet(tmp_path / "own.parquet")
        alone = judged("--league", league, "--states", tmp_path / "own.parquet")
        assert found["brier"] == alone["brier"]


def test_one_game_has_no_standard_error(states: Path, tmp_path: Path) -> None:
    """What is not known is null, which every reader of JSON knows."""
    path = tmp_path / "one.csv"
    pl.read_parquet(states).head(1).write_csv(path)
    found = judged("--league", "ncaaf", "--states", path)
    assert (found["league"], found["rows"], found["games"]) == ("cfb", 1, 1)
    assert found["brier_se"] is None
