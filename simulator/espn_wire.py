"""ESPN's scoreboard of team sports in its shape of the season 2025/26, from an evening's plan."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from fusion.leagues import League
from simulator.espn_status import status_json
from simulator.odds import odds_json
from simulator.plan import Evening, GamePlan, Moment, SideTeam, shown_moment
from simulator.situations import details_json, situation_json

Json = dict[str, Any]
PROVIDER = {"id": "100", "name": "DraftKings", "priority": 1, "displayName": "DraftKings"}
ABSENT = {
    "hockey": ("conferenceCompetition",),
    "soccer": ("type", "neutralSite", "conferenceCompetition"),
}
"""Keys of a competition that a sport's board does not have."""

IDS = {
    "nba": (40, 46, "National Basketball Association", "NBA"),
    "wnba": (40, 59, "Women's National Basketball Association", "WNBA"),
    "ncaamb": (40, 41, "NCAA Men's Basketball", "NCAAM"),
    "ncaawb": (40, 54, "NCAA Women's Basketball", "NCAAW"),
    "nfl": (20, 28, "National Football League", "NFL"),
    "cfb": (20, 23, "NCAA - Football", "NCAAF"),
    "nhl": (70, 90, "National Hockey League", "NHL"),
    "mlb": (1, 10, "Major League Baseball", "MLB"),
    "eng.1": (600, 700, "English Premier League", "Premier League"),
    "fra.1": (600, 710, "French Ligue 1", "Ligue 1"),
    "ger.1": (600, 720, "German Bundesliga", "Bundesliga"),
    "ita.1": (600, 730, "Italian Serie A", "Serie A"),
    "esp.1": (600, 740, "Spanish LALIGA", "LALIGA"),
    "usa.1": (600, 770, "MLS", "MLS"),
    "uefa.champions": (600, 775, "UEFA Champions League", "Champions League"),
    "fifa.world": (600, 606, "FIFA World Cup", "FIFA World Cup"),
    "atp": (850, 851, "Association of Tennis Professionals", "ATP"),
    "wta": (850, 900, "Women's Tennis Association", "WTA"),
    "ufc": (3301, 3321, "Ultimate Fighting Championship", "UFC"),
}
"""League key to ESPN's numbers of sport and league, name and abbreviation."""


def board_json(league: League, evening: Evening, events: Sequence[Json | msgspec.Raw]) -> Json:
    """Return a scoreboard document around its events."""
    sport_id, league_id, name, short = IDS.get(league.key, (0, 0, league.name, league.name))
    year = int(evening.date[:4])
    season = {"type": 2, "year": year}
    slug = league.espn_path.split("/")[1]
    board: Json = {
        "leagues": [
            {
                "id": str(league_id),
                "uid": f"s:{sport_id}~l:{league_id}",
                "name": name,
                "abbreviation": short,
                "slug": slug,
                "season": {
                    "year": year,
                    "startDate": f"{year - 1}-10-01T07:00Z",
                    "endDate": f"{year + 1}-06-27T06:59Z",
                    "displayName": f"{year}",
                    "type": {"id": "2", "type": 2, "name": "Regular Season", "abbreviation": "reg"},
                },
                "calendarType": "day",
                "calendarIsWhitelist": True,
                "calendar": [f"{evening.date}T08:00Z"],
            }
        ],
        "season": season,
        "day": {"date": evening.date},
        "events": events,
        "provider": PROVIDER,
    }
    if league.key in ("ncaamb", "ncaawb", "cfb"):
        board["groups"] = [league.espn_params.get("groups", "50")]
    return board


def start_of(evening: Evening, game: GamePlan) -> datetime:
    """Return the start of a game in virtual UTC."""
    begin = datetime.fromtimestamp(evening.begin_ms / 1000, tz=UTC)
    return begin + timedelta(milliseconds=game.start_ms)


