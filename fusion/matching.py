"""The slate: which event belongs to which game, and which token to which side.

A pure function of the last scoreboards and listings, and of what was matched before. One game has
one event, one event one game, and one market one game. Two teams that meet twice a day are told
apart by the start: each must be the other's nearest, by a margin. Whatever is not certain is
refused with its candidates. Every game and every listed game of a league we know is either in the
slate or refused, once; a pair whose markets do not tell is refused as one. The user's overrides
go before all of it.

Reasons: `no_event`, `no_game` (no partner at all); `outside_window` (the same teams, at another
time); `superseded` (another game replaces this one and has its event); `team_unclear` (one team
and the time agree, the other team does not); `ambiguous`; `no_moneyline`, `outcome_unclear` (a
pair whose markets do not say which token is whose); `market_taken` (two games would have one
market); `no_teams`, `no_start`, `slug_unclear`, `doubles` (events that are not read);
`unknown_league`; `override_refused`, `override_unused` (what the user decided, and what of it
names nothing).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from fusion.forced import forced
from fusion.frames import NS_PER_S
from fusion.game import GameState
from fusion.leagues import LEAGUES, League
from fusion.listed_games import ListedGame, event_league, listed_game
from fusion.listing import ListedEvent
from fusion.makeups import with_makeups
from fusion.outcomes import Outcomes, Refused, three_way, two_way
from fusion.overrides import Overrides, TeamNames
from fusion.pairing import WINDOW_NS, Link, Pair, links, nearest
from fusion.roster import Roster
from fusion.slate import Slate, SlateGame, Unmatched

_NS_PER_MIN = 60 * NS_PER_S
_CANDIDATES_SHOWN = 5
_NO_OVERRIDES = Overrides()

Result = SlateGame | Unmatched


def match_slate(
    games: Iterable[GameState],
    events: Iterable[ListedEvent],
    *,
    window_ns: int = WINDOW_NS,
    overrides: Overrides = _NO_OVERRIDES,
    known: Mapping[str, str] | None = None,
) -> Slate:
    """Return the slate of `games` and `events`, in the order of game ids.

    `window_ns` is how far apart the two starts of a game may be; `known` the slug of the event
    that each game id was matched with before, which a game keeps when one of the two is re-dated.
    Of a game or event given twice, the last counts. Events of unknown leagues, futures and
    companions are left out.
    """
    last_games = {game.game_id: game for game in games}.values()
    last_events = {event.event_id: event for event in events}.values()
    decided = forced(overrides, last_games, last_events, _build)
    results: list[Result] = list(decided.results)
    by_league: dict[str, list[GameState]] = {}
    for game in decided.games:
        if game.league in LEAGUES:
            by_league.setdefault(game.league, []).append(game)
        else:
            detail = f"no league is called {game.league!r}"
            results.append(Unmatched(game.league, game.game_id, "", "unknown_league", detail))
    listed: dict[str, list[ListedGame]] = {}
    for event in decided.events:
        found = listed_game(event)
        if isinstance(found, ListedGame):
            listed.setdefault(found.league.key, []).append(found)
        elif isinstance(found, Refused):
            league = event_league(event)
            key = league.key if league else ""
            results.append(Unmatched(key, "", event.slug, found.reason, found.detail))
    added: dict[str, list[TeamNames]] = {}
    for names in overrides.team:
        added.setdefault(names.league, []).append(names)
    for key in by_league.keys() | listed.keys() | added.keys():
        if key not in LEAGUES:
            continue
        roster = Roster(LEAGUES[key], by_league.get(key, []), added.get(key, []))
        possible = links(roster, listed.get(key, []), window_ns, known)
        results += _match_league(roster, possible, overrides, listed.get(key, []))
    results = list(_one_game_a_market(results))
    return Slate(
        tuple(
            sorted(
                (one for one in results if isinstance(one, SlateGame)),
                key=lambda game: game.game_id,
            )
        ),
        tuple(
            sorted(
                (one for one in results if isinstance(one, Unmatched)),
                key=lambda one: (one.league, one.game_id, one.event_slug, one.reason, one.detail),
            )
        ),
    )


def _match_league(
    roster: Roster, found: list[Link], overrides: Overrides, listed: list[ListedGame]
) -> Iterator[Result]:
    vetoed = [one for one in found if overrides.vetoes(one.game.game_id, one.listed.event.slug)]
    found = with_makeups([one for one in found if one not in vetoed])
    chosen, left = nearest(found)
    for pair in chosen:
        yield _slate_game(pair)
    by_end: dict[tuple[str, str], list[Link]] = {}
    for link in found:
        for end in link.ends:
            by_end.setdefault(end, []).append(link)
    taken = {end for pair in chosen for end in pair.ends}
    open_ends = {end for pair in left for end in pair.ends}
    refused = {end for link in vetoed if link.paired is not None for end in link.ends}
    key = roster.league.key
    ends = [(("game", game.game_id), game.game_id, "", "no_event") for game in roster.games]
    ends += [(("event", one.event.event_id), "", one.event.slug, "no_game") for one in listed]
    for end, game_id, slug, nothing in ends:
        if end in taken:
            continue
        reason, detail = _why(by_end.get(end, []), nothing, ambiguous=end in open_ends)
        if end in refused:
            reason, detail = "override_refused", "the user refuses its pair"
        yield Unmatched(key, game_id, slug, reason, detail)
    for names in roster.unused:
        detail = f"no game has a side called {names.espn!r}, so no name was added"
        yield Unmatched(key, "", "", "override_unused", detail)


def _slate_game(pair: Pair) -> Result:
    link, paired = pair.link, pair.paired
    game, listed = link.game, link.listed
    league, event = listed.league, listed.event
    read = three_way if league.three_way else two_way
    found = read(event, paired.sides)
    if not isinstance(found, Outcomes):
        return Unmatched(league.key, game.game_id, event.slug, found.reason, found.detail)
    order = "home" if listed.teams[0] == paired.sides.home_listed else "away"
    evidence = f"home by {paired.home}, away by {paired.away}, {order} listed first"
    return _build(game, event, league, found, evidence, moved=link.moved)


def _build(
    game: GameState,
    event: ListedEvent,
    league: League,
    found: Outcomes,
    evidence: str,
    *,
    moved: bool = False,
) -> SlateGame:
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
        evidence=f"{evidence}, {_when(game, event, moved=moved)}",
        venue_game_id=event.venue_game_id,
    )


def _when(game: GameState, event: ListedEvent, *, moved: bool = False) -> str:
    """Return how the event's start lies to the game's, for the record."""
    if event.start_ns is None or not game.start_known:
        return "same day"
    minutes = (event.start_ns - game.start_ns) // _NS_PER_MIN
    return f"re-dated, start {minutes:+d} min" if moved else f"start {minutes:+d} min"


def _one_game_a_market(results: Iterable[Result]) -> Iterator[Result]:
    """Yield `results` with all games refused that would share a market with another."""
    results = list(results)
    times = Counter(
        market.market_id for one in results if isinstance(one, SlateGame) for market in one.markets
    )
    for one in results:
        if isinstance(one, SlateGame) and any(times[each.market_id] > 1 for each in one.markets):
            detail = "its market stands in two events; one market belongs to one game"
            yield Unmatched(one.league, one.game_id, one.event_slug, "market_taken", detail)
        else:
            yield one


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
    if replaced := [link for link in links if link.successor]:
        detail = f"{replaced[0].successor} replaces it and has its event: {_named(replaced)}"
        return "superseded", detail
    if same_time and (plain := [link for link in same_time if link.plain]):
        return "team_unclear", f"one team agrees and the other does not: {_named(plain)}"
    if far := [link for link in links if link.paired is not None]:
        return "outside_window", f"the same teams at another time: {_named(far)}"
    return nothing, ""


def _named(links: list[Link]) -> str:
    """Return the first of `links` in words."""
    shown = [
        f"{link.listed.event.slug} with {link.game.game_id} "
        f"({link.game.away.name} at {link.game.home.name}, {_when(link.game, link.listed.event)})"
        for link in sorted(links, key=_nearest_first)[:_CANDIDATES_SHOWN]
    ]
    more = len(links) - len(shown)
    return "; ".join(shown) + (f"; and {more} more" if more else "")


def _nearest_first(link: Link) -> tuple[int, str, str]:
    start_ns = link.listed.start_ns
    distance_ns = 0 if start_ns is None else abs(link.game.start_ns - start_ns)
    return distance_ns, link.game.game_id, link.listed.event.slug
