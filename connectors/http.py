"""One HTTP request, and what its failure means.

A body is handed over only when the status is 200 and the body is there, whole, no larger than
allowed and not a web page: a feed behind a content network answers trouble with an HTML page and
status 200. `requests` decodes gzip. Nothing here retries; `classify` says what a failure calls
for and the caller owns the pace.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, Literal

import msgspec
import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import HTTPError, InvalidHeader, LocationValueError, ReadTimeoutError
from urllib3.util import Retry

from connectors.http_cache import Validators, fresh_s, validators_of
from fusion.errors import EXCERPT_BYTES, FairlineError, excerpt

Timeout = tuple[float, float]
"""(seconds to connect, seconds without a byte)."""

Heard = Callable[[float], None]
"""Told once an answer begins, whatever its status: the seconds since the request was sent."""

Verdict = Literal["transient", "configuration", "fatal"]

CONNECTIONS = 32
_CHUNK_BYTES = 65_536
_TRANSIENT = frozenset({408, 425, 429})
_CONFIGURATION = frozenset({400, 401, 403, 407, 451})


class Answer(msgspec.Struct, frozen=True):
    """A usable answer; `body` is None when the server says that it is the version we have.

    `fresh_s` is for how many seconds a cache on the way will give this same answer again.
    """

    body: bytes | None
    validators: Validators
    fresh_s: float


class HttpFailed(FairlineError):  # noqa: N818 - the word callers read in `except HttpFailed`
    """A request did not give a usable body.

    `status` is 0 where no whole answer came. `reason` is a stable code: `status`, `timeout`,
    `connection`, `truncated`, `slow`, `too_large`, `empty_body`, `html`, `bad_url`, `untrusted`.
    `retry_after_s` is what the server asked for, `excerpt` the first bytes of its answer.
    """

    def __init__(
        self,
        status: int,
        reason: str,
        detail: str,
        *,
        retry_after_s: float | None = None,
        excerpt: str = "",
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.reason = reason
        self.detail = detail
        self.retry_after_s = retry_after_s
        self.excerpt = excerpt


def classify(failure: HttpFailed) -> Verdict:
    """Return what a failure calls for.

    ```
    transient      no answer, timeout, cut short, slow, empty, HTML    back off and go on
                   408, 425, 429, 5xx
    configuration  400, 401, 403, 407, 451                             mend a setting
                   bad URL, certificate not trusted, body too large
    fatal          all else: 404, 405, 410, unfollowed redirects       never succeeds
    ```
    """
    if failure.reason in ("bad_url", "untrusted", "too_large"):
        return "configuration"
    if failure.reason != "status" or failure.status in _TRANSIENT or failure.status >= 500:
        return "transient"
    return "configuration" if failure.status in _CONFIGURATION else "fatal"


def new_session(user_agent: str) -> requests.Session:
    """Return a session that keeps its connections and says who it is.

    The environment does not speak into it (`trust_env` is off): no proxy stands between Fairline
    and a loopback simulator, and no password of a `.netrc` is sent along. Where a proxy is needed,
    set `proxies` of the returned session. Threads may share the session: it holds no state but
    its connection pool and cookies, which lock themselves.
    """
    session = requests.Session()
    session.trust_env = False
    session.headers["User-Agent"] = user_agent
    adapter = HTTPAdapter(pool_connections=CONNECTIONS, pool_maxsize=CONNECTIONS)
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    return session


def fetch(
    session: requests.Session,
    url: str,
    *,
    params: dict[str, str] | None = None,
    json: Any = None,
    timeout_s: Timeout = (3.05, 8.0),
    total_s: float = 20.0,
    max_bytes: int = 32 * 1024 * 1024,
    heard: Heard | None = None,
) -> bytes:
    """Return the body of a GET, or of a POST when `json` is given.

    `timeout_s` bounds silence and `total_s` the whole body, so that a server that drips a byte
    now and then cannot hold the caller.

    Raises:
        HttpFailed: there is no usable body; `classify` says what to do about it.
    """
    answer = _exchange(
        session,
        url,
        timeout_s=timeout_s,
        total_s=total_s,
        max_bytes=max_bytes,
        heard=heard,
        params=params,
        json=json,
    )
    return answer.body or b""


def fetch_version(
    session: requests.Session,
    url: str,
    known: Validators,
    *,
    params: dict[str, str] | None = None,
    timeout_s: Timeout = (3.05, 8.0),
    total_s: float = 20.0,
    max_bytes: int = 32 * 1024 * 1024,
    heard: Heard | None = None,
) -> Answer:
    """Return the answer of a GET, without a body if it is the version that `known` names.

    The rest is as for `fetch`. A 304 to a request that named no version is a failure.

    Raises:
        HttpFailed: there is no usable body; `classify` says what to do about it.
    """
    return _exchange(
        session,
        url,
        timeout_s=timeout_s,
        total_s=total_s,
        max_bytes=max_bytes,
        heard=heard,
        params=params,
        headers=known.headers(),
    )


def _exchange(
    session: requests.Session,
    url: str,
    *,
    timeout_s: Timeout,
    total_s: float,
    max_bytes: int,
    heard: Heard | None,
    params: dict[str, str] | None,
    json: Any = None,
    headers: dict[str, str] | None = None,
) -> Answer:
    method = "GET" if json is None else "POST"
    deadline_s = time.monotonic() + total_s
    try:
        with session.request(
            method, url, params=params, json=json, headers=headers, timeout=timeout_s, stream=True
        ) as response:
            if heard is not None:
                heard(response.elapsed.total_seconds())
            if response.status_code == 304 and headers:
                body = None
            elif response.status_code != 200:
                raise _refused(response)
            else:
                body = _checked(_read(response, deadline_s, max_bytes))
            return Answer(body, validators_of(response.headers), fresh_s(response.headers))
    except (requests.RequestException, HTTPError, UnicodeError) as error:
        raise _failure(error) from error


def _read(response: requests.Response, deadline_s: float, max_bytes: int) -> bytes:
    """Read the decoded body piece by piece, as pieces arrive."""
    body = bytearray()
    while piece := response.raw.read1(_CHUNK_BYTES, decode_content=True):
        body += piece
        if len(body) > max_bytes:
            detail = f"the body has more than {max_bytes} bytes; raise max_bytes if it is right"
            raise HttpFailed(200, "too_large", detail, excerpt=excerpt(bytes(body[:1024])))
        if time.monotonic() > deadline_s:
            detail = f"the body was not whole in time, had {len(body)} bytes"
            raise HttpFailed(200, "slow", detail)
    return bytes(body)


def _checked(body: bytes) -> bytes:
    if body[:1024].lstrip().startswith(b"<"):
        detail = "the answer was HTTP 200 with a web page instead of data"
        raise HttpFailed(200, "html", detail, excerpt=excerpt(body))
    if not body.strip():
        raise HttpFailed(200, "empty_body", "the answer was HTTP 200 with an empty body")
    return body


def _refused(response: requests.Response) -> HttpFailed:
    """Return the failure of another status; it counts more than whether its page is whole."""
    try:
        start = response.raw.read1(EXCERPT_BYTES, decode_content=True)
    except HTTPError:
        start = b""
    return HttpFailed(
        response.status_code,
        "status",
        f"the answer was HTTP {response.status_code} {response.reason or ''}".rstrip(),
        retry_after_s=_retry_after_s(response.headers.get("Retry-After")),
        excerpt=excerpt(start),
    )


def _retry_after_s(header: str | None) -> float | None:
    """Return the seconds of a Retry-After header, a number or a date; None without a sound one."""
    if header is None:
        return None
    try:
        return float(Retry().parse_retry_after(header))
    except (InvalidHeader, ValueError, OverflowError):
        return None


def _failure(error: Exception) -> HttpFailed:
    if isinstance(error, requests.exceptions.SSLError) and "CERTIFICATE" in str(error):
        return HttpFailed(0, "untrusted", f"the certificate is not trusted: {error}")
    if isinstance(error, (requests.Timeout, ReadTimeoutError)):
        return HttpFailed(0, "timeout", f"no answer in time: {error}")
    if isinstance(error, requests.ConnectionError):
        return HttpFailed(0, "connection", f"no connection: {error}")
    if isinstance(error, HTTPError) and not isinstance(error, LocationValueError):
        return HttpFailed(0, "truncated", f"the answer broke off or is garbled: {error}")
    return HttpFailed(0, "bad_url", f"the request cannot be sent; check its address: {error}")
