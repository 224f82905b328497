"""`fairline`: the verbs, and how their errors are told."""

from __future__ import annotations

from typing import Any

import click
from typing_extensions import override

from cli.archive import archive
from cli.books import books
from cli.calibration import calibration
from cli.config import config
from cli.doctor import doctor
from cli.evaluate import evaluate
from cli.journal import journal
from cli.match import match
from cli.query import query
from cli.rebuild import rebuild
from cli.recalibrate import recalibrate
from cli.replay import replay
from cli.run import run
from cli.simulate import simulate
from cli.slate import slate
from cli.train import train
from fusion.errors import FairlineError


class _Verbs(click.Group):
    """A group whose verbs tell what went wrong in a sentence, not in a traceback."""

    @override
    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except FairlineError as error:
            raise click.ClickException(str(error)) from error


@click.group(cls=_Verbs, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="fairline")
def main() -> None:
    """Live scores and Polymarket order books, fused into fair prices and signals.

    The dataflow itself runs with: python -m bytewax.run flows.fuse, and `fairline run` keeps it
    running.
    """


for verb in (
    archive,
    books,
    calibration,
    config,
    doctor,
    evaluate,
    journal,
    match,
    query,
    rebuild,
    recalibrate,
    replay,
    run,
    slate,
    train,
):
    main.add_command(verb)
main.add_command(simulate, "simulate")
