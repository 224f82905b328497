"""`fairline evaluate`: how good the fair prices are on games whose results are known."""

from __future__ import annotations

from pathlib import Path

import click
import msgspec
import numpy as np
from rich.console import Console
from rich.table import Table

from cli.diagram import save_diagram
from cli.states import read_states
from flows.price_models import coefficient_text, models_directory, read_coefficients
from flows.settings import load_settings
from fusion.errors import ConfigError
from models.coefficients.schema import read
from models.coefficients.shelf import built_in, overlaid
from models.evaluation.report import Judged, Report, judge_all
from models.protocol import Model
from models.registry import Registry
from models.training.tables import Subject, joined, state_table, subjects, title, with_rows


@click.command()
@click.option("--league", required=True, help="A league, or a file of states: soccer, tennis, ….")
@click.option(
    "--states",
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The states of past games, .parquet or .csv.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object on the last line.")
@click.option(
    "--png", type=click.Path(dir_okay=False, path_type=Path), help="Write the reliability diagram."
)
@click.option(
    "--coefficients",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Judge this coefficient file; the newest one of the league if left out.",
)
@click.option("--season", "seasons", type=int, multiple=True, help="Only this season; repeatable.")
def evaluate(
    *,
    league: str,
    states: Path,
    as_json: bool,
    png: Path | None,
    coefficients: Path | None,
    seasons: tuple[int, ...],
) -> None:
    """Score the fair prices of LEAGUE on games whose results are known.

    Of a file with rows of both tennis tours, each is priced by its own model, and scored together.
    """
    frame = read_states(states)
    parts, three_way, there = [], False, set[int]()
    for subject in with_rows(frame, subjects(league)):
        table = state_table(frame, subject)
        there.update(table.season.tolist())
        if seasons:
            others = ~np.isin(table.season, seasons)
            table = table.without(others, "other seasons")
        parts.append((_model(subject, coefficients), table))
        three_way = subject.league.three_way
    if not any(table.rows for _, table in parts):
        skipped = joined([table for _, table in parts]).skipped
        reasons = ", ".join(f"{count:,} {reason}" for reason, count in skipped.items())
        msg = f"{states.name} has no rows of {league} to judge: {reasons}"
        msg += f"; its seasons with results are {', '.join(map(str, sorted(there))) or 'none'}"
        raise ConfigError(msg)
    judged = judge_all(parts, title(league), three_way=three_way)
    if as_json:
        click.echo(msgspec.json.encode(judged.report).decode())
    else:
        _show(judged.report)
    if png is not None:
        _draw(judged, png)


def _model(subject: Subject, coefficients: Path | None) -> Model:
    """Return the model of a file, else the one that would price the league live."""
    if coefficients is not None:
        file = read(coefficient_text(coefficients), coefficients.name)
        if file.family != subject.league.model:
            msg = f"{subject.key} is priced by the family {subject.league.model}; the coefficients"
            msg += (
                f" {coefficients.name} are of {file.family!r}; give others, or a league of theirs"
            )
            raise ConfigError(msg)
        shelf = {file.key: msgspec.structs.replace(file, leagues=(subject.league.key,))}
        return _found(Registry(shelf), subject)
    texts = read_coefficients(models_directory(load_settings().data_dir))
    return _found(Registry(overlaid(built_in(), texts)), subject)


def _found(registry: Registry, subject: Subject) -> Model:
    model = registry.model_for(subject.league)
    if model is None:
        msg = f"there are no coefficients for {subject.key}; train it first: fairline train"
        raise ConfigError(msg)
    return model


def _draw(judged: Judged, png: Path) -> None:
    report = judged.report
    first, last = report.seasons[0], report.seasons[-1]
    years = f"{first}" if first == last else f"{first} to {last}"
    save_diagram(judged, f"{report.league}, {years}", png)


def _show(report: Report) -> None:
    skipped = ", ".join(f"{count:,} {reason}" for reason, count in report.skipped.items()) or "none"
    notes = [
        f"a perfect model's calibration error by chance: {report.ece_by_chance:.4f}",
        f"rows skipped: {skipped}",
    ]
    table = Table(
        title=f"{report.league}: {report.model}, seasons {', '.join(map(str, report.seasons))}",
        show_edge=False,
        pad_edge=False,
    )
    table.add_column("", no_wrap=True)
    for column in ("rows", "games", "Brier", "±", "log loss", "calibration"):
        table.add_column(column, justify="right")
    rows = {"all": report.whole, **report.phases}
    rows |= {name: each for name, each in report.leagues.items() if len(report.leagues) > 1}
    rows |= {f"source {name}": each for name, each in report.sources.items()}
    rows |= {name.replace("_", " "): each for name, each in report.baselines.items()}
    if report.published is not None:
        both = report.published
        rows |= {"published": both.published, "model, same rows": both.model}
        notes.append(f"Brier below the published one: {both.gain:.4f} ± {both.gain_se:.4f}")
        if both.published_late is not None and both.model_late is not None:
            rows |= {"published, late": both.published_late, "model, late": both.model_late}
    for name, each in rows.items():
        table.add_row(
            name,
            f"{each.rows:,}",
            f"{each.games:,}",
            f"{each.brier:.4f}",
            f"{each.brier_se:.4f}",
            f"{each.log_loss:.4f}",
            f"{each.ece:.4f}",
        )
    table.caption = "\n".join(notes)
    Console().print(table)
