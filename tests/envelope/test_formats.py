"""Words, parcels, letters and key files: written and read back, and everything near them refused."""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safeconduct.envelope import Refused, b64, bech32, public_of, recipient_of, unb64
from safeconduct.envelope.keyfile import Key, needs_password, new_key, read_key, read_public, write_key
from safeconduct.envelope.letter import Answer, Report, read_attachment, read_letter, write_answer, write_report
from safeconduct.envelope.parcel import PREFIX, read_parcel, token_hash, write_parcel
from safeconduct.envelope.sealing import Cost, lock
from safeconduct.envelope.wire import read_json
from safeconduct.envelope.words import (
    fingerprint,
    from_words,
    mailbox_of,
    reply_identity_of,
    to_numbers,
    to_words,
    token_of,
    word_list,
)

from . import line_vectors
from .people import DESKS, SIGNER, TODAY, WORDS, report_of

CHEAP = Cost(4, 3, 65536)


# ── text ────────────────────────────────────────────────────────────────────────────────────────────────────────────────


@settings(deadline=None)
@given(st.binary(max_size=40))
def test_base64url_has_one_writing(data: bytes) -> None:
    assert unb64(b64(data), len(data)) == data
    for wrong in (b64(data) + "=", b64(data) + "\n", " " + b64(data)):
        with pytest.raises(Refused):
            unb64(wrong)


@pytest.mark.parametrize("wrong", ["AB", "A", "+/AA", "AA==", "AAA=", "A A", "ÄA", None, 7, b"AA"])
def test_other_base64_is_refused(wrong: object) -> None:
    with pytest.raises(Refused):
        unb64(wrong)


@pytest.mark.parametrize("wrong", [
    b"", b"[]", b"1", b"{", b'{"a":1,"a":1}', b'{"a":{"b":1,"b":1}}', b'{"a":NaN}', b'{"a":-Infinity}', b'\xff',
    b"[" * 100000, b'{"a":' * 100000, b'\xef\xbb\xbf{}', b"{}x", b'{"a":' + b"9" * 5000 + b"}",
])  # fmt: skip
def test_other_json_is_refused(wrong: bytes) -> None:
    with pytest.raises(Refused):
        read_json(wrong)


@settings(deadline=None)
@given(st.binary(min_size=1, max_size=60), st.integers(0, 200), st.sampled_from("qpzry9x8gf2tvdw0s3jn54khce6mua7l1bio"))
def test_bech32_finds_a_wrong_letter(data: bytes, place: int, letter: str) -> None:
    text = bech32.encode("age1pq", data)
    assert bech32.decode(text, "age1pq", len(data)) == data
    place %= len(text)
    if text[place] != letter:
        with pytest.raises(Refused):
            bech32.decode(text[:place] + letter + text[place + 1 :], "age1pq", len(data))
    for wrong in (text.upper(), text[:-1], text + "q", text[1:]):
        with pytest.raises(Refused):
            bech32.decode(wrong, "age1pq", len(data))


# ── words ───────────────────────────────────────────────────────────────────────────────────────────────────────────────


