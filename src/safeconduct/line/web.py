"""The pages that are served, rendered once when the server starts."""

from __future__ import annotations

import gzip
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from . import pages
from .refusals import Refusal
from .settings import PageSettings

HTML = "text/html; charset=utf-8"
MARK = "x-refused"  # which refusal an upload met: the page says it in words, in the reader's language


@dataclass(frozen=True)
class File:
    """Something that is served as it is."""

    media_type: str
    body: bytes
    download: str = ""  # a name, where it is to be saved instead of shown


class Web:
    """Path → what is served there."""

    def __init__(self, roster: bytes, settings: PageSettings) -> None:
        self._settings = pages.Settings(settings.quick_exit)
        self._files = render(roster, settings)
        self._packed = {path: gzip.compress(file.body, 9, mtime=0) for path, file in self._files.items()}

    def page(self, request: Request) -> Response:
        """The file at the request's path; raises Refusal ``not_found``."""
        path = request.scope["path"]
        file = self._files.get(path)
        if file is None:
            raise Refusal("not_found")
        headers = {"vary": "accept-encoding"}
        if file.download:
            headers["content-disposition"] = f'attachment; filename="{file.download}"'
        packed = "gzip" in request.headers.get("accept-encoding", "")
        if packed:
            headers["content-encoding"] = "gzip"
        return Response(self._packed[path] if packed else file.body, 200, headers, file.media_type)

    def after_upload(self, language: str, refusal: Refusal | None) -> Response:
        """The page that says whether a file sent through the form was taken."""
        code = language if language in pages.languages() else pages.DEFAULT
        body = pages.uploaded(code, refusal is None, self._settings)
        if refusal is None:
            return Response(body, 201, media_type=HTML)
        headers = {MARK: refusal.code}
        if refusal.retry_after is not None:
            headers["retry-after"] = str(refusal.retry_after)
        return Response(body, refusal.status, headers, HTML)


def render(roster: bytes, settings: PageSettings) -> dict[str, File]:
    """Every page and file that a line with this roster and these settings serves."""
    chosen, text = pages.Settings(settings.quick_exit), roster.decode()
    files = {"/": File(HTML, pages.page(pages.DEFAULT, text, chosen))}
    files["/form"] = File(HTML, pages.form(text, (), chosen), "form.html")
    for code in pages.languages():
        files[f"/{code}/"] = File(HTML, pages.page(code, text, chosen))
        files[f"/{code}/paper"] = File(HTML, pages.paper(code, text, chosen))
        files[f"/{code}/done"] = File(HTML, pages.done(code, chosen))
    files |= {f"/{name}": File(media_type, body) for name, (media_type, body) in pages.static().items()}
    return files


def languages_of(request: Request) -> list[str]:
    """The languages a browser asks for, the most wanted first."""
    wanted = request.headers.get("accept-language", "")[:200].split(",")
    return [one.split(";")[0].strip() for one in wanted]


def choose(wanted: list[str]) -> str:
    """The first of these that the pages are offered in, by its code or by the beginning of one."""
    offered = list(pages.languages())
    for one in wanted:
        for code in offered:
            if one and (code.lower() == one.lower() or code.split("-")[0].lower() == one.split("-")[0].lower()):
                return code
    return pages.DEFAULT
