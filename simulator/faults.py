"""The script of what goes wrong in an evening: a TOML file of named faults, checked when read.

    [[fault]]
    kind = "freeze"
    at_s = 10.0       # wall seconds after the evening's start; 0 if left out
    for_s = 8.0       # how long; until the end if left out
    sockets = [0]     # market connections it hits, by order of connecting; all if left out

Each kind is one struct with its own fields; anything else in the file is refused. A fault that
has no length hits the connections, or the markets, that are there at its time.
"""

from __future__ import annotations

import tomllib
from typing import Annotated, Any, Literal, TypeVar

import msgspec
from msgspec import Meta

from fusion.errors import ConfigError
from fusion.leagues import LEAGUES

Count = Annotated[int, Meta(ge=1)]
Number = Annotated[int, Meta(ge=0)]
Share = Annotated[float, Meta(ge=0, le=1)]
Length = Annotated[float, Meta(gt=0)]
HttpError = Literal[403, 425, 429, 500, 502, 503]
Garbage = Literal["bytes", "truncated", "html", "binary"]
K = TypeVar("K", bound="Fault")


class Fault(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind"
):
    """Something that goes wrong `at_s` wall seconds after the evening's start."""

    at_s: Annotated[float, Meta(ge=0)] = 0.0

    @property
    def kind(self) -> str:
        """The name it has in the file."""
        return str(self.__struct_config__.tag)


class Lasting(Fault, frozen=True):
    """A fault with a length; it ends with the evening if `for_s` is None."""

    for_s: Length | None = None

    def holds(self, now_s: float) -> bool:
        """Tell whether it is under way."""
        return self.at_s <= now_s < self.end_s

    @property
    def end_s(self) -> float:
        """When it is over."""
        return self.at_s + (float("inf") if self.for_s is None else self.for_s)


class SocketFault(Lasting, frozen=True):
    """A fault of market connections, which are numbered by order of connecting.

    Kinds in `AT_ONCE` have no length.
    """

    sockets: tuple[Number, ...] | None = None

    def hits(self, number: int) -> bool:
        """Tell whether it is meant for a connection."""
        return self.sockets is None or number in self.sockets


class Freeze(SocketFault, frozen=True, tag="freeze"):
    """No data, while `PING` is answered; what was subscribed stays dead until subscribed again."""


class TokenQuiet(SocketFault, frozen=True, tag="token_quiet"):
    """The first `tokens` tokens of a connection get nothing until they are subscribed again."""

    tokens: Count = 1


class NoSnapshot(SocketFault, frozen=True, tag="no_snapshot"):
    """Beyond `tokens` tokens on a connection the first books silently stay away."""

    tokens: Number = 500


class Drop(SocketFault, frozen=True, tag="drop"):
    """The connection is torn down without a closing handshake."""


class HalfOpen(SocketFault, frozen=True, tag="half_open"):
    """The server neither reads nor writes; it tears the connection down when the time is over."""


class Reorder(SocketFault, frozen=True, tag="reorder"):
    """Each `every`-th frame is sent after the one that follows it."""

    every: Count = 1


class Duplicate(SocketFault, frozen=True, tag="duplicate"):
    """Each `every`-th frame is sent twice."""

    every: Count = 1


class Garble(SocketFault, frozen=True, tag="garble"):
    """Each `every`-th frame is spoilt, in the way of `how` or in all ways by turns."""

    every: Count = 1
    how: Garbage | None = None


class Oversized(SocketFault, frozen=True, tag="oversized"):
    """One sound frame of `mib` MiB."""

    mib: Annotated[float, Meta(gt=0, le=256)] = 5.0


class LostChange(SocketFault, frozen=True, tag="lost_change"):
    """Each `every`-th `price_change` is not sent."""

    every: Count = 1


class Text(SocketFault, frozen=True, tag="text"):
    """A frame that is plain text."""

    text: str = "NO NEW ASSETS"


class RefuseConnect(SocketFault, frozen=True, tag="refuse_connect"):
    """The upgrade is answered with an HTTP status."""

    status: HttpError = 503


class EveningFault(Lasting, frozen=True):
    """A fault of the exchange itself: of every league's markets, or of one's."""

    league: str | None = None


class BatchSplit(EveningFault, frozen=True, kw_only=True, tag="batch_split"):
    """This share of the steps with several levels is told in several frames, others in one."""

    share: Share


class Crossed(EveningFault, frozen=True, kw_only=True, tag="crossed"):
    """This share of the steps tells new levels before removals, so that books cross in between."""

    share: Share


class TickChange(EveningFault, frozen=True, tag="tick_change"):
    """In play, `markets` markets go from a tick of 0.01 to 0.001 and lose levels without a word."""

    markets: Count = 1


