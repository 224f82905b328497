from __future__ import annotations

import gzip
import socket
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
import requests

from connectors.http import Answer, HttpFailed, Verdict, classify, fetch, fetch_version, new_session
from connectors.http_cache import Validators

AGENT = "python-requests/2.x fairline-test"


@pytest.fixture
def session() -> Iterator[requests.Session]:
    """Open a session for the length of a test."""
    with new_session(AGENT) as session:
        yield session


def failure(session: requests.Session, url: str, **how: Any) -> HttpFailed:
    """Return how a request failed."""
    with pytest.raises(HttpFailed) as caught:
        fetch(session, url, **how)
    return caught.value


@pytest.mark.parametrize(
    ("status", "reason", "verdict"),
    [
        (0, "timeout", "transient"),
        (0, "connection", "transient"),
        (0, "truncated", "transient"),
        (200, "slow", "transient"),
        (200, "html", "transient"),
        (200, "empty_body", "transient"),
        (408, "status", "transient"),
        (425, "status", "transient"),
        (429, "status", "transient"),
        (500, "status", "transient"),
        (503, "status", "transient"),
        (400, "status", "configuration"),
        (401, "status", "configuration"),
        (403, "status", "configuration"),
        (407, "status", "configuration"),
        (451, "status", "configuration"),
        (0, "bad_url", "configuration"),
        (0, "untrusted", "configuration"),
        (200, "too_large", "configuration"),
        (404, "status", "fatal"),
        (405, "status", "fatal"),
        (410, "status", "fatal"),
        (304, "status", "fatal"),
        (204, "status", "fatal"),
    ],
)
def test_classify(status: int, reason: str, verdict: Verdict) -> None:
    """Each failure is passing, or for a setting to mend, or for good."""
    assert classify(HttpFailed(status, reason, "")) == verdict


def test_get(http_server: Any, make_reply: Any, session: requests.Session) -> None:
    """A GET sends its parameters and our name, and gives the body."""
    http_server.reply = lambda request: make_reply(body=b'{"a":1}')

    assert fetch(session, http_server.url + "/x", params={"dates": "20260101"}) == b'{"a":1}'
    request = http_server.requests[0]
    assert (request.method, request.path, request.body) == ("GET", "/x?dates=20260101", b"")
    assert request.headers["user-agent"] == AGENT
    assert "gzip" in request.headers["accept-encoding"]


def test_post(http_server: Any, session: requests.Session) -> None:
    """With `json` the request is a POST."""
    assert fetch(session, http_server.url, json=[{"token_id": "1"}]) == b'{"events":[]}'
    request = http_server.requests[0]
    assert (request.method, request.body) == ("POST", b'[{"token_id": "1"}]')


def test_connections_are_kept(http_server: Any, session: requests.Session) -> None:
    """Requests one after another share their connection."""
    for _ in range(3):
        fetch(session, http_server.url)

    pool = session.get_adapter(http_server.url).get_connection_with_tls_context(  # type: ignore[attr-defined]
        requests.Request("GET", http_server.url).prepare(), verify=True
    )
    assert (pool.num_connections, pool.num_requests) == (1, 3)


def test_gzip_is_decoded(http_server: Any, make_reply: Any, session: requests.Session) -> None:
    """A compressed body arrives decoded."""
    body = b'{"events":[' + b"1," * 200_000 + b"1]}"
    http_server.reply = lambda request: make_reply(
        body=gzip.compress(body), headers={"Content-Encoding": "gzip"}
    )

    assert fetch(session, http_server.url) == body


