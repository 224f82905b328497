"""`fairline config`: what is configured, and where each value came from."""

from __future__ import annotations

from typing import Any

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from flows.settings import config_file, load_settings, value_sources


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print the values as one JSON object.")
def config(as_json: bool) -> None:
    """Print the resolved configuration and where each value came from."""
    settings = load_settings()
    if as_json:
        click.echo(settings.model_dump_json())
        return
    sources = value_sources()
    table = Table(show_edge=False, pad_edge=False)
    for column in ("setting", "value", "from"):
        table.add_column(column, overflow="fold")
    for name, value in _leaves(settings.model_dump(mode="json")):
        origin = next((sources[key] for key in _prefixes(name) if key in sources), "default")
        table.add_row(name, Text("" if value is None else str(value)), origin)
    console = Console()
    console.print(table)
    found = "" if config_file().is_file() else " (there is none; every value has a default)"
    console.print(f"file: {config_file()}{found}; environment: FAIRLINE_<SECTION>__<KEY>")


def _leaves(values: dict[str, Any], prefix: str = "") -> list[tuple[str, Any]]:
    rows: list[tuple[str, Any]] = []
    for key, value in values.items():
        if isinstance(value, dict) and value:
            rows.extend(_leaves(value, f"{prefix}{key}."))
        else:
            rows.append((prefix + key, value))
    return rows


def _prefixes(name: str) -> list[str]:
    parts = name.split(".")
    return [".".join(parts[:length]) for length in range(len(parts), 0, -1)]