def hkdf(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    """RFC 5869 in five lines, to check the vectors with other code than that which made them."""
    key, made, block = hmac.digest(salt or bytes(32), secret, "sha256"), b"", b""
    while len(made) < length:
        block = hmac.digest(key, block + info + bytes([len(made) // 32 + 1]), "sha256")
        made += block
    return made[:length]


def test_the_derivations_are_those_of_the_protocol() -> None:
    c = b"safeconduct line v1 "
    assert token_of(WORDS, SIGNER) == hkdf(WORDS, SIGNER, c + b"token", 32)
    seed = hkdf(WORDS, SIGNER, c + b"reply identity", 32)
    assert reply_identity_of(WORDS, SIGNER) == bech32.encode("age-secret-key-pq-", seed).upper()
    reply_to = recipient_of(reply_identity_of(WORDS, SIGNER)).encode()
    assert mailbox_of(WORDS, SIGNER) == hashlib.sha256(c + b"mailbox" + reply_to).digest()[:16]
    assert DESKS[0].verifying == public_of(hkdf(bytes([1]) * 32, b"", c + b"answer key", 32))
    bits = f"{int.from_bytes(hashlib.sha256(c + b'fingerprint' + SIGNER).digest()):0256b}"
    assert list(fingerprint(SIGNER)) == [word_list()[int(bits[n : n + 11], 2)] for n in range(0, 66, 11)]
    assert mailbox_of(WORDS, bytes(32)) != mailbox_of(WORDS, SIGNER)


def test_the_vectors_on_paper_are_these() -> None:
    told = json.loads((line_vectors.PAGE.parent / "line-vectors.json").read_text(encoding="utf-8"))
    assert told == line_vectors.vectors()


@settings(deadline=None)
@given(st.binary(min_size=16, max_size=16))
def test_words_and_numbers_come_back(secret: bytes) -> None:
    words, numbers = to_words(secret), to_numbers(secret)
    mixed = [words[n] if n % 2 else str(numbers[n]) for n in range(12)]
    for typed in (" ".join(words), ", ".join(words).upper(), "\n".join(map(str, numbers)), "  ".join(mixed) + "."):
        assert from_words(typed) == secret


def test_numbers_may_be_in_any_script() -> None:
    western = " ".join(map(str, to_numbers(WORDS)))
    assert from_words(western.translate({ord(str(n)): chr(0x6F0 + n) for n in range(10)})) == WORDS


def test_wrong_words_are_told_by_their_place_and_never_repeated() -> None:
    words = list(to_words(WORDS))
    for typed, told in [
        (" ".join(words[:11]), "11 words"), (" ".join([*words, "zoo"]), "13 words"),
        (" ".join([*words[:4], "secretword", *words[5:]]), "Word 5"), (" ".join([*words[:4], "2049", *words[5:]]), "Word 5"),
        (" ".join([*words[:4], "0", *words[5:]]), "Word 5"), (" ".join([*words[:11], "zoo"]), "belong together"),
        ("", "0 words"),
    ]:  # fmt: skip
        with pytest.raises(Refused, match=told) as error:
            from_words(typed)
        assert "secretword" not in str(error.value)


# ── parcel ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_parcel_begins_with_56_bytes() -> None:
    mailbox, token = bytes(range(16)), bytes(32)
    made = write_parcel(mailbox, token)
    assert made == b"SCLINE1\n" + mailbox + hashlib.sha256(token).digest() and len(made) == PREFIX == 56
    for length in range(PREFIX + 5):
        found = read_parcel((made + b"age-encryption.org/v1\n")[:length])
        assert (found is None) == (length < PREFIX)
    assert found is not None and (found.mailbox, found.token_hash) == (mailbox, token_hash(token))
    for wrong in (b"SCLINE2\n" + made[8:], b"x", b"age-encryption.org/v1\n"):
        with pytest.raises(Refused):
            read_parcel(wrong)


# ── letter ──────────────────────────────────────────────────────────────────────────────────────────────────────────────

FILES = (b"\x01" * 70000, b"", b"second")


def letter_bytes() -> bytes:
    return b"".join(write_report(report_of("what happened", files=FILES), [[f[:5], f[5:]] for f in FILES]))


def cut(data: bytes, size: int) -> list[bytes]:
    return [data[n : n + size] for n in range(0, len(data), size)]


@pytest.mark.parametrize("size", [1, 7, 65536, 1 << 20])
def test_a_report_comes_back_with_its_attachments(size: int) -> None:
    data = letter_bytes()
    assert read_letter(cut(data, size)) == report_of("what happened", files=FILES)
    for place, file in enumerate(FILES):
        assert b"".join(read_attachment(cut(data, size), place)) == file
    with pytest.raises(Refused):
        read_attachment(cut(data, size), 3)


def test_letters_of_one_size_class_are_alike() -> None:
    sizes = {len(b"".join(write_report(report_of("x" * n)))) for n in (0, 1, 5000, 10000)}
    assert sizes == {16384}


def framed(head: object, rest: bytes = b"", padding: int | None = None) -> list[bytes]:
    from safeconduct.envelope import padded

    text = head if isinstance(head, bytes) else json.dumps(head).encode()
    content = len(text).to_bytes(4, "big") + text + rest
    full = padded(8 + len(content)) if padding is None else padding
    return [(len(content).to_bytes(8, "big") + content).ljust(full, b"\0")]


def a_head(**change: Any) -> dict[str, Any]:
    data = b"".join(write_report(report_of("x")))
    return json.loads(data[12 : 12 + int.from_bytes(data[8:12], "big")]) | change


def test_the_frame_is_the_protocols() -> None:
    assert isinstance(read_letter(framed(a_head())), Report)


def test_half_a_character_costs_nobody_their_report() -> None:
    """A browser cuts a text in the middle of a pair of surrogates, and writes what is left as \\ud83d."""
    found = read_letter(framed(a_head(parts={"what": "a\ud83d", "risk": "\ufeff\U0001f600"})))
    assert isinstance(found, Report) and found.parts == {"what": "a\ufffd", "risk": "\ufeff\U0001f600"}


@pytest.mark.parametrize("change", [
    {"v": 2}, {"type": "answer"}, {"type": "note"}, {"type": ["report"]}, {"mailbox": "AA"}, {"reply_to": "age1x"},
    {"language": 1},
    {"written": "2026-13-01"}, {"written": "20261126"}, {"parts": {"who": "x"}}, {"parts": {"what": 1}}, {"parts": []},
    {"uses": {}},
    {"uses": {"what": ["help"], "risk": ["count"]}}, {"uses": {"what": ["help"], "risk": ["help", "help"]}},
    {"uses": {"what": ["help"], "risk": ["help", "publish"]}}, {"uses": {"what": ["help"], "risk": "help"}}, {"extra": 1},
    {"uses": {"what": ["help"], "risk": ["help"], "when": ["help"]}}, {"attachments": [{"name": "x"}]}, {"attachments": None},
    {"attachments": [{"name": "x", "type": "t", "size": 1, "metadata": "unknown", "uses": ["help"]}]},
    {"attachments": [{"name": "x", "type": "t", "size": -1, "metadata": "unknown", "uses": ["help"]}]},
    {"attachments": [{"name": "x", "type": "t", "size": 0, "metadata": "no", "uses": ["help"]}]},
    {"attachments": [{"name": "x", "type": "t", "size": 0, "metadata": "kept", "uses": ["help"]}] * 101},
])  # fmt: skip
def test_other_letters_are_refused(change: dict[str, Any]) -> None:
    with pytest.raises(Refused) as error:
        read_letter(framed(a_head(**change)))
    assert "همه" not in str(error.value)


def test_a_letter_lies_in_the_mailbox_of_its_reply_key_only() -> None:
    """Else the server, which knows mailboxes and can seal to the roster, could have answers sent to a key of its own."""
    other = report_of("x", bytes(16))
    for change in ({"reply_to": other.reply_to}, {"mailbox": b64(other.mailbox)}, {"mailbox": b64(bytes(16))}):
        with pytest.raises(Refused, match="Not genuine"):
            read_letter(framed(a_head(**change)))
    assert isinstance(read_letter(framed(a_head(reply_to=other.reply_to, mailbox=b64(other.mailbox)))), Report)
    with pytest.raises(Refused, match="Not genuine"):
        replace(report_of("x"), reply_to=other.reply_to)


def test_padding_and_lengths_are_exact() -> None:
    head = a_head()
    good = framed(head)[0]
    with pytest.raises(Refused, match="add up"):
        read_letter(framed(head, b"more"))
    for wrong in (
        good[:-1], good + b"\0", good[:-1] + b"\1", good[:20000] + b"\0" * 1024, framed(head, b"more")[0], b"", good[:8],
        good[:300],
        framed(head, padding=17408)[0], (1 << 63).to_bytes(8, "big") + good[8:], good[:8] + b"\xff\xff\xff\xff" + good[12:],
        framed(b"{}")[0], framed(b"\xff")[0], framed(json.dumps(head).encode() + b" " * (1 << 20))[0],
    ):  # fmt: skip
        with pytest.raises(Refused):
            read_letter([wrong])


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=400), st.integers(0, (1 << 32) - 1))
def test_any_bytes_are_refused_without_a_crash(data: bytes, length: int) -> None:
    for plain in (data, (len(data)).to_bytes(8, "big") + data, length.to_bytes(8, "big") + length.to_bytes(4, "big") + data):
        with pytest.raises(Refused):
            read_letter([plain])


def test_a_file_that_changed_while_it_was_sealed_is_noticed() -> None:
    with pytest.raises(Refused):
        list(write_report(report_of("x", files=FILES), [[b"short"], [], [b"second"]]))


def test_an_answer_comes_back_and_vouches_for_its_key() -> None:
    answer = Answer(mailbox_of(WORDS, SIGNER), 3, TODAY, "سلام\nhello", DESKS[0].verifying)
    plain = b"".join(write_answer(answer, DESKS[0].signing))
    assert read_letter([plain]) == answer
    head = json.loads(plain[12 : 12 + int.from_bytes(plain[8:12], "big")])
    for change in (
        {"answer_key": b64(DESKS[1].verifying)}, {"signed": head["signed"].replace("hello", "Hello")},
        {"signature": b64(bytes(64))},
        {"v": 2}, {"extra": 1}, {"type": "report"},
    ):  # fmt: skip
        with pytest.raises(Refused):
            read_letter(framed(head | change))
    for wrong in (replace(answer, text="x" * 8001), replace(answer, number=0), replace(answer, mailbox=b"x")):
        with pytest.raises(Refused):
            write_answer(wrong, DESKS[0].signing)


# ── key file ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_key_file_opens_and_tells_its_public_half() -> None:
    for key in (Key("caseworker", bytes([9]) * 32), new_key("organisation")):
        file = write_key(key, "a password", bytes(32), CHEAP)
        assert read_key(file, "a password", bytes(32)) == key
        public = read_public(file)
        assert public.verifying == key.verifying and public.token and needs_password(file)
        assert public.recipient == (key.recipient if key.kind == "caseworker" else None)
        assert b64(key.seed) not in file.decode() and b64(key.seed) not in repr(key) and str(key.seed) not in repr(key)
    file = write_key(key, None, bytes(32))
    assert read_key(file, None, bytes(32)) == key and not needs_password(file)


def test_other_key_files_are_refused() -> None:
    file = write_key(DESKS[0], "pass", None, CHEAP)
    found = json.loads(file)
    for change in (
        {"type": "organisation"}, {"public": DESKS[1].public}, {"safeconduct_key": 2}, {"salt": b64(bytes(16))},
        {"token": True},
        {"argon2id": {"lanes": 4, "iterations": 3, "memory_kib": 65537}},
        {"argon2id": {"lanes": 1, "iterations": 1, "memory_kib": 8}},
        {"public": "\ud800"}, {"argon2id": {"lanes": 4, "iterations": 3}},
        {"argon2id": None}, {"sealed": b64(bytes(48))}, {"sealed": b64(bytes(32))},
        {"extra": 1}, {"type": "caseworkers"}, {"token": 0},
    ):  # fmt: skip
        with pytest.raises(Refused) as error:
            read_key(json.dumps(found | change).encode(), "pass", None)
        assert "pass " not in str(error.value)
    key, salt = DESKS[0], bytes(16)  # locked by somebody who names another public half than the key's
    sealed = lock(key.seed, "pass", None, salt, f"caseworker\n{DESKS[1].public}".encode(), CHEAP)
    with pytest.raises(Refused, match="another public key"):
        forged = found | {"public": DESKS[1].public, "salt": b64(salt), "sealed": b64(sealed)}
        read_key(json.dumps(forged).encode(), "pass", None)
    with pytest.raises(Refused, match="needs its password"):
        read_key(file, None, None)
    with pytest.raises(Refused, match="needs its token"):
        read_key(write_key(DESKS[0], "pass", bytes(32), CHEAP), "pass", None)
