"""How many processes drive one dataflow, as the engine was told, and what they must agree on."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path

from flows.settings import Settings
from fusion.errors import ConfigError

SESSION_VARIABLE = "FAIRLINE_FEEDS__SESSION"


def count_processes(arguments: Sequence[str], environment: Mapping[str, str]) -> int:
    """Return of how many processes this one is, from where `bytewax.run` learns it.

    That is `-a`, `BYTEWAX_ADDRESSES`, or the file named by `BYTEWAX_HOSTFILE_PATH`, which counts
    for a pod of a set or a process with a number.

    Raises:
        ConfigError: that file cannot be read.
    """
    parser = argparse.ArgumentParser(add_help=False, exit_on_error=False)
    parser.add_argument("-a", "--addresses", default=environment.get("BYTEWAX_ADDRESSES"))
    parser.add_argument("-i", "--process-id", default=environment.get("BYTEWAX_PROCESS_ID"))
    told, _ = parser.parse_known_args(list(arguments))
    if told.addresses is not None:
        return len(told.addresses.split(";"))
    is_pod = {"BYTEWAX_POD_NAME", "BYTEWAX_STATEFULSET_NAME"} <= environment.keys()
    path = environment.get("BYTEWAX_HOSTFILE_PATH")
    if path is None or not (is_pod or told.process_id is not None):
        return 1
    try:
        return max(1, sum(bool(line.strip()) for line in Path(path).read_text().splitlines()))
    except (OSError, UnicodeDecodeError) as error:
        msg = f"cannot read BYTEWAX_HOSTFILE_PATH, was {path}: {error}; name the file of addresses"
        raise ConfigError(msg) from error


def check_processes(settings: Settings, processes: int) -> None:
    """See that several processes would write one session of one venue.

    Raises:
        ConfigError: they would not.
    """
    if processes == 1:
        return
    if not settings.feeds.session:
        msg = (
            f"the {processes} processes of a run must all be told the name of its session; set "
            f"{SESSION_VARIABLE} to one name for all, or start them with: fairline run -p "
            f"{processes}"
        )
        raise ConfigError(msg)
    if settings.venue == "simulator":
        msg = (
            f"each of the {processes} processes would play an evening of its own; start one with "
            "`fairline simulate` and set FAIRLINE_VENUE to its URL, or start them with: fairline "
            f"run -p {processes}"
        )
        raise ConfigError(msg)
