"""Teams whose names look alike, or do not look alike and are one: who may take whose event."""

from __future__ import annotations

import pytest
from listings import event, game, labels, matched, reasons, side

from fusion.matching import match_slate

T = "2026-03-12T19:00Z"
CODES = {"uefa.champions": "ucl", "fifa.world": "fifwc", "ncaamb": "cbb", "usa.1": "mls"}


def found(league_key: str, team: str, listed: str) -> bool:
    """Tell whether `team` is matched with `listed`, against an opponent without doubt."""
    school = team.partition("/")[0]
    home = side(team.replace("/", " "), *([school] if "/" in team else ()))
    one = game(f"{league_key}:1", home, side("Zulu Zebras", "Zulu"), T)
    slug = f"{CODES[league_key]}-aaa-bbb-2026-03-12"
    slate = match_slate([one], [event(slug, f"{listed} vs. Zulu", T)])
    if slate.games:
        expected = "aaa" if slate.games[0].kind == "three_way" else listed
        assert labels(slate, one.game_id)["home"] == expected
    return bool(slate.games)


@pytest.mark.parametrize(
    ("league_key", "team", "listed"),
    [
        ("uefa.champions", "Internazionale", "FC Internazionale Milano"),
        ("uefa.champions", "Atlético Madrid", "Club Atlético de Madrid"),
        ("uefa.champions", "Athletic Club", "Athletic Bilbao"),
        ("uefa.champions", "F.C. København", "FC Copenhagen"),
        ("uefa.champions", "Bodo/Glimt", "FK Bodø/Glimt"),
        ("uefa.champions", "Union St.-Gilloise", "Royale Union Saint-Gilloise"),
        ("uefa.champions", "Olympiacos", "PAE Olympiakos SFP"),
        ("uefa.champions", "FC Cologne", "1. FC Köln"),
        ("uefa.champions", "Paris Saint-Germain", "Paris Saint-Germain FC"),
        ("uefa.champions", "Real Sociedad", "Real Sociedad San Sebastian"),
        ("usa.1", "LAFC", "Los Angeles FC"),
        ("usa.1", "LA Galaxy", "Los Angeles Galaxy"),
        ("usa.1", "Red Bull New York", "New York Red Bulls"),
        ("usa.1", "St. Louis CITY SC", "Saint Louis City SC"),
        ("usa.1", "D.C. United", "DC United SC"),
        ("fifa.world", "South Korea", "Korea Republic"),
        ("fifa.world", "Ivory Coast", "Côte d'Ivoire"),
        ("fifa.world", "Türkiye", "Turkey"),
        ("fifa.world", "United States", "USA"),
        ("fifa.world", "Congo DR", "DR Congo"),
        ("fifa.world", "Curaçao", "Curacao"),
        ("fifa.world", "Republic of Ireland", "Ireland"),
        ("fifa.world", "Bosnia-Herzegovina", "Bosnia & Herzegovina"),
        ("ncaamb", "Miami/Hurricanes", "Miami (FL)"),
        ("ncaamb", "Miami (OH)/RedHawks", "Miami Ohio"),
        ("ncaamb", "USC/Trojans", "Southern California"),
        ("ncaamb", "Kent State/Golden Flashes", "Kent St."),
        ("ncaamb", "Saint Joseph's/Hawks", "St. Joseph's"),
        ("ncaamb", "Western Michigan/Broncos", "W Michigan"),
        ("ncaamb", "Loyola Chicago/Ramblers", "Loyola (IL)"),
        ("ncaamb", "Michigan State/Spartans", "Michigan St. Spartans"),
        ("ncaamb", "UConn/Huskies", "Connecticut Huskies"),
        ("ncaamb", "East Texas A&M/Lions", "E Texas A&M Lions"),
        ("ncaamb", "South Carolina State/Bulldogs", "SC State Bulldogs"),
        ("ncaamb", "Cal State Northridge/Matadors", "Cal St. Northridge"),
        ("ncaamb", "Southern/Jaguars", "Southern U"),
    ],
)
def test_other_spelling_is_the_team(league_key: str, team: str, listed: str) -> None:
    """The venue's spelling of a club, a country or a school finds it."""
    assert found(league_key, team, listed)


