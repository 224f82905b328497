"""Games that replace a postponed one under a new id, while the market stays under the old slug.

ESPN mostly re-dates a postponed game, which keeps its id; now and then it makes a new one. The
event then still has the old date and would stay with the game that is not played. It goes to the
new game where that is certain: the old one is postponed or cancelled, the event is open, and one
later game alone has the same teams with the same one at home, in a sport where they do not meet
again at the same home within two months, and has no event of its own. Elsewhere the user's
overrides decide.
"""

from __future__ import annotations

from collections import Counter

import msgspec

from fusion.days import NS_PER_HOUR
from fusion.pairing import Link

MAKEUP_NS = 60 * 24 * NS_PER_HOUR
_SPORTS = frozenset({"soccer", "football"})
_OFF = frozenset({"postponed", "canceled", "cancelled"})


def with_makeups(links: list[Link]) -> list[Link]:
    """Return `links` with the events of postponed games at the games that replace them."""
    times = Counter(end for link in links if _may_be_one(link) for end in link.ends)
    of_event: dict[str, list[Link]] = {}
    for link in links:
        of_event.setdefault(link.listed.event.event_id, []).append(link)
    changed: dict[tuple[str, str], Link] = {}
    for link in links:
        game_end, event_end = link.ends
        if not _is_off(link) or times[game_end] != 1 or times[event_end] != 1:
            continue
        later = [
            one
            for one in of_event[link.listed.event.event_id]
            if _replaces(one, link) and not times[one.ends[0]]
        ]
        if len(later) == 1:
            new_id = later[0].game.game_id
            old = msgspec.structs.replace(link, gap_ns=None, moved=False, successor=new_id)
            changed[link.game.game_id, event_end[1]] = old
            changed[new_id, event_end[1]] = msgspec.structs.replace(later[0], moved=True)
    return [changed.get((link.game.game_id, link.ends[1][1]), link) for link in links]


def _may_be_one(link: Link) -> bool:
    return link.paired is not None and (link.gap_ns is not None or link.moved)


def _is_off(link: Link) -> bool:
    event = link.listed.event
    return (
        link.game.status in _OFF
        and link.listed.league.sport in _SPORTS
        and link.paired is not None
        and link.gap_ns is not None
        and not event.closed
        and not event.ended
    )


def _replaces(new: Link, old: Link) -> bool:
    return (
        new.paired is not None
        and new.gap_ns is None
        and new.game.status not in _OFF
        and new.game.home.team_id == old.game.home.team_id
        and new.game.away.team_id == old.game.away.team_id
        and 0 < new.game.start_ns - old.game.start_ns <= MAKEUP_NS
    )
