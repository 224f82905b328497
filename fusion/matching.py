"""The slate: which event belongs to which game, and which token to which side.

A pure function of the last scoreboards and listings. One game has one event and one event one
game. Two teams that meet twice a day are told apart by the start: each must be the other's
nearest, by a margin. Whatever is not certain is refused with its candidates. Every game and
every listed game of a league we know is either in the slate or refused, once; a pair whose markets
do not tell is refused as one.

Reasons: `no_event`, `no_game` (no partner at all); `outside_window` (the same teams, at another
time); `team_unclear` (one team and the time agree, the other team does not); `ambiguous`;
`no_moneyline`, `outcome_unclear` (a pair whose markets do not say which token is whose);
`no_teams`, `no_start`, `slug_unclear` (events that cannot be read); `unknown_league`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from fusion.frames import NS_PER_S
from fusion.game import GameState
from fusion.leagues import LEAGUES, League
from fusion.listed_games import ListedGame, event_league, listed_game
from fusion.listing import ListedEvent
from fusion.outcomes import Outcomes, Refused, three_way, two_way
from fusion.pairing import WINDOW_NS, Link, Pair, links, nearest
from fusion.roster import Roster
from fusion.slate import Slate, SlateGame, Unmatched

_NS_PER_MIN = 60 * NS_PER_S
_CANDIDATES_SHOWN = 5


def match_slate(
    games: Iterable[GameState], events: Iterable[ListedEvent], *, window_ns: int = WINDOW_NS
) -> Slate:
    """Return the slate of `games` and `events`, in the order of game ids.

    `window_ns` is how far apart the two starts of a game may be. Of a game or event given twice,
    the last counts. Events of unknown leagues, futures and companions are left out.
    """
    by_league: dict[str, list[GameState]] = {}
    matched: list[SlateGame] = []
    unmatched: list[Unmatched] = []
    for game in {game.game_id: game for game in games}.values():
        if game.league in LEAGUES:
            by_league.setdefault(game.league, []).append(game)
        else:
            detail = f"no league is called {game.league!r}"
            unmatched.append(Unmatched(game.league, game.game_id, "", "unknown_league", detail))
    listed: dict[str, list[ListedGame]] = {}
    for event in {event.event_id: event for event in events}.values():
        found = listed_game(event)
        if isinstance(found, ListedGame):
            listed.setdefault(found.league.key, []).append(found)
        elif isinstance(found, Refused):
            league = event_league(event)
            key = league.key if league else ""
            unmatched.append(Unmatched(key, "", event.slug, found.reason, found.detail))
    for key in by_league.keys() | listed.keys():
        for result in _match_league(
            LEAGUES[key], by_league.get(key, []), listed.get(key, []), window_ns
        ):
            if isinstance(result, SlateGame):
                matched.append(result)
            else:
                unmatched.append(result)
    return Slate(
        tuple(sorted(matched, key=lambda game: game.game_id)),
        tuple(
            sorted(unmatched, key=lambda one: (one.league, one.game_id, one.event_slug, one.reason))
        ),
    )


def _match_league(
    league: League, games: list[GameState], listed: list[ListedGame], window_ns: int
) -> Iterator[SlateGame | Unmatched]:
    found = links(Roster(league, games), listed, window_ns)
    chosen, left = nearest(found)
    for pair in chosen:
        yield _slate_game(pair)
    by_end: dict[tuple[str, str], list[Link]] = {}
    for link in found:
        for end in link.ends:
            by_end.setdefault(end, []).append(link)
    taken = {end for pair in chosen for end in pair.ends}
    open_ends = {end for pair in left for end in pair.ends}
    for game in games:
        end = ("game", game.game_id)
        if end not in taken:
            reason, detail = _why(by_end.get(end, []), "no_event", ambiguous=end in open_ends)
            yield Unmatched(league.key, game.game_id, "", reason, detail)
    for one in listed:
        end = ("event", one.event.event_id)
        if end not in taken:
            reason, detail = _why(by_end.get(end, []), "no_game", ambiguous=end in open_ends)
            yield Unmatched(league.key, "", one.event.slug, reason, detail)


def _slate_game(pair: Pair) -> SlateGame | Unmatched:
    game, listed = pair.link.game, pair.link.listed
    league, event = listed.league, listed.event
    read = three_way if league.three_way else two_way
    found = read(event, pair.paired.sides)
    if not isinstance(found, Outcomes):
        return Unmatched(league.key, game.game_id, event.slug, found.reason, found.detail)
    home, away = pair.paired.home.grade.name.lower(), pair.paired.away.grade.name.lower()
    return SlateGame(
        game_id=game.game_id,
        league=league.key,
        event_slug=event.slug,
        kind="three_way" if league.three_way else "two_way",
        start_ns=game.start_ns,
        home=game.home.name,
        away=game.away.name,
        outcomes=found.outcomes,
        markets=found.markets,
        evidence=f"home by {home}, away by {away}, {_when(pair.link)}",
        venue_game_id=event.venue_game_id,
    )


def _when(link: Link) -> str:
    """Return how the event's start lies to the game's, for the record."""
    if link.listed.start_ns is None or not link.game.start_known:
        return "same day"
    minutes = (link.listed.start_ns - link.game.start_ns) // _NS_PER_MIN
    return f"postponed, start {minutes:+d} min" if link.moved else f"start {minutes:+d} min"


def _why(links: list[Link], nothing: str, *, ambiguous: bool) -> tuple[str, str]:
    """Return the reason and the detail for a game or an event that is in no pair.

    `links` are all it has a team in common with; `nothing` is the reason where that is nobody.
    """
    same_time = [link for link in links if link.gap_ns is not None]
    paired = [link for link in same_time if link.paired is not None]
    if ambiguous:
        return "ambiguous", f"its start does not tell apart: {_named(paired)}"
    if paired:
        return nothing, f"another is nearer to what it could be: {_named(paired)}"
    if same_time and (plain := [link for link in same_time if link.plain]):
        return "team_unclear", f"one team agrees and the other does not: {_named(plain)}"
    if far := [link for link in links if link.paired is not None]:
        return "outside_window", f"the same teams at another time: {_named(far)}"
    return nothing, ""


def _named(links: list[Link]) -> str:
    """Return the first of `links` in words."""
    shown = [
        f"{link.listed.event.slug} with {link.game.game_id} "
        f"({link.game.away.name} at {link.game.home.name}, {_when(link)})"
        for link in sorted(links, key=_nearest_first)[:_CANDIDATES_SHOWN]
    ]
    more = len(links) - len(shown)
    return "; ".join(shown) + (f"; and {more} more" if more else "")


def _nearest_first(link: Link) -> tuple[int, str, str]:
    start_ns = link.listed.start_ns
    distance_ns = 0 if start_ns is None else abs(link.game.start_ns - start_ns)
    return distance_ns, link.game.game_id, link.listed.event.slug