def test_the_environment_is_not_asked(
    http_server: Any, session: requests.Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A proxy of the environment does not stand between us and the server."""
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")

    assert fetch(session, http_server.url) == b'{"events":[]}'


@pytest.mark.parametrize(
    ("reply", "status", "reason"),
    [
        ({"status": 403, "body": b"<html>Access Denied</html>"}, 403, "status"),
        ({"status": 400, "body": b'{"code":400}'}, 400, "status"),
        ({"status": 500, "body": b""}, 500, "status"),
        ({"status": 403, "body": b"Den", "length": 4096}, 403, "status"),
        ({"status": 502, "body": b"1" * 150, "drip_s": 0.001}, 502, "status"),
        ({"body": b"\n <!DOCTYPE html>"}, 200, "html"),
        ({"body": b""}, 200, "empty_body"),
        ({"body": b" \n"}, 200, "empty_body"),
        ({"body": b'{"a":', "length": 4096}, 0, "truncated"),
        ({"body": b"no gzip", "headers": {"Content-Encoding": "gzip"}}, 0, "truncated"),
        ({"body": b"1" * 1001}, 200, "too_large"),
        (
            {"body": gzip.compress(b"1" * 9999, mtime=0), "headers": {"Content-Encoding": "gzip"}},
            200,
            "too_large",
        ),
    ],
)
def test_no_usable_body(
    http_server: Any,
    make_reply: Any,
    session: requests.Session,
    *,
    reply: dict[str, Any],
    status: int,
    reason: str,
) -> None:
    """Whatever is no body of data is a failure with its reason and the start of the answer."""
    http_server.reply = lambda request: make_reply(**reply)

    failed = failure(session, http_server.url, max_bytes=1000)

    assert (failed.status, failed.reason) == (status, reason)
    assert str(failed) == failed.detail != ""
    if reason in {"status", "html"}:
        assert reply["body"].decode().startswith(failed.excerpt)
        assert bool(failed.excerpt) is bool(reply["body"])


def test_silence_times_out(http_server: Any, make_reply: Any, session: requests.Session) -> None:
    """A server that says nothing is left."""
    http_server.reply = lambda request: make_reply(pause_s=0.5)

    assert failure(session, http_server.url, timeout_s=(0.2, 0.05)).reason == "timeout"


def test_silence_within_a_body_times_out(
    http_server: Any, make_reply: Any, session: requests.Session
) -> None:
    """A server that stops within its body is left."""
    http_server.reply = lambda request: make_reply(body=b"[1]", drip_s=0.5)

    assert failure(session, http_server.url, timeout_s=(0.2, 0.05)).reason == "timeout"


def test_a_drip_is_cut(http_server: Any, make_reply: Any, session: requests.Session) -> None:
    """A server that sends a byte now and then cannot hold us."""
    http_server.reply = lambda request: make_reply(body=b"1" * 200, drip_s=0.01)

    assert failure(session, http_server.url, total_s=0.1).reason == "slow"
    assert failure(session, http_server.url, total_s=0.1).status == 200


def test_nobody_listens(session: requests.Session) -> None:
    """A refused connection is a failure without a status."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        failed = failure(session, f"http://127.0.0.1:{unused.getsockname()[1]}")

    assert (failed.status, failed.reason, classify(failed)) == (0, "connection", "transient")


@pytest.mark.parametrize("url", ["site.api.espn.com", "http://", "gopher://x", "http://a..b/"])
def test_a_bad_address(session: requests.Session, url: str) -> None:
    """An address that cannot be is for the configuration to mend."""
    failed = failure(session, url)

    assert (failed.status, failed.reason, classify(failed)) == (0, "bad_url", "configuration")


def test_retry_after(http_server: Any, make_reply: Any, session: requests.Session) -> None:
    """The server's wish is read as seconds or as a date, and nonsense is none."""
    later = format_datetime(datetime.now(UTC) + timedelta(seconds=60), usegmt=True)
    seen = []
    for header in ("7", later, "soon", ""):
        headers = {"Retry-After": header} if header else {}
        http_server.reply = lambda request, headers=headers: make_reply(status=429, headers=headers)
        seen.append(failure(session, http_server.url).retry_after_s)

    assert seen[0] == 7.0
    assert seen[1] == pytest.approx(60.0, abs=5.0)
    assert seen[2:] == [None, None]


@pytest.mark.parametrize("status", [200, 503])
def test_when_an_answer_began_is_told(
    status: int, http_server: Any, make_reply: Any, session: requests.Session
) -> None:
    """Whatever the status, the time until the answer began is told once, without its body."""
    http_server.reply = lambda request: make_reply(
        status=status, body=b"[1,2,3,4,5]", pause_s=0.05, drip_s=0.05
    )
    heard: list[float] = []
    with suppress(HttpFailed):
        fetch(session, http_server.url, heard=heard.append)
    assert len(heard) == 1
    assert 0.05 <= heard[0] < 0.3


def test_an_answer_that_never_begins_is_not_told(session: requests.Session) -> None:
    """Where there is no answer, there is no time to tell."""
    heard: list[float] = []
    with pytest.raises(HttpFailed):
        fetch(session, "http://127.0.0.1:9", heard=heard.append)
    assert heard == []


def test_a_version_is_asked_for_by_its_name(
    http_server: Any, make_reply: Any, session: requests.Session
) -> None:
    """The first answer brings the body and its version, the next none while that is the same."""
    headers = {"ETag": '"1"', "Last-Modified": "then", "Cache-Control": "max-age=5", "Age": "2"}
    http_server.reply = lambda request: (
        make_reply(status=304, body=b"", headers=headers)
        if request.headers.get("if-none-match") == '"1"'
        and request.headers.get("if-modified-since") == "then"
        else make_reply(headers=headers)
    )
    version = Validators('"1"', "then")

    first = fetch_version(session, http_server.url, Validators())
    assert first == Answer(b'{"events":[]}', version, 3.0)
    assert fetch_version(session, http_server.url, version) == Answer(None, version, 3.0)
    assert "if-none-match" not in http_server.requests[0].headers


def test_a_304_that_nobody_asked_for(
    http_server: Any, make_reply: Any, session: requests.Session
) -> None:
    """Without a version in the request there is nothing that could be unmodified."""
    http_server.reply = lambda request: make_reply(status=304, body=b"")

    with pytest.raises(HttpFailed) as caught:
        fetch_version(session, http_server.url, Validators())
    assert (caught.value.status, classify(caught.value)) == (304, "fatal")
