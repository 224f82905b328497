"""Reliability diagrams as PNG files."""

from __future__ import annotations

from pathlib import Path

from fusion.errors import ConfigError
from models.evaluation.diagram import reliability_diagram
from models.evaluation.report import Judged

DPI = 110


def save_diagram(judged: Judged, title: str, path: Path) -> None:
    """Write the diagram of a judged model; equal scores give equal bytes.

    Raises:
        ConfigError: it cannot be written.
    """
    try:
        figure = reliability_diagram(judged, title)
        figure.savefig(path, dpi=DPI, format="png", metadata={"Software": None})
    except OSError as error:
        msg = f"the diagram cannot be written to {path}: {error}"
        raise ConfigError(msg) from error
