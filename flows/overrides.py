"""The user's own word on matches, read from the file that the configuration names."""

from __future__ import annotations

from pathlib import Path

from fusion.errors import ConfigError
from fusion.overrides import Overrides, parse_overrides


def read_overrides(path: Path | None) -> Overrides:
    """Return the overrides in `path`, none where there is no file.

    Raises:
        ConfigError: the file cannot be read or says something unclear; the message names it.
    """
    if path is None:
        return Overrides()
    try:
        return parse_overrides(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        msg = f"cannot read the overrides in {path}: {error}"
        raise ConfigError(msg) from error
    except ConfigError as error:
        msg = f"{path}: {error}"
        raise ConfigError(msg) from error
