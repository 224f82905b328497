"""The model card: a page that says what a model is, how good it is, and on what terms."""

from __future__ import annotations

from models.coefficients.schema import CoefficientFile
from models.evaluation.report import Report
from models.evaluation.scores import Score


def model_card(report: Report, file: CoefficientFile, valid: str, picture: str) -> str:
    """Return a card in Markdown.

    Args:
        report: The model on games it was not fitted to.
        file: Its coefficients.
        valid: For which states it is meant.
        picture: The file name of the reliability diagram.
    """
    data = file.data
    seasons = ", ".join(map(str, report.seasons))
    lines = [
        f"# {report.model}",
        "",
        f"{valid[:1].upper()}{valid[1:].rstrip('.')}.",
        "",
        f"![Reliability of {report.model}]({picture})",
        "",
        f"On the seasons {seasons}, by coefficients that were fitted without them:",
        "",
        "| rows of | rows | games | Brier | ± | log loss | calibration error |",
        "|---|---:|---:|---:|---:|---:|---:|",
        *(_row(name, score) for name, score in _scores(report).items()),
        "",
        f"By chance, a perfect model's calibration error would be {report.ece_by_chance:.4f} here.",
        "",
        "## Where it fails",
        "",
        *_failures(report),
        "",
        "## What it was trained on",
        "",
        f"{data.games:,} games, {data.rows:,} states, seasons {', '.join(map(str, data.seasons))},",
        f"the newest of {data.newest or 'an unknown day'}. Source: {data.source}.",
        f"Licence stated there: {data.licence}.",
    ]
    if data.notice:
        lines += ["", data.notice]
    return "\n".join(lines) + "\n"


def _scores(report: Report) -> dict[str, Score]:
    rows = dict(report.phases)
    rows |= {f"source {name}": each for name, each in report.sources.items()}
    rows |= {f"*{name.replace('_', ' ')}*": each for name, each in report.baselines.items()}
    if report.published is not None:
        rows |= {"*published*": report.published.published}
        rows |= {"the model, same rows": report.published.model}
    whole = Score(
        report.rows, report.games, report.brier, report.brier_se, report.log_loss,
        report.log_loss_se, report.ece,
    )  # fmt: skip
    return {"**all**": whole, **rows}


def _row(name: str, score: Score) -> str:
    return (
        f"| {name} | {score.rows:,} | {score.games:,} | {score.brier:.4f} | {score.brier_se:.4f}"
        f" | {score.log_loss:.4f} | {score.ece:.4f} |"
    )


def _failures(report: Report) -> list[str]:
    """Return the parts of the game whose calibration is worst, and what nobody measured."""
    parts = sorted(report.phases.items(), key=lambda part: -part[1].ece)[:2]
    told = [
        f"- {name}: prices are off by {score.ece:.3f} on average ({score.games:,} games)."
        for name, score in parts
    ]
    if report.unpriced:
        told.append(f"- {report.unpriced:,} states have no price.")
    return told
