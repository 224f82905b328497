"""What a run says when it is over, and the line and the table it shows while it lasts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from shlex import quote

import numpy as np
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from flows.board import Board, GameLine
from flows.truth import PathError, path_errors
from fusion.rows import GameRow, Tick

NS_PER_MS = 1e6
QUERY = (
    "SELECT league, count(*) AS opened, round(avg(edge), 3) AS edge "
    "FROM signals WHERE transition = 'open' GROUP BY league"
)


def progress_line(board: Board) -> str:
    """Return the state of a run in one line."""
    lines = board.lines()
    games = [line.game for line in lines if line.game]
    live = sum(game.state == "in" for game in games)
    over = sum(game.state == "post" for game in games)
    open_now = sum(len(line.open_now) for line in lines)
    return (
        f"{len(games)} games ({live} live, {over} over)  {board.frames:,} frames"
        f"  {board.ticks:,} ticks  {board.signals['open']} signals opened, {open_now} open"
        f"  {board.dead_letters.total()} dead letters"
    )


def live_table(board: Board) -> RenderableType:
    """Return the games in play, then those to come, as a table."""
    table = Table(title="Fairline", caption=progress_line(board), expand=False)
    for name, justify in (("league", "left"), ("game", "left"), ("score", "right")):
        table.add_column(name, justify=justify)  # type: ignore[arg-type]
    table.add_column("clock", min_width=12)
    for name in ("fair", "bid", "ask", "edge"):
        table.add_column(name, justify="right", min_width=5)
    table.add_column("signals")
    for line in sorted(board.lines(), key=_liveliest_first):
        if line.game and line.ticks:
            table.add_row(*_live_row(line, line.game))
    return table


def summary(board: Board, data_dir: Path, session: str, seconds: float) -> RenderableType:
    """Return what happened in a run, where it is kept, and how to look at it."""
    figures, places = _figures(board, seconds), _places(data_dir, session)
    parts: list[RenderableType] = [_games_table(board), "", figures, ""]
    if board.truth is not None and board.prices:
        parts += [_truth_table(path_errors(board.prices, board.truth)), ""]
    return Group(*parts, places)


def _truth_table(errors: Iterable[PathError]) -> Table:
    """Return how far the prices of a simulated evening were from what the simulator knows."""
    table = Table(
        title="Fair prices against the simulator's true probabilities",
        title_justify="left",
        show_edge=False,
        pad_edge=False,
    )
    table.add_column("league")
    for name in ("games", "prices", "calibration error", "rms error"):
        table.add_column(name, justify="right")
    for one in errors:
        figures = (f"{one.games}", f"{one.prices:,}", f"{one.calibration:.3f}", f"{one.rms:.3f}")
        table.add_row(Text(one.league), *figures)
    return table


def _liveliest_first(line: GameLine) -> tuple[int, str]:
    state = line.game.state if line.game else "pre"
    return {"in": 0, "pre": 1, "post": 2}[state], line.game.game_id if line.game else ""


def _live_row(line: GameLine, game: GameRow) -> Iterable[RenderableType]:
    tick = line.ticks.get("home") or next(iter(line.ticks.values()))
    yield game.league
    yield Text(f"{game.away} @ {game.home}")
    yield f"{game.away_score}-{game.home_score}" if game.state != "pre" else ""
    yield Text(game.detail or game.status)
    yield _cents(tick.fair)
    yield _cents(tick.bid)
    yield _cents(tick.ask)
    yield _edge(tick)
    yield Text("● " * len(line.open_now), "green") + Text(f"{line.opened or ''}")


def _games_table(board: Board) -> Table:
    table = Table(title="The games", title_justify="left", show_edge=False, pad_edge=False)
    table.add_column("league")
    table.add_column("away")
    table.add_column("", justify="center")
    table.add_column("home")
    table.add_column("status")
    table.add_column("signals", justify="right")
    lines = [line for line in board.lines() if line.game]
    for line in sorted(lines, key=lambda line: line.game.game_id if line.game else ""):
        if line.game:
            table.add_row(*_game_row(line, line.game))
    return table


def _game_row(line: GameLine, game: GameRow) -> Iterable[RenderableType]:
    won = {"home": game.winner == "home", "away": game.winner == "away"}
    yield Text(game.league, "dim")
    yield Text(game.away, "bold" if won["away"] else "")
    yield f"{game.away_score:>3} - {game.home_score:<3}"
    yield Text(game.home, "bold" if won["home"] else "")
    yield Text(game.detail or game.status, "dim")
    yield str(line.opened or "")


def _figures(board: Board, seconds: float) -> Table:
    table = Table(show_header=False, box=None, pad_edge=False, title_justify="left")
    table.add_column(style="dim")
    table.add_column()
    signals = board.signals
    lost = f"; {board.dropped:,} more were lost: the queue was full" if board.dropped else ""
    table.add_row("frames", f"{board.frames:,} in {seconds:.0f} s, all in the journal{lost}")
    table.add_row("ticks", f"{board.ticks:,}, of which {board.held:,} held for the next poll")
    opened, updated, closed = signals["open"], signals["update"], signals["close"]
    table.add_row("signals", f"{opened} opened, {updated} updated, {closed} closed")
    table.add_row("dead letters", _dead_letters(board))
    if board.refused:
        counts = Counter(board.refused.values()).most_common(5)
        reasons = ", ".join(f"{count} {reason}" for reason, count in counts)
        table.add_row("not matched", reasons)
    for source, detail in sorted(board.warnings.items()):
        table.add_row("warning", Text(f"{source}: {detail}"))
    if board.unknown_statuses:
        table.add_row("new statuses", ", ".join(sorted(board.unknown_statuses)))
    table.add_row("books", _proofs(board))
    table.add_row("links", _healing(board))
    for upstream, states in sorted(board.budgets.items()):
        table.add_row("budget", f"{upstream} was {', '.join(sorted(states))}")
    table.add_row("journal to signal", _latency(board.signal_latencies_ns))
    table.add_row("journal to tick", _latency(board.tick_latencies_ns))
    return table


def _dead_letters(board: Board) -> str:
    reasons = ", ".join(f"{count} {reason}" for reason, count in board.dead_letters.most_common(5))
    return f"{board.dead_letters.total()}" + (f" ({reasons})" if reasons else "")


def _proofs(board: Board) -> str:
    told = [
        f"{name} {board.proofs[name]:,} ({board.proofs[f'{name} wrong']:,} wrong)"
        for name in ("declared best", "hash", "REST")
        if board.proofs[name]
    ]
    return f"compared with {', '.join(told)}" if told else "not compared"


def _healing(board: Board) -> str:
    links = board.links
    return (
        f"{links['disconnect']} lost, {links['renewal']} renewed,"
        f" {links['resubscription']} books asked for again, {board.heals['check']} in doubt"
    )


def _latency(latencies_ns: Iterable[int]) -> str:
    sample = np.fromiter(latencies_ns, dtype=np.int64)
    if not sample.size:
        return "not measured"
    p50, p99 = np.percentile(sample, [50, 99]) / NS_PER_MS
    return f"p50 {p50:.2f} ms, p99 {p99:.2f} ms over {sample.size:,}"


def _places(data_dir: Path, session: str) -> Table:
    table = Table(show_header=False, box=None, pad_edge=False)
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    command = f"fairline query --archive {quote(str(data_dir))}"
    table.add_row("archive", Text(f"{data_dir / 'archive'} (session {session})"))
    table.add_row("ask it", Text(f'{command} \\\n"{QUERY}"'))
    return table


def _cents(price: float | None) -> str:
    return "" if price is None else f"{100 * price:.1f}"


def _edge(tick: Tick) -> Text:
    if tick.edge is None:
        return Text("")
    return Text(f"{100 * tick.edge:+.1f}", "green" if tick.edge > 0 else "dim")
