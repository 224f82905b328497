from __future__ import annotations

import pytest

from flows.snapshots import VERSION, check_version
from fusion.errors import RecoveryError


def test_state_of_this_version_comes_back() -> None:
    """What was put in comes out."""
    assert check_version((VERSION, b"state")) == b"state"


@pytest.mark.parametrize("version", [VERSION - 1, VERSION + 1, 0])
def test_state_of_another_version_is_refused(version: int) -> None:
    """Older or newer, the message says what to do."""
    with pytest.raises(RecoveryError) as caught:
        check_version((version, b""))

    assert str(caught.value) == (
        f"the recovery store holds snapshots of version {version}, this Fairline reads version "
        f"{VERSION}: start the Fairline that wrote it, or begin a new session with: fairline run "
        "--new (the journal is kept, and the archive is finished from it)"
    )
