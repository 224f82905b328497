"""The model card: a page that says what a model is, how good it is, and on what terms."""

from __future__ import annotations

from models.coefficients.schema import CoefficientFile
from models.evaluation.report import Report
from models.evaluation.scores import Score
from models.evaluation.weak_spots import WEAK_SPOTS
from models.training.recipes import recipe_of

LEAST_GAMES = 100
"""The calibration of fewer games is chance and nothing else."""


def model_card(report: Report, file: CoefficientFile, valid: str, picture: str) -> str:
    """Return a card in Markdown.

    Args:
        report: The model on games it was not fitted to.
        file: Its coefficients.
        valid: For which states it is meant.
        picture: The file name of the reliability diagram.
    """
    data = file.data
    seasons = _spans(report.seasons)
    lines = [
        f"# {report.model}",
        "",
        f"{valid[:1].upper()}{valid[1:].rstrip('.')}.",
        "",
        f"![Reliability of {report.model}]({picture})",
        "",
        f"On games of {seasons} that were held out (the coefficients below have since seen them):",
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
        *(f"- {each}" for each in WEAK_SPOTS.get(file.key, ())),
        "",
        "## Coefficients",
        "",
        *_coefficients(file),
        "",
        "## What it was trained on",
        "",
        f"{data.games:,} games and {data.rows:,} states of {_spans(data.seasons)}.",
        f"The newest is of {data.newest or 'an unknown day'}.",
        f"Source: {data.source}.",
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
        both = report.published
        rows |= {"*published*": both.published, "the model, same rows": both.model}
        if both.published_late is not None and both.model_late is not None:
            rows |= {"*published, last 5 minutes*": both.published_late}
            rows |= {"the model, same rows, late": both.model_late}
    return {"**all**": report.whole, **rows}


def _row(name: str, score: Score) -> str:
    return (
        f"| {name} | {score.rows:,} | {score.games:,} | {score.brier:.4f} | {score.brier_se:.4f}"
        f" | {score.log_loss:.4f} | {score.ece:.4f} |"
    )


def _failures(report: Report) -> list[str]:
    """Return the parts of the game whose calibration is worst, and what has no price."""
    told_of = {name: part for name, part in report.phases.items() if part.games >= LEAST_GAMES}
    parts = sorted(told_of.items(), key=lambda part: -part[1].ece)[:2]
    told = [
        f"- {name}: prices are off by {score.ece:.3f} on average ({score.games:,} games)."
        for name, score in parts
    ]
    if report.unpriced:
        told.append(f"- {report.unpriced:,} states have no price.")
    return told


def _coefficients(file: CoefficientFile) -> list[str]:
    """Return the coefficients, which of them were held at a value, and the calibration."""
    recipe = recipe_of(file.key)
    lines = ["| coefficient | value | |", "|---|---|---|"]
    for name, value in file.coefficients.items():
        told = ", ".join(map(str, value)) if isinstance(value, tuple) else value
        how = "held" if name in recipe.held else ""
        lines.append(f"| `{name}` | {told} | {how} |")
    kind = file.calibration.kind
    mended = "is bent by no calibration" if kind == "none" else f"is bent by the {kind} calibration"
    where = f"`models/families/{file.family}.py`"
    return [*lines, "", f"What they mean is told in {where}. A price {mended}."]


def _spans(seasons: tuple[int, ...]) -> str:
    """Return seasons with those that follow each other as one: `2009 to 2015, 2017`."""
    spans: list[tuple[int, int]] = []
    for season in seasons:
        if spans and season == spans[-1][1] + 1:
            spans[-1] = (spans[-1][0], season)
        else:
            spans.append((season, season))
    return ", ".join(str(a) if a == b else f"{a} to {b}" for a, b in spans)
