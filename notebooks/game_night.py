"""One game of an evening: score, book, fair price and signals on one time axis.

    marimo edit notebooks/game_night.py
    python notebooks/game_night.py --archive data --game nba:401810000 --png game.png

It reads the archive through `connect()` and changes nothing. Left out, the archive is the
configured one, and the game the one with the most ticks in play.
"""
# ruff: noqa: ANN001, ANN202, B018, INP001, PLR0917  (a cell takes what others return, without
# types, and shows its last expression; a notebook is no package)

import marimo

__generated_with = "0.25.2"
app = marimo.App(width="medium", app_title="Game night")

with app.setup:
    from pathlib import Path
    from typing import Any

    import marimo as mo
    import polars as pl
    from matplotlib.axes import Axes
    from matplotlib.dates import AutoDateLocator, ConciseDateFormatter
    from matplotlib.figure import Figure

    from connectors.archive.connect import ask, connect
    from flows.settings import load_settings

    HOME, AWAY, BOOK, FAIR, OPEN, CLOSE = (
        "#1667b7", "#c2410c", "#9aa5b1", "#1f2a37", "#15803d", "#b91c1c",
    )  # fmt: skip
    NS_PER_US = 1000


@app.cell(hide_code=True)
def _():
    mo.md("""
    # Game night

    What the scoreboard said, what the market showed, what the model thought, and where a signal
    opened (▲) and closed (▼). The band is the book from bid to ask; where it is missing there was
    none that could be trusted.
    """)


@app.cell
def _():
    arguments = mo.cli_args()
    archive = connect(Path(arguments.get("archive") or load_settings().data_dir))
    return archive, arguments


@app.function
def question(archive: Any, sql: str, **parameters: str) -> pl.DataFrame:
    """Return an answer of the archive, with `at` as the UTC time of our clock."""
    answer = pl.DataFrame(ask(archive, sql, parameters))
    if "recv_ns" in answer.columns:
        at = (pl.col("recv_ns") // NS_PER_US).cast(pl.Datetime("us", "UTC"))
        answer = answer.with_columns(at=at)
    return answer


@app.cell
def _(archive, arguments):
    games = question(
        archive,
        """
        WITH played AS (
            SELECT game_id, count(*) AS ticks FROM ticks WHERE state = 'in' GROUP BY game_id
        ),

        named AS (
            SELECT game_id, any_value(home) AS home, any_value(away) AS away
            FROM games
            GROUP BY game_id
        )

        SELECT game_id, away || ' at ' || home || ' (' || game_id || ')' AS name, ticks
        FROM played
        JOIN named USING (game_id)
        ORDER BY ticks DESC, game_id
        """,
    )
    mo.stop(games.is_empty(), mo.md("The archive holds no game that was played."))
    names = {row["name"]: row["game_id"] for row in games.iter_rows(named=True)}
    wanted = arguments.get("game") or games["game_id"][0]
    mo.stop(
        wanted not in names.values(), mo.md(f"The archive holds no game {wanted} that was played.")
    )
    chosen = mo.ui.dropdown(
        names, value=next(name for name, game in names.items() if game == wanted), label="game"
    )
    return (chosen,)


@app.cell
def _(chosen):
    side = mo.ui.dropdown(["home", "away", "draw"], value="home", label="outcome")
    mo.hstack([chosen, side], justify="start")
    return (side,)


@app.cell
def _(archive, chosen, side):
    ticks = question(
        archive,
        "SELECT recv_ns, CASE WHEN link IN ('live', 'settling') THEN bid END AS bid,"
        " CASE WHEN link IN ('live', 'settling') THEN ask END AS ask, fair FROM ticks"
        " WHERE game_id = $game_id AND outcome = $outcome AND state = 'in' ORDER BY recv_ns, seq",
        game_id=chosen.value,
        outcome=side.value,
    )
    scores = question(
        archive,
        "SELECT recv_ns, home, away, home_score, away_score, period, state FROM games"
        " WHERE game_id = $game_id AND state <> 'pre' ORDER BY recv_ns, seq",
        game_id=chosen.value,
    )
    signals = question(
        archive,
        "SELECT recv_ns, transition, reason, fair, cost, edge FROM signals"
        " WHERE game_id = $game_id AND outcome = $outcome ORDER BY recv_ns, seq",
        game_id=chosen.value,
        outcome=side.value,
    )
    return scores, signals, ticks


@app.function
def draw_score(axes: Axes, scores: pl.DataFrame) -> None:
    """Draw both scores as steps, and a line where a period begins."""
    for name, colour in (("home", HOME), ("away", AWAY)):
        points = scores[f"{name}_score"]
        axes.step(scores["at"], points, where="post", color=colour, label=scores[name][-1])
    begins = scores.filter(pl.col("period") != pl.col("period").shift())
    for at in begins["at"]:
        axes.axvline(at, color=BOOK, linewidth=0.6, linestyle=":")
    axes.set_ylabel("score")
    axes.legend(loc="upper left", frameon=False)


@app.function
def draw_prices(axes: Axes, ticks: pl.DataFrame, signals: pl.DataFrame) -> None:
    """Draw the book as a band, the fair price as a line, and the signals at their cost."""
    at = ticks["at"]
    bid, ask_price = (ticks[name].to_numpy() for name in ("bid", "ask"))
    axes.fill_between(at, bid, ask_price, step="post", color=BOOK, alpha=0.6, label="bid to ask")
    axes.step(at, ticks["fair"], where="post", color=FAIR, linewidth=1.3, label="fair")
    for kind, marker, colour in (("open", "^", OPEN), ("close", "v", CLOSE)):
        those = signals.filter((pl.col("transition") == kind) & pl.col("cost").is_not_null())
        axes.scatter(
            those["at"], those["cost"], marker=marker, s=42, color=colour, zorder=3,
            label=f"signal {kind}s, at its cost ({those.height})",
        )  # fmt: skip
    axes.set(ylabel="dollars a share", ylim=(-0.02, 1.02))
    axes.legend(loc="best", frameon=False, fontsize=8)


@app.function
def draw_game(
    scores: pl.DataFrame, ticks: pl.DataFrame, signals: pl.DataFrame, title: str
) -> Figure:
    """Return the picture of one game: the score above, prices and signals below."""
    figure = Figure(figsize=(11.0, 7.0), layout="constrained")
    above, below = figure.subplots(2, 1, sharex=True, height_ratios=[1, 2.4])
    draw_score(above, scores)
    draw_prices(below, ticks, signals)
    above.set_title(title)
    below.set_xlabel("our clock, UTC")
    locator = AutoDateLocator()
    below.xaxis.set_major_locator(locator)
    below.xaxis.set_major_formatter(ConciseDateFormatter(locator))
    for axes in (above, below):
        axes.spines[["top", "right"]].set_visible(b=False)
        axes.grid(visible=True, color=BOOK, alpha=0.25)
    return figure


@app.cell
def _(arguments, chosen, scores, side, signals, ticks):
    last = scores.row(-1, named=True)
    figure = draw_game(
        scores,
        ticks,
        signals,
        f"{last['away']} at {last['home']}, {chosen.value}: the price of {side.value}",
    )
    if arguments.get("png"):
        figure.savefig(arguments["png"], dpi=110)
        print(f"{arguments['png']}: {ticks.height} ticks, {signals.height} transitions")  # noqa: T201  (what the script has to say)
    figure


@app.cell
def _(signals):
    mo.ui.table(signals.drop("recv_ns"), label="Transitions of its signals")


if __name__ == "__main__":
    app.run()
