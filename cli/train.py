"""`fairline train`: fit the coefficients of a league to past games."""

from __future__ import annotations

from pathlib import Path

import click

from cli.diagram import save_diagram
from cli.states import read_states
from flows.price_models import models_directory, read_coefficients, write_coefficients
from flows.settings import load_settings
from fusion.errors import ConfigError
from models.coefficients.schema import CoefficientFile
from models.coefficients.shelf import built_in, overlaid
from models.evaluation.card import model_card
from models.evaluation.report import Judged
from models.formulas import family_of
from models.training.tables import state_table, subjects, with_rows
from models.training.train import numbered
from models.training.train import train as trained


@click.command()
@click.argument("league")
@click.option(
    "--states",
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The states of past games, .parquet or .csv.",
)
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where the coefficient file goes; models/ in the data directory if left out.",
)
@click.option(
    "--cards",
    type=click.Path(file_okay=False, path_type=Path),
    help="Write a model card and its diagram there.",
)
def train(league: str, states: Path, out: Path | None, cards: Path | None) -> None:
    """Fit LEAGUE (or soccer, soccer_intl, tennis) and write its coefficient file.

    The newest seasons of each source are held out first, to score, calibrate, and measure the
    error; then all games are fitted. Which rows count, and what is held fixed, is in the recipe of
    the key (models/training/recipes.py).

    The file gets the next version of its key, unless it says the same as the newest one: the same
    states give the same bytes.
    """
    frame = read_states(states)
    directory = out or models_directory(load_settings().data_dir)
    shelf = overlaid(built_in(), read_coefficients(directory))
    # A league whose coefficients are shared, as those of soccer clubs, trains all that share them.
    whole = [each for named in subjects(league) for each in subjects(named.key)]
    for subject in with_rows(frame, whole):
        family = family_of(subject.league)
        known = shelf.get(subject.key)
        version = 1 if known is None else known.version
        made = trained(family, state_table(frame, subject), subject, version)
        if known is not None and made.file != known:
            made = numbered(made, version + 1)
        file, judged = made
        path = write_coefficients(directory, file)
        if cards is not None:
            _write_card(cards, judged, file, family.valid)
        scores = file.scores
        click.echo(
            f"{path}: {family.name}:{file.key}-{file.version}, {file.data.games:,} games; held out"
            f" {', '.join(map(str, scores.seasons))}: Brier {scores.brier:.4f} ±"
            f" {scores.brier_se:.4f}, log loss {scores.log_loss:.4f}, calibration error"
            f" {scores.ece:.4f}"
        )


def _write_card(directory: Path, judged: Judged, file: CoefficientFile, valid: str) -> None:
    try:
        directory.mkdir(parents=True, exist_ok=True)
        card = model_card(judged.report, file, valid, f"{file.key}.png")
        (directory / f"{file.key}.md").write_text(card, "utf-8")
        save_diagram(judged, f"{file.key}, held out", directory / f"{file.key}.png")
    except OSError as error:
        msg = f"the model card cannot be written to {directory}: {error}"
        raise ConfigError(msg) from error
