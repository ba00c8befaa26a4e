"""What a new mailbox costs: challenges that serve once, and a difficulty that follows the load. All of it in memory.

A challenge is ``random (5) ‖ slot of ten seconds (3) ‖ bits (1) ‖ MAC (7)`` under a key that lives as long as the process,
so that asking for challenges fills nothing. Only challenges that were *used* are remembered, for as long as they would serve.
"""

from __future__ import annotations

import hashlib
import hmac
import math
import os
import time
from collections.abc import Callable

from .refusals import Refusal
from .settings import LoadSettings

LIFE = 1200  # seconds that a challenge serves
_SLOT = 10
_SLOTS = 1 << 24


class Challenges:
    """Makes challenges and sees to it that each serves once."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._key = os.urandom(32)
        self._used: dict[bytes, float] = {}  # challenge → when it may be forgotten

    def new(self, bits: int) -> bytes:
        """A challenge of 16 bytes that asks for ``bits`` zero bits."""
        head = os.urandom(5) + self._slot().to_bytes(3, "big") + bytes([bits])
        return head + self._mac(head)

    def take(self, challenge: bytes) -> int:
        """Use a challenge up and return its bits.

        Raises:
            Refusal: ``work_needed``: it is not ours, too old, or was used.
        """
        head, mac = challenge[:9], challenge[9:]
        age = (self._slot() - int.from_bytes(head[5:8], "big")) % _SLOTS
        ours = len(challenge) == 16 and hmac.compare_digest(mac, self._mac(head))
        if not ours or age * _SLOT > LIFE or challenge in self._used:
            raise Refusal("work_needed")
        now = self._clock()
        while self._used and next(iter(self._used.values())) < now:  # in the order of use
            del self._used[next(iter(self._used))]
        self._used[challenge] = now + LIFE + 2 * _SLOT
        return head[8]

    def give_back(self, challenge: bytes) -> None:
        """The request that used it failed for another reason: it may serve once more."""
        self._used.pop(challenge, None)

    def _slot(self) -> int:
        return int(self._clock() / _SLOT) % _SLOTS

    def _mac(self, head: bytes) -> bytes:
        return hashlib.blake2s(head, key=self._key, digest_size=7).digest()


class Rate:
    """How many there were in the last hour, roughly: each counts one and fades with e^(-t/hour)."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._value = 0.0
        self._at = clock()

    def add(self) -> None:
        self._value = self.now() + 1
        self._at = self._clock()

    def now(self) -> float:
        return self._value * math.exp(-max(0.0, self._clock() - self._at) / 3600)

    def reached(self, most: int) -> bool:
        """Whether one more would be more than ``most``, what has faded in a moment included."""
        return self.now() > most - 0.5


class Load:
    """The difficulty of the moment, and whether there may be more new mailboxes without a pass.

    Below ``new_per_hour`` everyone has the base difficulty; every doubling above asks for one bit more, up to ``most_bits``.
    At ``most_per_hour`` new mailboxes need a pass; additions to mailboxes that exist are never refused here.
    """

    def __init__(self, settings: LoadSettings, clock: Callable[[], float] = time.monotonic) -> None:
        self.settings = settings
        self.opened = Rate(clock)
        self.uploads = Rate(clock)

    def bits(self) -> int:
        over = self.opened.now() / max(1, self.settings.new_per_hour)
        more = math.ceil(math.log2(over)) if over > 1 else 0
        return min(self.settings.base_bits + more, max(self.settings.base_bits, self.settings.most_bits))

    def check(self, without_script: bool = False) -> None:
        """May one more mailbox be opened without a pass?

        Raises:
            Refusal: ``busy``.
        """
        if self.opened.reached(self.settings.most_per_hour):
            raise Refusal("busy", retry_after=600)
        if without_script and self.uploads.reached(self.settings.uploads_per_hour):
            raise Refusal("busy", retry_after=600)