def event_json(evening: Evening, game: GamePlan, index: int) -> Json:
    """Return one event as it is shown at a moment of the game, its mistakes included."""
    moment = shown_moment(game, game.moments[index])
    sport_id, league_id, *_ = IDS[game.league.key]
    uid = f"s:{sport_id}~l:{league_id}~e:{game.espn_id}"
    start = start_of(evening, game)
    date = f"{start:%Y-%m-%dT%H:%MZ}"
    season = {"year": start.year, "type": 2, "slug": "regular-season"}
    status = status_json(game.league, moment, start)
    competition: Json = {
        "id": game.espn_id,
        "uid": f"{uid}~c:{game.espn_id}",
        "date": date,
        "attendance": 0,
        "type": {"id": "1", "abbreviation": "STD"},
        "timeValid": True,
        "neutralSite": False,
        "conferenceCompetition": False,
        "playByPlayAvailable": moment.live,
        "recent": moment.live,
        "competitors": [
            _competitor(game, index, game.home, sport_id, league_id),
            _competitor(game, index, game.away, sport_id, league_id),
        ],
        "notes": _notes(game, moment),
        "status": status,
        "format": {"regulation": {"periods": game.league.periods}},
        "startDate": date,
        "broadcast": "",
    }
    for name in ABSENT.get(game.league.sport, ()):
        del competition[name]
    if game.league.sport == "soccer":
        competition["details"] = details_json(game, index)
    elif moment.live:
        competition["situation"] = situation_json(game, moment)
    if moment.status == "scheduled":
        competition["odds"] = odds_json(game)
    elif game.league.sport == "soccer":
        competition["odds"] = [None]
    return {
        "id": game.espn_id,
        "uid": uid,
        "date": date,
        "name": f"{game.away.name} at {game.home.name}",
        "shortName": f"{game.away.espn_code} @ {game.home.espn_code}",
        "season": season,
        "competitions": [competition],
        "status": status,
    }


def _competitor(game: GamePlan, index: int, team: SideTeam, sport_id: int, league_id: int) -> Json:
    moment = shown_moment(game, game.moments[index])
    is_home = team is game.home
    soccer = game.league.sport == "soccer"
    uid = (
        f"s:{sport_id}~t:{team.espn_id}"
        if soccer
        else f"s:{sport_id}~l:{league_id}~t:{team.espn_id}"
    )
    competitor: Json = {
        "id": team.espn_id,
        "uid": uid,
        "type": "team",
        "order": 0 if is_home else 1,
        "homeAway": "home" if is_home else "away",
        "team": {
            "id": team.espn_id,
            "uid": uid,
            "location": team.location,
            "name": team.nickname,
            "abbreviation": team.espn_code,
            "displayName": team.name,
            "shortDisplayName": team.nickname,
            "isActive": True,
        },
        "score": str(moment.home if is_home else moment.away),
    }
    shootout = moment.scene.home_shootout if is_home else moment.scene.away_shootout
    if soccer and shootout is not None:
        competitor["shootoutScore"] = shootout
    if moment.over or soccer:
        ahead = lead(moment) if is_home else -lead(moment)
        competitor["winner"] = moment.over and ahead > 0
    if moment.status != "scheduled" and not soccer:
        competitor["linescores"] = _linescores(game.moments[: index + 1], is_home)
    if game.league.sport == "baseball":
        competitor["hits"] = moment.home if is_home else moment.away
        competitor["errors"] = 0
    return competitor


def lead(moment: Moment) -> int:
    """Return how far home is ahead, by penalties where the score is level."""
    if moment.home != moment.away:
        return moment.home - moment.away
    return (moment.scene.home_shootout or 0) - (moment.scene.away_shootout or 0)


def _notes(game: GamePlan, moment: Moment) -> list[Json]:
    text = game.headline
    if moment.status == "final_pen":
        winner = game.home if lead(moment) > 0 else game.away
        scene = moment.scene
        scored = sorted((scene.home_shootout or 0, scene.away_shootout or 0), reverse=True)
        text = f"{winner.name} advance {scored[0]}-{scored[1]} on penalties"
    return [{"text": text, "headline": text, "type": "event"}] if text else []


def _linescores(moments: tuple[Moment, ...], is_home: bool) -> list[Json]:
    ends: dict[int, int] = {}
    for moment in moments:
        if moment.period and moment.status != "scheduled":
            ends[moment.period] = moment.home if is_home else moment.away
    lines, before = [], 0
    for period, score in ends.items():
        points = score - before
        lines.append({"value": float(points), "displayValue": str(points), "period": period})
        before = score
    return lines
