"""Sealing and the formats of the line: what reporter, server and caseworker have in common (docs/line-protocol.md).

``sealing`` holds all cryptography; ``header`` the grammar and the sizes of an age file; ``parcel``, ``roster``, ``letter``
and ``keyfile`` the formats around it; ``words`` what people write down; ``bech32`` and ``wire`` how bytes become text.
"""

from .header import FLOOR, MOST, Header, can_be_letter, header_limit, padded, parse_header, sealed_size
from .sealing import (
    Cost,
    check_recipient,
    derive,
    digest,
    identity_of,
    lock,
    public_of,
    recipient_of,
    rewrap,
    seal,
    sha256,
    sign,
    unlock,
    unseal,
    verify,
    work_bits,
)
from .wire import Refused, b64, read_json, unb64

__all__ = [
    "FLOOR", "MOST", "Cost", "Header", "Refused", "b64", "can_be_letter", "check_recipient", "derive", "digest", "header_limit",
    "identity_of", "lock", "padded", "parse_header", "public_of", "read_json", "recipient_of", "rewrap", "seal", "sealed_size",
    "sha256", "sign", "unb64", "unlock", "unseal", "verify", "work_bits",
]  # fmt: skip
