from __future__ import annotations

import msgspec
import numpy as np

from models.coefficients.shelf import built_in
from models.evaluation.card import model_card
from models.evaluation.report import judge
from models.evaluation.weak_spots import WEAK_SPOTS
from models.protocol import Columns, Prices
from models.training.licences import RETROSHEET
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


def test_a_card_says_how_good_and_on_what_terms(walks: StateTable) -> None:
    """Scores by phase, the worst of them, the games, and the notice to the letter."""
    report = judge(Even(), walks, "x", three_way=False).report
    card = model_card(report, built_in()["mlb"], "Anything at all.", "x.png")
    lines = card.splitlines()
    assert lines[:5] == [
        "# even:x-1", "", "Anything at all.", "", "![Reliability of even:x-1](x.png)",
    ]  # fmt: skip
    assert sum(line.startswith("| early |") for line in lines) == 1
    assert "On games of 2001 to 2003 that were held out" in card
    assert "| `level` | " in card
    assert "| `fade` | 0.318 | held |" in card
    assert "of 2010 to 2017, 2019.\nThe newest is of 2019-07-31." in card
    assert f"- {WEAK_SPOTS['mlb'][0]}" in lines
    assert any(line.startswith("| **all** | 6,000 | 600 | 0.2500 |") for line in lines)
    assert lines[-1] == RETROSHEET
    without = msgspec.structs.replace(built_in()["mlb"].data, notice="")
    file = msgspec.structs.replace(built_in()["mlb"], data=without)
    assert RETROSHEET not in model_card(report, file, "Anything.", "x.png")
