"""The protocol, spoken to a server in a process of its own."""

from __future__ import annotations

import json
import secrets
from datetime import UTC, date, datetime, timedelta

import pytest

from safeconduct.envelope import b64, unb64
from safeconduct.line.app import make_app  # noqa: F401  (imports are part of what is tested)

from .kit import Client, Organisation, Reporter, Running, age_file, age_header, entries


def today() -> int:
    return (datetime.now(UTC).date() - date(1970, 1, 1)).days


def error(answer: tuple[int, dict[str, str], bytes]) -> tuple[int, str]:
    return answer[0], json.loads(answer[2])["error"]


def test_a_report_an_answer_an_addition_and_the_end(client: Client, organisation: Organisation) -> None:
    reporter, desk = Reporter(), organisation.desks[0]
    parcel = reporter.parcel()
    status, _, body = client.send(reporter, parcel)
    assert (status, json.loads(body)) == (201, {"accepted": True})
    (listed,) = [m for m in client.listed(desk) if m["mailbox"] == b64(reporter.mailbox)]
    expected = {"kind": "report", "day": datetime.now(UTC).date().isoformat(), "size": len(parcel) - 56}
    assert {k: listed[k] for k in expected} == expected
    message = unb64(listed["id"], 16)
    assert client.desk(desk, "/desk/message", message)[2] == parcel[56:]
    answer = age_file(stanzas=4)
    status, _, body = client.desk(organisation.desks[1], "/desk/answer", reporter.mailbox + answer)
    answered = unb64(json.loads(body)["id"], 16)
    assert status == 201
    page = client.mailbox(reporter)
    assert page[:4] == bytes([1, 0, 0, 2])
    assert sorted(entries(page)) == sorted([(message, 0, today(), b""), (answered, 1, today(), answer)])
    addition = reporter.parcel()
    assert client.ask("POST", "/parcel", addition)[0] == 201, "an addition needs no work"
    assert len(entries(client.mailbox(reporter))) == 3
    client.delete(reporter, answered)
    assert {e[1] for e in entries(client.mailbox(reporter))} == {0}
    assert client.desk(desk, "/desk/message", answered)[0] == 404
    client.delete(reporter)
    assert client.mailbox(reporter)[:4] == bytes(4)
    assert not [m for m in client.listed(desk) if m["mailbox"] == b64(reporter.mailbox)]
    assert error(client.ask("POST", "/parcel", addition)) == (428, "work_needed"), "nothing is left to add to"


def test_what_is_not_theirs_looks_like_nothing(client: Client) -> None:
    reporter = Reporter()
    client.send(reporter)
    other = Reporter(reporter.mailbox)
    assert client.mailbox(other)[:4] == bytes(4)
    client.delete(other)
    assert client.mailbox(reporter)[:1] == b"\1"
    assert client.mailbox(reporter, 1)[:4] == bytes([1, 0, 0, 0]), "a page that does not exist is empty"
    assert error(client.ask("POST", "/parcel", other.parcel())) == (403, "wrong_token")
    for size in (51, 0):
        assert error(client.ask("POST", "/mailbox", bytes(size))) == (400, "bad_request")
    assert error(client.ask("POST", "/mailbox", bytes(53))) == (413, "too_large")


def test_pages_of_a_mailbox_hold_everything_once(client: Client, organisation: Organisation) -> None:
    reporter, desk = Reporter(), organisation.desks[0]
    client.send(reporter)
    answers = [age_file(size, 4) for size in (100, 100, 30_000, 20_000, 100, 100, 100)]
    for answer in answers:
        assert client.desk(desk, "/desk/answer", reporter.mailbox + answer)[0] == 201
    seen, number = [], 0
    while True:
        page = client.mailbox(reporter, number)
        seen += entries(page)
        if not page[1]:
            break
        number += 1
    assert sorted(e[3] for e in seen if e[1] == 1) == sorted(answers)
    assert len({e[0] for e in seen}) == 8 and number >= 3
    too_large = client.desk(desk, "/desk/answer", reporter.mailbox + age_file(62_000, 4))
    assert error(too_large) == (413, "too_large")
    assert error(client.desk(desk, "/desk/answer", secrets.token_bytes(16) + answers[0])) == (404, "not_found")
    assert error(client.desk(desk, "/desk/answer", reporter.mailbox + age_file(stanzas=5))) == (400, "bad_parcel")


def test_only_caseworkers_of_the_roster_ask_for_messages(client: Client, organisation: Organisation) -> None:
    stranger = Organisation().desks[0]
    assert error(client.desk(stranger, "/desk/list", b"{}")) == (403, "not_desk")
    assert error(client.ask("POST", "/desk/list", b"{}")) == (403, "not_desk")
    desk, signed = organisation.desks[0], {}
    original = client.ask
    client.ask = lambda *a, **k: signed.update(k) or original(*a, **k)  # type: ignore[method-assign]
    assert client.desk(desk, "/desk/list", b"{}")[0] == 200
    client.ask = original  # type: ignore[method-assign]
    assert error(client.ask("POST", "/desk/list", b"{}", **signed)) == (403, "not_desk"), "a challenge serves once"
    fresh = json.loads(client.ask("GET", "/work")[2])["challenge"]
    key, _, signature = signed["Line_Desk"].split(".")
    moved = {"Line_Desk": f"{key}.{fresh}.{signature}"}
    assert error(client.ask("POST", "/desk/list", b"{}", **moved)) == (403, "not_desk"), "the signature is for a challenge"


