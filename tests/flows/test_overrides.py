from __future__ import annotations

from pathlib import Path

import pytest

from flows.overrides import read_overrides
from fusion.errors import ConfigError
from fusion.overrides import Overrides


def test_no_file_overrides_nothing() -> None:
    """Without a file the matcher decides alone."""
    assert read_overrides(None) == Overrides()


def test_a_file_is_read(tmp_path: Path) -> None:
    """What the user wrote is there."""
    file = tmp_path / "overrides.toml"
    file.write_text('[[refuse]]\ngame_id = "nba:401"\n')

    assert read_overrides(file) != Overrides()


def test_an_unclear_file_is_named(tmp_path: Path) -> None:
    """The error says which file, and what is wrong in it."""
    file = tmp_path / "overrides.toml"
    file.write_text("[[refuse]\n")

    with pytest.raises(ConfigError, match=r"overrides\.toml: "):
        read_overrides(file)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    """A path that is wrong is no empty file."""
    with pytest.raises(ConfigError, match=r"cannot read the overrides in .*nowhere\.toml"):
        read_overrides(tmp_path / "nowhere.toml")
