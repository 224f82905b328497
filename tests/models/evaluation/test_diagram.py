from __future__ import annotations

import numpy as np

from models.evaluation.diagram import reliability_diagram
from models.evaluation.report import judge
from models.protocol import Columns, Prices
from models.training.state_table import StateTable


class Even:
    """Says one half to everything."""

    name = "even:x-1"
    inputs = ("lead",)
    valid = "anything"

    def price(self, columns: Columns) -> Prices:
        """Return even chances."""
        rows = columns["lead"].size
        return Prices(np.tile([0.5, 0.0, 0.5], (rows, 1)), np.zeros(rows))


def test_the_diagram_shows_price_and_truth(walks: StateTable) -> None:
    """One filled bin at one half, labelled axes, and the scores in words."""
    judged = judge(Even(), walks, "x", three_way=False)
    figure = reliability_diagram(judged, "Walks, 2003")
    above, below = figure.axes
    line = next(each for each in above.get_lines() if each.get_marker() == "o")
    at = ~np.isnan(np.asarray(line.get_xdata(), dtype=np.float64))
    won = float((walks.outcome == 0).mean())
    assert np.asarray(line.get_xdata())[at].tolist() == [0.5]
    np.testing.assert_allclose(np.asarray(line.get_ydata())[at], [won])
    assert above.get_title() == "Walks, 2003"
    assert (above.get_ylabel(), below.get_xlabel()) == ("share that came true", "price")
    assert [bar.get_height() for bar in below.patches] == [0.0] * 5 + [1.0] + [0.0] * 4  # type: ignore[attr-defined]
    assert "Brier 0.2500" in above.texts[0].get_text()
    legend = above.get_legend()
    assert legend is not None
    assert [each.get_text() for each in legend.get_texts()] == ["perfect", "even:x-1"]
