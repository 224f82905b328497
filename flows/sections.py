"""The sections of the configuration: what each may hold, and the defaults."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    FilePath,
    NonNegativeInt,
    PositiveInt,
    model_validator,
)

from connectors.archive.frames import TABLE as FRAMES
from connectors.archive.schema import TABLES
from connectors.budget import ALLOWANCES
from fusion.errors import ConfigError
from fusion.leagues import LEAGUES, league, load_leagues, use_leagues

Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Probability = Annotated[float, Field(ge=0, le=1)]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Feeds(_Section):
    """How frames come in: queue length, batch size, journal segments, and when to end.

    A segment that is sealed into Parquet is kept for `keep_segments_s` more. What is known of a
    game is let go `drop_ended_s` after its end. `session` is the name that all processes of one
    run were told; alone, a process names its session itself. `hubs` share the games; a data
    directory keeps the number it was made with (docs/scaling.md).
    """

    queue_frames: PositiveInt = 200_000
    batch_frames: PositiveInt = 2_000
    clock_s: Positive = 1.0
    segment_mb: PositiveInt = 64
    keep_segments_s: Positive = 3600.0
    stop_when_over: bool | None = None
    drop_ended_s: Positive = 600.0
    session: Annotated[str, Field(pattern=r"^[\w.-]*$")] = ""
    hubs: Annotated[int, Field(ge=1, le=64)] = 1


class Recovery(_Section):
    """How `fairline run` keeps a run going; seconds.

    Snapshots are taken every `snapshot_interval_s` whole seconds, with 0 after every batch. A
    drained session is gone on with if its last frame is younger than `resume_within_s`. A crash
    before `steady_s` of life doubles the pause before the next start; `give_up_after` of them in a
    row end it all, 0 never. A run that was asked to stop is killed `kill_after_s` later.
    """

    snapshot_interval_s: NonNegativeInt = 5
    partitions: PositiveInt = 1
    resume_within_s: Annotated[float, Field(ge=0, allow_inf_nan=False)] = 21_600.0
    restart_first_s: Positive = 1.0
    restart_max_s: Positive = 60.0
    steady_s: Positive = 60.0
    give_up_after: NonNegativeInt = 8
    kill_after_s: Positive = 10.0

    @model_validator(mode="after")
    def _pauses_grow(self) -> Self:
        if self.restart_first_s > self.restart_max_s:
            msg = (
                f"restart_first_s must not be above restart_max_s ({self.restart_max_s}), as "
                f"pauses grow, was {self.restart_first_s}"
            )
            raise ValueError(msg)
        return self


class Espn(_Section):
    """How scoreboards are polled; seconds.

    `done_s` is the pause where nothing is left to happen; a body that says it is fresh for longer
    than the pause is believed, up to `cache_max_s`.
    """

    base_url: str | None = None
    user_agent: str = "python-requests/2.34 fairline/0.1 (+https://github.com/fairline/fairline)"
    live_s: Positive = 5.0
    idle_s: Positive = 15.0
    quiet_s: Positive = 60.0
    floor_s: Positive = 2.0
    timeout_s: Positive = 8.0
    done_s: Positive = 300.0
    cache_max_s: Annotated[float, Field(ge=0, le=300)] = 30.0


class Polymarket(_Section):
    """How markets are found and their books streamed; seconds."""

    gamma_url: str | None = None
    clob_url: str | None = None
    market_ws_url: str | None = None
    sports_ws_url: str | None = None
    discover_s: Positive = 60.0
    ping_s: Annotated[float, Field(gt=0, le=10)] = 4.0
    silence_s: Positive = 15.0
    tokens_per_socket: Annotated[int, Field(ge=2, le=500)] = 200
    reconnect_max_s: Positive = 30.0
    witness_s: Positive = 30.0
    witness_tokens: Annotated[int, Field(ge=1, le=500)] = 20
    fallback_s: Positive = 3.0


def _archive_tables(days: dict[str, int]) -> dict[str, int]:
    known = (*TABLES, FRAMES)
    strangers = [name for name in days if name not in known]
    if strangers:
        msg = f"no table is called {', '.join(strangers)}; there are {', '.join(known)}"
        raise ValueError(msg)
    return days


class ArchiveSection(_Section):
    """For how many days `fairline archive retain` leaves each table; for ever where none is named.

    Days count from the slate day of today, which is day 0.
    """

    keep_days: Annotated[dict[str, PositiveInt], AfterValidator(_archive_tables)] = {}


class Matching(_Section):
    """How games are matched with markets; `overrides` is a TOML file of your own."""

    overrides: FilePath | None = None


class Witness(_Section):
    """The venue's own score beside ESPN's; seconds.

    A difference that lasts `dispute_s` holds signals; a score told longer ago than `stale_s` is no
    witness.
    """

    enabled: bool = True
    dispute_s: Positive = 20.0
    stale_s: Positive = 300.0


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


def known_file(path: Path | None) -> Path | None:
    """Make the leagues of a file those of this process; fields after this one may name them."""
    if path is not None:
        try:
            use_leagues(load_leagues(path.read_text("utf-8"), str(path)))
        except (ConfigError, OSError, UnicodeDecodeError) as error:
            raise ValueError(str(error)) from error
    return path


def default_leagues() -> list[str]:
    """Return the keys of the leagues that a run follows where none are named."""
    return [league.key for league in LEAGUES.values() if league.default]


def known_leagues(names: list[str]) -> list[str]:
    """Return the keys of leagues, each once."""
    try:
        return list(dict.fromkeys(league(name).key for name in names))
    except ConfigError as error:
        raise ValueError(str(error)) from error


def listed(value: Any) -> Any:
    """Return `nba,nfl` or `["nba", "nfl"]`, as one writes it in the environment, as a list."""
    if not isinstance(value, str):
        return value
    return json.loads(value) if value.startswith("[") else value.split(",")


class FreshnessOverride(_Section):
    """The limits of one league; what is left out is as for all."""

    score_s: Positive | None = None
    book_s: Positive | None = None


def known_models(specs: dict[str, str]) -> dict[str, str]:
    """Return the user's own models by the keys of their leagues."""
    return dict(zip(known_leagues(list(specs)), specs.values(), strict=True))


def _known_tables(tables: dict[str, FreshnessOverride]) -> dict[str, FreshnessOverride]:
    keys = known_leagues(list(tables))
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
    """When an edge is a signal: dollars a share, and the size one would buy, in shares.

    `allow_fallback` lets a model signal that was fitted for another league; `stopped` are leagues
    that must not.
    """

    min_edge: Annotated[float, Field(gt=0, le=1)] = 0.05
    exit_edge: Probability = 0.02
    update_edge: Probability = 0.01
    size_shares: Positive = 100.0
    kelly_cap: Probability = 0.05
    lead_move: Probability = 0.03
    allow_fallback: bool = False
    stopped: Annotated[list[str], AfterValidator(known_leagues)] = []

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
