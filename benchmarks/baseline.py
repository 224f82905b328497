"""The script one would write first: asyncio, `json`, dictionaries, and no second thought.

It reads the frames that Fairline reads and opens signals by the same rule: fair price less what
the size costs with its fee, on a fresh score and a fresh book. What a first version leaves out, it
leaves out: no journal, no archive, no check of a book, no batch. Each update of a token's book is
followed by a look at that token, and each new score by a look at the game's tokens.

The fair prices are those of the same models, asked for one game at a time; `keep_prices` keeps a
price until its score changes, which is the first thing one would improve.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Sequence
from typing import Any

from fusion.frames import NS_PER_S, Frame
from fusion.game import GameState, SetScore, Team
from fusion.leagues import find_league
from models.prior import league_prior, market_prior
from models.protocol import Prior
from models.registry import price_batch

MIN_EDGE, EXIT_EDGE = 0.05, 0.02
SIZE = 100.0
SCORE_S, BOOK_S = 30.0, 5.0


class Game:
    """A game: its state, its pregame prior, and its tokens with the side each one pays for."""

    def __init__(self, state: GameState) -> None:
        self.state = state
        self.polled_ns = 0
        self.mids: dict[str, float] = {}
        self.tokens: dict[str, tuple[str, bool]] = {}
        self.fair: dict[str, float] | None = None

    def prior(self) -> Prior:
        """Return what the market thought before the start, or the league's long-run rates."""
        league = find_league(self.state.league)
        assert league is not None
        mids = (self.mids.get("home"), self.mids.get("draw"), self.mids.get("away"))
        return market_prior(*mids) or league_prior(league)


class Script:
    """Everything the script knows, in dictionaries."""

    def __init__(self, *, keep_prices: bool = False) -> None:
        self.keep_prices = keep_prices
        self.games: dict[str, Game] = {}
        self.game_of: dict[str, Game] = {}
        self.fees: dict[str, float] = {}
        self.books: dict[str, dict[str, dict[float, float]]] = {}
        self.heard_ns = 0
        self.open: dict[str, float] = {}
        self.opened = 0

    async def run(self, frames: Sequence[Frame]) -> None:
        """Take every frame, as it comes out of a queue."""
        queue: asyncio.Queue[Frame | None] = asyncio.Queue(maxsize=1000)

        async def read() -> None:
            for frame in frames:
                await queue.put(frame)
            await queue.put(None)

        reader = asyncio.create_task(read())
        while (frame := await queue.get()) is not None:
            self.take(frame)
        await reader

    def take(self, frame: Frame) -> None:
        """Take one frame; what is no JSON is left out."""
        try:
            payload = json.loads(frame.payload)
        except ValueError:
            payload = {}
        kind, _, rest = frame.source.partition(":")
        if kind == "polymarket" and rest.startswith("market"):
            self.heard_ns = frame.recv_ns
            for message in payload if isinstance(payload, list) else [payload]:
                self.on_market(message, frame.recv_ns)
        elif kind == "espn":
            self.on_scoreboard(payload, rest, frame.recv_ns)
        elif frame.source == "gamma:events":
            for event in payload["events"] if isinstance(payload, dict) else payload:
                self.on_event(event)
        elif kind == "control" and payload["kind"] == "unchanged":
            self.on_unchanged(payload["source"].partition(":")[2], frame.recv_ns)

    def on_unchanged(self, league: str, now_ns: int) -> None:
        """Note that a poll found the games of a league as they were."""
        for game in self.games.values():
            if game.state.league == league:
                game.polled_ns = now_ns

    def on_market(self, message: dict[str, Any], now_ns: int) -> None:
        """Apply a message to its books and look at every token that it touches."""
        kind = message.get("event_type")
        if kind == "book":
            token = message["asset_id"]
            self.books[token] = {
                side: {float(level["price"]): float(level["size"]) for level in message[name]}
                for side, name in (("BUY", "bids"), ("SELL", "asks"))
            }
            self.look(token, now_ns)
        elif kind == "price_change":
            for change in message["price_changes"]:
                token = change["asset_id"]
                levels = self.books.setdefault(token, {"BUY": {}, "SELL": {}})[change["side"]]
                price, size = float(change["price"]), float(change["size"])
                if size:
                    levels[price] = size
                else:
                    levels.pop(price, None)
                self.look(token, now_ns)

    def on_scoreboard(self, payload: dict[str, Any], league: str, now_ns: int) -> None:
        """Update the games of a board and look at the tokens of those that changed."""
        for state in read_games(payload, league):
            game = self.games.setdefault(state.game_id, Game(state))
            game.polled_ns = now_ns
            if state != game.state:
                game.state, game.fair = state, None
                for token in game.tokens:
                    self.look(token, now_ns)

    def on_event(self, event: dict[str, Any]) -> None:
        """Find the game of an event's moneyline markets by the names of its sides."""
        for market in event["markets"]:
            tokens = json.loads(market.get("clobTokenIds") or "[]")
            if market.get("sportsMarketType") != "moneyline" or len(tokens) != 2:
                continue
            if tokens[0] in self.game_of:
                continue
            outcomes = json.loads(market["outcomes"])
            title = market.get("groupItemTitle") or ""
            yes_no = outcomes == ["Yes", "No"]
            names = event["title"].split(" vs. ") if yes_no else outcomes
            game = self.find_game(names, event["slug"].split("-")[0])
            if game is None:
                continue
            side = side_of(game, title if yes_no else outcomes[0])
            other = side if yes_no else side_of(game, outcomes[1])
            game.tokens |= {tokens[0]: (side, True), tokens[1]: (other, not yes_no)}
            self.game_of |= dict.fromkeys(tokens, game)
            fee = (market.get("feeSchedule") or {}).get("rate", 0.0)
            self.fees |= dict.fromkeys(tokens, fee)

    def find_game(self, names: list[str], code: str) -> Game | None:
        """Return the game both of whose sides are named, of the league a slug begins with."""
        league = find_league(code)
        for game in self.games.values():
            if league is not None and game.state.league != league.key:
                continue
            if {side_of(game, name) for name in names} == {"home", "away"}:
                return game
        return None

    def look(self, token: str, now_ns: int) -> None:
        """Compare a token's fair price with what it costs; open or close its signal."""
        game = self.game_of.get(token)
        if game is None:
            return
        state, book = game.state, self.books.get(token)
        side, pays = game.tokens[token]
        if state.phase == "pre" and book and book["BUY"] and book["SELL"] and pays:
            game.mids[side] = (max(book["BUY"]) + min(book["SELL"])) / 2
        fair = self.fair(game).get(side)
        cost = cost_of(book["SELL"], self.fees[token]) if book else None
        edge = None
        if fair is not None and cost is not None:
            edge = (fair if pays else 1.0 - fair) - cost
        fresh = (
            now_ns - game.polled_ns < SCORE_S * NS_PER_S
            and now_ns - self.heard_ns < BOOK_S * NS_PER_S
        )
        if token in self.open:
            if edge is None or edge < EXIT_EDGE or not fresh or state.phase != "in":
                del self.open[token]
        elif edge is not None and edge >= MIN_EDGE and fresh and state.phase == "in":
            self.open[token] = edge
            self.opened += 1

    def fair(self, game: Game) -> dict[str, float]:
        """Return the model's prices by side; none where it has none."""
        if game.fair is not None and self.keep_prices:
            return game.fair
        ((home, draw, away),) = price_batch([game.state], [game.prior()]).probabilities.tolist()
        game.fair = {"home": home, "draw": draw, "away": away} if home == home else {}  # noqa: PLR0124  (NaN is how a model says that it has no price)
        return game.fair


