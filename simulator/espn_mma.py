"""ESPN's board of fights: a card is an event, its bouts are competitions in an order of their own.

To the letter of a recorded board: all bouts of a segment share its start, sides have an `order`
and no `homeAway`, `winner` is there from the beginning and false, nobody has a score, the clock
is `-` before a bout, and the judges' rounds stand in `linescores` after a decision only. The
status of a card has no clock. The names and numbers of a walkout, of the end of a round and of
the end of a fight are reported, not recorded.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from simulator.espn_status import TYPES, status_json
from simulator.plan import GamePlan, Moment, SideTeam, result
from simulator.players import CARDS, Card

Json = dict[str, Any]
Shown = tuple[GamePlan, Moment]

SPORT_ID, LEAGUE_ID = 3301, 3321
SEGMENT_MS = 30 * 60_000
"""Bouts that start so soon after the first of a segment belong to it and bear its start."""

BOUT_TYPES = TYPES | {
    "in_progress_2": ("31", "STATUS_IN_PROGRESS_2", "in", False, "In Progress"),
    "fighters_walking": ("58", "STATUS_FIGHTERS_WALKING", "in", False, "Fighters Walking"),
    "end_of_round": ("59", "STATUS_END_OF_ROUND", "in", False, "End of Round"),
    "end_of_fight": ("60", "STATUS_END_OF_FIGHT", "in", False, "End of Fight"),
}
WEIGHTS = {
    "956": "Flyweight",
    "970": "Bantamweight",
    "999": "Featherweight",
    "986": "Lightweight",
    "969": "Welterweight",
    "972": "Middleweight",
}
JUDGES = 3


def card_events(games: Iterable[Shown], begin_ms: int) -> list[Json]:
    """Return the events of the board, from all games of tonight.

    `begin_ms` is the evening's beginning as Unix milliseconds.
    """
    by_card: dict[str, list[Shown]] = {}
    for game, moment in games:
        if game.league.sport == "mma":
            by_card.setdefault(game.card, []).append((game, moment))
    return [card_event(shown, CARDS[name], begin_ms) for name, shown in by_card.items()]


def card_event(games: Sequence[Shown], card: Card, begin_ms: int) -> Json:
    """Return a card with its bouts, each at the moment that is shown of it."""
    begin = datetime.fromtimestamp(begin_ms / 1000, tz=UTC)
    segments = _segments(sorted(game.start_ms for game, _ in games))
    uid = f"s:{SPORT_ID}~l:{LEAGUE_ID}~e:{card.number}"
    live = any(moment.status != "scheduled" for _, moment in games)
    over = all(moment.over for _, moment in games)
    kind = _type("final" if over else "in_progress" if live else "scheduled")
    address = {"city": card.city, "state": card.state, "country": card.country}
    venue = {"id": "6176", "fullName": card.venue, "address": address}
    bouts = []
    for game, moment in sorted(games, key=lambda shown: shown[0].espn_id[::-1]):
        start = begin + timedelta(milliseconds=segments[game.start_ms])
        bouts.append(_bout(game, moment, start, uid) | {"venue": venue | {"indoor": True}})
    first = begin + timedelta(milliseconds=min(segments.values()))
    texts = {"detail": kind["description"], "shortDetail": kind["description"]}
    return {
        "id": str(card.number),
        "uid": uid,
        "date": _minute(first),
        "name": card.name,
        "shortName": card.short_name,
        "season": {"year": first.year, "type": 2, "slug": "regular-season"},
        "competitions": bouts,
        "links": [],
        "venues": [venue],
        "status": {"type": kind | texts},
    }


def _segments(starts: Sequence[int]) -> dict[int, int]:
    """Return the start of the segment that each bout of the card belongs to."""
    found: dict[int, int] = {}
    first = starts[0]
    for start in starts:
        if start - first > SEGMENT_MS:
            first = start
        found[start] = first
    return found


def _bout(game: GamePlan, moment: Moment, start: datetime, card_uid: str) -> Json:
    weights = list(WEIGHTS.items())
    weight_id, weight = weights[int(game.espn_id) % len(weights)]
    date = _minute(start)
    turned = int(game.espn_id) % 2 == 1
    sides = [(game.home, 1), (game.away, 2)]
    return {
        "id": game.espn_id,
        "uid": f"{card_uid}~c:{game.espn_id}",
        "date": date,
        "endDate": date,
        "type": {"id": weight_id, "abbreviation": weight},
        "timeValid": True,
        "neutralSite": False,
        "recent": True,
        "competitors": [
            _competitor(game, moment, fighter, order)
            for fighter, order in (sides[::-1] if turned else sides)
        ],
        "status": _status(game, moment, start),
        "broadcasts": [{"market": "national", "names": ["ESPN+"]}],
        "format": {"regulation": {"periods": game.best_of}},
        "startDate": date,
        "geoBroadcasts": [],
    }


def _competitor(game: GamePlan, moment: Moment, fighter: SideTeam, order: int) -> Json:
    given, _, surname = fighter.name.partition(" ")
    flag = f"https://a.espncdn.com/i/teamlogos/countries/500/{fighter.country_code.lower()}.png"
    record = f"{10 + int(fighter.espn_id) % 20}-{int(fighter.espn_id) % 7}-0"
    competitor: Json = {
        "id": fighter.espn_id,
        "uid": f"s:{SPORT_ID}~a:{fighter.espn_id}",
        "type": "athlete",
        "order": order,
        "winner": moment.over and result((moment,)) == ("home" if order == 1 else "away"),
        "athlete": {
            "fullName": fighter.name,
            "displayName": fighter.name,
            "shortName": f"{given[0]}. {surname}",
            "flag": {"href": flag, "alt": fighter.country, "rel": ["country-flag"]},
        },
        "records": [{"name": "overall", "abbreviation": "TOT", "type": "total", "summary": record}],
    }
    if moment.status != "scheduled":
        competitor["statistics"] = []
    if moment.over and moment.home + moment.away == game.best_of:
        points = 9 * game.best_of + (moment.home if order == 1 else moment.away)
        cards = [{"value": float(points)} for _ in range(JUDGES)]
        competitor["linescores"] = [{"value": float(JUDGES * points), "linescores": cards}]
    return competitor


def _status(game: GamePlan, moment: Moment, start: datetime) -> Json:
    shown = _clock(moment)
    status: Json = {
        "clock": 0.0 if shown == "-" else moment.clock_s,
        "displayClock": shown,
        "period": moment.period,
    }
    if moment.status == "scheduled":
        return status | {"type": status_json(game.league, moment, start)["type"]}
    kind = _type(moment.status)
    text = kind["description"]
    if moment.status == "in_progress_2":
        text = f"R{moment.period}, {shown}"
    elif moment.status == "end_of_round":
        text = f"End R{moment.period}"
    status["type"] = kind | {"detail": text, "shortDetail": text}
    return status | {"featured": False} if moment.over else status


def _clock(moment: Moment) -> str:
    """Return the clock that viewers see: none before a bout and between two rounds."""
    if moment.status in ("scheduled", "fighters_walking", "end_of_round"):
        return "-"
    minutes, seconds = divmod(int(moment.clock_s), 60)
    return f"{minutes}:{seconds:02d}"


def _type(status: str) -> Json:
    type_id, name, state, completed, description = BOUT_TYPES[status]
    return {
        "id": type_id,
        "name": name,
        "state": state,
        "completed": completed,
        "description": description,
    }


def _minute(time: datetime) -> str:
    return f"{time:%Y-%m-%dT%H:%MZ}"
