"""Whoever watches the wire cannot tell whether mail waits: sizes are equal, and times come from one distribution."""

from __future__ import annotations

import random
import time
from pathlib import Path

from safeconduct.envelope.parcel import token_hash
from safeconduct.line.reading import PAGE, Reader
from safeconduct.line.settings import StorageSettings
from safeconduct.line.store import ANSWER, Accept, Kept, Store

from .compare import kolmogorov_smirnov, mann_whitney
from .kit import Client, Organisation, Reporter, age_file, running

KINDS = ("no mailbox", "no mail", "mail", "wrong token")
REQUESTS = 2_000
SURE = 1e-4  # p-values below this may be a leak: six comparisons by two tests, about one by chance in a thousand times

LEAKING = """
import time
from safeconduct.line import app, reading
app.READING = 0.0001
honest = reading.Reader.page
def leaking(self, mailbox, token, number):
    page = honest(self, mailbox, token, number)
    if page[0] and page[3]:
        time.sleep(0.002)
    return page
reading.Reader.page = leaking
from safeconduct.cli import main
main()
"""


def measure(organisation: Organisation, folder: Path, requests: int, program: str = "") -> dict[str, list[float]]:
    """Seconds that each kind of request took, in random order, one after the other: nobody else's wait hides anything."""
    times: dict[str, list[float]] = {kind: [] for kind in KINDS}
    seen: set[tuple[object, ...]] = set()
    with running(folder, program=program) as server:
        client = Client(server.port)
        empty, full = Reporter(), Reporter()
        for reporter in (empty, full):
            assert client.send(reporter)[0] == 201
        client.delete(empty, client.mailbox(empty)[4:20])  # a mailbox with nothing in it at all
        for _ in range(2):
            assert client.desk(organisation.desks[0], "/desk/answer", full.mailbox + age_file(stanzas=4))[0] == 201

        for kind in random.sample(KINDS * (requests // 4), requests):
            who = {"no mailbox": Reporter(), "no mail": empty, "mail": full, "wrong token": Reporter(full.mailbox)}[kind]
            began = time.perf_counter()
            status, headers, body = client.ask("POST", "/mailbox", who.mailbox + who.token + bytes(4))
            times[kind].append(time.perf_counter() - began)
            assert (body[0], body[3]) == {"no mail": (1, 0), "mail": (1, 3)}.get(kind, (0, 0))
            seen.add((status, len(body), *headers.items()))
    assert len(seen) == 1, "the same size and the same headers, whatever waits"
    return times


def p_values(times: dict[str, list[float]]) -> dict[str, float]:
    return {
        f"{a} / {b}": min(mann_whitney(times[a], times[b]), kolmogorov_smirnov(times[a], times[b]))
        for n, a in enumerate(KINDS)
        for b in KINDS[n + 1 :]
    }


def test_time_and_size_do_not_tell_whether_mail_waits(organisation: Organisation, tmp_path: Path) -> None:
    """What tells two kinds apart tells them apart again, which chance does not."""
    found = p_values(measure(organisation, organisation.folder(tmp_path / "folder"), REQUESTS))
    if min(found.values()) < SURE:
        again = p_values(measure(organisation, organisation.folder(tmp_path / "again"), REQUESTS))
        assert not [pair for pair in found if max(found[pair], again[pair]) < SURE], (found, again)


def test_the_comparison_sees_a_leak_of_two_milliseconds(organisation: Organisation, tmp_path: Path) -> None:
    found = p_values(measure(organisation, organisation.folder(tmp_path / "folder"), 960, LEAKING))
    assert found["no mail / mail"] < SURE and found["no mailbox / mail"] < SURE, found


def test_every_mailbox_request_asks_the_databases_the_same(tmp_path: Path) -> None:
    """Not only in the time that the steps leave to be seen: the same statements, and as many bytes of content read."""
    store = Store(tmp_path, StorageSettings(), 365)
    people = {kind: Reporter() for kind in KINDS}
    for kind in ("no mail", "mail", "wrong token"):
        person = people[kind]
        payload = bytes(16_432)
        assert isinstance(store.do([Accept(person.mailbox, token_hash(person.token), b"h", payload, 9, new=True)])[0], Kept)
        if kind != "no mail":
            store.do([Accept(person.mailbox, None, bytes(6400), payload, 22_832, kind=ANSWER)])
    people["wrong token"].token = bytes(32)
    reader = Reader(tmp_path, store.decoys)
    seen: dict[str, list[str]] = {kind: [] for kind in KINDS}
    for kind, person in people.items():
        for connection in (reader._keys, reader._payloads):
            connection.set_trace_callback(lambda statement, kind=kind: seen[kind].append(statement.split(" = ")[0]))
        assert len(reader.page(person.mailbox, token_hash(person.token), 0)) == PAGE
    assert len(seen["mail"]) == 2 + 2 * 3 and all(asked == seen["mail"] for asked in seen.values())
    reader.close()
    store.close()


def test_the_comparison_itself() -> None:
    dice = random.Random(5)
    a, b = [dice.gauss(0, 1) for _ in range(400)], [dice.gauss(0, 1) for _ in range(400)]
    moved, wider = [value + 0.4 for value in b], [value * 2 for value in b]
    assert mann_whitney(a, b) > 0.01 and kolmogorov_smirnov(a, b) > 0.01
    assert mann_whitney(a, moved) < 1e-4 and kolmogorov_smirnov(a, moved) < 1e-3
    assert mann_whitney(a, wider) > 0.01 and kolmogorov_smirnov(a, wider) < 1e-4, "only one of them sees another spread"
    assert mann_whitney([1.0] * 9, [1.0] * 9) == 1.0
