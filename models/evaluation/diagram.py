"""The reliability diagram: what prices said beside what came true."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from models.evaluation.report import Judged
from models.evaluation.scores import BINS, Pool, bin_of
from models.protocol import Floats

INK = "#1f2a37"
MODEL = "#1667b7"
REST = "#9aa5b1"


def reliability_diagram(judged: Judged, title: str) -> Figure:
    """Return a figure of 6 by 7 inches: reliability above, how many rows a bin has below.

    The bars are two standard errors, clustered by game.
    """
    price, true, error, share = _bins(judged.pooled)
    report = judged.report
    figure = Figure(figsize=(6.0, 7.0), layout="constrained")
    above, below = figure.subplots(2, 1, sharex=True, height_ratios=[4, 1])
    above.plot([0, 1], [0, 1], color=REST, linewidth=1, linestyle="--", label="perfect")
    above.errorbar(
        price, true, yerr=2 * error, color=MODEL, marker="o", markersize=5, linewidth=1.5,
        capsize=3, label=report.model,
    )  # fmt: skip
    above.set(ylabel="share that came true", xlim=(0, 1), ylim=(0, 1), title=title)
    above.text(
        0.97,
        0.03,
        f"Brier {report.brier:.4f} ± {report.brier_se:.4f}\nlog loss {report.log_loss:.4f}\n"
        f"calibration error {report.ece:.4f} (by chance {report.ece_by_chance:.4f})\n"
        f"{report.games:,} games, {report.rows:,} rows",
        transform=above.transAxes,
        ha="right",
        va="bottom",
        color=INK,
        fontsize=9,
    )
    above.legend(loc="upper left", frameon=False)
    middles = (np.arange(BINS) + 0.5) / BINS
    below.bar(middles, share, width=0.9 / BINS, color=MODEL, alpha=0.6)
    below.set(xlabel="price", ylabel="share of rows")
    for axes in (above, below):
        axes.spines[["top", "right"]].set_visible(b=False)
        axes.grid(visible=True, color=REST, alpha=0.25)
    return figure


def _bins(pooled: Pool) -> tuple[Floats, Floats, Floats, Floats]:
    """Return mean price, share that came true, its standard error, and share of rows by bin.

    A bin without rows is NaN in the first three.
    """
    bins = bin_of(pooled.price)
    count = np.bincount(bins, minlength=BINS).astype(np.float64)
    filled = np.where(count > 0, count, np.nan)
    price = np.bincount(bins, weights=pooled.price, minlength=BINS) / filled
    true = np.bincount(bins, weights=pooled.true, minlength=BINS) / filled
    codes = np.unique(pooled.game, return_inverse=True)[1]
    cells = codes * BINS + bins
    size = (int(codes.max()) + 1) * BINS
    deviations = np.bincount(cells, weights=pooled.true - true[bins], minlength=size)
    error = np.sqrt((deviations.reshape(-1, BINS) ** 2).sum(axis=0)) / filled
    return price, true, error, count / count.sum()
