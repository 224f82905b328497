"""Synthetic slates of every league whose teams are known: no price may stand on a wrong side."""

from __future__ import annotations

import csv
import random
import re
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import msgspec
import pytest

from fusion.days import NS_PER_HOUR, slate_day
from fusion.game import GameState, Selection, Team
from fusion.leagues import League, league
from fusion.listing import ListedEvent, ListedMarket, ListedTeam
from fusion.matching import match_slate
from fusion.names import is_college
from fusion.slate import FeeSchedule, MarketRules, Slate

LEAGUES = {
    "nba": "nba",
    "wnba": "wnba",
    "nfl": "nfl",
    "nhl": "nhl",
    "mlb": "mlb",
    "cbb": "ncaamb",
    "cfb": "cfb",
    "epl": "eng.1",
    "laliga": "esp.1",
    "bundesliga": "ger.1",
    "seriea": "ita.1",
    "ligue1": "fra.1",
    "ucl": "uefa.champions",
    "mls": "usa.1",
    "fifa_wc": "fifa.world",
}
DAYS = 4
FIRST_DAY_NS = int(datetime(2026, 3, 12, 16, tzinfo=UTC).timestamp()) * 10**9
DAY_NS = 24 * NS_PER_HOUR
TWO_WORDS = re.compile(
    "(?P<place>.+) (?P<nickname>Red Sox|White Sox|Blue Jays|Trail Blazers|Maple Leafs|"
    "Golden Knights|Red Wings|Blue Jackets|Crimson Tide|Red Wolves|Sun Devils|Fighting Camels|"
    "Golden Flashes|Runnin' Bulldogs|Tar Heels|Black Bears|Fighting Irish|Golden Lions|"
    "Ragin' Cajuns|Golden Hurricane|Black Knights|Golden Bears|Golden Griffins|Blue Devils|"
    "Big Red|Big Green|Blue Hens|Blue Demons|Purple Aces|Yellow Jackets|Rainbow Warriors|"
    "Fighting Illini|Mountain Hawks|Golden Eagles|Golden Gophers|Red Foxes|Blue Raiders|"
    "Delta Devils|Wolf Pack|Golden Grizzlies|Scarlet Knights|Red Storm|Horned Frogs|Green Wave|"
    "Red Raiders|River Hawks|Fighting Hawks|Demon Deacons|Mean Green|Nittany Lions|"
    "Thundering Herd|Purple Eagles|Screaming Eagles)"
)


class Club(msgspec.Struct, frozen=True):
    """A team with its place and nickname, and the codes the venue gives it."""

    team: Team
    place: str
    nickname: str
    codes: tuple[str, ...]


def clubs_of(shared: Path, name: str) -> list[Club]:
    """Return every team of a league of the table, with all its codes."""
    lines = (shared / "field" / "team-codes.tsv").read_text("utf-8").splitlines()
    rows = [row for row in csv.DictReader(lines, delimiter="\t") if row["league"] == name]
    codes: dict[tuple[str, str], list[str]] = {}
    for row in rows:
        key = (row["espn_abbr"], row["espn_name"])
        codes.setdefault(key, []).append(row["polymarket_code"])
    is_soccer = league(LEAGUES[name]).sport == "soccer"
    clubs: list[Club] = []
    for number, ((abbreviation, full), venue) in enumerate(codes.items()):
        place, nickname = (full, full) if is_soccer else split_name(full)
        aliases = tuple(alias for alias in dict.fromkeys((nickname, place)) if alias != full)
        team = Team(str(number), abbreviation, full, aliases)
        clubs.append(Club(team, place, nickname, tuple(venue)))
    return clubs


def split_name(full: str) -> tuple[str, str]:
    """Return the place and the nickname of `Boston Red Sox`."""
    if found := TWO_WORDS.fullmatch(full):
        return found["place"], found["nickname"]
    place, _, nickname = full.rpartition(" ")
    return place or full, nickname


