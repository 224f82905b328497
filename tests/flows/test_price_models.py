from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import pytest
from factories import state

from flows.price_models import (
    coefficient_text,
    models_directory,
    open_registry,
    read_coefficients,
    write_coefficients,
)
from flows.settings import Settings
from fusion.errors import ConfigError
from models.coefficients.schema import written
from models.coefficients.shelf import built_in
from models.protocol import Prior

EVEN = Prior(home=0.5, draw=0.0, away=0.5, source="market")
OWN = """
import numpy as np


class Coin:
    name = "coin-1"
    inputs = ("lead",)
    valid = "nothing"

    def price(self, columns):
        return np.full((columns["lead"].size, 2), 0.5)


model = Coin()
"""


def shipped() -> str:
    """Return the coefficients of the NBA as they come with Fairline."""
    return files("models.coefficients").joinpath("nba.toml").read_text("utf-8")


def name_of(settings: Settings) -> str:
    """Return the name of the model that prices an NBA game."""
    return open_registry(settings).price([state()], [EVEN]).names[0]


def test_models_come_with_fairline(tmp_path: Path) -> None:
    """An empty data directory has those of the package, named with their version."""
    version = built_in()["nba"].version
    assert name_of(Settings(data_dir=tmp_path)) == f"basketball:nba-{version}"


def test_newer_coefficients_in_the_data_directory_count(tmp_path: Path) -> None:
    """What was calibrated again is picked up at the next start, and rows say its version."""
    folder = models_directory(tmp_path)
    folder.mkdir()
    version = built_in()["nba"].version
    newer = shipped().replace(f"version = {version}", "version = 7", 1)
    (folder / "nba-7.toml").write_text(newer)

    assert name_of(Settings(data_dir=tmp_path)) == "basketball:nba-7"


def test_damaged_coefficients_are_named(tmp_path: Path) -> None:
    """The error names the file."""
    folder = models_directory(tmp_path)
    folder.mkdir()
    (folder / "nba-7.toml").write_text("version = [")

    with pytest.raises(ConfigError, match=r"nba-7\.toml"):
        open_registry(Settings(data_dir=tmp_path))


def test_coefficient_files_are_read_by_path(tmp_path: Path) -> None:
    """Only those; a directory that is not there has none, and what is no text is told."""
    file, bad = tmp_path / "nba-2.toml", tmp_path / "bad.toml"
    file.write_text("a = 1")
    (tmp_path / "notes.txt").write_text("b")
    assert (
        read_coefficients(tmp_path) == {str(file): coefficient_text(file)} == {str(file): "a = 1"}
    )
    assert read_coefficients(tmp_path / "none") == {}
    bad.write_bytes(b"\xff")
    with pytest.raises(ConfigError, match=r"bad\.toml cannot be read: .*; mend it or move it away"):
        read_coefficients(tmp_path)


def test_a_coefficient_file_is_written_whole_and_over_none(tmp_path: Path) -> None:
    """The same file again changes nothing; another one of that name is told, and left alone."""
    file = built_in()["nba"]
    path = write_coefficients(tmp_path / "new", file)
    assert path == tmp_path / "new" / f"nba-{file.version}.toml"
    assert path.read_text() == written(file)
    assert write_coefficients(path.parent, file) == path
    path.write_text("version = 1")
    with pytest.raises(ConfigError, match="is there and says something else; move it away"):
        write_coefficients(path.parent, file)
    assert [each.read_text() for each in path.parent.iterdir()] == ["version = 1"]
    with pytest.raises(ConfigError, match=r"cannot be written: .*; choose another folder"):
        write_coefficients(path, file)


def test_a_model_of_ones_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An entry in the configuration puts it in the place of ours."""
    (tmp_path / "my_coin.py").write_text(OWN)
    monkeypatch.syspath_prepend(str(tmp_path))

    assert name_of(Settings(data_dir=tmp_path, models={"nba": "my_coin:model"})) == "coin-1"
