"""Files of past states, read from disk."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from fusion.errors import ConfigError

MISSING = ["", "NA", "N/A", "NaN", "nan", "null", "NULL", "None"]
"""What CSV files say where there is nothing."""


def read_states(path: Path) -> pl.DataFrame:
    """Return a Parquet or CSV file as a frame.

    Raises:
        ConfigError: the file is of another kind, or cannot be read.
    """
    try:
        if path.suffix.lower() == ".parquet":
            return pl.read_parquet(path)
        if path.suffix.lower() == ".csv":
            return pl.read_csv(
                path, try_parse_dates=True, infer_schema_length=None, null_values=MISSING
            )
    except (OSError, pl.exceptions.PolarsError) as error:
        msg = f"states {path} cannot be read: {error}"
        raise ConfigError(msg) from error
    msg = f"states must be a .parquet or a .csv file, was {path.name!r}"
    raise ConfigError(msg)
