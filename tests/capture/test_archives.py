from __future__ import annotations

import gzip
import io
import struct
import zipfile
import zlib
from pathlib import Path

import brotli
import pytest
from fastwarc.warc import ArchiveIterator as FastwarcIterator
from warcio.archiveiterator import ArchiveIterator as WarcioIterator

from safeconduct.capture import BlobStore, CaptureError, Limits, obtain, read

from .helpers import by_hash, gzipped, http_response, page, page_record, pdf, split, wacz, warc_record

RECORDS = [page_record(n) for n in range(6)]
ZEROS = bytes(20_000_000)


def take(path: Path, store: BlobStore, data: bytes | None = None, limits: Limits | None = None):
    if data is not None:
        path.write_bytes(data)
    return split(obtain(path, store, limits=limits))


def urls(got) -> list[int]:
    return [int(item.url.rpartition("/")[2]) for item in got]


@pytest.mark.parametrize("name", ["a.warc", "a.warc.gz", "whole.warc.gz"])
def test_pages_of_a_warc(tmp_path: Path, store: BlobStore, name: str) -> None:
    data = {
        "a.warc": b"".join(RECORDS),
        "a.warc.gz": gzipped(*RECORDS),
        "whole.warc.gz": gzip.compress(b"".join(RECORDS)),
    }[name]
    got, skipped = take(tmp_path / name, store, data)
    assert urls(got) == [0, 1, 2, 3, 4, 5] and skipped == []
    first = got[0]
    assert store.read(first.sha256) == page("Page number 0 of the archive.")
    assert (first.how, first.status, first.media_type, first.obtained_at) == (
        "warc",
        200,
        "text/html",
        "2022-12-05T09:30:00Z",
    )
    assert first.headers == (("Content-Type", "text/html"),) and first.name == "0"
    assert first.container == by_hash(data) and store.read(first.container) == data
    assert "Page number 0" in read(store.read(first.sha256), media_type=first.media_type).text


def test_records_agree_with_two_other_readers(tmp_path: Path, store: BlobStore) -> None:
    data = gzipped(*RECORDS)
    got, _ = take(tmp_path / "a.warc.gz", store, data)
    ours = [(item.url, store.read(item.sha256)) for item in got]
    assert ours == [
        (r.rec_headers.get_header("WARC-Target-URI"), r.content_stream().read())
        for r in WarcioIterator(io.BytesIO(data))
    ]
    assert ours == [(r.headers["WARC-Target-URI"], r.reader.read()) for r in FastwarcIterator(io.BytesIO(data))]


def test_what_is_taken_and_what_is_passed_over(tmp_path: Path, store: BlobStore) -> None:
    records = [
        warc_record("urn:info", b"software: test\r\n", kind="warcinfo"),
        warc_record("https://news.example/1", b"GET / HTTP/1.1\r\n\r\n", kind="request"),
        warc_record("https://news.example/2", http_response(page("Not found"), status="404 Not Found")),
        warc_record("https://news.example/3", http_response(b"\x89PNG\r\n\x1a\n\0\0", kind="image/png")),
        warc_record("https://news.example/4", http_response(b"body { color: red }", kind="text/css")),
        warc_record("https://news.example/5", http_response(b'{"a": 1}', kind="application/json")),
        warc_record("https://news.example/6", http_response(pdf("A page"), kind="application/pdf")),
        warc_record(
            "https://news.example/7",
            page("A resource"),
            kind="resource",
            fields={"Content-Type": "text/html; charset=big5"},
        ),
        warc_record("dns:news.example", b"20221205 1.2.3.4", kind="response", fields={"Content-Type": "text/dns"}),
        warc_record("https://news.example/8", http_response(b"Only words.", kind="text/plain")),
        warc_record("https://news.example/9", http_response(b"")),
    ]
    got, skipped = take(tmp_path / "a.warc.gz", store, gzipped(*records))
    assert urls(got) == [6, 7, 8] and skipped == []
    assert [item.media_type for item in got] == ["application/pdf", "text/html", "text/plain"]
    assert got[1].headers == (("Content-Type", "text/html; charset=big5"),) and got[1].status is None


def test_the_same_payload_is_given_once_and_is_new_once(tmp_path: Path, store: BlobStore) -> None:
    same = http_response(page("Seen before."))
    data = gzipped(warc_record("https://news.example/1", same), warc_record("https://news.example/2", same))
    got, skipped = take(tmp_path / "a.warc.gz", store, data)
    assert urls(got) == [1] and got[0].new and skipped == []
    assert [item.new for item in take(tmp_path / "a.warc.gz", store)[0]] == [False]


