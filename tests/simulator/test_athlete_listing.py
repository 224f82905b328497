from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest

from fusion.leagues import LEAGUES
from simulator.athlete_listing import athlete_titles, surname
from simulator.plan import SideTeam

START = datetime(2026, 11, 21, 0, 30, tzinfo=UTC)


def athlete(name: str, code: str, listed: str = "") -> SideTeam:
    """Return an athlete as ESPN spells the name, and as the venue does."""
    return SideTeam("1", "", name, name, code, listed)


@pytest.mark.parametrize(
    ("name", "code", "expected"),
    [
        ("Jannik Sinner", "sinner", "Sinner"),
        ("Novak Djokovic", "djokovi", "Djokovic"),
        ("Alex de Minaur", "deminau", "de Minaur"),
        ("Alejandro Davidovich Fokina", "davidov", "Davidovich Fokina"),
        ("Anna-Lena Friedsam", "friedsa", "Friedsam"),
        ("Iga Świątek", "swiatek", "Świątek"),
        ("Sean O'Malley", "oma1", "O'Malley"),
        ("Yadong Song", "xyz", "Song"),
    ],
)
def test_an_outcome_is_the_part_that_the_code_abbreviates(
    name: str, code: str, expected: str
) -> None:
    """Surnames of several words are whole; a code that fits nothing leaves the last word."""
    assert surname(athlete(name, code)) == expected


def titles_of(league: str, seed: int) -> tuple[str, str, list[tuple[str, tuple[str, str], str]]]:
    """Return slug, title and faces of an event of a league."""
    (event,) = athlete_titles(
        LEAGUES[league],
        athlete("Novak Djokovic", "djokovi"),
        athlete("Iga Świątek", "swiatek", "Iga Swiatek"),
        START,
        np.random.default_rng(seed),
        card="Paris Masters",
        best_of=3,
        weight="Flyweight",
    )
    faces = [
        (face.slug.removeprefix(event.slug), face.outcomes, str(face.pays)) for face in event.faces
    ]
    return event.slug, event.title, faces


def test_a_match_is_listed_by_names_in_full_and_pays_by_surnames() -> None:
    """The date is UTC, the venue's spelling has no accents, and outcomes may be swapped."""
    seen = [titles_of("atp", seed) for seed in range(12)]
    assert {(slug, title) for slug, title, _ in seen} == {
        (
            "atp-djokovi-swiatek-2026-11-21",
            "Paris Masters Men's: Novak Djokovic vs Iga Swiatek",
        )
    }
    total = ("-match-total-22pt5", ("Over", "Under"), "None")
    plain = [("", ("Djokovic", "Swiatek"), "home"), total]
    swapped = [("", ("Swiatek", "Djokovic"), "away"), total]
    assert plain in [faces for *_, faces in seen]
    assert all(faces in (plain, swapped) for *_, faces in seen)
    assert swapped in [faces for *_, faces in seen]


def test_a_bout_has_its_weight_in_the_title() -> None:
    """The date is Eastern, and whether the judges decide is a market too."""
    slug, title, faces = titles_of("ufc", 1)
    assert slug == "ufc-djokovi-swiatek-2026-11-20"
    assert title == "Paris Masters: Novak Djokovic vs. Iga Swiatek (Flyweight, Main Card)"
    assert faces[1] == ("-go-the-distance", ("Yes", "No"), "None")
