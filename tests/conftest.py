"""Fixtures every test may use."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

# How long an example takes says more of the machine's other work than of the code.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")


@pytest.fixture(scope="session")
def shared() -> Path:
    """Return the folder with the captures and training data, or skip where it is absent."""
    folder = Path(os.environ.get("FAIRLINE_SHARED", Path(__file__).parents[2] / "shared"))
    if not (folder / "captures").is_dir():
        pytest.skip(f"no captures in {folder}; set FAIRLINE_SHARED to the folder that holds them")
    return folder


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the settings of whoever runs the tests out of them."""
    for name in list(os.environ):
        if name.startswith("FAIRLINE_") and name not in {"FAIRLINE_SHARED", "FAIRLINE_VENV"}:
            monkeypatch.delenv(name)