@pytest.mark.parametrize("name", ["a.warc", "a.warc.gz"])
def test_a_truncated_archive_gives_what_is_whole_and_says_so(tmp_path: Path, store: BlobStore, name: str) -> None:
    data = gzipped(*RECORDS) if name.endswith("gz") else b"".join(RECORDS)
    last = len(gzipped(RECORDS[5]) if name.endswith("gz") else RECORDS[5])
    for cut in (10, 60, last // 2, last - 15):
        got, skipped = take(tmp_path / name, store, data[:-cut])
        checksum_only = name.endswith("gz") and cut == 10  # the record is whole, its gzip member is not
        assert urls(got) == [0, 1, 2, 3, 4] + [5] * checksum_only, cut
        assert len(skipped) >= 1 and any("cut off" in s.reason for s in skipped), cut


def test_even_a_truncated_record_of_no_interest_is_told(tmp_path: Path, store: BlobStore) -> None:
    image = warc_record("https://news.example/1", http_response(b"\x89PNG" * 500, kind="image/png"))
    got, skipped = take(tmp_path / "a.warc", store, RECORDS[0] + image[:-900])
    assert urls(got) == [0] and "https://news.example/1 is cut off" in skipped[0].reason


def test_a_corrupt_gzip_member_in_the_middle(tmp_path: Path, store: BlobStore) -> None:
    parts = [gzip.compress(record, mtime=0) for record in RECORDS]
    for spot, damage in [(2, b"\xff" * 8), (14, b"\xff\xff\xff"), (-8, b"\0\0\0\0")]:
        bad = bytearray(parts[2])
        at = spot % len(bad)
        bad[at : at + len(damage)] = damage
        got, skipped = take(tmp_path / "a.warc.gz", store, b"".join([*parts[:2], bytes(bad), *parts[3:]]))
        assert urls(got) == [0, 1, 3, 4, 5], spot
        assert len(skipped) == 1 and "corrupt" in skipped[0].reason


def test_padding_and_garbage_after_members(tmp_path: Path, store: BlobStore) -> None:
    got, skipped = take(tmp_path / "a.warc.gz", store, gzipped(*RECORDS[:2]) + bytes(512))
    assert urls(got) == [0, 1] and skipped == []
    got, skipped = take(
        tmp_path / "a.warc.gz", store, gzipped(RECORDS[0]) + b"lost \x1f\x8b\x08 bytes" + gzipped(RECORDS[1]) + b"more"
    )
    assert urls(got) == [0, 1] and len(skipped) == 2


@pytest.mark.parametrize("length", ["abc", "-5", "99999999999999999999", "10", ""])
def test_a_wrong_record_length_costs_one_record(tmp_path: Path, store: BlobStore, length: str) -> None:
    bad = warc_record("https://news.example/2", http_response(page("Bad.")), fields={"Content-Length": length})
    got, skipped = take(tmp_path / "a.warc", store, b"".join([*RECORDS[:2], bad, *RECORDS[3:]]))
    assert urls(got) == [0, 1, 3, 4, 5]
    assert len(skipped) == 1 and ";" in skipped[0].reason


def test_digest_and_truncation_marks_are_believed(tmp_path: Path, store: BlobStore) -> None:
    block = http_response(page("Digested."))
    sha1 = "sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ"
    data = gzipped(
        warc_record("https://news.example/1", block, fields={"WARC-Block-Digest": sha1}),
        warc_record("https://news.example/2", block, fields={"WARC-Block-Digest": "sha256:" + by_hash(block)}),
        warc_record("https://news.example/3", http_response(page("Cut.")), fields={"WARC-Truncated": "length"}),
        warc_record("https://news.example/4", http_response(page("Undated.")), fields={"WARC-Date": "last year"}),
        warc_record("https://news.example/5", http_response(page("Short."), "Content-Length: 5000")),
    )
    got, skipped = take(tmp_path / "a.warc.gz", store, data)
    assert urls(got) == [2]
    reasons = [s.reason for s in skipped]
    assert [
        word in reason for word, reason in zip(["Digest", "cut off", "WARC-Date", "of 5000"], reasons, strict=True)
    ] == [True] * 4
    assert [s.name for s in skipped] == [f"https://news.example/{n}" for n in (1, 3, 4, 5)]


def test_bodies_are_decoded_tolerantly(tmp_path: Path, store: BlobStore) -> None:
    raw_deflate = zlib.compressobj(wbits=-15)
    words = [page(f"Encoded in way {n}.") for n in range(9)]

    def chunked(data: bytes) -> bytes:
        return b"%x;x=y\r\n%b\r\n5\r\n%b\r\n0\r\nTrailer: 1\r\n\r\n" % (len(data) - 5, data[:-5], data[-5:])

    bodies = [
        (gzip.compress(words[0]), ["Content-Encoding: gzip"]),
        (brotli.compress(words[1]), ["content-encoding: br"]),
        (zlib.compress(words[2]), ["Content-Encoding: deflate"]),
        (raw_deflate.compress(words[3]) + raw_deflate.flush(), ["Content-Encoding: deflate"]),
        (chunked(words[4]), ["Transfer-Encoding: chunked"]),
        (chunked(gzip.compress(words[5])), ["Content-Encoding: gzip", "Transfer-Encoding: chunked"]),
        (words[6], ["Content-Encoding: gzip", "Transfer-Encoding: chunked", "Content-Length: 99999"]),  # stored decoded
        (gzip.compress(words[7][:20]) + gzip.compress(words[7][20:]), ["Content-Encoding: x-gzip"]),
        (brotli.compress(gzip.compress(words[8])), ["Content-Encoding: gzip, br"]),
    ]
    data = gzipped(*(warc_record(f"https://news.example/{n}", http_response(b, *h)) for n, (b, h) in enumerate(bodies)))
    got, skipped = take(tmp_path / "a.warc.gz", store, data)
    assert skipped == []
    assert [store.read(item.sha256) for item in got] == words


def test_bodies_that_cannot_be_decoded_are_told(tmp_path: Path, store: BlobStore) -> None:
    body = page("x" * 5000)
    bodies = [
        (body, ["Content-Encoding: zstd"], "'zstd'"),
        (gzip.compress(body)[:-20], ["Content-Encoding: gzip"], "cut off"),
        (gzip.compress(body)[:-8] + bytes(8), ["Content-Encoding: gzip"], "corrupt"),
        (brotli.compress(body)[:-5], ["Content-Encoding: br"], "cut off"),
        (b"\xff" * 50, ["Content-Encoding: br"], "corrupt"),
        (b"fff\r\nshort", ["Transfer-Encoding: chunked"], "cut off"),
        (gzip.compress(b"a" * len(ZEROS)), ["Content-Encoding: gzip"], "bomb"),
        (brotli.compress(b"a" * len(ZEROS), quality=3), ["Content-Encoding: br"], "bomb"),
    ]
    data = b"".join(
        warc_record(f"https://news.example/{n}", http_response(b, *h)) for n, (b, h, _) in enumerate(bodies)
    )
    got, skipped = take(tmp_path / "a.warc", store, data + page_record(99))
    assert urls(got) == [99]
    for (_, _, words), skip in zip(bodies, skipped, strict=True):
        assert words in skip.reason


def test_a_gzip_bomb_member_is_stopped(tmp_path: Path, store: BlobStore) -> None:
    bomb = gzip.compress(warc_record("https://news.example/1", http_response(ZEROS, kind="text/plain")))
    got, skipped = take(tmp_path / "a.warc.gz", store, gzipped(RECORDS[0]) + bomb + gzipped(RECORDS[2]))
    assert urls(got) == [0, 2]
    assert len(skipped) == 1 and "bomb" in skipped[0].reason


def test_bounds_of_a_whole_archive(tmp_path: Path, store: BlobStore) -> None:
    got, skipped = take(tmp_path / "a.warc.gz", store, gzipped(*RECORDS), Limits(max_members=3))
    assert urls(got) == [0, 1, 2] and [("max_members" in s.reason) for s in skipped] == [True]
    many = gzipped(
        *(warc_record(f"https://news.example/{n}", http_response(page("words " * 2000 + str(n)))) for n in range(9))
    )
    got, skipped = take(tmp_path / "b.warc.gz", store, many, Limits(max_expanded_bytes=50_000))
    assert 2 <= len(got) < 9 and ["max_expanded_bytes" in s.reason for s in skipped] == [True]


def test_a_payload_that_is_too_large_costs_only_itself(tmp_path: Path, store: BlobStore) -> None:
    large = warc_record("https://news.example/1", b"<html>" + b"x" * 5000, kind="resource")
    got, skipped = take(tmp_path / "a.warc", store, RECORDS[0] + large + RECORDS[2], Limits(max_bytes=4000))
    assert urls(got) == [0, 2] and "[capture] max_bytes" in skipped[0].reason


def test_names_cannot_steer_a_terminal(tmp_path: Path, store: BlobStore) -> None:
    bad = warc_record("https://news.example/\x1b[2J%1b]0;x", http_response(page("Fine.")))
    (got,), _ = take(tmp_path / "a.warc", store, bad)
    assert "\x1b" not in got.name + (got.url or "")


def test_an_archive_without_pages(tmp_path: Path, store: BlobStore) -> None:
    with pytest.raises(CaptureError, match="holds no page"):
        take(tmp_path / "a.warc", store, warc_record("urn:info", b"software: test\r\n", kind="warcinfo"))


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_pages_of_a_wacz(tmp_path: Path, store: BlobStore, method: int) -> None:
    nested = io.BytesIO()
    with zipfile.ZipFile(nested, "w") as inner:
        inner.writestr("archive/inner.warc.gz", gzipped(RECORDS[5]))
    path = wacz(
        tmp_path / "site.wacz",
        {
            "archive/a.warc.gz": gzipped(*RECORDS[:2]),
            "archive/b.warc": RECORDS[2],
            "archive/nested.wacz": nested.getvalue(),
            "other/c.warc": RECORDS[3],
            "datapackage.json": b"{}",
        },
        method=method,
    )
    got, skipped = take(path, store)
    assert urls(got) == [0, 1, 2] and skipped == []
    assert {item.how for item in got} == {"wacz"} and {item.container for item in got} == {by_hash(path.read_bytes())}


@pytest.mark.parametrize(
    "name", ["../evil.warc", "archive/../../evil.warc", "/etc/evil.warc", "archive\\..\\evil.warc", "C:/evil"]
)
def test_a_wacz_that_leads_outside_is_hostile_as_a_whole(tmp_path: Path, store: BlobStore, name: str) -> None:
    path = wacz(tmp_path / "site.wacz", {"archive/a.warc": RECORDS[0], name: RECORDS[1]})
    with pytest.raises(CaptureError, match="do not trust"):
        take(path, store)
    assert not (tmp_path / "evil.warc").exists()


def test_a_symbolic_link_in_a_wacz_is_hostile(tmp_path: Path, store: BlobStore) -> None:
    link = zipfile.ZipInfo("archive/link.warc")
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(tmp_path / "site.wacz", "w") as archive:
        archive.writestr("archive/a.warc", RECORDS[0])
        archive.writestr(link, "/etc/passwd")
    with pytest.raises(CaptureError, match="do not trust"):
        take(tmp_path / "site.wacz", store)


def test_zip_bombs_are_stopped_whatever_the_header_says(tmp_path: Path, store: BlobStore) -> None:
    path = wacz(
        tmp_path / "bomb.wacz", {"archive/bomb.warc": ZEROS, "archive/z.warc": RECORDS[0]}, method=zipfile.ZIP_DEFLATED
    )
    got, skipped = take(path, store)
    assert urls(got) == [0] and [s.name for s in skipped] == ["archive/bomb.warc"] and "bomb" in skipped[0].reason
    lying = bytearray(path.read_bytes())
    size = struct.pack("<I", len(ZEROS))
    while (at := lying.find(size)) >= 0:
        lying[at : at + 4] = struct.pack("<I", 1000)
    got, skipped = take(tmp_path / "lying.wacz", store, bytes(lying))
    assert urls(got) == [0] and len(skipped) == 1
    assert sum(path.stat().st_size for path in store.root.rglob("*") if path.is_file()) < 1_000_000


def test_broken_and_odd_zip_files(tmp_path: Path, store: BlobStore) -> None:
    whole = wacz(tmp_path / "site.wacz", {"archive/a.warc": RECORDS[0], "archive/b.warc": RECORDS[1]}).read_bytes()
    with pytest.raises(CaptureError, match="cut off"):
        take(tmp_path / "cut.wacz", store, whole[:-60])
    corrupt = whole.replace(b"Page number 0", b"Page nuwber 0")
    got, skipped = take(tmp_path / "corrupt.wacz", store, corrupt)
    assert urls(got) == [1] and "corrupt" in skipped[0].reason
    huge = whole[:-22] + whole[-22:-10] + struct.pack("<I", 0x7FFFFFFF) + whole[-6:]
    with pytest.raises(CaptureError, match="too many members"):
        take(tmp_path / "huge.wacz", store, huge)
    path = wacz(tmp_path / "lzma.wacz", {"archive/a.warc": RECORDS[0]}, method=zipfile.ZIP_LZMA)
    _, skipped = take(path, store)
    assert "does not use" in skipped[0].reason
