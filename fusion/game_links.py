"""Which links carry the books of which game, and when they were last heard."""

from __future__ import annotations

from collections.abc import Iterable

from fusion.link_watch import LinkWatch


class GameLinks:
    """The links of one session. The age of a book is that of the link that brought it last."""

    def __init__(self, doubt_s: float) -> None:
        self.watch = LinkWatch(doubt_s)
        self._of_token: dict[str, str] = {}
        self._of_game: dict[str, set[str]] = {}

    def heard_ns(self, game_id: str) -> int:
        """Return when the links of a game were heard, the oldest of them; 0 when never."""
        links = self._of_game.get(game_id)
        return min(map(self.watch.heard_ns, links)) if links else 0

    def carry(self, game_id: str, tokens: Iterable[str], token: str, link: str) -> None:
        """Note that the book of `token` came over `link`; `tokens` are all of its game."""
        if self._of_token.get(token) != link:
            self._of_token[token] = link
            carried = (self._of_token.get(each) for each in tokens)
            self._of_game[game_id] = {name for name in carried if name}

    def of_game(self, game_id: str) -> set[str]:
        """Return the links that carry the books of a game."""
        return self._of_game.get(game_id, set())

    def games_on(self, link: str) -> list[str]:
        """Return the games whose books a link carries, in the order they came."""
        return [game_id for game_id, links in self._of_game.items() if link in links]

    def drop(self, link: str) -> list[str]:
        """Forget a link that is down; return the games whose books it carried."""
        self.watch.drop(link)
        games = self.games_on(link)
        for game_id in games:
            self._of_game[game_id].remove(link)
        for token in [token for token, name in self._of_token.items() if name == link]:
            del self._of_token[token]
        return games

    def clear(self) -> None:
        """Forget every link: a new session has its own."""
        self.watch.clear()
        self._of_token, self._of_game = {}, {}
