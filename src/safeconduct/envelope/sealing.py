"""All cryptography of the line in Python, over one library and without a fallback (docs/line-protocol.md).

Sealing is the age format, version 1, with ``mlkem768x25519`` stanzas and nothing else: HPKE (RFC 9180) with the hybrid of
ML-KEM-768 and X25519, then ChaCha20-Poly1305 in chunks of 64 KiB. The header's grammar is in ``header``.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import BinaryIO, NamedTuple

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, MLKEM768X25519PrivateKey, MLKEM768X25519PublicKey, Suite
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from . import bech32
from .header import CHUNK, MOST, TAG, end_header, header_limit, join_header, parse_header, split_header
from .wire import Refused

CONTEXT = b"safeconduct line v1 "  # begins every purpose and every signed message
_LABEL = b"age-encryption.org/mlkem768x25519"
_SUITE = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)


class Cost(NamedTuple):
    """What trying one password costs (argon2id, RFC 9106)."""

    lanes: int = 4
    iterations: int = 3
    memory_kib: int = 262144

    def check(self) -> Cost:
        """Itself; Refused when guessing would be too cheap, or opening needs more than a machine has."""
        if not (4 <= self.lanes <= 16 and 3 <= self.iterations <= 64 and 65536 <= self.memory_kib <= 4194304):
            raise Refused("The password's cost is out of bounds: the key file was altered.")
        return self


def derive(secret: bytes, salt: bytes, purpose: str, length: int) -> bytes:
    """HKDF-SHA256 (RFC 5869) for one purpose of the protocol, such as ``token``; the context is put before it."""
    return _hkdf(secret, salt, CONTEXT + purpose.encode(), length)


def digest(purpose: str, *parts: bytes) -> bytes:
    """SHA-256 over parts of fixed length for one purpose, with the context put before it."""
    return hashlib.sha256(CONTEXT + purpose.encode() + b"".join(parts)).digest()


def sha256(data: bytes) -> bytes:
    """SHA-256 without a context, where the protocol asks for it: the hash of a token, of a request's body."""
    return hashlib.sha256(data).digest()


def work_bits(challenge: bytes, mailbox: bytes, nonce: int) -> int:
    """The number of zero bits with which the hash of a proof of work begins; Refused when the nonce is no u64."""
    if not 0 <= nonce < 1 << 64:
        raise Refused("The nonce of the work is out of range.")
    return 256 - int.from_bytes(digest("work", challenge, mailbox, nonce.to_bytes(8, "big"))).bit_length()


def identity_of(seed: bytes) -> str:
    """The age identity of 32 secret bytes: AGE-SECRET-KEY-PQ-1…"""
    return bech32.encode("age-secret-key-pq-", seed).upper()


def recipient_of(identity: str) -> str:
    """The age recipient of an identity: age1pq1…"""
    mlkem, x25519 = _private_halves(identity)
    return bech32.encode("age1pq", mlkem.public_key().public_bytes_raw() + x25519.public_key().public_bytes_raw())


def check_recipient(recipient: str) -> str:
    """Itself; Refused when it is no hybrid recipient."""
    _public(recipient)
    return recipient


def public_of(seed: bytes) -> bytes:
    """The Ed25519 public key of 32 secret bytes."""
    return Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()


def sign(seed: bytes, context: str, message: bytes) -> bytes:
    """The Ed25519 signature over the context (``roster``, ``answer``, ``desk``), a line feed and the message."""
    return Ed25519PrivateKey.from_private_bytes(seed).sign(CONTEXT + context.encode() + b"\n" + message)


