"""Sealed files, tampered with in every way: refused, and nothing of them released."""

from __future__ import annotations

import io
import tracemalloc
from collections.abc import Iterator
from contextlib import suppress
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safeconduct.envelope import (
    Refused,
    header_limit,
    identity_of,
    parse_header,
    public_of,
    recipient_of,
    rewrap,
    seal,
    sealed_size,
    sign,
    unseal,
    verify,
    work_bits,
)
from safeconduct.envelope.header import CHUNK, can_be_letter, padded, split_header
from safeconduct.envelope.sealing import Cost, digest, lock, unlock

ONE, TWO, THREE = (identity_of(bytes([n]) * 32) for n in (1, 2, 3))
TO = [recipient_of(ONE), recipient_of(TWO)]
PLAIN = bytes(range(256)) * 600  # three chunks
FILE = b"".join(seal([PLAIN], TO))
HEADER = parse_header(FILE, 2)
assert HEADER is not None
START = HEADER.length + 16  # of the first chunk


def refused(file: bytes, identity: str = ONE) -> bool:
    released: list[bytes] = []
    try:
        released += unseal(io.BytesIO(file), [identity])
    except Refused:
        assert not released, "plaintext was released before the file was verified"
        return True
    return False


@settings(deadline=None)
@given(st.lists(st.integers(0, 200_000), max_size=4))
def test_what_was_sealed_opens_however_it_was_cut(cuts: list[int]) -> None:
    places = sorted({min(cut, len(PLAIN)) for cut in cuts} | {0, len(PLAIN)})
    pieces = [PLAIN[a:b] for a, b in pairwise(places)]
    file = b"".join(seal(pieces, TO))
    assert len(file) == len(FILE)
    assert b"".join(unseal(io.BytesIO(file), [TWO])) == PLAIN


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 2 * CHUNK + 1])
def test_sizes_around_a_chunk(size: int) -> None:
    file = b"".join(seal([bytes(size)], TO))
    assert len(file) == header_limit(2) + sealed_size(size)
    assert b"".join(unseal(io.BytesIO(file), [ONE])) == bytes(size)


def test_it_opens_where_the_file_stands_for_any_of_the_identities() -> None:
    source = io.BytesIO(b"before" + FILE)
    source.seek(6)
    assert b"".join(unseal(source, [THREE, TWO])) == PLAIN
    assert refused(FILE, THREE)


@settings(max_examples=400, deadline=None)
@given(st.integers(0, len(FILE) - 1), st.integers(1, 255))
def test_no_byte_can_be_altered(place: int, by: int) -> None:
    file = bytearray(FILE)
    file[place] ^= by
    assert refused(bytes(file))


@settings(max_examples=200, deadline=None)
@given(st.integers(0, len(FILE) - 1), st.integers(0, 300))
def test_no_bytes_can_be_cut_or_put_in(place: int, count: int) -> None:
    assert refused(FILE[:place])
    assert refused(FILE[:place] + FILE[place + count + 1 :])
    assert refused(FILE[:place] + bytes(count + 1) + FILE[place:])


@pytest.mark.parametrize("order", [(1, 0, 2), (0, 2, 1), (0, 0, 1, 2), (0, 2), (0, 1), (2,), (0, 1, 2, 2), ()])
def test_chunks_cannot_change_places(order: tuple[int, ...]) -> None:
    size = CHUNK + 16
    chunks = [FILE[START + n * size : START + (n + 1) * size] for n in range(3)]
    assert not refused(FILE[:START] + b"".join(chunks))
    assert refused(FILE[:START] + b"".join(chunks[n] for n in order))


def test_stanzas_cannot_change_places_or_come_from_another_file() -> None:
    other = b"".join(seal([PLAIN], TO))
    lines, others = FILE[: HEADER.length].split(b"\n"), other[: HEADER.length].split(b"\n")
    rest = FILE[HEADER.length :]
    swapped = [lines[0], *lines[3:5], *lines[1:3], *lines[5:]]
    exchanged = [*lines[:3], *others[3:5], *lines[5:]]
    twice = [*lines[:5], *lines[3:5], *lines[5:]]
    fewer = [*lines[:3], *lines[5:]]
    for header in (swapped, exchanged, twice, fewer):
        assert refused(b"\n".join(header) + rest)
    assert refused(other[: HEADER.length] + rest)


