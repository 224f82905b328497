"""The models of a run: those that come with Fairline, newer coefficients, and the user's own."""

from __future__ import annotations

from pathlib import Path

from connectors.disk import whole_file
from flows.settings import Settings
from fusion.errors import ConfigError
from fusion.leagues import LEAGUES
from models.coefficients.schema import CoefficientFile, written
from models.coefficients.shelf import built_in, overlaid
from models.plugins import load_model
from models.registry import Registry


def models_directory(data_dir: Path) -> Path:
    """Return where newer coefficients of a user lie, as `fairline recalibrate` writes them."""
    return data_dir / "models"


def read_coefficients(directory: Path) -> dict[str, str]:
    """Return the texts of the coefficient files of a directory by path; none if it is not there.

    Raises:
        ConfigError: a file cannot be read.
    """
    return {str(path): coefficient_text(path) for path in sorted(directory.glob("*.toml"))}


def coefficient_text(path: Path) -> str:
    """Return the text of a coefficient file.

    Raises:
        ConfigError: it cannot be read.
    """
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        msg = f"the coefficient file {path} cannot be read: {error}; mend it or move it away"
        raise ConfigError(msg) from error


def write_coefficients(directory: Path, file: CoefficientFile) -> Path:
    """Write a coefficient file as `<key>-<version>.toml`, whole or not at all; return its path.

    Raises:
        ConfigError: it cannot be written, or another file has that name.
    """
    path = directory / f"{file.key}-{file.version}.toml"
    text = written(file).encode()
    try:
        directory.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            with whole_file(path) as out:
                out.write(text)
        same = path.read_bytes() == text
    except OSError as error:
        msg = f"the coefficient file {path} cannot be written: {error}; choose another folder"
        raise ConfigError(msg) from error
    if not same:
        msg = f"the coefficient file {path} is there and says something else; move it away"
        raise ConfigError(msg)
    return path


def open_registry(settings: Settings) -> Registry:
    """Return the models that the configuration and the data directory name.

    Raises:
        ConfigError: a coefficient file or a model of the user's own cannot be used; the message
            says which and how to mend it.
    """
    texts = read_coefficients(models_directory(settings.data_dir))
    own = {key: load_model(spec, LEAGUES[key]) for key, spec in settings.models.items()}
    registry = Registry(overlaid(built_in(), texts), own)
    registry.check()
    # The tables of some families take tenths of a second, which no first price should wait for.
    registry.warm(settings.leagues)
    return registry
