"""Payload files as people keep them: one body a file, gzipped or not."""

from __future__ import annotations

import gzip
from pathlib import Path

import click

GZIP_MAGIC = b"\x1f\x8b"


def read_payload(path: Path) -> bytes:
    """Return the body in `path`, unpacked where it is gzip.

    Raises:
        ClickException: the file cannot be read or unpacked; the message names it.
    """
    try:
        body = path.read_bytes()
        return gzip.decompress(body) if body.startswith(GZIP_MAGIC) else body
    except (OSError, EOFError) as error:
        msg = f"cannot read {path}: {error}"
        raise click.ClickException(msg) from error
