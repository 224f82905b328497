"""`fairline archive`: what keeps the archive small, sound, and no older than it should be."""

from __future__ import annotations

import fcntl
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import date
from pathlib import Path

import click
import msgspec

from connectors.archive.compact import compact as compact_tables
from connectors.archive.places import archive_directory
from connectors.archive.readable import left_over, read_all, without_journal
from connectors.archive.retention import expired, held_frames, oldest_kept
from connectors.archive.retention import retain as remove_days
from connectors.archive.schema import TABLES
from connectors.archive.verify import Replay, Scope, Verified, is_in_use, verify_session
from connectors.disk import disk_errors
from connectors.journal.sessions import find_sessions, journal_directory
from flows.replay import replay
from flows.run import signals_file
from flows.settings import Settings, load_settings
from fusion.days import slate_day
from fusion.errors import ArchiveError

REPLAYED = "verify"
"""The folder of the data directory in which the sessions are replayed."""


@click.group()
def archive() -> None:
    """Look after the archive: join small files, check it against the journal, let days go."""


def _today() -> date:
    return date.fromisoformat(slate_day(time.time_ns()))


@archive.command()
@click.option("--table", type=click.Choice(list(TABLES)), help="One table; all if left out.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def compact(table: str | None, as_json: bool) -> None:
    """Give each game that is over one file, and join what is left of small ones.

    Rows stay as they are. Queries go on meanwhile; a run may be at work too, its newest files are
    left for the next time. Cut off in the middle, it leaves the files of before or those of after.
    """
    made = compact_tables(load_settings().data_dir, _today(), [table] if table else TABLES)
    if as_json:
        click.echo(
            msgspec.json.encode(
                {
                    "compacted": [each._asdict() for each in made.compacted],
                    "failures": made.failures,
                }
            )
        )
    else:
        for each in made.compacted:
            files = f"{each.files_before} of its files are now {each.files_after}"
            click.echo(f"{each.folder}, session {each.session}: {files}, {each.rows:,} rows")
        if not made.compacted:
            click.echo("nothing to compact")
        for failure in made.failures:
            click.echo(failure, err=True)
    if made.failures:
        raise SystemExit(1)


@archive.command()
@click.option("--session", help="One session; all if left out.")
@click.option("--quick", is_flag=True, help="Do not replay the journal.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def verify(session: str | None, quick: bool, as_json: bool) -> None:
    """Check the archive against the journal: its frames, its files, and the rows of each session.

    Sessions are replayed, at the speed of a rebuild, and their rows compared with the archive's.
    Each disagreement is told in a sentence that says how to mend it; then the exit code is 1.
    """
    settings = load_settings()
    data_dir = settings.data_dir
    sessions = [each for each in find_sessions(data_dir) if session in {None, each.name}]
    if session is not None and not sessions:
        msg = f"{journal_directory(data_dir)} holds no session {session!r}; name one of its folders"
        raise ArchiveError(msg)
    files = read_all(data_dir)
    in_use = {each.name for each in sessions if is_in_use(each)}
    problems = [*files.problems, *left_over(data_dir, session, in_use)]
    scope = Scope(oldest_kept(settings.archive.keep_days, _today()), files.damaged)
    found = []
    with nullcontext() if quick or not sessions else _replays(settings) as replay_session:
        for each in sessions:
            signals = signals_file(data_dir, each.name)
            found.append(verify_session(data_dir, each, signals, scope, replay_session))
            problems += found[-1].problems
    strangers = [] if session else without_journal(data_dir, {each.name for each in sessions})
    notes = [note for each in found for note in each.notes]
    notes += [
        f"session {name} has rows and no journal; they cannot be checked" for name in strangers
    ]
    if as_json:
        report = {
            "sessions": found,
            "files": files.read,
            "problems": problems,
            "notes": notes,
        }
        click.echo(msgspec.json.encode(report))
    else:
        for verified in found:
            click.echo(_told(verified))
        click.echo(f"{files.read:,} files read")
        for note in notes:
            click.echo(f"note: {note}")
        for problem in problems:
            click.echo(problem, err=True)
    if problems:
        raise SystemExit(1)


@contextmanager
def _replays(settings: Settings) -> Iterator[Replay]:
    """Give what replays a session into a folder that is removed afterwards.

    Raises:
        ArchiveError: another process replays into it, or it cannot be made.
    """
    folder = settings.data_dir / REPLAYED
    replayed = folder / "replayed"

    def replay_session(name: str) -> Path:
        shutil.rmtree(replayed, ignore_errors=True)
        journal = journal_directory(settings.data_dir) / name
        replay(journal, settings.model_copy(update={"data_dir": replayed}))
        return archive_directory(replayed)

    with disk_errors(ArchiveError, "make", folder):
        folder.mkdir(exist_ok=True)
        held = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        _lock(held, folder)
        try:
            yield replay_session
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    finally:
        os.close(held)


def _lock(held: int, folder: Path) -> None:
    """Keep other processes from replaying into the opened folder until it is closed."""
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        msg = f"another process replays into {folder} at this moment; wait until it has ended"
        raise ArchiveError(msg) from error


def _told(found: Verified) -> str:
    """Return what was found of a session in a line."""
    counts = (
        f"{name} {rows.archive:,}"
        if rows.journal is None
        else f"{name} {rows.archive:,} {'=' if rows.agree else '≠'} {rows.journal:,}"
        for name, rows in found.tables.items()
        if rows.archive or rows.journal
    )
    return f"{found.session}: {found.frames:,} frames; {', '.join(counts) or 'no rows'}"


@archive.command()
@click.option("--dry-run", is_flag=True, help="Only tell what would be removed.")
def retain(dry_run: bool) -> None:
    """Remove the days that are older than `[archive] keep_days` keeps of their table.

    Without a setting everything is kept. Frames stay until their session is finished.
    """
    settings = load_settings()
    data_dir, keep_days = settings.data_dir, settings.archive.keep_days
    if not keep_days:
        click.echo("every table is kept; set keep_days in [archive], as in {ticks = 90}")
        return
    days = expired(data_dir, oldest_kept(keep_days, _today()), held_frames(data_dir))
    if not dry_run:
        remove_days(data_dir, days)
    for day in days:
        what = f"{day.table} of {day.date}: {day.files} files, {day.size:,} bytes"
        done = "would be removed" if dry_run else "removed"
        click.echo(f"{what} {f'stay: {day.kept}' if day.kept else done}")
    if not days:
        click.echo("nothing is older than it is kept")
