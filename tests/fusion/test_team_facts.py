from __future__ import annotations

import csv
from pathlib import Path

from fusion.leagues import LEAGUES, league
from fusion.names import is_college, name_key
from fusion.team_facts import _CODES, _NAMES, canonical, is_listed, variants, venue_codes

TABLE_LEAGUES = {
    "epl": "eng.1",
    "laliga": "esp.1",
    "bundesliga": "ger.1",
    "seriea": "ita.1",
    "ligue1": "fra.1",
    "ucl": "uefa.champions",
    "mls": "usa.1",
    "fifa_wc": "fifa.world",
    "cbb": "ncaamb",
}


def test_codes_agree_with_every_row_of_the_table(shared: Path) -> None:
    """Every code of the table of slugs is one of its team, and no team's code is another's."""
    lines = (shared / "field" / "team-codes.tsv").read_text("utf-8").splitlines()
    owners: dict[tuple[str, str], set[str]] = {}
    checked = 0
    for row in csv.DictReader(lines, delimiter="\t"):
        found = league(TABLE_LEAGUES.get(row["league"], row["league"]))
        codes = venue_codes(found, row["espn_abbr"])
        if is_college(found):
            assert codes == frozenset()
            continue
        checked += 1
        assert row["polymarket_code"] in codes, row
        for code in codes:
            owners.setdefault((found.key, code), set()).add(row["espn_abbr"])

    assert checked == 355
    assert [owner for owner in owners.items() if len(owner[1]) > 1] == []


def test_only_differing_codes_are_listed() -> None:
    """The data file holds nothing that the lower-case abbreviation would give."""
    same = [
        (key, code)
        for key, table in _CODES.items()
        for code, codes in table.items()
        if codes == (code.lower(),)
    ]

    assert same == []
    assert set(_CODES) <= set(LEAGUES)


def test_other_names_are_distinct_and_belong_to_known_leagues() -> None:
    """Every line holds at least two keys, none twice, and no key stands in two lines."""
    stand_in = {"college": "cfb", "soccer": "eng.1"}
    assert set(_NAMES) <= {"college", "soccer", *LEAGUES}
    for section, groups in _NAMES.items():
        chosen = league(stand_in.get(section, section))
        keys = [name_key(name, chosen) for group in groups for name in group]
        assert len(keys) == len(set(keys)), section
        assert all(len(group) > 1 for group in groups), section


def test_variants_are_all_names_of_one_team() -> None:
    """A key leads to the first name of its team and to all others; an unknown one to itself."""
    cfb = league("cfb")

    assert canonical("mississippi", cfb) == "ole miss"
    assert variants("ole miss", cfb) == {"ole miss", "mississippi"}
    assert variants("texas state", cfb) == {"texas state"}
    assert canonical("mississippi", league("nfl")) == "mississippi"


def test_name_of_a_line_is_known_to_be_a_teams() -> None:
    """Every name of a line is known in its leagues, and a word of it or another league's is not."""
    assert is_listed("inter milan", league("ita.1"))
    assert is_listed("inter milan", league("uefa.champions"))
    assert not is_listed("milan", league("ita.1"))
    assert not is_listed("inter milan", league("nba"))


def test_codes_of_one_league_are_not_those_of_another() -> None:
    """`las` is Vegas in hockey, the Aces in the WNBA; `kor` is Curacao and not South Korea."""
    assert venue_codes(league("nhl"), "VGK") == {"las"}
    assert venue_codes(league("wnba"), "LV") == {"las"}
    assert venue_codes(league("nfl"), "LV") == {"lv", "las"}
    assert venue_codes(league("fifa.world"), "CUW") == {"kor"}
    assert venue_codes(league("fifa.world"), "KOR") == {"kr"}
    assert venue_codes(league("nba"), "BOS") == {"bos"}
    assert venue_codes(league("nba"), "") == frozenset()
