"""The benchmark of the archive, run as it is typed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def test_questions_are_asked_at_every_size(measured: Callable[..., dict[str, Any]]) -> None:
    """An archive of two days holds twice the ticks and files of one, and answers everything."""
    result = measured("archive", "--ticks", "3000", "--millions", "1", "--millions", "2")
    one, two = result["sizes"]

    assert (one["ticks"], two["ticks"]) == (3000, 6000)
    assert two["files"] == 2 * one["files"]
    assert one["query_ms"].keys() == two["query_ms"].keys() >= {"freshness", "game_timeline"}
    assert all(value > 0 for value in one["query_ms"].values())
    assert 20 < result["bytes_per_tick"] < 200
    assert result["rows_per_s"] > 1000
