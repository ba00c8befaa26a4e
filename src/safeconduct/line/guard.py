"""Around everything: the headers that every answer carries, and errors that say nothing about who asked."""

from __future__ import annotations

import json
import sys
import traceback
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from .refusals import Refusal

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
)
_OFF = (
    "accelerometer", "ambient-light-sensor", "attribution-reporting", "autoplay", "bluetooth", "browsing-topics", "camera",
    "clipboard-read", "clipboard-write", "compute-pressure", "display-capture", "encrypted-media", "fullscreen", "gamepad",
    "geolocation", "gyroscope", "hid", "identity-credentials-get", "idle-detection", "local-fonts", "magnetometer",
    "microphone", "midi", "otp-credentials", "payment", "picture-in-picture", "publickey-credentials-create",
    "publickey-credentials-get", "screen-wake-lock", "serial", "storage-access", "usb", "web-share", "window-management",
    "xr-spatial-tracking",
)  # fmt: skip
HEADERS = {
    "content-security-policy": POLICY,
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-embedder-policy": "require-corp",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "permissions-policy": ", ".join(f"{name}=()" for name in _OFF),
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "x-dns-prefetch-control": "off",
}
COMMON = [(name.encode(), value.encode()) for name, value in HEADERS.items()]


class Guard:
    """Wraps the application."""

    def __init__(self, app: App, *, https: bool, onion: str) -> None:
        self._app = app
        self._https = [*COMMON, (b"strict-transport-security", b"max-age=63072000; includeSubDomains")] if https else COMMON
        self._onion = onion.rstrip("/")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        scope["app"] = self  # so that the router raises its errors instead of answering them
        extra = self._extra(scope)
        started = False

        async def sending(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                message["headers"] = [*message.get("headers", ()), *extra]
            await send(message)

        try:
            await self._app(scope, receive, sending)
        except ClientDisconnect:
            pass
        except Exception as error:
            refusal = error if isinstance(error, Refusal) else _by_status(error)
            if refusal is None:
                report(error)
                refusal = Refusal("fault")
            if started:
                raise ConnectionAbortedError from None
            await _answer(refusal, sending)

    def _extra(self, scope: Scope) -> list[tuple[bytes, bytes]]:
        host = next((value for name, value in scope["headers"] if name == b"host"), b"").split(b":")[0]
        if host.endswith(b".onion"):
            return COMMON
        if self._onion:
            place = f"{self._onion}{scope['path']}".encode("ascii", "ignore")
            safe = place if place.isascii() and not any(c <= 32 or c == 127 for c in place) else self._onion.encode()
            return [*self._https, (b"onion-location", safe)]
        return self._https


def _by_status(error: Exception) -> Refusal | None:
    """The router's own errors as refusals."""
    if isinstance(error, HTTPException):
        return Refusal({404: "not_found", 405: "wrong_method"}.get(error.status_code, "bad_request"))
    return None


async def _answer(refusal: Refusal, send: Send) -> None:
    """A refusal as JSON."""
    body = json.dumps({"error": refusal.code, "text": refusal.text}).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    if refusal.retry_after is not None:
        headers.append((b"retry-after", str(refusal.retry_after).encode()))
    await send({"type": "http.response.start", "status": refusal.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def report(error: BaseException) -> None:
    """One line on standard error: the kind of the error and where it came from, nothing of what it was about."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if "safeconduct" in frame.filename] or frames
    place = f"{own[-1].filename.rsplit('/', 1)[-1]}:{own[-1].lineno}" if own else "?"
    sys.stderr.write(f"safeconduct line: fault {type(error).__name__} at {place}\n")
