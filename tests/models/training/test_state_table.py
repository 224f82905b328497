from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from fusion.errors import ConfigError
from models.training.state_table import Labels, StateTable, labels, numbers, phases, require


def test_labels_name_their_rows() -> None:
    """A label that no row can have is in no row."""
    found = Labels(np.array([0, 1, 0]), ("a", "b"))
    assert found.of("a").tolist() == [True, False, True]
    assert found.of("c").tolist() == [False, False, False]


def test_words_become_labels() -> None:
    """A missing word, or a missing column, is the word that stands in."""
    frame = pl.DataFrame({"source": ["pbp", None, "minute"]})
    found, missing = labels(frame, "source", "?"), labels(frame, "league", "?")
    assert [found.names[code] for code in found.codes] == ["pbp", "?", "minute"]
    assert (missing.codes.tolist(), missing.names) == ([0, 0, 0], ("?",))


def test_missing_numbers_are_nan() -> None:
    """A column that is not there is NaN throughout; words are an error."""
    frame = pl.DataFrame({"n": [1, None], "word": ["x", "y"]})
    np.testing.assert_array_equal(numbers(frame, "n"), [1.0, np.nan])
    np.testing.assert_array_equal(numbers(frame, "m"), [np.nan, np.nan])
    with pytest.raises(ConfigError, match="'word' of the states must hold numbers, was String"):
        numbers(frame, "word")


def test_missing_columns_are_named() -> None:
    """The error names what is missing and what there is."""
    frame = pl.DataFrame({"season": [1], "minute": [2]})
    with pytest.raises(ConfigError, match=r"have no column 'inning', 'outs'.*was season, minute"):
        require(frame, ("season", "inning", "outs"), "mlb")


def test_a_row_is_in_the_first_phase_that_takes_it() -> None:
    """What none takes is in the last."""
    masks = [("a", np.array([True, False, False])), ("b", np.array([True, True, False]))]
    found = phases([*masks, ("c", np.zeros(3, dtype=np.bool_))], 3)
    assert [found.names[code] for code in found.codes] == ["a", "b", "c"]


def test_rows_are_taken_in_all_arrays(walks: StateTable) -> None:
    """A mask takes games out whole: rows and games are counted anew."""
    first = walks.take(walks.game < 3)
    assert (first.rows, first.games) == (30, 3)
    assert first.columns["lead"].size == first.published.size == first.phase.codes.size == 30
