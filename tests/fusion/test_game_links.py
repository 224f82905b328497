from __future__ import annotations

from fusion.game_links import GameLinks

GAME, TOKENS = "nba:401", ("1", "2")
FIRST, SECOND = "polymarket:market:0", "polymarket:market:1"


def carried() -> GameLinks:
    """Return the links of a game whose two books came over two links."""
    links = GameLinks(30.0)
    for at_ns, (token, link) in enumerate(zip(TOKENS, (FIRST, SECOND), strict=True), 5):
        links.watch.hear(link, at_ns, data=True)
        links.carry(GAME, TOKENS, token, link)
    return links


def test_a_game_was_heard_when_the_oldest_of_its_links_was() -> None:
    """A game is as fresh as the staler of its books."""
    assert carried().heard_ns(GAME) == 5
    assert carried().heard_ns("nba:402") == 0


def test_a_book_that_moves_to_another_link_leaves_the_first() -> None:
    """The link that brought a book last is the one it is as old as."""
    links = carried()
    links.carry(GAME, TOKENS, "1", SECOND)

    assert links.of_game(GAME) == {SECOND}
    assert links.games_on(FIRST) == []


def test_a_lost_link_tells_whose_books_it_carried() -> None:
    """Only those games wait for their snapshots."""
    links = carried()

    assert links.drop(FIRST) == [GAME]
    assert links.drop(FIRST) == []
    assert links.of_game(GAME) == {SECOND}


def test_a_new_session_has_links_of_its_own() -> None:
    """Nothing of the session before is heard."""
    links = carried()
    links.clear()

    assert (links.heard_ns(GAME), links.games_on(SECOND)) == (0, [])
