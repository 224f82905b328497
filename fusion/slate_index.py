"""The slate looked up from every side: by game, by token, by market, by the venue's own number."""

from __future__ import annotations

import msgspec

from fusion.market import MarketMessage, MarketResolved, NewMarket, PriceChange
from fusion.slate import Slate, SlateGame


class SlateIndex:
    """What the slate lists now. `games` are in its order."""

    def __init__(self) -> None:
        self.slate = Slate()
        self._encoded: bytes | None = None
        self.games: dict[str, SlateGame] = {}
        self._of_token: dict[str, str] = {}
        self._of_market: dict[str, str] = {}
        self._of_venue: dict[str, list[str]] = {}

    def put(self, slate: Slate) -> tuple[list[SlateGame], list[str]]:
        """Take over a slate; return the games new or changed, and the ids of those gone."""
        before, self.games = self.games, {game.game_id: game for game in slate.games}
        self.slate = slate
        self._encoded = None
        self._of_token, self._of_market, self._of_venue = {}, {}, {}
        for game in slate.games:
            if game.venue_game_id:
                self._of_venue.setdefault(game.venue_game_id, []).append(game.game_id)
            for market in game.markets:
                self._of_market[market.market_id] = game.game_id
                self._of_token |= dict.fromkeys(market.token_ids, game.game_id)
        changed = [game for game in slate.games if before.get(game.game_id) != game]
        return changed, sorted(before.keys() - self.games.keys())

    def snapshot(self) -> bytes:
        """Return the slate as bytes, which are made once a slate."""
        if self._encoded is None:
            self._encoded = msgspec.msgpack.encode(self.slate)
        return self._encoded

    def restore(self, encoded: bytes) -> None:
        """Take over what `snapshot` returned."""
        self.put(msgspec.msgpack.decode(encoded, type=Slate))

    def game_of(self, message: MarketMessage) -> str | None:
        """Return the game that a message of the market channel is about."""
        match message:
            case PriceChange():
                for change in message.changes:
                    game_id = self._of_token.get(change.token_id)
                    if game_id:
                        return game_id
                return None
            case MarketResolved() | NewMarket():
                return self._of_market.get(message.market_id)
            case _:
                return self._of_token.get(message.token_id)

    def game_of_token(self, token_id: str) -> str | None:
        """Return the game a token belongs to."""
        return self._of_token.get(token_id)

    def games_of_venue(self, venue_game_id: str) -> list[SlateGame]:
        """Return the games that the venue knows by this number of its own."""
        return [self.games[game_id] for game_id in self._of_venue.get(venue_game_id, ())]

    def tokens_of(self, game_id: str) -> list[str]:
        """Return all tokens of a game."""
        return [token for market in self.games[game_id].markets for token in market.token_ids]
