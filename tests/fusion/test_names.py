from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fusion.leagues import LEAGUES, league
from fusion.names import is_womens, marks, name_key, short_direction


@pytest.mark.parametrize(
    ("league_key", "name", "key"),
    [
        ("nba", "  Golden  State WARRIORS ", "golden state warriors"),
        ("nba", "LA Clippers", "los angeles clippers"),
        ("nhl", "NY Rangers", "new york rangers"),
        ("nhl", "N.Y. Islanders", "new york islanders"),
        ("mlb", "A's", "as"),
        ("mlb", "St. Louis Cardinals", "saint louis cardinals"),
        ("cfb", "Michigan St.", "michigan state"),
        ("cfb", "Michigan St. Spartans", "michigan state spartans"),
        ("cfb", "Kent St Golden Flashes", "kent state golden flashes"),
        ("cfb", "Western Mich.", "western michigan"),
        ("cfb", "MICH", "mich"),
        ("cfb", "Hawai'i", "hawaii"),
        ("cfb", "Hawai\N{MODIFIER LETTER TURNED COMMA}i", "hawaii"),
        ("cfb", "Texas A&M", "texas am"),
        ("cfb", "Texas A & M", "texas am"),
        ("cfb", "Miami (OH)", "miami oh"),
        ("cfb", "Bethune-Cookman", "bethune cookman"),
        ("ncaamb", "St. John's", "saint johns"),
        ("ncaamb", "Saint Mary's", "saint marys"),
        ("ncaamb", "Cal St. Northridge", "cal state northridge"),
        ("ncaamb", "Mount St. Mary's Mountaineers", "mount saint marys mountaineers"),
        ("ncaamb", "University of St. Thomas", "university of saint thomas"),
        ("ncaamb", "Ill. Chicago", "illinois chicago"),
        ("ncaamb", "William & Mary", "william mary"),
        ("ncaamb", "San José State", "san jose state"),
        ("eng.1", "Arsenal FC", "arsenal"),
        ("eng.1", "AFC Bournemouth", "bournemouth"),
        ("eng.1", "Brighton and Hove Albion", "brighton hove albion"),
        ("eng.1", "Brighton & Hove Albion FC", "brighton hove albion"),
        ("eng.1", "Manchester United", "manchester united"),
        ("ger.1", "1. FC Heidenheim 1846", "heidenheim"),
        ("ger.1", "1.FC Köln", "koln"),
        ("ger.1", "1. FSV Mainz 05", "mainz"),
        ("uefa.champions", "Bodø/Glimt", "bodo glimt"),
        ("uefa.champions", "Paris Saint-Germain", "paris saint germain"),
        ("uefa.champions", "Paris St-Germain", "paris saint germain"),
        ("usa.1", "D.C. United", "dc united"),
        ("usa.1", "CF Montréal", "montreal"),
        ("usa.1", "NY Red Bulls", "ny red bulls"),
        ("tur.1", "Beşiktaş JK", "besiktas"),
        ("fifa.world", "Türkiye", "turkiye"),
        ("fifa.world", "Curaçao", "curacao"),
        ("eng.1", "FC", "fc"),
        ("eng.1", "", ""),
        ("nba", "TBD", ""),
        ("atp", "Félix Auger-Aliassime", "felix auger aliasime"),
        ("ufc", "Khalil Rountree Jr.", "khalil rountre"),
    ],
)
def test_spellings_of_a_name_have_its_key(league_key: str, name: str, key: str) -> None:
    """Case, accents, punctuation, founding years and club affixes go, telling words stay."""
    assert key == name_key(name, league(league_key))


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Arsenal Women", "arsenal women"),
        ("Arsenal (W)", "arsenal women"),
        ("Arsenal FC W", "arsenal women"),
        ("Arsenal Ladies", "arsenal women"),
        ("Arsenal U-21", "arsenal u21"),
        ("Arsenal U21s", "arsenal u21"),
        ("Real Madrid B", "real madrid b"),
        ("Bayern Munich II", "bayern munich ii"),
        ("Porto Reserves", "porto reserves"),
    ],
)
def test_marks_tell_other_teams_of_a_club(name: str, key: str) -> None:
    """Women's, reserve and youth teams keep a mark in their key."""
    words = frozenset(name_key(name, league("eng.1")).split())

    assert key == name_key(name, league("eng.1"))
    assert len(marks(words)) == 1


def test_womens_mark_says_nothing_in_a_womens_league() -> None:
    """`Duke Women` is Duke where every team is a women's team, and another team elsewhere."""
    assert name_key("Duke Women", league("ncaawb")) == "duke"
    assert name_key("Duke Women", league("ncaamb")) == "duke women"
    assert {key for key in LEAGUES if is_womens(LEAGUES[key])} == {"wnba", "ncaawb", "wta"}


@pytest.mark.parametrize(
    ("key", "short"),
    [
        ("western michigan", "w michigan"),
        ("south carolina state", "s carolina state"),
        ("southeastern louisiana", "se louisiana"),
        ("central connecticut", "c connecticut"),
        ("southern", "southern"),
        ("michigan", "michigan"),
        ("", ""),
    ],
)
def test_direction_before_a_school_is_shortened(key: str, short: str) -> None:
    """A direction is one or two letters before a name, and stays whole where it is the name."""
    assert short == short_direction(key)


@given(st.text(max_size=80), st.sampled_from(sorted(LEAGUES)))
def test_key_of_any_text_is_plain_and_its_own_key(text: str, league_key: str) -> None:
    """Any text gives lower-case ASCII words; an upper-case spelling of the key gives it again."""
    key = name_key(text, league(league_key))

    assert key == " ".join(key.split())
    assert all(letter == " " or (letter.isascii() and letter.isalnum()) for letter in key)
    assert key == key.lower()
