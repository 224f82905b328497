from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fusion.letters import without_accents, without_apostrophes


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Świątek", "swiatek"),
        ("Kvitová", "kvitova"),
        ("Đoković", "dokovic"),
        ("BODØ", "bodo"),
        ("Großkreutz", "grosskreutz"),
        ("Türkiye", "turkiye"),
        ("Łódź", "lodz"),
        ("Þór", "thor"),
    ],
)
def test_accents_go(text: str, plain: str) -> None:
    """Letters keep their base, whatever stands on or through them, in lower case."""
    assert plain == without_accents(text)


def test_apostrophes_go_without_a_space() -> None:
    """Every kind of apostrophe and full stop is nothing."""
    marks = ("'", ".", "`", "\N{RIGHT SINGLE QUOTATION MARK}", "\N{MODIFIER LETTER APOSTROPHE}")

    assert {without_apostrophes(f"O{mark}Malley") for mark in marks} == {"OMalley"}


@given(st.text(max_size=40))
def test_plain_text_stays_plain(text: str) -> None:
    """Taking accents away twice is taking them away once, for letters of any script."""
    plain = without_accents(text)

    assert without_accents(plain).casefold() == without_accents(plain)