def verify(public: bytes, context: str, message: bytes, signature: bytes) -> None:
    """Raises Refused when the signature is not that of ``sign`` with the public key's secret half."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, CONTEXT + context.encode() + b"\n" + message)
    except (InvalidSignature, ValueError):
        raise Refused("The signature is wrong.") from None


def lock(seed: bytes, password: str | None, token: bytes | None, salt: bytes, label: bytes, cost: Cost) -> bytes:
    """The seed sealed under a password, the bytes of a token file, or both; a salt (16 random bytes) is used once."""
    return ChaCha20Poly1305(_locking_key(password, token, salt, cost)).encrypt(bytes(12), seed, label)


def unlock(sealed: bytes, password: str | None, token: bytes | None, salt: bytes, label: bytes, cost: Cost) -> bytes:
    """What ``lock`` sealed; Refused when password, token, salt, label or cost are not the same."""
    try:
        return ChaCha20Poly1305(_locking_key(password, token, salt, cost)).decrypt(bytes(12), sealed, label)
    except InvalidTag:
        raise Refused("The key does not open: wrong password or token file, or the key file was altered.") from None


def seal(plain: Iterable[bytes], recipients: Sequence[str]) -> Iterator[bytes]:
    """An age file of ``plain`` for the recipients, in pieces; Refused, before the first, when a recipient is not one."""
    file_key, nonce = secrets.token_bytes(16), secrets.token_bytes(16)
    return _sealed(plain, _header(file_key, recipients) + nonce, ChaCha20Poly1305(_hkdf(file_key, nonce, b"payload", 32)))


def unseal(sealed: BinaryIO, identities: Sequence[str]) -> Iterator[bytes]:
    """The plaintext, in chunks, of the age file that begins where ``sealed`` stands; Refused for anything but such a file.

    The whole file is verified to its end before the function returns, so it is read twice and has to be seekable.
    """
    start = sealed.tell()
    file_key, length = _open(_read(sealed, header_limit(MOST)), identities)
    sealed.seek(start + length)
    for _ in _opened(sealed, file_key):
        pass
    sealed.seek(start + length)
    return _opened(sealed, file_key)


def rewrap(header: bytes, identity: str, recipients: Sequence[str]) -> bytes:
    """A new header for other recipients that stands before the same payload; Refused when ``header`` is not exactly one."""
    file_key, length = _open(header, [identity])
    if length != len(header):
        raise Refused("There is more than a header.")
    return _header(file_key, recipients)


def _header(file_key: bytes, recipients: Sequence[str]) -> bytes:
    if not 1 <= len(recipients) <= MOST or len(set(recipients)) != len(recipients):
        raise Refused(f"A file is sealed to 1 to {MOST} different recipients.")
    over = join_header([_SUITE.encrypt(file_key, _public(recipient), info=_LABEL) for recipient in recipients])
    return end_header(over, _mac(file_key, over))


def _open(data: bytes, identities: Sequence[str]) -> tuple[bytes, int]:
    """The file key of a header, and its length."""
    header = parse_header(data, MOST)
    if header is None:
        raise Refused("The file ends within its header.")
    over, wrapped, mac = split_header(data[: header.length])
    for identity in identities:
        private = MLKEM768X25519PrivateKey(*_private_halves(identity))
        for key in wrapped:
            try:
                file_key = _SUITE.decrypt(key, private, info=_LABEL)
            except (InvalidTag, ValueError):
                continue  # another recipient's
            if not hmac.compare_digest(_mac(file_key, over), mac):
                raise Refused("The header of the file was altered.")
            return file_key, header.length
    raise Refused("The file is not sealed to this key.")


def _sealed(plain: Iterable[bytes], begin: bytes, cipher: ChaCha20Poly1305) -> Iterator[bytes]:
    yield begin
    number, held = 0, bytearray()
    for piece in plain:
        held += piece
        while len(held) > CHUNK:  # what is left for the last chunk is never nothing
            yield cipher.encrypt(_nonce(number, last=False), bytes(held[:CHUNK]), None)
            del held[:CHUNK]
            number += 1
    yield cipher.encrypt(_nonce(number, last=True), bytes(held), None)


def _opened(sealed: BinaryIO, file_key: bytes) -> Iterator[bytes]:
    cipher = ChaCha20Poly1305(_hkdf(file_key, _read(sealed, 16), b"payload", 32))
    number, piece = 0, _read(sealed, CHUNK + TAG)
    while True:
        after = _read(sealed, CHUNK + TAG)
        try:
            plain = cipher.decrypt(_nonce(number, last=not after), piece, None)
        except (InvalidTag, ValueError):
            raise Refused("The file was cut off or altered.") from None
        if number and not plain:
            raise Refused("The file ends with an empty chunk.")
        yield plain
        if not after:
            return
        number, piece = number + 1, after


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + (b"\1" if last else b"\0")


def _read(source: BinaryIO, size: int) -> bytes:
    """``size`` bytes, or fewer only at the end."""
    data = b""
    while len(data) < size and (more := source.read(size - len(data))):
        data += more
    return data


def _private_halves(identity: str) -> tuple[MLKEM768PrivateKey, X25519PrivateKey]:
    """The keys of an identity, expanded as in X-Wing (draft-connolly-cfrg-xwing-kem, 5.2)."""
    if identity != identity.upper():
        raise Refused("An identity is written in capitals.")
    full = hashlib.shake_256(bech32.decode(identity.lower(), "age-secret-key-pq-", 32)).digest(96)
    return MLKEM768PrivateKey.from_seed_bytes(full[:64]), X25519PrivateKey.from_private_bytes(full[64:])


def _public(recipient: str) -> MLKEM768X25519PublicKey:
    data = bech32.decode(recipient, "age1pq", 1216)
    try:
        halves = MLKEM768PublicKey.from_public_bytes(data[:1184]), X25519PublicKey.from_public_bytes(data[1184:])
    except ValueError:
        raise Refused("A recipient holds no valid key.") from None
    return MLKEM768X25519PublicKey(*halves)


def _locking_key(password: str | None, token: bytes | None, salt: bytes, cost: Cost) -> bytes:
    if password is None and token is None:
        raise Refused("A key is locked with a password, a token file or both.")
    if token is not None and len(token) < 32:
        raise Refused("A token file holds at least 32 bytes.")
    key = b""
    if password is not None:
        lanes, iterations, memory = cost.check()
        argon = Argon2id(salt=salt, length=32, iterations=iterations, lanes=lanes, memory_cost=memory)
        key = argon.derive(unicodedata.normalize("NFKC", password).encode())
    return derive(key + (sha256(token) if token is not None else b""), salt, "key file", 32)


def _mac(file_key: bytes, header: bytes) -> bytes:
    return hmac.digest(_hkdf(file_key, b"", b"header", 32), header, "sha256")


def _hkdf(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=length, salt=salt, info=info).derive(secret)
