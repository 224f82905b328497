"""What the links of books mean for the games whose books they carry."""

from __future__ import annotations

from payloads import frame

from flows.link_events import frames_lost, link_changed, links_doubted, stamp
from flows.market_frames import REST_FALLBACK
from fusion.events import FramesLost, LinkDoubted, LinkLost, Stamp
from fusion.frames import Connected, Disconnected
from fusion.game_links import GameLinks
from fusion.score_witness import SPORTS_LINK

ONE, TWO, OTHER = "nba:1", "nba:2", "nba:3"
LINK = "polymarket:market:0"
NOW = frame(9, "control", b"")


def carrying() -> GameLinks:
    """Return links: a socket carries one game, it and the polled books another, none the third."""
    links = GameLinks(30.0)
    for link, second in ((LINK, 1), (REST_FALLBACK, 2)):
        links.watch.hear(link, frame(second, link, b"").recv_ns, data=True)
    links.carry(ONE, ("a",), "a", LINK)
    links.carry(TWO, ("b", "c"), "b", LINK)
    links.carry(TWO, ("b", "c"), "c", REST_FALLBACK)
    return links


def at(heard_ns: int) -> Stamp:
    """Return the stamp of an event of the frame `NOW`, of links heard then."""
    return Stamp(NOW.seq, NOW.recv_ns, heard_ns)


def test_a_stamp_has_the_age_of_the_oldest_link() -> None:
    """A game is as fresh as the link of it that was heard least of late."""
    links = carrying()
    heard_ns = frame(1, LINK, b"").recv_ns

    assert [stamp(NOW, game, links) for game in (ONE, TWO, OTHER)] == [
        at(heard_ns),
        at(heard_ns),
        at(0),
    ]


def test_a_link_that_went_down_is_lost_to_its_games() -> None:
    """Once, and with what else is heard of them."""
    links = carrying()
    down = Disconnected(LINK, "closed")
    polled_ns = frame(2, REST_FALLBACK, b"").recv_ns

    assert list(link_changed(NOW, down, links, (ONE, TWO, OTHER))) == [
        (ONE, LinkLost(at(0), LINK)),
        (TWO, LinkLost(at(polled_ns), LINK)),
    ]
    assert list(link_changed(NOW, down, links, (ONE, TWO, OTHER))) == []


def test_a_socket_ends_the_polling() -> None:
    """Books that were polled wait for the socket's, which is heard from now on."""
    links = carrying()
    lost = list(link_changed(NOW, Connected("polymarket:market:1"), links, (ONE, TWO)))

    assert lost == [(TWO, LinkLost(at(frame(1, LINK, b"").recv_ns), REST_FALLBACK))]
    assert links.watch.heard_ns("polymarket:market:1") == NOW.recv_ns


def test_the_results_are_of_all_games() -> None:
    """Without them no score has a witness; that they are back says nothing of a book."""
    links = carrying()
    heard_ns = frame(1, LINK, b"").recv_ns
    down = link_changed(NOW, Disconnected(SPORTS_LINK, "closed"), links, (ONE, OTHER))

    assert list(down) == [
        (ONE, LinkLost(at(heard_ns), SPORTS_LINK)),
        (OTHER, LinkLost(at(0), SPORTS_LINK)),
    ]
    assert list(link_changed(NOW, Connected(SPORTS_LINK), links, (ONE, OTHER))) == []
    assert links.of_game(TWO) == {LINK, REST_FALLBACK}


def test_lost_frames_may_be_of_any_game() -> None:
    """Each is told."""
    assert list(frames_lost(NOW, carrying(), (TWO, OTHER))) == [
        (TWO, FramesLost(at(frame(1, LINK, b"").recv_ns))),
        (OTHER, FramesLost(at(0))),
    ]


def test_only_links_of_a_game_put_it_in_doubt() -> None:
    """A link that carries none of its books is no concern of a game."""
    links = carrying()
    doubted = [REST_FALLBACK, "polymarket:market:7"]
    heard_ns = frame(1, LINK, b"").recv_ns

    assert list(links_doubted(NOW, ONE, doubted, links)) == []
    assert list(links_doubted(NOW, TWO, doubted, links)) == [
        (TWO, LinkDoubted(at(heard_ns), REST_FALLBACK))
    ]
