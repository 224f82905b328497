"""What the links of the venue's books mean for games: a link is lost, frames are, one is in doubt.

Each function follows what a frame says and yields the events of the games that it concerns.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from flows.market_frames import REST_FALLBACK
from fusion.events import FramesLost, LinkDoubted, LinkLost, Stamp
from fusion.frames import Connected, Disconnected, Frame
from fusion.game_links import GameLinks
from fusion.score_witness import SPORTS_LINK

LinkEvent = FramesLost | LinkDoubted | LinkLost


def stamp(frame: Frame, game_id: str, links: GameLinks) -> Stamp:
    """Return the place of an event of a game: its frame, and when the game's links were heard."""
    return Stamp(frame.seq, frame.recv_ns, links.heard_ns(game_id))


def link_changed(
    frame: Frame, control: Connected | Disconnected, links: GameLinks, games: Iterable[str]
) -> Iterator[tuple[str, LinkEvent]]:
    """Follow a link up or down; that of the results carries no book, and all `games`."""
    if control.link == SPORTS_LINK:
        if isinstance(control, Disconnected):
            for game_id in games:
                yield game_id, LinkLost(stamp(frame, game_id, links), SPORTS_LINK)
    elif isinstance(control, Disconnected):
        yield from _lost(frame, control.link, links)
    else:
        links.watch.hear(control.link, frame.recv_ns, data=True)
        # The polling ends with the first socket: its books wait for their snapshots.
        yield from _lost(frame, REST_FALLBACK, links)


def frames_lost(
    frame: Frame, links: GameLinks, games: Iterable[str]
) -> Iterator[tuple[str, LinkEvent]]:
    """Tell `games` that frames of theirs may be missing before this one."""
    for game_id in games:
        yield game_id, FramesLost(stamp(frame, game_id, links))


def links_doubted(
    frame: Frame, game_id: str, doubted: Collection[str], links: GameLinks
) -> Iterator[tuple[str, LinkEvent]]:
    """Tell a game which of its links answer and bring no data."""
    carrying = links.of_game(game_id)
    for link in doubted:
        if link in carrying:
            yield game_id, LinkDoubted(stamp(frame, game_id, links), link)


def _lost(frame: Frame, link: str, links: GameLinks) -> Iterator[tuple[str, LinkEvent]]:
    for game_id in links.drop(link):
        yield game_id, LinkLost(stamp(frame, game_id, links), link)
