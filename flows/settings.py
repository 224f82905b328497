"""The configuration: `fairline.toml`, every value of it overridable by the environment.

`FAIRLINE_<SECTION>__<KEY>` overrides `[section] key`, `FAIRLINE_CONFIG` names another file.
Unknown keys are refused, in the file and in the environment.
"""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    FilePath,
    ValidationError,
    model_validator,
)
from pydantic_core import ErrorDetails
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
    TomlConfigSettingsSource,
)
from typing_extensions import override

from flows.sections import (
    ArchiveSection,
    Budgets,
    Display,
    Espn,
    Feeds,
    Freshness,
    Healing,
    Matching,
    Polymarket,
    Recovery,
    Signals,
    Simulator,
    Witness,
    default_leagues,
    known_file,
    known_leagues,
    known_models,
    listed,
)
from fusion.errors import ConfigError
from fusion.leagues import find_league

ENV_PREFIX = "FAIRLINE_"
NOT_SETTINGS = {"FAIRLINE_CONFIG", "FAIRLINE_VENV", "FAIRLINE_SHARED"}
CONFIG_FILE = "fairline.toml"


class Settings(BaseSettings):
    """Everything that can be configured; `venue` is `simulator`, `live` or a simulator's URL.

    `leagues_file` adds leagues of your own, or changes fields of known ones (docs/leagues.md);
    `models` names models of your own by league (docs/models.md).
    """

    model_config = SettingsConfigDict(
        env_prefix=ENV_PREFIX, env_nested_delimiter="__", extra="forbid", frozen=True
    )

    venue: Annotated[str, Field(pattern=r"^(simulator|live|https?://.+)$")] = "simulator"
    data_dir: Path = Path("data")
    leagues_file: Annotated[FilePath | None, AfterValidator(known_file)] = None
    leagues: Annotated[
        list[str],
        NoDecode,
        BeforeValidator(listed),
        Field(min_length=1),
        AfterValidator(known_leagues),
    ] = Field(default_factory=default_leagues)
    feeds: Feeds = Feeds()
    recovery: Recovery = Recovery()
    espn: Espn = Espn()
    polymarket: Polymarket = Polymarket()
    archive: ArchiveSection = ArchiveSection()
    slate: Matching = Matching()
    witness: Witness = Witness()
    budgets: Budgets = Budgets()
    freshness: Freshness = Freshness()
    healing: Healing = Healing()
    models: Annotated[dict[str, str], AfterValidator(known_models)] = {}
    signals: Signals = Signals()
    simulator: Simulator = Simulator()
    display: Display = Display()

    @model_validator(mode="after")
    def _proves_links_in_time(self) -> Self:
        for name in ("ping_s", "fallback_s"):
            pause_s = getattr(self.polymarket, name)
            if pause_s >= self.freshness.book_s:
                msg = (
                    f"polymarket.{name} must be below freshness.book_s"
                    f" ({self.freshness.book_s}), or quiet books would be stale, was {pause_s}"
                )
                raise ValueError(msg)
        return self

    @override
    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Explicit values first, then the environment, then the file."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, config_file())


def config_file() -> Path:
    """Return the path of the configuration file, which need not exist unless it was named."""
    return Path(os.environ.get("FAIRLINE_CONFIG", CONFIG_FILE))


def load_settings(**overrides: Any) -> Settings:
    """Return the configuration.

    Raises:
        ConfigError: the file or the environment holds something unknown or out of range; the
            message names each place.
    """
    file = config_file()
    if "FAIRLINE_CONFIG" in os.environ and not file.is_file():
        msg = f"FAIRLINE_CONFIG names {file}, which is no file; correct the path or unset it"
        raise ConfigError(msg)
    known = {ENV_PREFIX + name.upper() for name in Settings.model_fields} | NOT_SETTINGS
    strangers = sorted(
        name
        for name in os.environ
        if name.startswith(ENV_PREFIX) and name.partition("__")[0] not in known
    )
    if strangers:
        msg = f"unknown setting in the environment: {', '.join(strangers)}; see `fairline config`"
        raise ConfigError(msg)
    try:
        return Settings(**overrides)
    except ValidationError as error:
        places = "; ".join(map(_told, error.errors()))
        msg = f"the configuration does not hold: {places}"
        raise ConfigError(msg) from error
    except SettingsError as error:
        msg = f"{error}: write JSON there, or one variable FAIRLINE_<SECTION>__<KEY> a value"
        raise ConfigError(msg) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        msg = f"{file} is not TOML: {error}"
        raise ConfigError(msg) from error
    except OSError as error:
        msg = f"cannot read {file}: {error.strerror}; make it readable, or name another"
        raise ConfigError(msg) from error


def _told(problem: ErrorDetails) -> str:
    """Return where something does not hold, why, and what stood there."""
    place = ".".join(map(str, problem["loc"]))
    return f"{place}: {problem['msg'].removeprefix('Value error, ')}, was {problem['input']!r}"


def value_sources() -> dict[str, str]:
    """Return where each dotted value that is not a default came from: a file or a variable."""
    sources = {}
    layers = (
        (TomlConfigSettingsSource(Settings, config_file())(), str(config_file())),
        (EnvSettingsSource(Settings)(), "environment"),
    )
    for values, origin in layers:
        for path in _leaves(values):
            variable = ENV_PREFIX + "__".join(path).upper()
            name = ".".join(_by_key(path))
            sources[name] = variable if origin == "environment" else origin
    return sources


def _by_key(path: tuple[str, ...]) -> tuple[str, ...]:
    """Return a path with the key of its league in place of an alias."""
    found = find_league(path[2]) if path[:2] == ("freshness", "league") else None
    return (*path[:2], found.key, *path[3:]) if found else path


def _leaves(values: Any, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    if isinstance(values, dict):
        return [leaf for key, value in values.items() for leaf in _leaves(value, (*path, key))]
    return [path]
