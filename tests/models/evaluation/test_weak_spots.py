from __future__ import annotations

from models.coefficients.shelf import built_in
from models.evaluation.weak_spots import WEAK_SPOTS


def test_every_model_that_comes_along_tells_where_it_fails() -> None:
    """In whole sentences, each of them once."""
    assert set(WEAK_SPOTS) == set(built_in())
    for spots in WEAK_SPOTS.values():
        assert len(set(spots)) == len(spots) >= 3
        assert all(
            (spot[0].isupper() or spot[0].isdigit()) and spot.endswith(".") for spot in spots
        )
