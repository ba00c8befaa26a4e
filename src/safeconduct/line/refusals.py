"""How the server says no: a code for programs, a sentence for people, nothing about who asked."""

from __future__ import annotations

CODES = {  # code → HTTP status, sentence
    "bad_parcel": (400, "This is not a sealed report."),
    "bad_request": (400, "The request is not one that this server knows."),
    "wrong_token": (403, "The mailbox exists and has another token."),
    "bad_pass": (403, "This pass is not known, or was used before."),
    "not_desk": (403, "This is for caseworkers of the current roster."),
    "elsewhere": (403, "The request came from a page of another address."),
    "not_found": (404, "There is nothing here."),
    "wrong_method": (405, "This address takes another kind of request."),
    "too_slow": (408, "The request took too long."),
    "mailbox_full": (409, "This mailbox holds as much as it may."),
    "too_large": (413, "This is larger than the server takes."),
    "work_needed": (428, "A new mailbox needs a little work or a pass; ask for the work again."),
    "fault": (500, "Something went wrong here; nothing was stored."),
    "busy": (503, "Too many new mailboxes at the moment; try again later."),
    "disk_full": (507, "There is no room at the moment; nothing was stored."),
}


class Refusal(Exception):
    """A request is refused. ``code`` is one of ``CODES``; ``retry_after`` is in seconds."""

    def __init__(self, code: str, retry_after: int | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.status, self.text = CODES[code]
        self.retry_after = retry_after


class LineError(Exception):
    """A folder, setting or file of the line is not as it must be; the message is one sentence that says what to do."""
