"""Payload files, packed or not."""

from __future__ import annotations

import gzip
from pathlib import Path

import click
import pytest

from cli.payloads import read_payload


@pytest.mark.parametrize("body", [b'{"a": 1}', gzip.compress(b'{"a": 1}', mtime=0)])
def test_a_body_is_unpacked_where_it_is_packed(tmp_path: Path, body: bytes) -> None:
    """Whoever saved it may have zipped it."""
    file = tmp_path / "body.json"
    file.write_bytes(body)

    assert read_payload(file) == b'{"a": 1}'


def test_a_cut_archive_is_named(tmp_path: Path) -> None:
    """The error names the file."""
    file = tmp_path / "body.json.gz"
    file.write_bytes(gzip.compress(b'{"a": 1}')[:12])

    with pytest.raises(click.ClickException, match=r"cannot read .*body\.json\.gz"):
        read_payload(file)