@pytest.mark.parametrize(
    ("league_key", "team", "listed"),
    [
        ("uefa.champions", "Internazionale", "AC Milan"),
        ("uefa.champions", "AC Milan", "Inter Milan"),
        ("uefa.champions", "Internazionale", "Inter Miami CF"),
        ("uefa.champions", "Athletic Club", "Atlético Madrid"),
        ("uefa.champions", "Atlético Madrid", "Athletic Club"),
        ("uefa.champions", "Real Madrid", "Atlético Madrid"),
        ("uefa.champions", "Real Madrid", "Real Madrid Castilla"),
        ("uefa.champions", "Barcelona", "RCD Espanyol de Barcelona"),
        ("uefa.champions", "Manchester United", "Manchester City FC"),
        ("uefa.champions", "Paris Saint-Germain", "Paris FC"),
        ("uefa.champions", "Arsenal", "Arsenal Women FC"),
        ("uefa.champions", "Arsenal", "Arsenal U21"),
        ("uefa.champions", "Bayern Munich", "FC Bayern München II"),
        ("uefa.champions", "Club Brugge", "Cercle Brugge KSV"),
        ("usa.1", "LAFC", "LA Galaxy"),
        ("usa.1", "LA Galaxy", "Los Angeles FC"),
        ("usa.1", "New York City FC", "New York Red Bulls"),
        ("fifa.world", "Congo DR", "Congo"),
        ("fifa.world", "Congo", "DR Congo"),
        ("fifa.world", "Northern Ireland", "Ireland"),
        ("fifa.world", "Republic of Ireland", "Northern Ireland"),
        ("fifa.world", "South Korea", "North Korea"),
        ("fifa.world", "South Korea", "Curaçao"),
        ("fifa.world", "Guinea", "Equatorial Guinea"),
        ("fifa.world", "Niger", "Nigeria"),
        ("ncaamb", "Miami/Hurricanes", "Miami (OH)"),
        ("ncaamb", "Miami (OH)/RedHawks", "Miami"),
        ("ncaamb", "USC/Trojans", "South Carolina"),
        ("ncaamb", "South Carolina/Gamecocks", "USC"),
        ("ncaamb", "Texas/Longhorns", "Texas A&M"),
        ("ncaamb", "Texas/Longhorns", "Texas State"),
        ("ncaamb", "Texas A&M/Aggies", "Texas"),
        ("ncaamb", "Indiana/Hoosiers", "Indiana State"),
        ("ncaamb", "Loyola Chicago/Ramblers", "Loyola Marymount"),
        ("ncaamb", "Saint Joseph's/Hawks", "St. John's"),
        ("ncaamb", "Saint Mary's/Gaels", "Mount St. Mary's"),
        ("ncaamb", "Washington/Huskies", "Washington St."),
        ("ncaamb", "Washington/Huskies", "Eastern Washington"),
        ("ncaamb", "Ole Miss/Rebels", "Mississippi State"),
        ("ncaamb", "North Carolina/Tar Heels", "North Carolina Central"),
        ("ncaamb", "Boston College/Eagles", "Boston University"),
        ("ncaamb", "Duke/Blue Devils", "Duke Women"),
        ("ncaamb", "Michigan/Wolverines", "Michigan St. Spartans"),
        ("ncaamb", "Ohio/Bobcats", "Ohio St. Buckeyes"),
        ("ncaamb", "South Carolina/Gamecocks", "SC State Bulldogs"),
        ("ncaamb", "Southern/Jaguars", "S Illinois"),
        ("ncaamb", "Western Kentucky/Hilltoppers", "E Kentucky"),
    ],
)
def test_look_alike_is_another_team(league_key: str, team: str, listed: str) -> None:
    """A neighbour, a namesake, a reserve or a women's team does not take the place."""
    assert not found(league_key, team, listed)


