"""The leagues Fairline knows, and those a user adds."""

from __future__ import annotations

import csv
import re
from calendar import month_abbr
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from fusion.errors import ConfigError
from fusion.league import League
from fusion.leagues import (
    LEAGUES,
    find_league,
    league,
    league_of_code,
    load_leagues,
    use_leagues,
)
from fusion.overrides import parse_overrides

PROMISED = [
    "nba",
    "wnba",
    "ncaamb",
    "ncaawb",
    "nfl",
    "cfb",
    "nhl",
    "mlb",
    "eng.1",
    "esp.1",
    "ger.1",
    "ita.1",
    "fra.1",
    "uefa.champions",
    "usa.1",
    "fifa.world",
    "atp",
    "wta",
    "ufc",
]

SHL = """
[league.shl]
name = "SHL"
sport = "hockey"
espn_path = "hockey/shl"
polymarket = "shl"
"""


def test_a_run_without_a_list_takes_the_promised_leagues() -> None:
    """The leagues the project promises are the default ones, in this order."""
    assert [key for key, each in LEAGUES.items() if each.default] == PROMISED


@pytest.mark.parametrize(
    ("names", "key"),
    [
        ("nba NBA", "nba"),
        ("ncaamb mens-college-basketball ncaam cbb ncaab", "ncaamb"),
        ("ncaawb womens-college-basketball ncaaw cwbb", "ncaawb"),
        ("cfb college-football ncaaf CFB", "cfb"),
        ("eng.1 epl premier-league EPL ENG1", "eng.1"),
        ("esp.1 lal laliga la-liga ESP1", "esp.1"),
        ("ger.1 bun bundesliga GER1", "ger.1"),
        ("ita.1 sea seriea serie-a ITA1", "ita.1"),
        ("fra.1 fl1 ligue1 ligue-1 FRA1", "fra.1"),
        ("uefa.champions ucl champions-league", "uefa.champions"),
        ("usa.1 mls", "usa.1"),
        ("fifa.world fifwc fifa_wc worldcup world-cup", "fifa.world"),
        ("ufc mma", "ufc"),
        ("atp", "atp"),
    ],
)
def test_one_league_has_many_names(names: str, key: str) -> None:
    """Keys, ESPN's path names, Polymarket's codes and what people type name the same league."""
    assert {league(f" {name} ").key for name in names.split()} == {key}


def test_unknown_league_lists_the_keys() -> None:
    """An unknown name is refused with the keys one can use."""
    with pytest.raises(ConfigError, match=r"no league is called 'curling'; use one of nba, wnba"):
        league("curling")


def test_find_league_is_none_for_a_stranger() -> None:
    """Where a stranger is no error, it is None; a code is looked up among codes alone."""
    assert (find_league("curling"), league_of_code("laliga")) == (None, None)
    assert league_of_code("LAL") is LEAGUES["esp.1"]


def test_codes_tags_and_orderings_are_those_of_the_venue(shared: Path) -> None:
    """Where `/sports` of December 2025 lists a code of ours, its ordering and tags are ours too."""
    path = shared / "captures/polymarket/gamma/sports_dump_202512.csv"
    with path.open(newline="") as file:
        rows = {row["sport"]: row for row in csv.DictReader(file)}
    for each in LEAGUES.values():
        row = rows.get(each.polymarket)
        if row is None:
            continue
        assert each.ordering == row["ordering"], each.key
        assert set(each.tags[:1]) <= set(row["tags"].split(",")), each.key
    listed = {key for key, each in LEAGUES.items() if each.polymarket in rows}
    assert LEAGUES.keys() - listed <= {"fifa.world", "ufc", "uefa.nations", "eng.2"}


def test_every_soccer_league_of_the_venue_is_known_or_has_no_board(shared: Path) -> None:
    """Of what `/sports` lists as soccer only two have no scoreboard of ESPN that is sure."""
    path = shared / "captures/polymarket/gamma/sports_dump_202512.csv"
    with path.open(newline="") as file:
        soccer = {row["sport"] for row in csv.DictReader(file) if row["category"] == "soccer"}
    assert {code for code in soccer if league_of_code(code) is None} == {"ja2", "kor"}


def test_a_league_is_added_with_a_few_lines() -> None:
    """What all leagues of a sport share is taken over, and the built-in leagues stay."""
    leagues = load_leagues(SHL)
    assert leagues["shl"] == League(
        key="shl",
        name="SHL",
        sport="hockey",
        espn_path="hockey/shl",
        clock="down",
        periods=3,
        period_s=1200,
        overtime_s=300,
        polymarket="shl",
        ordering="away",
        model="hockey",
    )
    del leagues["shl"]
    assert leagues == load_leagues() == LEAGUES


def test_a_known_league_is_changed_key_by_key() -> None:
    """A table of a known league changes what it names and nothing else."""
    changed = load_leagues('[league.nba]\ntag = "999"\nlive_s = 3.0')
    expected = msgspec.structs.replace(LEAGUES["nba"], tag="999", live_s=3.0)
    assert changed == {**LEAGUES, "nba": expected}