@pytest.mark.parametrize("extra", [
    b"-> X25519 " + b"A" * 43 + b"\n" + b"A" * 43 + b"\n", b"-> x-grease\n\n", b"-> mlkem768x25519\n\n", b"\n", b" ", b"\r\n",
    b"-> scrypt " + b"A" * 22 + b" 10\n" + b"A" * 43 + b"\n",
])  # fmt: skip
def test_no_other_stanza_is_let_in(extra: bytes) -> None:
    for place in [n for n in range(HEADER.length) if n == 0 or FILE[n - 1 : n] == b"\n"]:
        data = FILE[:place] + extra + FILE[place:]
        with pytest.raises(Refused):
            parse_header(data, 11)


def test_more_stanzas_than_allowed_are_refused_early() -> None:
    many = b"".join(seal([b"x"], [recipient_of(identity_of(bytes([n]) * 32)) for n in range(11)]))
    header = parse_header(many, 11)
    assert header is not None and header == (11, header_limit(11))
    with pytest.raises(Refused):
        parse_header(many, 10)
    with pytest.raises(Refused):
        parse_header(many[: header_limit(3)], 3)


@settings(max_examples=300, deadline=None)
@given(st.integers(0, HEADER.length + 50))
def test_a_header_is_incomplete_until_it_is_whole(length: int) -> None:
    assert parse_header(FILE[:length], 2) == (HEADER if length >= HEADER.length else None)


@settings(max_examples=300, deadline=None)
@given(st.integers(0, HEADER.length - 1), st.integers(1, 255))
def test_a_wrong_byte_is_found_as_soon_as_it_is_there(place: int, by: int) -> None:
    """Unless it is another letter of base64, which only the MAC can tell."""
    data = bytearray(FILE[: place + 1])
    data[place] ^= by
    letter = chr(data[place]).isalnum() or data[place] in b"+/"
    with suppress(Refused):
        assert parse_header(bytes(data), 2) is None and letter


@settings(max_examples=500, deadline=None)
@given(st.binary(max_size=5000) | st.builds(lambda a, b: FILE[:a] + b, st.integers(0, HEADER.length), st.binary(max_size=2000)))
def test_any_bytes_are_a_header_a_beginning_or_refused(data: bytes) -> None:
    try:
        header = parse_header(data, 3)
    except Refused:
        return
    if header is None:
        assert len(data) < header_limit(3)
    else:
        assert 1 <= header.stanzas <= 3 and header.length == header_limit(header.stanzas) <= len(data)


def test_rewrapping_leaves_the_payload_and_shuts_the_old_key_out() -> None:
    new = rewrap(FILE[: HEADER.length], TWO, [recipient_of(THREE)]) + FILE[HEADER.length :]
    assert b"".join(unseal(io.BytesIO(new), [THREE])) == PLAIN
    assert refused(new, ONE) and refused(new, TWO)
    for header in (FILE[: HEADER.length - 1], FILE[: HEADER.length + 1]):
        with pytest.raises(Refused):
            rewrap(header, ONE, TO)
    with pytest.raises(Refused):
        rewrap(FILE[: HEADER.length], THREE, TO)


@pytest.mark.parametrize("recipients", [[], [TO[0], TO[0]], ["age1" + "q" * 58], [TO[0][:-1] + "q"], [TO[0].upper()], [ONE]])
def test_sealing_refuses_before_it_reads_anything(recipients: list[str]) -> None:
    def plain() -> Iterator[bytes]:
        raise AssertionError("read")
        yield b""

    with pytest.raises(Refused):
        seal(plain(), recipients)


def test_errors_say_nothing_of_keys() -> None:
    for identity in (ONE.lower(), ONE[:-1] + "Q", "AGE-SECRET-KEY-1" + "Q" * 58, ONE + "Q", ""):
        with pytest.raises(Refused) as error:
            unseal(io.BytesIO(FILE), [identity])
        assert not identity or identity[20:] not in str(error.value)


