from __future__ import annotations

import msgspec
import pytest

from connectors.espn.schema import ABSENT, Detail, DetailTeam, Document, each, optional, present

DETAIL = msgspec.json.Decoder(Detail)


@pytest.mark.parametrize(
    ("body", "expected"),
    [(b"{}", False), (b'{"events":null}', False), (b'{"events":[]}', True)],
)
def test_a_section_is_present_when_it_is_not_null(body: bytes, expected: bool) -> None:
    """Absent and null are the same."""
    assert present(msgspec.json.decode(body, type=Document).events) is expected


@pytest.mark.parametrize("raw", [b"", b"null", b"[]", b"7", b'{"team":3}', b"[" * 9000])
def test_an_unreadable_section_is_absent(raw: bytes) -> None:
    """A section of any other shape costs itself and nothing else."""
    assert optional(msgspec.Raw(raw), DETAIL) is None


def test_readable_elements_are_kept() -> None:
    """A list gives its readable elements and skips the others."""
    raw = msgspec.Raw(b'[null, {"redCard":true,"team":{"id":"1"}}, 7, {"team":[]}, {}]')

    assert each(raw, DETAIL) == [Detail(red_card=True, team=DetailTeam("1")), Detail()]
    assert [each(other, DETAIL) for other in (ABSENT, msgspec.Raw(b"{}"))] == [[], []]
