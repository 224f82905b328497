"""Gamma's sports: the series, tags and order of each league, as its listing of sports has them."""

from __future__ import annotations

from typing import Any

from fusion.leagues import LEAGUES, League

Json = dict[str, Any]
SERIES = {
    "nba": ("10345", "nba-2026"),
    "wnba": ("10105", "wnba"),
    "ncaamb": ("10470", "cbb"),
    "ncaawb": ("10471", "cwbb"),
    "nfl": ("12185", "nfl-2026"),
    "cfb": ("12756", "cfb-2026"),
    "nhl": ("10346", "nhl-2026"),
    "mlb": ("3", "mlb"),
    "eng.1": ("10188", "premier-league-2025"),
    "esp.1": ("10193", "la-liga-2025"),
    "ger.1": ("10194", "bundesliga-2025"),
    "ita.1": ("10203", "serie-a-2025"),
    "fra.1": ("10195", "ligue-1-2025"),
    "usa.1": ("10189", "mls-2026"),
    "uefa.champions": ("10204", "ucl-2025"),
    "fifa.world": ("11433", "soccer-fifwc"),
    "atp": ("10365", "atp"),
    "wta": ("10366", "wta"),
    "ufc": ("38", "ufc"),
}
"""League key to the id and slug of its series."""

STALE_SERIES = {"nfl": "10187", "ufc": "10500"}
"""League key to the series that its events' `sport` still names, though they are in another."""

SPORTS = {"ufc": "mma"}
"""League key to what the venue calls the sport where its slugs begin otherwise; its row in
`/sports` has the old series too."""

LEAGUE_TAGS = {
    "nba": (("745", "NBA"),),
    "wnba": (("100254", "WNBA"),),
    "ncaamb": (("101178", "NCAA Basketball"), ("101954", "CBB")),
    "ncaawb": (("28", "Basketball"), ("102003", "CWBB")),
    "nfl": (("450", "NFL"),),
    "cfb": (("100351", "CFB"),),
    "nhl": (("899", "NHL"),),
    "mlb": (("100381", "MLB"),),
    "eng.1": (("82", "EPL"), ("306", "Premier League")),
    "esp.1": (("780", "La Liga"),),
    "ger.1": (("1494", "Bundesliga"),),
    "ita.1": (("101962", "Serie A"),),
    "fra.1": (("102070", "Ligue 1"),),
    "usa.1": (("100100", "MLS"),),
    "uefa.champions": (("100977", "Champions League"), ("1234", "UCL")),
    "fifa.world": (("102232", "FIFA World Cup"),),
    "atp": (("864", "Tennis"),),
    "wta": (("864", "Tennis"),),
    "ufc": (),
}
TOUR_TAGS = {"atp": "101232", "wta": "102123"}
"""League key to a tag that stands in `/sports` and on no event."""

GAMES_TAG = ("100639", "Games")
SOCCER_TAG = ("100350", "Soccer")
STRANGER = ("cs2", "10310", "1,64,100780,100639")
"""Code, series and tags of a sport of which nothing is played here."""


def tags(league: League) -> list[Json]:
    """Return the tags of a league's game events."""
    rows = [("1", "Sports"), *LEAGUE_TAGS[league.key], GAMES_TAG]
    if league.sport == "soccer":
        rows.append(SOCCER_TAG)
    return [
        {"id": tag, "label": name, "slug": name.lower().replace(" ", "-")} for tag, name in rows
    ]


def sport_json(league: League) -> Json:
    """Return what a league's events say of their sport; its series may be an old one."""
    tour = [TOUR_TAGS[league.key]] if league.key in TOUR_TAGS else []
    return {
        "sport": SPORTS.get(league.key, league.polymarket),
        "ordering": league.ordering,
        "tags": ",".join([tag["id"] for tag in tags(league)] + tour),
        "series": STALE_SERIES.get(league.key, SERIES[league.key][0]),
    }


def sports_json() -> list[Json]:
    """Return the rows of `/sports`, each with the series of the season but that of fights."""
    code, series, numbers = STRANGER
    rows = [
        sport_json(league) | ({} if league.key in SPORTS else {"series": SERIES[league.key][0]})
        for league in LEAGUES.values()
        if league.key in SERIES
    ]
    rows.append({"sport": code, "ordering": "home", "tags": numbers, "series": series})
    return [
        {
            "id": number,
            "image": "",
            "resolution": "",
            "createdAt": "2025-11-05T19:27:45.399303Z",
        }
        | row
        for number, row in enumerate(rows, 1)
    ]
