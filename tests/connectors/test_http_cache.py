from __future__ import annotations

import pytest

from connectors.http_cache import MAX_VALIDATOR, Validators, fresh_s, validators_of


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, 0.0),
        ({"Cache-Control": "max-age=5"}, 5.0),
        ({"Cache-Control": "public, Max-Age=5, must-revalidate", "Age": "2"}, 3.0),
        ({"Cache-Control": "max-age=5", "Age": "9"}, 0.0),
        ({"Cache-Control": "no-cache, max-age=5"}, 0.0),
        ({"Cache-Control": "no-store"}, 0.0),
        ({"Cache-Control": "s-maxage=60"}, 0.0),
        ({"Cache-Control": "max-age=-1"}, 0.0),
        ({"Cache-Control": "max-age=soon", "Age": "x"}, 0.0),
        ({"Cache-Control": "max-age=" + "9" * 400}, 0.0),
        ({"Cache-Control": "max-age=5", "Age": "-3"}, 5.0),
        ({"Age": "3"}, 0.0),
    ],
)
def test_how_long_an_answer_is_fresh(headers: dict[str, str], expected: float) -> None:
    """It is the max-age less the age, and nothing where the headers make no sense."""
    assert fresh_s(headers) == expected


@pytest.mark.parametrize(
    ("headers", "asked"),
    [
        ({}, {}),
        ({"ETag": 'W/"a1"'}, {"If-None-Match": 'W/"a1"'}),
        (
            {"Last-Modified": "Fri, 02 Jan 2026 19:00:00 GMT"},
            {"If-Modified-Since": "Fri, 02 Jan 2026 19:00:00 GMT"},
        ),
        ({"ETag": "caf\xe9"}, {}),
        ({"ETag": "a\tb"}, {}),
        ({"ETag": "a" * (MAX_VALIDATOR + 1), "Last-Modified": "x"}, {"If-Modified-Since": "x"}),
    ],
)
def test_validators_come_back_as_they_were(headers: dict[str, str], asked: dict[str, str]) -> None:
    """What the server named a version is what it is asked with, unless it is not fit to be sent."""
    validators = validators_of(headers)

    assert validators.headers() == asked
    assert validators.known is bool(asked)


def test_nothing_known_asks_for_everything() -> None:
    """Without validators the request is a plain one."""
    assert Validators().headers() == {}
