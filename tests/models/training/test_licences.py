from __future__ import annotations

from pathlib import Path

import pytest

from models.coefficients.shelf import built_in
from models.training.licences import ORIGINS, RETROSHEET


def test_every_file_that_comes_along_has_its_origin() -> None:
    """What it was trained on is what is said of its key."""
    said = {key: (file.data.source, file.data.licence) for key, file in built_in().items()}
    assert said == {key: (ORIGINS[key].source, ORIGINS[key].licence) for key in said}


def test_the_notice_of_retrosheet_is_theirs(shared: Path) -> None:
    """To the letter, as the data's own description gives it."""
    assert RETROSHEET in (shared / "training" / "README.md").read_text()


@pytest.mark.parametrize("tour", ["atp", "wta"])
def test_tennis_is_not_for_commerce(tour: str) -> None:
    """The licence stands beside what is trained on it."""
    assert "BY-NC-SA" in ORIGINS[tour].licence
    assert "non-commercial" in ORIGINS[tour].notice
