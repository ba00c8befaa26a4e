"""The pages that are served, rendered once when the server starts."""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from html import escape

from starlette.requests import Request
from starlette.responses import Response

from .refusals import Refusal
from .server import Line


@dataclass(frozen=True)
class File:
    """Something that is served as it is."""

    media_type: str
    body: bytes


class Web:
    """Path → what is served there."""

    def __init__(self, line: Line) -> None:
        self._files = render(line)
        self._packed = {path: gzip.compress(file.body, 9, mtime=0) for path, file in self._files.items()}

    def page(self, request: Request) -> Response:
        """The file at the request's path; raises Refusal ``not_found``."""
        path = request.scope["path"]
        file = self._files.get(path)
        if file is None:
            raise Refusal("not_found")
        if "gzip" in request.headers.get("accept-encoding", ""):
            headers = {"content-encoding": "gzip", "vary": "accept-encoding"}
            return Response(self._packed[path], media_type=file.media_type, headers=headers)
        return Response(file.body, media_type=file.media_type, headers={"vary": "accept-encoding"})

    def after_upload(self, request: Request, refusal: Refusal | None) -> Response:
        """The page that says whether a file sent through the form was taken."""
        text = refusal.text if refusal else "We have your file. Keep your twelve words: with them you can come back."
        headers = {"connection": "close"} if refusal else {}
        status = refusal.status if refusal else 201
        return Response(_simple(text), status, headers, "text/html; charset=utf-8")


def render(line: Line) -> dict[str, File]:
    """Every page and file of the line."""
    return {"/": File("text/html; charset=utf-8", _simple("Notes"))}


def _simple(text: str) -> bytes:
    form = '<form method="post" action="/upload" enctype="multipart/form-data"><input type="file" name="parcel"><button>↑</button></form>'
    return f'<!doctype html><html lang="en"><meta charset="utf-8"><title>Notes</title><p>{escape(text)}</p>{form}</html>'.encode()
