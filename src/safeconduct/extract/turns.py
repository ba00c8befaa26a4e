"""Turns of interviews, hearings and written answers: a label such as "A:" or "Answer by …:" speaks for what follows."""

from __future__ import annotations

from dataclasses import dataclass

from ..claims import PUBLISHER, UNSPECIFIED
from .attribution import Memory
from .pack import Pack
from .tokens import Line, Token

LONGEST_LABEL = 9  # tokens before the colon


@dataclass
class Turns:
    """Whose turn it is while a document is read sentence by sentence."""

    memory: Memory
    who: str | None = None
    paragraph: int = -1
    stays: bool = False  # a label on a line of its own speaks for the paragraphs after it

    def read(self, line: Line, paragraph: int) -> str | None:
        """The asserter whose turn a sentence belongs to; None for the narrator and for questions."""
        if paragraph == self.paragraph:
            return self.who
        self.paragraph = paragraph
        label = _label(line, self.memory.pack)
        if label is None:
            self.who = self.who if self.stays else None
            return self.who
        known, who = self._asserter(label, len(label) + 1 >= len(line.tokens))
        if known:
            self.who, self.stays = who, len(label) + 1 >= len(line.tokens)
        elif not self.stays:
            self.who = None
        return self.who

    def _asserter(self, label: list[Token], alone: bool) -> tuple[bool, str | None]:
        """Whether a label names a speaker, and whom. ``alone``: nothing stands after it on its line."""
        sets = self.memory.pack.sets
        words = [t.form for t in label]
        names = self.memory.text[label[0].start : label[-1].end].casefold().replace(".", " ").split()
        if words[0] in sets["question_label"] and len(words) < 3:
            return True, None
        answer = words[0] in sets["answer_label"]
        if answer and len(words) == 1:
            return True, self.memory.guest or self.memory.first_org or "persons:interviewee"
        body = next((t for t in label if t.kind and t.kind in "GBOMH"), None)
        if body is not None and (answer or (not alone and (len(label) < 3 or "(" in words))):
            found = self.memory.asserter(body, None)
            return True, None if found in (PUBLISHER, UNSPECIFIED) else found
        if any(w in sets["state_speaker"] for w in names):
            state = self.memory.host or self.memory.home or self.memory.state or self.memory.likely
            return True, f"state:{state}" if state and len(state) == 2 else None
        if any(w in sets["witness_label"] for w in names):
            return True, "persons:witnesses"
        name = next((t for t in label if t.kind == "X"), None)
        if name is not None and len(label) < 4:
            return True, self.memory.persons.get(str(name.data.get("last")))
        return False, None


def _answers(line: Line, pack: Pack) -> frozenset[str]:
    """The words that open a label without a colon ("Answer given by …"), when the line goes on with "by"."""
    near = {t.form for t in line.tokens[1:3]}
    return pack.sets["answer_heading"] if near & pack.sets["answer_by"] else frozenset()


def _label(line: Line, pack: Pack) -> list[Token] | None:
    """The tokens before a colon that stands near the start of a line, when there is one."""
    first = line.tokens[0].form if line.tokens else ""
    if first in _answers(line, pack) and len(line.tokens) < 3 * LONGEST_LABEL:
        return line.tokens
    for i, token in enumerate(line.tokens[: LONGEST_LABEL + 1]):
        if token.form == ":":
            return line.tokens[:i] or None
        if token.form in (",", ";") or token.kind in ("N", "D", "S"):
            return None
    return None