class EarlyResolution(EveningFault, frozen=True, tag="early_resolution"):
    """`markets` markets are resolved while their game is in play."""

    markets: Count = 1


class LateResolution(EveningFault, frozen=True, tag="late_resolution"):
    """Markets due to be resolved in this time are resolved when it is over."""


class ScoreDispute(EveningFault, frozen=True, tag="score_dispute"):
    """The results socket tells `points` too many of one side, in tennis as many sets reversed."""

    points: Count = 1


class HttpFault(Lasting, frozen=True):
    """Each `every`-th request whose path begins with `path` is answered wrongly."""

    path: str = "/"
    every: Count = 1


class Status(HttpFault, frozen=True, tag="status"):
    """Another status than 200; `Retry-After` goes with 429 and 503."""

    code: HttpError = 503
    body: Literal["html", "json"] = "html"
    retry_after_s: Count = 1


class Slow(HttpFault, frozen=True, tag="slow"):
    """The right answer, `delay_s` late."""

    delay_s: Length = 1.0


class Html(HttpFault, frozen=True, tag="html"):
    """Status 200 and a web page."""


class Truncate(HttpFault, frozen=True, tag="truncate"):
    """Half of the body, and the end of the connection."""


class Empty(HttpFault, frozen=True, tag="empty"):
    """Status 200 and no body."""


class Stale(HttpFault, frozen=True, tag="stale"):
    """The body before the newest one, after the newest was given out."""

    every: Count = 2


class ErrorJson(HttpFault, frozen=True, tag="error_json"):
    """`{"code": 400, ...}` with a status of 200 or 400."""

    code: Literal[200, 400] = 200


class GzipGarbage(HttpFault, frozen=True, tag="gzip_garbage"):
    """A body declared as gzip that is none."""


def _kinds(family: type[Fault]) -> dict[str, type[Fault]]:
    return {str(kind.__struct_config__.tag): kind for kind in family.__subclasses__()}


KINDS = _kinds(SocketFault) | _kinds(EveningFault) | _kinds(HttpFault)
"""Name to kind."""

AT_ONCE = (TokenQuiet, Drop, Oversized, Text, TickChange, EarlyResolution)
"""The kinds that have no length."""

NEEDS_LENGTH = (LateResolution,)
"""The kinds that must end, or the evening would not."""


class Script(msgspec.Struct, frozen=True):
    """The faults of an evening, in order of the file."""

    faults: tuple[Fault, ...] = ()

    def of(self, kind: type[K]) -> tuple[K, ...]:
        """Return the faults of a kind or a family of kinds."""
        return tuple(fault for fault in self.faults if isinstance(fault, kind))


def read_script(text: str) -> Script:
    """Return the script of a TOML document.

    Raises:
        ConfigError: it is not TOML, or holds an unknown kind or field, or a wrong value.
    """
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        msg = f"the faults are not TOML: {error}"
        raise ConfigError(msg) from error
    rows = document.pop("fault", [])
    if document or not isinstance(rows, list):
        found = ", ".join(document) or "one [fault]"
        msg = f"the faults must be tables [[fault]] and nothing else, was {found}"
        raise ConfigError(msg)
    return Script(tuple(_fault(row, number) for number, row in enumerate(rows, 1)))


def _fault(row: Any, number: int) -> Fault:
    name = row.get("kind", "") if isinstance(row, dict) else ""
    kind = KINDS.get(name) if isinstance(name, str) else None
    if kind is None:
        msg = f"fault {number}: kind must be one of {', '.join(sorted(KINDS))}, was {name!r}"
        raise ConfigError(msg)
    fields = _fields(kind)
    strange = sorted(row.keys() - fields - {"kind"})
    if strange:
        msg = f"fault {number}: {name} has {', '.join(sorted(fields))}, was {', '.join(strange)}"
        raise ConfigError(msg)
    try:
        fault = msgspec.convert(row, kind)
    except msgspec.ValidationError as error:
        msg = f"fault {number}: {name}: {error}"
        raise ConfigError(msg) from error
    if isinstance(fault, NEEDS_LENGTH) and fault.for_s is None:
        msg = f"fault {number}: {name} must end; give it for_s, in seconds"
        raise ConfigError(msg)
    league = getattr(fault, "league", None)
    if league is not None and league not in LEAGUES:
        msg = f"fault {number}: league must be one of {', '.join(LEAGUES)}, was {league!r}"
        raise ConfigError(msg)
    return fault


def _fields(kind: type[Fault]) -> set[str]:
    fields = set(kind.__struct_fields__)
    return fields - {"for_s"} if issubclass(kind, AT_ONCE) else fields
