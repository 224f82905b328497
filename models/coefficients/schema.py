"""What a coefficient file says, read strictly and written the same way every time."""

from __future__ import annotations

import tomllib
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from fusion.errors import ConfigError
from models.calibration import Calibration
from models.uncertainty import Uncertainty

Count = Annotated[int, Meta(ge=0)]
Numbers = dict[str, float | tuple[float, ...]]


class Fallback(
    msgspec.Struct,
    frozen=True,
    forbid_unknown_fields=True,
    omit_defaults=True,
    rename={"for_": "for"},
):
    """Leagues without data of their own that these coefficients stand in for."""

    for_: tuple[str, ...] = ()


class Data(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What the coefficients were fitted to; `newest` is the day of the newest game."""

    source: str
    licence: str
    seasons: tuple[int, ...]
    newest: str
    rows: Count
    games: Count
    notice: str = ""


class Scores(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How the model did on seasons held out, before it was fitted to all of them again."""

    seasons: tuple[int, ...]
    rows: Count
    games: Count
    brier: float
    brier_se: float
    log_loss: float
    ece: float


class CoefficientFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One file: `key` names it, `leagues` are the keys of the leagues it was fitted for."""

    key: Annotated[str, Meta(pattern=r"^[a-z][a-z0-9._]*$")]
    family: str
    leagues: tuple[str, ...]
    version: Annotated[int, Meta(ge=1)]
    data: Data
    scores: Scores
    coefficients: Numbers = {}
    calibration: Calibration = Calibration()
    error: Uncertainty = Uncertainty()
    fallback: Fallback = Fallback()


def read(text: str, what: str) -> CoefficientFile:
    """Return what the coefficient file called `what` says.

    Raises:
        ConfigError: it is no TOML, or does not hold; the message names the file and the key.
    """
    try:
        return msgspec.convert(tomllib.loads(text), CoefficientFile, strict=True)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError, RecursionError) as error:
        msg = f"coefficient file {what} does not hold: {error}; write it again with `fairline"
        msg += " train`, or remove it to use the one that comes with Fairline"
        raise ConfigError(msg) from error


def written(file: CoefficientFile) -> str:
    """Return a coefficient file as TOML; equal values give equal text."""
    values: dict[str, Any] = msgspec.to_builtins(file)
    plain = [name for name, value in values.items() if not isinstance(value, dict)]
    tables = [name for name, value in values.items() if isinstance(value, dict)]
    lines = [f"{name} = {_value(values[name])}" for name in plain]
    for table in (table for table in tables if values[table]):
        lines += ["", f"[{table}]"]
        lines += [f"{name} = {_value(value)}" for name, value in values[table].items()]
    return "\n".join(lines) + "\n"


def _value(value: str | float | list[Any] | tuple[Any, ...]) -> str:
    if isinstance(value, str):
        return msgspec.json.encode(value).decode()
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_value(each) for each in value) + "]"
    return repr(value)
