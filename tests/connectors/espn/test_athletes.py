from __future__ import annotations

from typing import Any

import msgspec
import pytest

from connectors.espn.athletes import athlete, find_athletes, flagged_winner, is_undecided
from connectors.espn.schema import Competitor
from connectors.espn.sides import Sides
from fusion.errors import Refusal
from fusion.game import Team


def side(own: Any, home_away: Any = None, order: Any = None, **names: Any) -> Competitor:
    """Return a competitor with an id, its marks of a side, and the names of its athlete."""
    raw = msgspec.Raw(msgspec.json.encode(names))
    return Competitor(id=own, home_away=home_away, order=order, athlete=raw)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (side("9", "home", 1), side("1", "away", 2)),
        (side("9", "home", 2), side("1", "away", 1)),
        (side("9", "HOME", None), side("1", "away", None)),
        (side("9", None, 1), side("1", None, 2)),
        (side("9", "away", 1), side("1", "away", 2)),
        (side("9", "home", "1"), side("1", None, "2.0")),
        (side("1", None, None), side("9", None, None)),
        (side("-3", "away", 2), side("9", "away", 2)),
        (side("1", None, 1), side("9", None, 1)),
    ],
)
def test_sides(first: Competitor, second: Competitor) -> None:
    """The first is home, whichever stands first: by `homeAway`, by order, by id."""
    expected = Sides(first, second)

    assert find_athletes([first, second]) == find_athletes([second, first]) == expected


@pytest.mark.parametrize(
    "competitors",
    [[side("1")], [side("1"), side("2"), side("3")], [side("1"), side("1")]],
)
def test_a_match_has_two_athletes(competitors: list[Competitor]) -> None:
    """One side, three, or the same athlete twice are refused."""
    refusal = find_athletes(competitors)

    assert isinstance(refusal, Refusal)
    assert refusal.reason == "bad_competitors"


@pytest.mark.parametrize(
    ("display", "full", "short", "expected"),
    [
        ("Novak Djokovic", "Novak Djokovic", "N. Djokovic", ("N. Djokovic", "Djokovic")),
        ("Anna-Lena Friedsam", None, "A. Friedsam", ("A. Friedsam", "Friedsam")),
        ("Carole  Monnet", "Carole  Monnet", "C. Monnet", ("C. Monnet", "Monnet")),
        (
            "Noma Noha Akugue",
            "Noma Noha Akugue",
            "N. Noha Akugue",
            ("N. Noha Akugue", "Noha Akugue", "Akugue"),
        ),
        ("Patricia Maria Tig", None, "P. Tig", ("P. Tig", "Tig", "Maria Tig")),
        (
            "Kathinka von Deichmann",
            None,
            "K. von Deichmann",
            ("K. von Deichmann", "von Deichmann", "Deichmann"),
        ),
        ("Shuai Zhang", None, "Z. Shuai", ("Z. Shuai", "Shuai", "Zhang")),
        (
            "Khalil Rountree Jr.",
            None,
            "K. Rountree Jr.",
            ("K. Rountree Jr.", "Rountree Jr.", "Rountree"),
        ),
        ("Maheshate", "Maheshate", "Maheshate", ()),
        ("Iga Świątek", None, None, ("Świątek",)),
    ],
)
def test_names(display: str, full: str | None, short: str | None, expected: tuple[str]) -> None:
    """An athlete is also known by initial and surname, by the surname, by the last word."""
    found = athlete(side("9", displayName=display, fullName=full, shortName=short))

    assert found == Team("9", "", " ".join(display.split()), expected)


def test_the_full_name_stands_in() -> None:
    """Without a display name the full name is the name, and then the short one."""
    assert athlete(side(9, fullName="Tommy Paul")) == Team("9", "", "Tommy Paul", ("Paul",))
    assert athlete(side(9, shortName="T. Paul")) == Team("9", "", "T. Paul", ("Paul",))


@pytest.mark.parametrize(
    "competitor",
    [
        Competitor(id="9"),
        side("9"),
        side(None, displayName="Tommy Paul"),
        Competitor(id="9", athlete=msgspec.Raw(b"7")),
    ],
)
def test_an_athlete_needs_id_and_name(competitor: Competitor) -> None:
    """An athlete without id or name is refused."""
    refusal = athlete(competitor)

    assert isinstance(refusal, Refusal)
    assert refusal.reason == "bad_athlete"


@pytest.mark.parametrize(
    ("competitor", "expected"),
    [
        (side("2147483647", displayName="TBD"), True),
        (side("-3", displayName="TBD"), True),
        (side("-4", displayName="Winner of Match 12"), True),
        (side(0, displayName="Somebody"), True),
        (side("12", displayName="tbd"), True),
        (side("12", fullName="TBA"), True),
        (side("12", displayName="Tommy Paul"), False),
        (side("12"), False),
    ],
)
def test_undecided(competitor: Competitor, expected: bool) -> None:
    """A side that is not known yet has such a name, or an id of nobody."""
    assert is_undecided(competitor) is expected


@pytest.mark.parametrize(
    ("home", "away", "expected"),
    [
        (True, False, "home"),
        (False, True, "away"),
        (None, True, "away"),
        (False, False, None),
        (True, True, None),
        (None, None, None),
    ],
)
def test_flagged_winner(home: Any, away: Any, expected: str | None) -> None:
    """A winner is one who is flagged alone."""
    sides = Sides(Competitor(winner=home), Competitor(winner=away))

    assert flagged_winner(sides) == expected