FIXTURES = """
eng.1 | Manchester United | Arsenal | epl-mun-ars | Manchester United FC vs. Arsenal FC
eng.1 | Manchester City | Chelsea | epl-mac-che | Manchester City FC vs. Chelsea FC
ita.1 | Internazionale | Juventus | sea-int-juv | FC Internazionale Milano vs. Juventus FC
ita.1 | AC Milan | Lazio | sea-mil-laz | AC Milan vs. SS Lazio
usa.1 | LA Galaxy | LAFC | mls-lag-laf | Los Angeles Galaxy vs. Los Angeles FC
usa.1 | Red Bull New York | Inter Miami CF | mls-nyr-mia | New York Red Bulls vs. Inter Miami CF
usa.1 | New York City FC | San Diego FC | mls-nyc-sdg | New York City FC vs. San Diego FC
esp.1 | Athletic Club | Real Madrid | lal-bil-rea | Athletic Club vs. Real Madrid CF
esp.1 | Atlético Madrid | Barcelona | lal-mad-bar | Club Atlético de Madrid vs. FC Barcelona
fifa.world | South Korea | Ivory Coast | fifwc-kr-civ | Korea Republic vs. Côte d'Ivoire
fifa.world | Curaçao | Türkiye | fifwc-kor-tur | Curaçao vs. Türkiye
fifa.world | Congo DR | United States | fifwc-cdr-usa | DR Congo vs. USA
wnba | Las Vegas Aces | New York Liberty | wnba-nyl-las | Liberty vs. Aces
nhl | Vegas Golden Knights | Utah Mammoth | nhl-utah-las | Mammoth vs. Golden Knights
nhl | New York Rangers | New York Islanders | nhl-nyi-nyr | Islanders vs. Rangers
nba | Los Angeles Lakers | LA Clippers | nba-lac-lal | Clippers vs. Lakers
nba | Brooklyn Nets | New York Knicks | nba-nyk-bkn | Knicks vs. Nets
mlb | New York Mets | New York Yankees | mlb-nyy-nym | New York Yankees vs. New York Mets
mlb | Chicago Cubs | Chicago White Sox | mlb-cws-chc | White Sox vs. Cubs
nfl | New York Giants | New York Jets | nfl-nyj-nyg | Jets vs. Giants
atp | Juan Manuel Cerundolo | Casper Ruud | atp-jc-cr | Juan Manuel Cerundolo vs. Casper Ruud
wta | Xinyu Wang | Coco Gauff | wta-wang-gauff | China Open: Wang Xinyu vs. Coco Gauff
wta | Xiyu Wang | Iga Swiatek | wta-wang-swiatek | China Open: Wang Xiyu vs. Iga Świątek
ufc | Alex Pereira | Magomed Ankalaev | ufc-mag1-ale3 | Magomed Ankalaev vs. Alex Pereira
ufc | Michel Pereira | Khalil Rountree Jr. | ufc-mic2-kha1 | UFC 320: M. Pereira vs. K. Rountree
"""
"""League, home and away as ESPN has them; slug and title as the venue has them."""


def fixtures() -> list[list[str]]:
    """Return the rows of the table."""
    return [[cell.strip() for cell in row.split("|")] for row in FIXTURES.split("\n") if row]


def test_fixtures_find_their_own_events_among_all() -> None:
    """City rivals, namesakes and codes that mean others elsewhere stay apart in one slate."""
    games = [
        game(f"{key}:{place}", home, away, T)
        for place, (key, home, away, *_) in enumerate(fixtures())
    ]
    events = [event(f"{slug}-2026-03-12", title, T) for *_, slug, title in fixtures()]

    slate = match_slate(games, events[::-1])

    assert slate.unmatched == ()
    assert matched(slate) == {
        one.game_id: listed.slug for one, listed in zip(games, events, strict=True)
    }
    for one, listed in zip(games, events, strict=True):
        alone = match_slate([one], [each for each in events if each is not listed])
        assert alone.games == (), one.game_id


@pytest.mark.parametrize("place", range(len(fixtures())))
def test_fixture_takes_no_event_of_another_week(place: int) -> None:
    """The same sides a week on, or at the other ground, are another game."""
    key, home, away, slug, title = fixtures()[place]
    one = game(f"{key}:1", home, away, T)
    later = event(f"{slug}-2026-03-19", title, "2026-03-19T19:00Z")
    back = game(f"{key}:2", away, home, "2026-03-19T19:00Z")

    assert reasons(match_slate([one], [later])) == {
        one.game_id: "outside_window",
        later.slug: "outside_window",
    }
    assert matched(match_slate([one, back], [later])) == {back.game_id: later.slug}


def test_two_legs_of_a_tie_have_their_own_events() -> None:
    """A week apart and the other way round: each leg has its sides as ESPN has them."""
    first = game("uefa.champions:1", "Real Madrid", "Arsenal", "2026-04-08T19:00Z")
    second = game("uefa.champions:2", "Arsenal", "Real Madrid", "2026-04-15T19:00Z")
    events = [
        event("ucl-rea-ars-2026-04-08", "Real Madrid CF vs. Arsenal FC", "2026-04-08T19:00Z"),
        event("ucl-ars-rea-2026-04-15", "Arsenal FC vs. Real Madrid CF", "2026-04-15T19:00Z"),
    ]

    slate = match_slate([second, first], events)

    assert matched(slate) == {first.game_id: events[0].slug, second.game_id: events[1].slug}
    assert labels(slate, first.game_id) == {"home": "rea", "draw": "draw", "away": "ars"}
    assert labels(slate, second.game_id) == {"home": "ars", "draw": "draw", "away": "rea"}


def test_event_at_the_wrong_ground_is_priced_by_name() -> None:
    """Where the venue lists the visitor first, outcomes follow the sides of the game."""
    one = game("eng.1:1", "Arsenal", "Chelsea", T)
    listed = event("epl-che-ars-2026-03-12", "Chelsea FC vs. Arsenal FC", T)

    slate = match_slate([one], [listed])

    assert labels(slate, "eng.1:1") == {"home": "ars", "draw": "draw", "away": "che"}
