"""The routes of a line (docs/line-protocol.md, "Server")."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route, Router

from safeconduct.envelope import b64
from safeconduct.envelope.parcel import token_hash

from . import desk
from .bodies import same_origin, whole
from .forms import receive_form
from .guard import App, Guard
from .reading import PAGE
from .refusals import Refusal
from .sending import receive_parcel
from .server import Line, at_a_step
from .store import Delete
from .web import Web, choose, languages_of

READING, DELETING = 0.02, 0.06  # seconds: the steps at which mailbox requests are answered

Handler = Callable[[Line, Request], Awaitable[Response]]


async def work(line: Line, request: Request) -> Response:
    bits = line.load.bits()
    return JSONResponse({"challenge": b64(line.challenges.new(bits)), "bits": bits, "limit": line.largest_parcel})


async def roster(line: Line, request: Request) -> Response:
    return Response(line.roster_bytes, media_type="application/json")


async def parcel(line: Line, request: Request) -> Response:
    await receive_parcel(line, request)
    return JSONResponse({"accepted": True}, status_code=201)


async def mailbox(line: Line, request: Request) -> Response:
    began = time.monotonic()
    body = await whole(request, 52, (52,))
    number = int.from_bytes(body[48:], "big")
    page = await line.read(lambda reader: reader.page(body[:16], token_hash(body[16:48]), number))
    assert len(page) == PAGE
    await at_a_step(began, READING)
    return Response(bytes(page), media_type="application/octet-stream")


async def delete(line: Line, request: Request) -> Response:
    began = time.monotonic()
    body = await whole(request, 64, (48, 64))
    await line.writer.do(Delete(body[:16], token_hash(body[16:48]), body[48:] or None))
    await at_a_step(began, DELETING)
    return JSONResponse({"deleted": True})


def make_app(line: Line) -> App:
    """The application that serves ``line``, with its guard around it."""
    web = Web(line.roster_bytes, line.settings.pages)

    async def upload(line: Line, request: Request) -> Response:
        language, refusal = choose(languages_of(request)), None
        try:
            language = await receive_form(line, request) or language
        except Refusal as error:
            refusal = error
        return web.after_upload(language, refusal)

    def route(path: str, handler: Handler, *methods: str) -> Route:
        async def endpoint(request: Request) -> Response:
            if request.method == "POST":
                same_origin(request)
            return await handler(line, request)

        return Route(path, endpoint, methods=list(methods), include_in_schema=False)

    async def page(line: Line, request: Request) -> Response:
        return web.page(request)

    routes = [
        route("/work", work, "GET"),
        route("/roster.json", roster, "GET"),
        route("/parcel", parcel, "POST"),
        route("/upload", upload, "POST"),
        route("/mailbox", mailbox, "POST"),
        route("/mailbox/delete", delete, "POST"),
        route("/desk/list", desk.list_messages, "POST"),
        route("/desk/message", desk.get_message, "POST"),
        route("/desk/answer", desk.answer, "POST"),
        route("/desk/header", desk.rewrap, "POST"),
        route("/desk/delete", desk.delete, "POST"),
        route("/{path:path}", page, "GET"),
    ]

    @asynccontextmanager
    async def lifespan(app: object) -> AsyncIterator[None]:
        async with line.running():
            yield

    router = Router(routes, redirect_slashes=False, lifespan=lifespan)
    return Guard(router, https=line.settings.pages.https, onion=line.settings.pages.onion_address)
