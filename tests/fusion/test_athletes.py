from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fusion.athletes import athlete_key, athlete_words, grade_athlete, is_of_athletes, search_keys
from fusion.grades import Grade
from fusion.leagues import LEAGUES


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Novak Djokovic", "Novak Đoković"),
        ("Iga Swiatek", "IGA ŚWIĄTEK"),
        ("Petra Kvitova", "Petra Kvitová"),
        ("Felix Auger-Aliassime", "Félix Auger Aliassime"),
        ("Pablo Carreno Busta", "Pablo Carreño Busta"),
        ("Xinyu Wang", "Wang Xinyu"),
        ("Xinyu Wang", "Xin Yu Wang"),
        ("Xinyu Wang", "Wang Xin-yu"),
        ("Soonwoo Kwon", "Kwon Soon-woo"),
        ("Zhang Weili", "Weili Zhang"),
        ("Sumudaerji", "Su Mudaerji"),
        ("Alatengheili", "Heili Alateng"),
        ("Andrey Rublev", "Andrei Rublev"),
        ("Aleksandr Shevchenko", "Alexander Shevchenko"),
        ("Sofya Lansere", "Sofia Lansere"),
        ("Alexandre Muller", "Alexandre Müller"),
        ("Alexandre Mueller", "Alexandre Müller"),
        ("Stefanos Tsitsipas", "Stephanos Tsitsipas"),
        ("Khalil Rountree Jr.", "Khalil Rountree"),
        ("Benoit Saint Denis", "Benoît St. Denis"),
        ("Sean O'Malley", "Sean O\N{RIGHT SINGLE QUOTATION MARK}Malley"),
        ("Michael Page", 'Michael "Venom" Page'),
        ("Jack Hermansson", "Jack 'The Joker' Hermansson"),
        ("Jannik Sinner", "(1) Jannik Sinner (ITA)"),
        ("J.J. Wolf", "J J Wolf"),
    ],
)
def test_spellings_are_one_person(one: str, other: str) -> None:
    """Accents, order, hyphens, nicknames, seeds and transliterations leave the name whole."""
    assert grade_athlete(athlete_words(one), athlete_words(other)) == Grade.NAME
    assert grade_athlete(athlete_words(other), athlete_words(one)) == Grade.NAME


@pytest.mark.parametrize(
    ("name", "label", "grade"),
    [
        ("Novak Djokovic", "Djokovic", Grade.PART),
        ("Novak Djokovic", "N. Djokovic", Grade.CODE),
        ("Novak Djokovic", "Djokovic N.", Grade.CODE),
        ("Novak Djokovic", "Novak", Grade.SUBSET),
        ("Novak Djokovic", "Marko Djokovic", Grade.NONE),
        ("Novak Djokovic", "", Grade.NONE),
        ("Novak Djokovic", "Yes", Grade.NONE),
        ("Novak Djokovic", "Over 36.5", Grade.NONE),
        ("Felix Auger-Aliassime", "Auger-Aliassime", Grade.PART),
        ("Felix Auger-Aliassime", "Aliassime", Grade.PART),
        ("Felix Auger-Aliassime", "F. Auger-Aliassime", Grade.CODE),
        ("Alejandro Davidovich Fokina", "Davidovich Fokina", Grade.PART),
        ("Alejandro Davidovich Fokina", "Davidovich", Grade.PART),
        ("Alejandro Davidovich Fokina", "Alejandro Davidovich", Grade.ALIAS),
        ("Botic van de Zandschulp", "Van De Zandschulp", Grade.PART),
        ("Botic van de Zandschulp", "van de", Grade.NONE),
        ("Joshua Van", "Van", Grade.PART),
        ("Joshua Van", "J. Van", Grade.CODE),
        ("Alex de Minaur", "de Minaur", Grade.PART),
        ("Juan Manuel Cerundolo", "Juan Cerundolo", Grade.ALIAS),
        ("Juan Manuel Cerundolo", "Francisco Cerundolo", Grade.NONE),
        ("Juan Manuel Cerundolo", "F. Cerundolo", Grade.NONE),
        ("Karolina Pliskova", "Kristyna Pliskova", Grade.NONE),
        ("Karolina Pliskova", "Ka. Pliskova", Grade.CODE),
        ("Karolina Pliskova", "Kr. Pliskova", Grade.NONE),
        ("Stefanos Tsitsipas", "Petros Tsitsipas", Grade.NONE),
        ("Xinyu Wang", "Xiyu Wang", Grade.NONE),
        ("Xinyu Wang", "Wang", Grade.PART),
        ("Xinyu Wang", "Xin. Wang", Grade.ALIAS),
        ("Xiyu Wang", "Xin. Wang", Grade.NONE),
        ("Dan Hooker", "Daniel Hooker", Grade.ALIAS),
        ("Ian Machado Garry", "Ian Garry", Grade.ALIAS),
        ("Khalil Rountree Jr.", "Rountree", Grade.PART),
        ("Alex Pereira", "Michel Pereira", Grade.NONE),
        ("Sumudaerji", "Mudaerji", Grade.NONE),
        ("", "Sinner", Grade.NONE),
    ],
)
def test_label_is_graded(name: str, label: str, grade: Grade) -> None:
    """A surname is a part, an initial more, a shortened name an alias, another given name none."""
    assert grade == grade_athlete(athlete_words(name), athlete_words(label))


@pytest.mark.parametrize("name", ["TBD", "tba", "To be determined", "Bye", "", "(1)"])
def test_side_that_is_not_known_has_no_words(name: str) -> None:
    """A place in the draw that is still open is nobody."""
    assert athlete_words(name) == ()


def test_whatever_means_a_person_finds_them() -> None:
    """A label with any grade shares a search key with the name it means."""
    for name, label in (
        ("Felix Auger-Aliassime", "AugerAliassime"),
        ("Su Mudaerji", "Sumudaerji"),
        ("Xin Yu Wang", "Wang"),
    ):
        one, other = athlete_words(name), athlete_words(label)
        assert grade_athlete(one, other)
        assert search_keys(one) & search_keys(other)


def test_leagues_of_athletes_are_tennis_and_fights() -> None:
    """No league of teams goes by surnames."""
    found = {key for key, league in LEAGUES.items() if is_of_athletes(league)}

    assert {LEAGUES[key].sport for key in found} == {"tennis", "mma"}
    assert {"atp", "wta", "ufc"} <= found


NAMES = st.one_of(
    st.text(max_size=30),
    st.lists(st.sampled_from(["Wang", "Xin", "yu", "de", "J.", "Jr.", "Đo"]), max_size=5).map(
        " ".join
    ),
)


@given(NAMES, NAMES)
def test_sameness_goes_both_ways(one: str, other: str) -> None:
    """One name is another's exactly when the other is the one's, and every name is its own."""
    first, second = athlete_words(one), athlete_words(other)

    assert (grade_athlete(first, second) == Grade.NAME) == (
        grade_athlete(second, first) == Grade.NAME
    )
    assert grade_athlete(first, first) == (Grade.NAME if first else Grade.NONE)
    assert athlete_key(one) == " ".join(first)


@given(NAMES, NAMES)
def test_graded_label_is_found_by_search(one: str, other: str) -> None:
    """Nobody who is meant is missed by the lookup."""
    first, second = athlete_words(one), athlete_words(other)
    if grade_athlete(first, second):
        assert search_keys(first) & search_keys(second)
