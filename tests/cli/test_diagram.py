from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from cli.diagram import save_diagram
from fusion.errors import ConfigError
from models.evaluation.report import Judged, Report
from models.evaluation.scores import Pool

REPORT = Report(
    "x", "m:x-1", False, (2020,), 2, 2, 0, 0.2, 0.1, 0.5, 0.1, 0.1, 0.1, {}, {}, {}, None
)
JUDGED = Judged(REPORT, Pool(np.array([0.3, 0.8]), np.array([0.0, 1.0]), np.arange(2)))


def test_a_diagram_is_the_same_bytes_every_time(tmp_path: Path) -> None:
    """It is a PNG and bears no version of what drew it."""
    for name in ("a.png", "b.png"):
        save_diagram(JUDGED, "x", tmp_path / name)
    first = (tmp_path / "a.png").read_bytes()
    assert first == (tmp_path / "b.png").read_bytes()
    assert first.startswith(b"\x89PNG")
    assert b"Software" not in first


def test_where_nothing_can_be_written_is_told(tmp_path: Path) -> None:
    """With the path."""
    with pytest.raises(ConfigError, match="none"):
        save_diagram(JUDGED, "x", tmp_path / "none" / "a.png")
