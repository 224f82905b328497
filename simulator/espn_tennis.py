"""ESPN's tennis boards: tournaments whose matches are games, in the layouts of 2022 and later.

To the letter of recorded boards: the status of a tournament says nothing of its matches, sides
come in any order, `homeAway` is missing in 2022 and agrees with `order` only mostly since, there
are no points and no clock, a set has a `winner` only when it is over and in 2022 never, the note
of a walkover names the wrong winner, and every draw has a match whose sides are not known. The
inside of a pair's `roster` is assumed: no recorded board of doubles is at hand.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from simulator.espn_status import TYPES, ordinal, status_json
from simulator.plan import GamePlan, Moment, SideTeam, result
from simulator.players import TOURNAMENTS, Tournament
from simulator.tennis_sets import live_note, set_lines

Json = dict[str, Any]
Shown = tuple[GamePlan, Moment]
Side = Literal["home", "away"]

SPORT_ID = 850
DRAWS = {
    "atp": {"id": "1", "slug": "mens-singles", "displayName": "Men's Singles"},
    "wta": {"id": "2", "slug": "womens-singles", "displayName": "Women's Singles"},
}
DOUBLES = {"id": "3", "slug": "mens-doubles", "displayName": "Men's Doubles"}
MATCH_TYPES = TYPES | {
    "retired": ("38", "STATUS_RETIRED", "post", True, "Retired"),
    "walkover": ("40", "STATUS_WALKOVER", "post", True, "Walkover"),
}
DAY = timedelta(days=1)


def tennis_events(league_key: str, games: Iterable[Shown], begin_ms: int) -> list[Json]:
    """Return the events of a tour's board, from all matches of tonight.

    A tournament stands on the board of a tour with all of its matches, those of the other tour
    too, as soon as one is of it. `begin_ms` is the evening's beginning as Unix milliseconds.
    """
    by_card: dict[str, list[Shown]] = {}
    for game, moment in games:
        if game.league.sport == "tennis":
            by_card.setdefault(game.card, []).append((game, moment))
    return [
        tennis_event(shown, TOURNAMENTS[card], begin_ms)
        for card, shown in by_card.items()
        if any(game.league.key == league_key for game, _ in shown)
    ]


def tennis_event(games: Sequence[Shown], tournament: Tournament, begin_ms: int) -> Json:
    """Return a tournament with its matches, each at the moment that is shown of it."""
    begin = datetime.fromtimestamp(begin_ms / 1000, tz=UTC)
    event_id = f"{tournament.number}-{begin.year}"
    uid = f"s:{SPORT_ID}~l:{tournament.league_id}~e:{event_id}"
    midnight = begin.replace(hour=5, minute=0)
    event: Json = {
        "id": event_id,
        "uid": uid,
        "date": _minute(midnight - 5 * DAY),
        "endDate": _minute(midnight + 3 * DAY),
        "name": tournament.name,
        "shortName": tournament.name,
        "season": {"year": begin.year, "type": 2},
        "links": [],
    }
    board = _Board(tournament, uid, begin)
    if tournament.layout == "competitions":
        event["status"] = {"type": _type("in_progress")}
        matches = [board.match(game, moment) for game, moment in games]
        first = DRAWS[games[0][0].league.key]
        return event | {"competitions": [*matches, board.undecided(midnight + DAY, first, 0)]}
    final = _type("final") | {"detail": "Final", "shortDetail": "Final"}
    event |= {"major": False, "status": {"period": 2, "type": final}}
    event["venue"] = {"displayName": f"{tournament.court}, {tournament.place}"}
    draws = dict.fromkeys(game.league.key for game, _ in games)
    event["groupings"] = [
        {
            "grouping": DRAWS[key],
            "competitions": [
                *(board.match(game, moment) for game, moment in games if game.league.key == key),
                board.undecided(midnight + DAY, DRAWS[key], place),
            ],
        }
        for place, key in enumerate(draws)
    ]
    pairs = board.doubles(midnight + DAY)
    event["groupings"].append({"grouping": DOUBLES, "competitions": [pairs]})
    return event


class _Board:
    """Writes the matches of one tournament."""

    def __init__(self, tournament: Tournament, uid: str, begin: datetime) -> None:
        self.tournament, self.uid, self.begin = tournament, uid, begin
        self.old = tournament.layout == "competitions"

    def match(self, game: GamePlan, moment: Moment) -> Json:
        """Return one match."""
        start = self.begin + timedelta(milliseconds=game.start_ms)
        found = self._frame(game.espn_id, _minute(start), DRAWS[game.league.key])
        found["recent"] = moment.live
        found["status"] = _status(game, moment, start)
        # Boards say five sets of women now and then, who play three.
        wrong = game.league.key == "wta" and int(game.espn_id) % 2 == 1
        found["format"] = {"regulation": {"periods": 5 if wrong else game.best_of}}
        found["competitors"] = self._competitors(game, moment)
        if self.old and moment.status == "scheduled":
            del found["notes"]
        if not self.old:
            found["notes"] = [{"text": live_note(game, moment), "type": "event"}]
        if moment.live:
            found["situation"] = self._situation(game, moment)
        return found

    def undecided(self, date: datetime, draw: Json, place: int) -> Json:
        """Return a match of the next round, whose sides are not known."""
        number = str(1000 * self.tournament.number + place)
        found = self._frame(number, _minute(date), draw)
        scheduled = _type("scheduled")
        text = f"{date.month}/{date.day} - TBD" if self.old else "M/d - 'TBD'"
        if self.old:
            del found["notes"]
        found["timeValid"] = False
        found["status"] = {
            "period": 1,
            "type": scheduled | {"detail": text, "shortDetail": "TBD"},
        }
        numbers = ("2147483647", "2147483647") if self.old else ("-3", "-4")
        found["competitors"] = [self._nobody(each) for each in numbers]
        return found

    def doubles(self, date: datetime) -> Json:
        """Return a match of two pairs, who have a roster and are no athletes."""
        found = self.undecided(date, DOUBLES, len(DRAWS))
        for side, one, two in zip(found["competitors"], "AC", "BD", strict=True):
            del side["athlete"]
            side["type"] = "team"
            side["roster"] = {
                "displayName": f"{one}. Example / {two}. Example",
                "athletes": [
                    {"displayName": f"{one}. Example"},
                    {"displayName": f"{two}. Example"},
                ],
            }
        return found

    def _frame(self, number: str, date: str, draw: Json) -> Json:
        place = self.tournament.place
        frame: Json = {
            "id": number,
            "uid": f"{self.uid}~c:{number}",
            "date": date,
            "startDate": date,
            "timeValid": True,
            "recent": False,
            "notes": [],
            "tournamentId": self.tournament.number,
            "format": {"regulation": {"periods": 3}},
            "geoBroadcasts": [],
            "broadcasts": [],
        }
        if self.old:
            venue = {"address": {"summary": place}, "indoor": True}
            return frame | {"type": {"id": draw["id"]}, "neutralSite": False, "venue": venue}
        return frame | {
            "type": {"id": draw["id"], "text": draw["displayName"], "slug": draw["slug"]},
            "round": {"id": "5", "displayName": "Quarterfinal"},
            "venue": {"fullName": place, "court": self.tournament.court},
            "wasSuspended": False,
        }

    def _competitors(self, game: GamePlan, moment: Moment) -> list[Json]:
        """Return the sides, in every order and under every mark that boards were seen with."""
        kind = int(game.espn_id) % 4
        orders = (2, 1) if kind == 3 and not self.old else (1, 2)
        home = self._competitor(game, moment, "home", orders[0])
        away = self._competitor(game, moment, "away", orders[1])
        if not self.old:
            home["homeAway"], away["homeAway"] = ("away" if kind == 2 else "home"), "away"
        return [away, home] if kind == 1 else [home, away]

    def _competitor(self, game: GamePlan, moment: Moment, side: Side, order: int) -> Json:
        player = game.home if side == "home" else game.away
        competitor = self._player(player, order)
        if moment.status != "scheduled" or not self.old:
            competitor["statistics"] = []
        if moment.over:
            competitor["winner"] = (result((moment,)) or moment.scene.advances) == side
        elif moment.live and not self.old and int(game.espn_id) % 3:
            competitor["possession"] = moment.scene.server == side
        lines = set_lines(moment, side, flagged=not self.old)
        if lines:
            competitor["linescores"] = lines
        return competitor

    def _player(self, player: SideTeam, order: int) -> Json:
        given, _, surname = player.name.partition(" ")
        flag = f"https://a.espncdn.com/i/teamlogos/countries/500/{player.country_code.lower()}.png"
        seed = int(player.espn_id) % 9
        competitor: Json = {
            "id": player.espn_id,
            "uid": f"s:{SPORT_ID}~l:{self.tournament.league_id}~a:{player.espn_id}",
            "type": "athlete",
            "order": order,
            "athlete": {
                "fullName": player.name,
                "displayName": player.name,
                "shortName": f"{given[0]}. {surname}",
                "flag": {"href": flag, "alt": player.country, "rel": ["country-flag"]},
            },
        }
        if seed:
            name = "tournamentSeed" if self.old else "curatedRank"
            competitor[name] = seed if self.old else {"current": seed}
        return competitor

    def _nobody(self, number: str) -> Json:
        names = {"fullName": "TBD", "displayName": "TBD"}
        nobody: Json = {
            "id": number,
            "uid": f"s:{SPORT_ID}~l:{self.tournament.league_id}~a:{number}",
            "type": "athlete",
            "order": 2,
            "athlete": names if self.old else names | {"shortName": "TBD"},
        }
        return nobody if self.old else nobody | {"homeAway": "away", "statistics": []}

    def _situation(self, game: GamePlan, moment: Moment) -> Json:
        """Return a situation; in 2022 it links to the server, since then it is of baseball."""
        if not self.old:
            return {"onFirst": False, "onSecond": False, "onThird": False}
        server = game.home if moment.scene.server == "home" else game.away
        inner = f"http://sports.core.api.espn.pvt/v2/sports/tennis/leagues/{game.league.key}"
        event_id = self.uid.rpartition("~e:")[2]
        there = f"events/{event_id}/competitions/{game.espn_id}/situation"
        return {
            "$ref": f"{inner}/{there}?lang=en&region=us",
            "server": {"$ref": f"{inner}/athletes/{server.espn_id}?lang=en&region=us"},
        }


def _status(game: GamePlan, moment: Moment, start: datetime) -> Json:
    """Return the status of a match, which has no clock."""
    if moment.status == "scheduled":
        return {"period": 1, "type": status_json(game.league, moment, start)["type"]}
    found = _type(moment.status)
    if moment.status == "in_progress":
        short = ordinal(moment.period)
        texts = {"detail": f"{short} Set", "shortDetail": short}
    else:
        texts = {"detail": found["description"], "shortDetail": found["description"]}
    return {"period": moment.period, "type": found | texts}


def _type(status: str) -> Json:
    type_id, name, state, completed, description = MATCH_TYPES[status]
    return {
        "id": type_id,
        "name": name,
        "state": state,
        "completed": completed,
        "description": description,
    }


def _minute(time: datetime) -> str:
    return f"{time:%Y-%m-%dT%H:%MZ}"
