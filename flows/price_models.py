"""The models of a run: those that come with Fairline, newer coefficients, and the user's own."""

from __future__ import annotations

from pathlib import Path

from flows.settings import Settings
from fusion.errors import ConfigError
from fusion.leagues import LEAGUES
from models.coefficients.shelf import built_in, overlaid
from models.plugins import load_model
from models.registry import Registry


def models_directory(data_dir: Path) -> Path:
    """Return where newer coefficients of a user lie, as `fairline recalibrate` writes them."""
    return data_dir / "models"


def open_registry(settings: Settings) -> Registry:
    """Return the models that the configuration and the data directory name.

    Raises:
        ConfigError: a coefficient file or a model of the user's own cannot be used; the message
            says which and how to mend it.
    """
    texts = {}
    for path in sorted(models_directory(settings.data_dir).glob("*.toml")):
        try:
            texts[str(path)] = path.read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            msg = f"cannot read the coefficients in {path}: {error}; mend it or move it away"
            raise ConfigError(msg) from error
    own = {key: load_model(spec, LEAGUES[key]) for key, spec in settings.models.items()}
    registry = Registry(overlaid(built_in(), texts), own)
    registry.check()
    # The tables of some families take tenths of a second, which no first price should wait for.
    registry.warm(settings.leagues)
    return registry