def test_memory_does_not_grow_with_the_file() -> None:
    with io.BytesIO() as file:
        for piece in seal((bytes(CHUNK) for _ in range(320)), TO):  # 20 MB
            file.write(piece)
        file.seek(0)
        tracemalloc.start()
        assert sum(map(len, unseal(file, [ONE]))) == 320 * CHUNK
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert peak < 2 << 20


def test_signatures_are_for_one_context() -> None:
    seed = bytes(range(32))
    made = sign(seed, "roster", b"message")
    verify(public_of(seed), "roster", b"message", made)
    for public, context, message, signature in [
        (public_of(seed), "answer", b"message", made), (public_of(seed), "roster", b"messages", made),
        (public_of(bytes(32)), "roster", b"message", made), (public_of(seed), "roster", b"message", made[:-1]),
        (b"", "roster", b"message", made), (public_of(seed), "roster", b"message", bytes(64)),
    ]:  # fmt: skip
        with pytest.raises(Refused):
            verify(public, context, message, signature)


CHEAP = Cost(4, 3, 65536)


def test_a_key_opens_with_exactly_what_locked_it() -> None:
    seed, salt = bytes(range(32)), bytes(16)
    for password, token in (("pass", None), (None, b"t" * 32), ("pass", b"t" * 32)):
        sealed = lock(seed, password, token, salt, b"label", CHEAP)
        assert unlock(sealed, password, token, salt, b"label", CHEAP) == seed
        for wrong in (("Pass", token), (password, b"u" * 32), ("pass", None), (None, b"t" * 32), ("pass", b"t" * 32)):
            if wrong != (password, token):
                with pytest.raises(Refused):
                    unlock(sealed, *wrong, salt, b"label", CHEAP)
        with pytest.raises(Refused):
            unlock(sealed, password, token, salt, b"Label", CHEAP)
    assert lock(seed, "ﬁ\u0065\u0301", None, salt, b"", CHEAP) == lock(seed, "fi\u00e9", None, salt, b"", CHEAP)


@pytest.mark.parametrize(("password", "token", "cost"), [
    (None, None, CHEAP), ("p", b"short", CHEAP), ("p", None, Cost(4, 3, 1024)), ("p", None, Cost(1, 3, 65536)),
    ("p", None, Cost(4, 1, 65536)), ("p", None, Cost(4, 3, 1 << 40)), ("p", None, Cost(4, 1 << 20, 65536)),
])  # fmt: skip
def test_keys_are_not_locked_cheaply(password: str | None, token: bytes | None, cost: Cost) -> None:
    with pytest.raises(Refused):
        lock(bytes(32), password, token, bytes(16), b"", cost)


@settings(deadline=None)
@given(st.integers(1, 1 << 45))
def test_padding_costs_little_and_is_stable(size: int) -> None:
    full = padded(size)
    assert full >= size and padded(full) == full and full >= 16384
    assert full <= max(16384, size * 1.12)
    assert can_be_letter(sealed_size(full))
    assert not can_be_letter(sealed_size(full) - 1) and not can_be_letter(sealed_size(full) + 1)


@settings(deadline=None)
@given(st.integers(-5, 200_000))
def test_few_sizes_can_be_letters(payload: int) -> None:
    plains = (payload - 16 - 16 * n for n in range(1, 6))
    real = any(p >= 16384 and padded(p) == p and sealed_size(p) == payload for p in plains)
    assert can_be_letter(payload) == real


def test_work_is_counted_in_zero_bits() -> None:
    challenge, mailbox = bytes(16), bytes(range(16))
    for nonce in range(64):
        bits = f"{int.from_bytes(digest('work', challenge, mailbox, nonce.to_bytes(8, 'big'))):0256b}"
        assert work_bits(challenge, mailbox, nonce) == len(bits) - len(bits.lstrip("0"))
    for nonce in (-1, 1 << 64):
        with pytest.raises(Refused):
            work_bits(challenge, mailbox, nonce)


def test_a_split_header_has_the_keys_of_its_stanzas() -> None:
    over, wrapped, mac = split_header(FILE[: HEADER.length])
    assert over.endswith(b"---") and [len(one) for one in wrapped] == [1152, 1152] and len(mac) == 32