def cost_of(asks: dict[float, float], rate: float) -> float | None:
    """Return what a share costs on average, fee included, or None where the book is too thin."""
    left, paid = SIZE, 0.0
    for price, size in sorted(asks.items()):
        taken = min(left, size)
        paid += taken * (price + rate * price * (1 - price))
        left -= taken
        if left <= 0:
            return paid / SIZE
    return None


def side_of(game: Game, name: str) -> str:
    """Return which side of a game a name means; `draw` where it says so, else nothing."""
    if name.startswith("Draw"):
        return "draw"
    for side, team in (("home", game.state.home), ("away", game.state.away)):
        if name.lower() in {team.name.lower(), *(alias.lower() for alias in team.aliases)}:
            return side
    return ""


def read_games(payload: dict[str, Any], league: str) -> Iterator[GameState]:
    """Yield the games of a scoreboard; those in a form of their own are left out."""
    for event in payload.get("events", []):
        groups = event.get("groupings") or [event]
        for group in groups:
            for competition in group.get("competitions", []):
                try:
                    yield read_game(competition, league)
                except (KeyError, TypeError, ValueError):
                    continue


def read_game(competition: dict[str, Any], league: str) -> GameState:
    """Return one game of a scoreboard."""
    sides = {side["homeAway"]: side for side in competition["competitors"]}
    home, away = sides["home"], sides["away"]
    status = competition["status"]
    sets = tuple(
        SetScore(
            int(ours["value"]),
            int(theirs["value"]),
            winner="home" if ours.get("winner") else "away" if theirs.get("winner") else None,
        )
        for ours, theirs in zip(
            home.get("linescores", ()), away.get("linescores", ()), strict=False
        )
        if "athlete" in home
    )
    won = [one.winner for one in sets]
    return GameState(
        game_id=f"{league}:{competition['id']}",
        league=league,
        start_ns=0,
        home=read_team(home),
        away=read_team(away),
        phase=status["type"]["state"],
        status=status["type"]["name"].removeprefix("STATUS_").lower(),
        completed=status["type"]["completed"],
        home_score=won.count("home") if sets else int(home.get("score", 0)),
        away_score=won.count("away") if sets else int(away.get("score", 0)),
        period=status["period"],
        clock_s=status.get("clock"),
        detail=status["type"].get("shortDetail", ""),
        sets=sets,
        best_of=competition.get("format", {}).get("regulation", {}).get("periods", 0),
    )


def read_team(side: dict[str, Any]) -> Team:
    """Return a side with its names."""
    team = side.get("team") or side["athlete"]
    names = ("shortDisplayName", "name", "location", "abbreviation", "fullName")
    aliases = tuple(team[name] for name in names if name in team)
    code = team.get("abbreviation", "")
    return Team(team.get("id", ""), code, team["displayName"], aliases)


def run(frames: Sequence[Frame], *, keep_prices: bool = False) -> Script:
    """Run the script over frames and return what it knows in the end."""
    script = Script(keep_prices=keep_prices)
    asyncio.run(script.run(frames))
    return script
