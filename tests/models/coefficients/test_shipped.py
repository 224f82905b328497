"""What comes with Fairline: coefficient files that anybody can make again, each with its card."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import pytest
from click.testing import CliRunner

from cli.train import train
from fusion.leagues import LEAGUES
from models.coefficients.schema import CoefficientFile, read, written
from models.coefficients.shelf import built_in
from models.family import Fitted
from models.formulas import FAMILIES, family_of
from models.offline import OFFLINE, AnyLeague
from models.training.licences import ORIGINS

CARDS = Path(__file__).parents[3] / "docs" / "models"
KEYS = sorted(built_in())


@pytest.mark.parametrize("key", KEYS)
def test_a_file_is_of_its_leagues_and_its_family(key: str) -> None:
    """It decodes, its family has its coefficients, and its leagues are there with that model."""
    file = built_in()[key]
    text = files("models.coefficients").joinpath(f"{key}.toml").read_text("utf-8")
    assert written(read(text, key)) == text
    assert file.key == key
    assert Fitted(FAMILIES[file.family], file).name == f"{file.family}:{key}-{file.version}"
    leagues = [*file.leagues, *file.fallback.for_]
    assert leagues
    known: dict[str, AnyLeague] = {**LEAGUES, **OFFLINE}
    assert {family_of(known[league]).name for league in leagues} == {file.family}


@pytest.mark.parametrize("key", ["wnba", "nhl", "cricket_ipl"])
def test_anybody_gets_the_file_that_comes_along(key: str, shared: Path, tmp_path: Path) -> None:
    """`fairline train` on the same states gives the same bytes, and no newer version."""
    path = shared / "training" / f"{key}.parquet"
    result = CliRunner().invoke(train, [key, "--states", str(path), "--out", str(tmp_path)])
    assert result.exit_code == 0, result.output
    (made,) = tmp_path.iterdir()
    assert made.name == f"{key}-{built_in()[key].version}.toml"
    shipped = files("models.coefficients").joinpath(f"{key}.toml")
    assert made.read_bytes() == shipped.read_bytes()


@pytest.mark.parametrize("key", KEYS)
def test_every_file_has_its_card(key: str) -> None:
    """Of the same model, with the scores of the file, its source, its licence and its picture."""
    file = built_in()[key]
    card = (CARDS / f"{key}.md").read_text("utf-8")
    assert card.startswith(f"# {file.family}:{key}-{file.version}\n")
    assert _total(file) in card
    assert f"({key}.png)" in card
    assert (CARDS / f"{key}.png").read_bytes().startswith(b"\x89PNG")
    origin = ORIGINS[key]
    assert f"Source: {origin.source}." in card
    assert f"Licence stated there: {origin.licence}." in card
    assert origin.notice in card


def test_no_card_is_left_of_a_file_that_is_gone() -> None:
    """The folder holds a page and a picture of each key and nothing else."""
    names = {f"{key}{ending}" for key in KEYS for ending in (".md", ".png")}
    assert {path.name for path in CARDS.iterdir()} == names


def _total(file: CoefficientFile) -> str:
    scores = file.scores
    return f"| **all** | {scores.rows:,} | {scores.games:,} | "
