from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import pytest
from factories import state

from flows.price_models import models_directory, open_registry
from flows.settings import Settings
from fusion.errors import ConfigError
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


def test_a_model_of_ones_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An entry in the configuration puts it in the place of ours."""
    (tmp_path / "my_coin.py").write_text(OWN)
    monkeypatch.syspath_prepend(str(tmp_path))

    assert name_of(Settings(data_dir=tmp_path, models={"nba": "my_coin:model"})) == "coin-1"