class Evening:
    """Random fixtures of one league with the events the venue would list for them."""

    def __init__(self, chosen: League, clubs: list[Club], seed: int) -> None:
        self.league = chosen
        self.clubs = clubs
        self.dice = random.Random(seed)  # noqa: S311 - a test needs the same fixtures every time
        self.games: list[GameState] = []
        self.events: list[ListedEvent] = []
        self.tokens: dict[str, dict[Selection, str]] = {}
        for day in range(DAYS):
            self._play_day(FIRST_DAY_NS + day * DAY_NS)
        self.dice.shuffle(self.games)
        self.dice.shuffle(self.events)

    def _play_day(self, noon_ns: int) -> None:
        clubs = self.dice.sample(self.clubs, len(self.clubs))
        for home, away in zip(clubs[::2], clubs[1::2], strict=False):
            start_ns = noon_ns + self.dice.randrange(0, 11 * 12) * NS_PER_HOUR // 12
            self._play(home, away, start_ns, "")
            if self.league.sport == "baseball" and self.dice.random() < 0.3:
                later = start_ns + self.dice.randrange(3, 7) * NS_PER_HOUR
                self._play(home, away, later, self.dice.choice(["-2", "-game-2", "-g2"]))

    def _play(self, home: Club, away: Club, start_ns: int, suffix: str) -> None:
        number = str(len(self.games))
        game_id = f"{self.league.key}:{number}"
        self.games.append(
            GameState(
                game_id=game_id,
                league=self.league.key,
                start_ns=start_ns,
                home=home.team,
                away=away.team,
                phase="pre",
                status="scheduled",
                completed=False,
                home_score=0,
                away_score=0,
                period=0,
                clock_s=None,
            )
        )
        codes = {club.team: self.dice.choice(club.codes) for club in (home, away)}
        order = [home, away] if self.dice.random() < 0.5 else [away, home]
        moment = datetime.fromtimestamp(start_ns // 10**9, tz=UTC)
        date = self.dice.choice([slate_day(start_ns), moment.date().isoformat()])
        slug_codes = "-".join(codes[club.team] for club in order)
        slug = f"{self.league.polymarket}-{slug_codes}-{date}{suffix}"
        shift = self.dice.choice([0, 0, 0, 5, -10]) * NS_PER_HOUR // 60
        teams = [self._listed(club, codes[club.team], club is home) for club in order]
        titled = " vs. ".join(
            club.place if is_college(self.league) else club.nickname for club in order
        )
        markets = (
            self._three(slug, game_id, home, away, codes)
            if self.league.three_way
            else self._two(slug, game_id, home, away)
        )
        self.events.append(
            ListedEvent(
                event_id=game_id,
                slug=slug,
                title=titled,
                code=self.league.polymarket,
                start_ns=start_ns + shift,
                event_date=slate_day(start_ns),
                teams=tuple(teams) if self.dice.random() < 0.9 else (),
                markets=markets,
            )
        )

    def _listed(self, club: Club, code: str, is_home: bool) -> ListedTeam:
        ordering: Literal["home", "away"] = "home" if is_home else "away"
        full = club.team.name
        if self.league.sport == "soccer":
            name = self.dice.choice([full, f"{full} FC", full.upper()])
            return ListedTeam(name, code, self.dice.choice(["", full]), ordering)
        styles = [(full, club.nickname), (full, club.place), (club.nickname, full)]
        if is_college(self.league):
            styles.append((club.nickname, club.place))
        else:
            styles += [(club.nickname, ""), (club.nickname, club.nickname), ("", "")]
        name, alias = self.dice.choice(styles)
        return ListedTeam(name, code, alias, ordering)

    def _two(self, slug: str, game_id: str, home: Club, away: Club) -> tuple[ListedMarket, ...]:
        style = self.dice.randrange(3)
        if style == 1 and is_college(self.league):
            style = 2
        labels = {
            "home": (home.team.name, home.nickname, home.place)[style],
            "away": (away.team.name, away.nickname, away.place)[style],
        }
        sides: list[Selection] = ["home", "away"]
        self.dice.shuffle(sides)
        tokens: dict[Selection, str] = {side: self._token() for side in sides}
        self.tokens[game_id] = tokens
        kind = self.dice.choice(["moneyline", "Moneyline", None])
        outcomes = tuple(labels[side] for side in sides)
        favourite = outcomes[::-1]
        return (
            market(f"{slug}-spread-home-3pt5", favourite, self._pair(), "spreads"),
            market(f"{slug}-1h-moneyline", favourite, self._pair(), "first_half_moneyline"),
            market(slug, outcomes, tuple(tokens[side] for side in sides), kind),
            market(f"{slug}-total-7pt5", ("Over", "Under"), self._pair(), "totals"),
        )

    def _three(
        self, slug: str, game_id: str, home: Club, away: Club, codes: dict[Team, str]
    ) -> tuple[ListedMarket, ...]:
        kind = self.dice.choice(["moneyline", None])
        found: list[ListedMarket] = []
        self.tokens[game_id] = tokens = {}
        parts: tuple[tuple[Selection, str, str, str], ...] = (
            ("home", codes[home.team], f"Will {home.team.name} win on 2026-03-12?", home.team.name),
            (
                "draw",
                "draw",
                f"Will {home.team.name} vs. {away.team.name} end in a draw?",
                f"Draw ({home.team.name} vs. {away.team.name})",
            ),
            ("away", codes[away.team], f"Will {away.team.name} win on 2026-03-12?", away.team.name),
        )
        for side, code, question, title in parts:
            yes, no = self._pair()
            tokens[side] = yes
            outcomes, pair = ("Yes", "No"), (yes, no)
            if self.dice.random() < 0.5:
                outcomes, pair = ("No", "Yes"), (no, yes)
            found.append(market(f"{slug}-{code}", outcomes, pair, kind, (question, title)))
        self.dice.shuffle(found)
        return tuple(found)

    def _pair(self) -> tuple[str, str]:
        return self._token(), self._token()

    def _token(self) -> str:
        return str(self.dice.getrandbits(255))


def market(
    slug: str,
    outcomes: tuple[str, ...],
    tokens: tuple[str, ...],
    kind: str | None,
    said: tuple[str, str] = ("", ""),
) -> ListedMarket:
    """Return a market of an event; `said` are its question and its group title."""
    rules = MarketRules(f"0x{slug}{tokens[0]}", slug, tokens, outcomes, 100, 5.0, FeeSchedule())
    return ListedMarket(rules, *said, kind)


def count(evening: Evening, games: list[GameState], events: list[ListedEvent]) -> Counter[str]:
    """Return how many of `games` were matched, and how many of them to a wrong token."""
    return check(match_slate(games, events), games, events, evening.tokens)


def check(
    slate: Slate,
    games: list[GameState],
    events: list[ListedEvent],
    right: dict[str, dict[Selection, str]],
) -> Counter[str]:
    """Return the counts of a slate; every game and event must be accounted for once."""
    found: Counter[str] = Counter(games=len(games), matched=len(slate.games), wrong=0)
    for game in slate.games:
        tokens = {outcome.selection: outcome.token_id for outcome in game.outcomes}
        found["wrong"] += tokens != right[game.game_id]
    ends = [end for one in slate.unmatched for end in (one.game_id, one.event_slug) if end]
    ends += [end for game in slate.games for end in (game.game_id, game.event_slug)]
    expected = [game.game_id for game in games] + [event.slug for event in events]
    assert sorted(expected) == sorted(ends)
    return found


@pytest.mark.parametrize("name", LEAGUES)
def test_whole_slate_is_matched(shared: Path, name: str) -> None:
    """Random fixtures of all teams, four days in a row, are matched and none on a wrong side."""
    found: Counter[str] = Counter()
    for seed in range(2):
        evening = Evening(league(LEAGUES[name]), clubs_of(shared, name), seed)
        found += count(evening, evening.games, evening.events)

    assert found["wrong"] == 0
    assert found["matched"] >= 0.99 * found["games"], found


@pytest.mark.parametrize("name", LEAGUES)
def test_partial_slate_takes_no_other_game(shared: Path, name: str) -> None:
    """With half the games and half the events missing, no game takes another's tokens."""
    evening = Evening(league(LEAGUES[name]), clubs_of(shared, name), 7)
    games, events = evening.games[::2], evening.events[::2]

    found = count(evening, games, events)

    listed = {event.event_id for event in events}
    both = sum(game.game_id in listed for game in games)
    assert found["wrong"] == 0
    assert found["matched"] >= 0.95 * both, (found, both)


def test_all_leagues_together_are_matched_as_each_alone(shared: Path) -> None:
    """Leagues that share codes and nicknames do not take each other's events."""
    evenings = [
        Evening(league(LEAGUES[name]), clubs_of(shared, name), 11)
        for name in LEAGUES
        if name not in {"cbb", "cfb"}
    ]
    games = [game for evening in evenings for game in evening.games]
    events = [event for evening in evenings for event in evening.events]
    right = {key: tokens for evening in evenings for key, tokens in evening.tokens.items()}

    slate = match_slate(games, events)

    assert check(slate, games, events, right)["wrong"] == 0
    assert slate.games == tuple(
        sorted(
            (game for one in evenings for game in match_slate(one.games, one.events).games),
            key=lambda game: game.game_id,
        )
    )
