"""How a run tells that it failed: an error of ours is one line, and its kind the exit code."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType

from fusion.errors import ConfigError, FairlineError, FeedError, RecoveryError

FAILED = 1
CANNOT_START = os.EX_CONFIG
"""The exit code of a run that would fail again as it did: a person must mend something first."""


def our_error(error: BaseException | None) -> FairlineError | None:
    """Return the error of ours among the causes; the engine wraps it once or more.

    None where the fault is another's, as where a connector died of what is no error of ours: of
    that a person needs the traceback.
    """
    while error is not None and not isinstance(error, FairlineError):
        error = error.__cause__
    if isinstance(error, FeedError) and error.__cause__ is not None:
        return error if isinstance(error.__cause__, FairlineError | OSError) else None
    return error


def exit_code(error: BaseException) -> int:
    """Return the exit code of a run that an error ended."""
    is_lasting = isinstance(our_error(error), ConfigError | RecoveryError)
    return CANNOT_START if is_lasting else FAILED


def tell_failure(
    kind: type[BaseException], error: BaseException, traceback: TracebackType | None
) -> None:
    """Tell an uncaught error in place of `sys.excepthook`: one of ours as a line on stderr.

    Raises:
        SystemExit: with the exit code, where the error is one of ours.
    """
    ours = our_error(error)
    if ours is None:
        sys.__excepthook__(kind, error, traceback)
        return
    sys.stderr.write(f"fairline: {ours}\n")
    raise SystemExit(exit_code(ours))


def close_or_fail(close: Callable[[], object]) -> None:
    """Call what ends a run, as an exit handler; end the process at once where that fails.

    Python itself would end with exit code 0, whatever an exit handler raises.
    """
    try:
        close()
    except Exception as error:  # noqa: BLE001  (whatever it is, the exit code must tell of it)
        with suppress(SystemExit):
            tell_failure(type(error), error, error.__traceback__)
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(exit_code(error))
