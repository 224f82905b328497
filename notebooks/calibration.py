"""Reliability of live prices: how often what was priced came true, beside the market's own mid.

    marimo edit notebooks/calibration.py
    python notebooks/calibration.py --archive data --league nba --png calibration.png

It reads the archive through `connect()` and the named query `calibration`, and changes nothing.
Left out, the archive is the configured one, and all leagues are shown together.
"""
# ruff: noqa: ANN001, ANN202, B018, INP001  (a cell takes what others return, without types, and
# shows its last expression; a notebook is no package)

import marimo

__generated_with = "0.25.2"
app = marimo.App(width="medium", app_title="Calibration")

with app.setup:
    from pathlib import Path

    import marimo as mo
    import numpy as np
    import polars as pl
    from matplotlib.figure import Figure

    from connectors.archive.connect import ask, connect, named_query
    from flows.settings import load_settings
    from models.evaluation.scores import BINS, Pool, bin_of, calibration_error, clustered_se

    FAIR, MID, REST = "#1667b7", "#c2410c", "#9aa5b1"
    ALL = "all leagues"


@app.cell(hide_code=True)
def _():
    mo.md("""
    # Calibration

    Every fair price of a game in play that a new score caused, beside the middle of the book at
    that moment, on the same rows: those that have both, of games with a winner. A price that is
    right comes true as often as it says, so its points lie on the diagonal. The bars are two
    standard errors; all rows of a game share one result, so that few games mean wide bars.
    """)


@app.cell
def _():
    arguments = mo.cli_args()
    archive = connect(Path(arguments.get("archive") or load_settings().data_dir))
    answer = pl.DataFrame(ask(archive, named_query("calibration")))
    priced = answer.drop_nulls(["fair", "mid", "won"])
    mo.stop(priced.is_empty(), mo.md("The archive holds no priced game that is over."))
    return answer, arguments, priced


@app.cell
def _(answer, arguments, priced):
    leagues = [ALL, *priced["league"].unique().sort()]
    chosen = mo.ui.dropdown(leagues, value=arguments.get("league") or ALL, label="league")
    told = mo.md(
        f"{priced.height:,} of {answer.height:,} prices have a mid beside them and a result,"
        f" in {priced['game_id'].n_unique():,} games."
    )
    mo.vstack([chosen, told])
    return (chosen,)


@app.cell
def _(chosen, priced):
    rows = priced if chosen.value == ALL else priced.filter(pl.col("league") == chosen.value)
    return (rows,)


@app.function
def pool_of(rows: pl.DataFrame, column: str) -> Pool:
    """Return the prices of a column beside what came true."""
    games = np.unique(rows["game_id"].to_numpy(), return_inverse=True)[1]
    return Pool(rows[column].to_numpy(), rows["won"].cast(pl.Float64).to_numpy(), games)


@app.function
def score_table(rows: pl.DataFrame) -> pl.DataFrame:
    """Return Brier score and calibration error of both prices, by league and in all.

    `difference` is the Brier score of fair less that of the mid, `difference_se` its standard
    error, clustered by game: below zero by more than two of those the model knew more.
    """
    parts = {ALL: rows} | {str(key[0]): part for key, part in rows.group_by("league")}
    table = []
    for name, part in sorted(parts.items(), key=lambda item: (item[0] != ALL, item[0])):
        fair, mid = pool_of(part, "fair"), pool_of(part, "mid")
        squares_fair, squares_mid = (fair.price - fair.true) ** 2, (mid.price - mid.true) ** 2
        table.append(
            {
                "league": name,
                "games": part["game_id"].n_unique(),
                "rows": part.height,
                "brier_fair": float(squares_fair.mean()),
                "brier_mid": float(squares_mid.mean()),
                "difference": float((squares_fair - squares_mid).mean()),
                "difference_se": clustered_se(squares_fair - squares_mid, fair.game),
                "ece_fair": calibration_error(fair),
                "ece_mid": calibration_error(mid),
            }
        )
    return pl.DataFrame(table).with_columns(pl.selectors.float().round(4))


@app.function
def points(pooled: Pool) -> list[tuple[float, float, float, int]]:
    """Return, of each bin with rows: mean price, share that came true, its error, rows."""
    bins = bin_of(pooled.price)
    found = []
    for number in range(BINS):
        chosen = bins == number
        if chosen.any():
            true = pooled.true[chosen]
            error = clustered_se(true, pooled.game[chosen])
            found.append(
                (float(pooled.price[chosen].mean()), float(true.mean()), error, int(chosen.sum()))
            )
    return found


@app.function
def draw_reliability(rows: pl.DataFrame, title: str) -> Figure:
    """Return the reliability diagram of both prices, and below how many rows a bin has."""
    figure = Figure(figsize=(7.0, 8.0), layout="constrained")
    above, below = figure.subplots(2, 1, sharex=True, height_ratios=[4, 1])
    above.plot([0, 1], [0, 1], color=REST, linewidth=1, linestyle="--", label="perfect")
    shapes = (("fair", FAIR, "o", -0.02), ("mid", MID, "s", 0.02))
    for column, colour, marker, shift in shapes:
        pooled = pool_of(rows, column)
        price, true, error, count = zip(*points(pooled), strict=True)
        above.errorbar(
            price, true, yerr=2 * np.nan_to_num(error), color=colour, marker=marker, markersize=5,
            capsize=3, linewidth=1.4, label=f"{column}: calibration error "
            f"{calibration_error(pooled):.3f}",
        )  # fmt: skip
        below.bar(
            (bin_of(np.asarray(price)) + 0.5) / BINS + shift,
            count,
            width=0.035,
            color=colour,
            alpha=0.7,
        )
    above.set(ylabel="share that came true", xlim=(0, 1), ylim=(-0.02, 1.02), title=title)
    above.legend(loc="upper left", frameon=False)
    below.set(xlabel="price in dollars", ylabel="rows")
    for axes in (above, below):
        axes.spines[["top", "right"]].set_visible(b=False)
        axes.grid(visible=True, color=REST, alpha=0.25)
    return figure


@app.cell
def _(arguments, chosen, rows):
    games = rows["game_id"].n_unique()
    figure = draw_reliability(rows, f"{chosen.value}: {rows.height:,} prices of {games} games")
    if arguments.get("png"):
        figure.savefig(arguments["png"], dpi=110)
        print(f"{arguments['png']}: {rows.height} prices of {games} games")  # noqa: T201  (what the script has to say)
    figure


@app.cell
def _(rows):
    mo.ui.table(score_table(rows), label="Scores on the same rows")


if __name__ == "__main__":
    app.run()