def test_what_a_sport_shares_can_be_changed() -> None:
    """A change of a sport is one of each of its leagues that does not say otherwise."""
    changed = load_leagues("[sport.football]\novertime_s = 1")
    assert {key: each for key, each in changed.items() if each != LEAGUES[key]} == {
        "nfl": msgspec.structs.replace(LEAGUES["nfl"], overtime_s=1)
    }


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("league", "mine.toml is not TOML: "),
        ("[nba]\ntag = '1'", "mine.toml does not hold: .* `nba`; a league is a table"),
        ("[league]\nnba = 1", "mine.toml does not hold: Expected `object`, got `int`"),
        ("[sport.cricket]\nperiods = 1", r"has \[sport.cricket\]; use one of basketball, "),
        ("[league.nba]\nkey = 'x'", "league 'nba' in mine.toml has a `key`; take it out"),
        ("[league.nba]\nperiods = '4'", r"league 'nba' in mine.toml .* at `\$\.periods`"),
        ("[league.nba]\nlimit = 9", "league 'nba' in mine.toml .* unknown field `limit`"),
        ("[league.nba]\nespn_params = {limit = '900'}", "'nba' .* from 1 to 500, was '900'"),
        ("[league.eng.1]\ntag = '1'", r"league 'eng' .* needs quotes: \[league\.\"eng\.1\"\]"),
        ("[league.khl]\nname = 'KHL'", "league 'khl' .* missing required field"),
        (SHL + "aliases = ['nba']", "league 'shl' cannot have the name 'nba', league 'nba' has"),
        (SHL.replace('"shl"', '"nhl"'), "'shl' cannot have the Polymarket code 'nhl', league"),
        (SHL + "aliases = ['Swedish']", "'shl' has the name 'Swedish'; write it in lower case"),
        (SHL + "model = 'soccer'", "`model` must be that of the sport, 'hockey', or"),
    ],
)
def test_a_file_that_does_not_hold_says_where_and_how_to_mend_it(text: str, message: str) -> None:
    """The error names the file, the league and the key."""
    with pytest.raises(ConfigError, match=message):
        load_leagues(text, "mine.toml")


@pytest.fixture
def restored() -> Iterator[None]:
    """Put the leagues back that the module came with."""
    before = dict(LEAGUES)
    yield
    use_leagues(before)


def test_a_process_can_use_other_leagues(restored: None) -> None:
    """From then on they are found by key, name and code, and those that are gone are not."""
    leagues = load_leagues(SHL + 'aliases = ["swedish"]')
    del leagues["nba"]
    use_leagues(leagues)
    assert leagues == LEAGUES
    assert find_league("swedish") is find_league("shl") is league_of_code("SHL") is LEAGUES["shl"]
    assert (find_league("nba"), league_of_code("nba")) == (None, None)


def test_an_alias_counts_more_than_a_code(restored: None) -> None:
    """A code that is another league's name stays that league's name."""
    leagues = load_leagues(SHL.replace('polymarket = "shl"', 'polymarket = "bundesliga"'))
    use_leagues(leagues)
    assert (league("bundesliga").key, league("shl").polymarket) == ("ger.1", "bundesliga")


@pytest.fixture(scope="module")
def page() -> str:
    """Return what is written about the leagues."""
    return (Path(__file__).parents[2] / "docs/leagues.md").read_text("utf-8")


def test_the_examples_of_the_page_hold(page: str) -> None:
    """The league and the change that the page shows are what it says, and its overrides load."""
    added, named, changed, overrides = re.findall(r"```toml\n(.+?)```", page, re.DOTALL)
    assert load_leagues(added)["swe.1"] == msgspec.structs.replace(
        LEAGUES["eng.1"],
        key="swe.1",
        name="Allsvenskan",
        espn_path="soccer/swe.1",
        polymarket="swe",
        tag="",
        more_tags=(),
        aliases=(),
        season=None,
    )
    assert named == 'leagues_file = "leagues.toml"\n'
    assert load_leagues(changed)["nba"] == msgspec.structs.replace(LEAGUES["nba"], live_s=3.0)
    found = parse_overrides(overrides)
    assert [len(each) for each in msgspec.structs.astuple(found)] == [1, 1, 1]


def test_every_key_of_a_league_is_told(page: str) -> None:
    """What a table of a league may hold is on the page, each key with what it means."""
    keys = {field.name for field in msgspec.structs.fields(League)} - {"key", "name", "sport"}
    told = set(re.findall(r"`(\w+)`", "".join(re.findall(r"^\| (.+?) \|", page, re.MULTILINE))))
    assert keys - told == set()


def test_the_page_of_leagues_lists_every_league(page: str) -> None:
    """`docs/leagues.md` has a row for each league, with its name, board, code and months."""
    table = page[page.index("| key | league |") :].partition("\n\n")[0]
    rows = table.splitlines()[2:]
    assert rows == [_row(each) for each in LEAGUES.values()]


def _row(each: League) -> str:
    """Return the row of a league as the page has it."""
    names = ", ".join(f"`{name}`" for name in (*each.codes, *each.aliases))
    params = "".join(f" {name}={value}" for name, value in each.espn_params.items())
    named = " to ".join(month_abbr[month] for month in each.season or ()) or "unsure"
    months = "all year" if each.season is None else named
    every = f", every {each.years[1]} years" if each.years else ""
    model = each.model or "none"
    return (
        f"| `{each.key}` | {each.name} | `{each.espn_path}`{params} | {names} | {model}"
        f" | {months}{every} | {'yes' if each.default else 'no'} |"
    )