def test_wrapped_keys_are_replaced(client: Client, organisation: Organisation) -> None:
    reporter, desk = Reporter(), organisation.desks[0]
    parcel = reporter.parcel()
    client.send(reporter, parcel)
    (listed,) = [m for m in client.listed(desk) if m["mailbox"] == b64(reporter.mailbox)]
    message, new = unb64(listed["id"], 16), age_header(2)
    assert client.desk(desk, "/desk/header", message + new)[0] == 200
    payload = parcel[56 + len(age_header(3)) :]
    assert client.desk(desk, "/desk/message", message)[2] == new + payload
    assert error(client.desk(desk, "/desk/header", message + age_header(4))) == (400, "bad_parcel"), "more than the roster has"
    assert error(client.desk(desk, "/desk/header", message + new + b"x")) == (400, "bad_parcel")
    assert error(client.desk(desk, "/desk/header", bytes(16) + new)) == (404, "not_found")
    for body in (b"m" + message, b"m" + message):
        assert client.desk(desk, "/desk/delete", body)[0] == 200, "deleted or not there: the same"
    assert client.mailbox(reporter)[:4] == bytes([1, 0, 0, 0])
    assert client.desk(desk, "/desk/delete", b"b" + reporter.mailbox)[0] == 200
    assert client.mailbox(reporter)[:4] == bytes(4)
    assert error(client.desk(desk, "/desk/delete", b"x" + message)) == (400, "bad_request")


def test_work_serves_once_for_one_mailbox(client: Client) -> None:
    reporter, other = Reporter(), Reporter()
    parcel = reporter.parcel()
    work = client.work(reporter.mailbox)
    assert error(client.ask("POST", "/parcel", parcel)) == (428, "work_needed")
    assert error(client.ask("POST", "/parcel", other.parcel(), Line_Work=work)) == (428, "work_needed")
    for bad in ("x", work + "x", work.split(".")[0] + ".-1", work.split(".")[0] + ".99999999999999999999", "A" * 22 + ".1"):
        assert error(client.ask("POST", "/parcel", parcel, Line_Work=bad)) == (428, "work_needed")
    broken = parcel[:-5]
    assert client.ask("POST", "/parcel", broken, Line_Work=work)[0] == 400
    assert client.ask("POST", "/parcel", parcel, Line_Work=work)[0] == 201, "what failed for another reason used nothing up"
    third = Reporter(other.mailbox)
    assert error(client.ask("POST", "/parcel", third.parcel(), Line_Work=work)) == (428, "work_needed")


@pytest.mark.parametrize("where", ["file", "nowhere"])
def test_the_form_without_scripts(client: Client, where: str) -> None:
    reporter = Reporter()
    parcel = reporter.parcel(300_000 if where == "file" else 100)
    body = form(("language", b"en"), ("parcel", parcel))
    kind = {"Content_Type": "multipart/form-data; boundary=xyz"}
    status, headers, page = client.ask("POST", "/upload", body, **kind, Sec_Fetch_Site="same-origin", Origin="null")
    assert status == 201 and headers["content-type"].startswith("text/html") and b"<h1" in page
    assert client.mailbox(reporter)[0] == 1
    twice = form(("parcel", parcel), ("parcel", parcel))
    for wrong in (twice, form(("other", b"x")), form(), body[:-9], form(("parcel", b"x"))):
        assert client.ask("POST", "/upload", wrong, **kind)[0] == 400
    assert client.ask("POST", "/upload", body)[0] == 400
    assert client.ask("POST", "/upload", body, **kind, Sec_Fetch_Site="cross-site")[0] == 403


def form(*fields: tuple[str, bytes]) -> bytes:
    parts = [
        b'--xyz\r\nContent-Disposition: form-data; name="%s"; filename="report.parcel"\r\n\r\n%s\r\n' % (name.encode(), value)
        for name, value in fields
    ]
    return b"".join(parts) + b"--xyz--\r\n"


def test_a_class_of_thirty_reports_at_once(server: Running, folder: object) -> None:
    from concurrent.futures import ThreadPoolExecutor

    def one(_: int) -> tuple[int, int]:
        mine, reporter = Client(server.port), Reporter()
        bits = json.loads(mine.ask("GET", "/work")[2])["bits"]
        return mine.send(reporter)[0], bits

    with ThreadPoolExecutor(30) as pool:
        assert set(pool.map(one, range(30))) == {(201, 12)}, "nobody is refused, nobody works more"


def test_what_is_too_large_is_refused_before_it_comes(server: Running) -> None:
    import socket

    with socket.create_connection(("127.0.0.1", server.port)) as connection:
        connection.sendall(b"POST /parcel HTTP/1.1\r\nHost: x\r\nContent-Length: 1073741824\r\n\r\nSCLINE1\n")
        connection.settimeout(10)
        answer = b""
        while b"}" not in answer:
            answer += connection.recv(4096)
    assert answer.startswith(b"HTTP/1.1 413 ") and b"too_large" in answer


def test_dates_are_days(client: Client, organisation: Organisation) -> None:
    assert date.fromisoformat(str(client.listed(organisation.desks[0])[0]["day"])) <= date.today() + timedelta(days=1)
