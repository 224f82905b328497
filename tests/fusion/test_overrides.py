from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fusion.errors import ConfigError
from fusion.overrides import ForcedMatch, Overrides, TeamNames, Veto, parse_overrides

WHOLE = """
# a comment
[[match]]
game_id = "nba:401"
event_slug = "nba-nyk-sas-2026-11-20"
home = "Spurs"
away = "Knicks"

[[match]]
game_id = "nba:402"
event_slug = "nba-bos-mia-2026-11-20"

[[refuse]]
game_id = "nba:403"

[[refuse]]
event_slug = "nba-a-b-2026-11-20"

[[refuse]]
game_id = "nba:404"
event_slug = "nba-c-d-2026-11-20"

[[team]]
league = "college-football"
espn = "Kent State"
polymarket = ["Kent St", "kentst"]
"""


def test_file_becomes_overrides() -> None:
    """Every table is read in its order, and a league's alias becomes its key."""
    assert parse_overrides(WHOLE) == Overrides(
        match=(
            ForcedMatch("nba:401", "nba-nyk-sas-2026-11-20", "Spurs", "Knicks"),
            ForcedMatch("nba:402", "nba-bos-mia-2026-11-20"),
        ),
        refuse=(
            Veto("nba:403"),
            Veto(event_slug="nba-a-b-2026-11-20"),
            Veto("nba:404", "nba-c-d-2026-11-20"),
        ),
        team=(TeamNames("cfb", "Kent State", ("Kent St", "kentst")),),
    )


@pytest.mark.parametrize("text", ["", "\n# nothing yet\n"])
def test_empty_file_overrides_nothing(text: str) -> None:
    """A file that is there and says nothing is as none."""
    assert parse_overrides(text) == Overrides()


@pytest.mark.parametrize(
    ("game_id", "slug", "vetoed"),
    [
        ("nba:403", "anything", True),
        ("nba:1", "nba-a-b-2026-11-20", True),
        ("nba:404", "nba-c-d-2026-11-20", True),
        ("nba:404", "nba-e-f-2026-11-20", False),
        ("nba:1", "nba-c-d-2026-11-20", False),
    ],
)
def test_veto_of_both_is_of_the_pair_alone(game_id: str, slug: str, vetoed: bool) -> None:
    """A game or event alone is refused everything, two together only each other."""
    assert parse_overrides(WHOLE).vetoes(game_id, slug) is vetoed


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[match]]\ngame_id = !", "(at line 2, column 11)"),
        ("[[refuse]]\ngame_id = 7", "line 1: Expected `str`, got `int`"),
        ("\n[[match]]\ngame_id = 'a'\nevent_slug = 'b'\n[[match]]\nslug = 'x'", "line 5: "),
        ("[[veto]]\ngame_id = 'a'", "unknown field `veto`; the keys are those of [[match]]"),
        ("[match]\ngame_id = 'a'", "Expected `array`, got `object`"),
        ("[[match]]\ngame_id = ''\nevent_slug = 'b'", "line 1: [[match]] needs game_id"),
        (
            "[[match]]\ngame_id = 'a'\nevent_slug = 'b'\nhome = 'H'",
            "line 1: [[match]] home and away must be two labels, was 'H' and ''; give both or none",
        ),
        (
            "[[match]]\ngame_id='a'\nevent_slug='b'\n\n[[match]]\ngame_id='c'\nevent_slug='b'",
            "line 5: [[match]] names a game or an event twice, was c with b; keep one of them",
        ),
        (
            "[[match]]\ngame_id='a'\nevent_slug='b'\n[[refuse]]\nevent_slug='b'",
            "line 1: [[match]] is also refused, was a; take one of the two out",
        ),
        ("#\n#\n[[refuse]]\n", "line 3: [[refuse]] names nothing, was empty; give game_id"),
        (
            "[[team]]\nleague='kbo'\nespn='Bears'\npolymarket=['bears']",
            "line 1: [[team]] league is not known, was 'kbo'; use a key like 'nba'",
        ),
        ("[[team]]\nleague='nba'\nespn='Knicks'\npolymarket=[]", "line 1: [[team]] needs espn"),
        ("[[team]]\nleague='nba'\nespn=' '\npolymarket=['x']", "line 1: [[team]] needs espn"),
    ],
)
def test_wrong_file_says_where_and_how_to_mend_it(text: str, said: str) -> None:
    """An error names the line, what stood there, and what should."""
    with pytest.raises(ConfigError) as caught:
        parse_overrides(text)

    assert said in str(caught.value)


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    """No text raises anything but an error of the configuration."""
    with suppress(ConfigError):
        assert isinstance(parse_overrides(text), Overrides)
