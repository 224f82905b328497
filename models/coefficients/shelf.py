"""The coefficients that are there: those that come with Fairline, and newer ones of a user.

Of several files of one key the one with the highest version counts, whatever its file is called.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib.resources import files

from fusion.errors import ConfigError
from models.coefficients.schema import CoefficientFile, read

Shelf = Mapping[str, CoefficientFile]
"""Coefficient files by key."""


def built_in() -> Shelf:
    """Return the coefficients that come with Fairline."""
    here = sorted(files("models.coefficients").iterdir(), key=lambda entry: entry.name)
    return newest(
        read(entry.read_text("utf-8"), entry.name) for entry in here if entry.name.endswith(".toml")
    )


def overlaid(below: Shelf, texts: Mapping[str, str]) -> Shelf:
    """Return coefficients with those of `texts`, by file name, where they are newer.

    Raises:
        ConfigError: a file does not hold.
    """
    return newest((*below.values(), *(read(text, name) for name, text in sorted(texts.items()))))


def newest(found: Iterable[CoefficientFile]) -> Shelf:
    """Return the newest file of each key; of two with one version the later in order.

    Raises:
        ConfigError: two of them claim one league.
    """
    by_key: dict[str, CoefficientFile] = {}
    for file in found:
        known = by_key.get(file.key)
        if known is None or file.version >= known.version:
            by_key[file.key] = file
    owners: dict[str, str] = {}
    for file in by_key.values():
        for league in file.leagues:
            if owners.setdefault(league, file.key) != file.key:
                msg = f"league {league!r} is claimed by the coefficients {owners[league]!r} and"
                msg += f" {file.key!r}; leave it in one `leagues`"
                raise ConfigError(msg)
    return by_key
