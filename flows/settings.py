"""The configuration: `fairline.toml`, every value of it overridable by the environment.

`FAIRLINE_<SECTION>__<KEY>` overrides `[section] key`, `FAIRLINE_CONFIG` names another file.
Unknown keys are refused, in the file and in the environment.
"""

from __future__ import annotations

import json
import os
import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    FilePath,
    PositiveInt,
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

from connectors.budget import ALLOWANCES
from fusion.errors import ConfigError
from fusion.leagues import LEAGUES, TEAM_SPORTS, find_league, league

ENV_PREFIX = "FAIRLINE_"
NOT_SETTINGS = {"FAIRLINE_CONFIG", "FAIRLINE_VENV", "FAIRLINE_SHARED"}
CONFIG_FILE = "fairline.toml"
Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Probability = Annotated[float, Field(ge=0, le=1)]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Feeds(_Section):
    """How frames come in: queue length, batch size, journal segments, and when to end."""

    queue_frames: PositiveInt = 200_000
    batch_frames: PositiveInt = 2_000
    clock_s: Positive = 1.0
    segment_mb: PositiveInt = 64
    stop_when_over: bool | None = None


class Espn(_Section):
    """How scoreboards are polled; seconds."""

    base_url: str | None = None
    user_agent: str = "python-requests/2.34 fairline/0.1 (+https://github.com/fairline/fairline)"
    live_s: Positive = 5.0
    idle_s: Positive = 15.0
    quiet_s: Positive = 60.0
    floor_s: Positive = 2.0
    timeout_s: Positive = 8.0


class Polymarket(_Section):
    """How markets are found and their books streamed; seconds."""

    gamma_url: str | None = None
    clob_url: str | None = None
    market_ws_url: str | None = None
    discover_s: Positive = 60.0
    ping_s: Annotated[float, Field(gt=0, le=10)] = 4.0
    silence_s: Positive = 15.0
    tokens_per_socket: Annotated[int, Field(ge=2, le=500)] = 200
    reconnect_max_s: Positive = 30.0
    witness_s: Positive = 30.0
    witness_tokens: Annotated[int, Field(ge=1, le=500)] = 20
    fallback_s: Positive = 3.0


class Budgets(_Section):
    """Requests an upstream gets at most, and by how much that grows on a simulator, which is fast.

    What is over budget waits: nothing is left out.
    """

    espn_per_minute: PositiveInt = ALLOWANCES["espn:scoreboard"].requests
    gamma_events_per_10_s: PositiveInt = ALLOWANCES["gamma:events"].requests
    gamma_sports_per_10_s: PositiveInt = ALLOWANCES["gamma:sports"].requests
    clob_books_per_10_s: PositiveInt = ALLOWANCES["clob:books"].requests
    clob_markets_per_10_s: PositiveInt = ALLOWANCES["clob:markets"].requests
    simulated_times: Annotated[float, Field(ge=1, allow_inf_nan=False)] = 60.0


def _known_leagues(names: list[str]) -> list[str]:
    """Return the keys of leagues, each once."""
    try:
        return list(dict.fromkeys(league(name).key for name in names))
    except ConfigError as error:
        raise ValueError(str(error)) from error


def _listed(value: Any) -> Any:
    """Return `nba,nfl` or `["nba", "nfl"]`, as one writes it in the environment, as a list."""
    if not isinstance(value, str):
        return value
    return json.loads(value) if value.startswith("[") else value.split(",")


class FreshnessOverride(_Section):
    """The limits of one league; what is left out is as for all."""

    score_s: Positive | None = None
    book_s: Positive | None = None


def _known_tables(tables: dict[str, FreshnessOverride]) -> dict[str, FreshnessOverride]:
    keys = _known_leagues(list(tables))
    if len(keys) < len(tables):
        msg = f"a league has two tables; keep one of {', '.join(tables)}"
        raise ValueError(msg)
    return dict(zip(keys, tables.values(), strict=True))


class Freshness(_Section):
    """Ages beyond which facts are stale, in seconds; `[freshness.league.<key>]` for one league."""

    score_s: Positive = 30.0
    book_s: Positive = 5.0
    league: Annotated[dict[str, FreshnessOverride], AfterValidator(_known_tables)] = {}


class Healing(_Section):
    """When books are doubted and asked for again; seconds.

    `doubt_s` without data put a link in doubt that still answers; the others as in
    `fusion.healing.HealRules`.
    """

    doubt_s: Positive = 30.0
    first_book_s: Positive = 15.0
    retry_s: Positive = 10.0
    token_quiet_s: Positive = 60.0
    witness_s: Positive = 3.0


class Signals(_Section):
    """When an edge is a signal: dollars a share, and the size one would buy, in shares."""

    min_edge: Annotated[float, Field(gt=0, le=1)] = 0.05
    exit_edge: Probability = 0.02
    update_edge: Probability = 0.01
    size_shares: Positive = 100.0
    kelly_cap: Probability = 0.05
    lead_move: Probability = 0.03

    @model_validator(mode="after")
    def _closes_below_its_entry(self) -> Self:
        if self.exit_edge > self.min_edge:
            msg = (
                f"exit_edge must not be above min_edge, was {self.exit_edge} above "
                f"{self.min_edge}: a signal would close as it opens"
            )
            raise ValueError(msg)
        return self


class Simulator(_Section):
    """The evening that is played when no venue is configured; `faults` says what goes wrong."""

    seed: int = 7
    speed: Positive = 240.0
    extra_games: Annotated[int, Field(ge=0, le=71)] = 0
    faults: FilePath | None = None


class Display(_Section):
    """What a run shows: `auto` is a live table on a terminal and a line now and then elsewhere."""

    progress: Literal["auto", "table", "lines", "none"] = "auto"
    every_s: Positive = 5.0
    picture: Path | None = None


class Settings(BaseSettings):
    """Everything that can be configured; `venue` is `simulator`, `live` or a simulator's URL."""

    model_config = SettingsConfigDict(
        env_prefix=ENV_PREFIX, env_nested_delimiter="__", extra="forbid", frozen=True
    )

    venue: Annotated[str, Field(pattern=r"^(simulator|live|https?://.+)$")] = "simulator"
    data_dir: Path = Path("data")
    leagues: Annotated[
        list[str],
        NoDecode,
        BeforeValidator(_listed),
        Field(min_length=1),
        AfterValidator(_known_leagues),
    ] = [key for key, value in LEAGUES.items() if value.sport in TEAM_SPORTS]
    feeds: Feeds = Feeds()
    espn: Espn = Espn()
    polymarket: Polymarket = Polymarket()
    budgets: Budgets = Budgets()
    freshness: Freshness = Freshness()
    healing: Healing = Healing()
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
