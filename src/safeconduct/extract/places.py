"""Where in a sentence what stands: for every key the places of its tokens, as the bits of one integer.

Whether something stands in a stretch, or which tokens a pattern may start at, is arithmetic on such integers.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from .tokens import Token

HARD = frozenset((";", "--", "?", "(", ")", ":"))


class Places(dict[str | frozenset[str], int]):
    """Key → the places of the tokens that have it, of ``tokens``, whose keys do not change from then on.

    A set of keys stands for any of them; words may stand in it too, behind a quotation mark. ``keys_here`` are those there are.
    """

    __slots__ = ("_stops", "keys_here", "tokens")

    def __init__(self, tokens: list[Token]) -> None:
        self.tokens = tokens
        self._stops: tuple[int, int] | None = None
        found: dict[str, int] = {}
        bit = 1
        for token in tokens:
            for key in token.keys:
                if key in found:
                    found[key] |= bit
                else:
                    found[key] = bit
            bit <<= 1
        self.keys_here = frozenset(found)
        self.update(found)

    def __missing__(self, options: str | frozenset[str]) -> int:
        found = 0
        if isinstance(options, frozenset):
            for option in options:
                found |= self.get(option, 0) if option[0] != "'" else self._word(option[1:])
            self[options] = found
        return found

    def some(self, options: frozenset[str]) -> Iterator[Token]:
        """The tokens that have one of some keys."""
        return (self.tokens[i] for i in each(self[options]))

    def _word(self, form: str) -> int:
        return sum(1 << i for i, token in enumerate(self.tokens) if token.form == form)

    def marks(self, forms: Collection[str]) -> int:
        """The places of some marks."""
        return sum(1 << i for i in each(self.get(".", 0)) if self.tokens[i].form in forms)

    @property
    def stops(self) -> tuple[int, int]:
        """The places of hard stops, and those of hard stops and commas."""
        if self._stops is None:
            hard = self.marks(HARD)
            self._stops = hard, hard | self.marks((",",))
        return self._stops


def each(places: int) -> Iterator[int]:
    """The numbers of the places, in order."""
    while places:
        bit = places & -places
        yield bit.bit_length() - 1
        places ^= bit
