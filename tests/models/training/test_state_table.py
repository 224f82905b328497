from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from fusion.errors import ConfigError
from models.training.state_table import (
    Labels,
    StateTable,
    assembled,
    labels,
    numbers,
    phases,
    require,
)


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


@pytest.mark.parametrize(
    "column",
    [
        pl.Series("n", ["1.5", " 0 ", ""]),
        pl.Series("n", ["1.5", "0", None], dtype=pl.Categorical),
        pl.Series("n", [1.5, 0.0, float("inf")], dtype=pl.Float32),
    ],
)
def test_numbers_may_be_written_in_many_ways(column: pl.Series) -> None:
    """As words, as categories, and what is infinite is missing."""
    np.testing.assert_array_equal(numbers(column.to_frame(), "n"), [1.5, 0.0, np.nan])


@pytest.mark.parametrize(
    "column",
    [pl.Series("n", [True, False, None]), pl.Series("n", ["True", "false", None])],
)
def test_flags_are_numbers(column: pl.Series) -> None:
    """True is 1, false is 0, as another program may have written them."""
    np.testing.assert_array_equal(numbers(column.to_frame(), "n"), [1.0, 0.0, np.nan])


@pytest.mark.parametrize(
    "date",
    [
        pl.Series("date", ["2019-03-01", "2019-03-02T19:00:00Z", "soon", None]),
        pl.Series("date", ["2019-03-01", "2019-03-02", None, None]).str.to_datetime(),
        pl.Series("date", ["2019-03-01", "2019-03-02", None, None]).str.to_date(),
    ],
)
def test_days_may_be_written_in_many_ways(date: pl.Series) -> None:
    """A word, a time or a day; without seasons the year stands for them."""
    frame = pl.DataFrame({"game_id": [7, 7, 3, None]}).with_columns(date)
    label = Labels(np.zeros(4, dtype=np.int64), ("all",))
    made = assembled(frame, {}, np.zeros(4, dtype=np.int64), label)
    assert made.day.tolist() == [17956, 17957, -1, -1]
    assert made.season.tolist() == [2019, 2019, 0, 0]
    assert made.game.tolist() == [1, 1, 0, -1]


def test_a_published_chance_is_between_0_and_1() -> None:
    """Anything else is none."""
    frame = pl.DataFrame({"game_id": [1, 2, 3], "season": [1] * 3, "pub_home_wp": [0.2, 20, None]})
    label = Labels(np.zeros(3, dtype=np.int64), ("all",))
    made = assembled(frame, {}, np.zeros(3, dtype=np.int64), label)
    np.testing.assert_array_equal(made.published, [0.2, np.nan, np.nan])


def test_rows_that_are_left_out_are_counted(walks: StateTable) -> None:
    """By reason, again and again; none are none."""
    first = walks.without(walks.game < 3, "one").without(np.zeros(5970, dtype=np.bool_), "none")
    assert (first.rows, first.skipped) == (5970, {"one": 30})
    second = first.without(first.game < 5, "one")
    third = second.without(second.game > 598, "two")
    assert (third.rows, third.skipped) == (5940, {"one": 50, "two": 10})


def test_labels_of_several_tables_are_one() -> None:
    """A name that both have is one; a table without labels stays without."""
    one, two = Labels(np.array([1, 0]), ("a", "b")), Labels(np.array([0, 1]), ("c", "a"))
    found = Labels.joined([one, two])
    assert [found.names[code] for code in found.codes] == ["b", "a", "c", "a"]
    none = Labels(np.zeros(0, dtype=np.int64), ())
    assert none.take(np.array([True, False])) is none


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
