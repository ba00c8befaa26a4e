"""Turns of interviews, hearings and written answers: a label such as "A:" or "Answer by …:" speaks for what follows."""

from __future__ import annotations

from dataclasses import dataclass

from ..claims import PUBLISHER, UNSPECIFIED
from .frames.voice import issued_by
from .memory import Memory
from .places import Places, each
from .tokens import Token

TOP = 400  # characters that tell whose answers they are
HEAD = 5  # sentences in which a heading stands
LATEST_HEADING = 4  # tokens before the word that tells whose text it is
TEXTS = frozenset(("text_follows", "text_of"))
SPEAKING = frozenset("GBOH")
LONGEST_LABEL = 9  # tokens before the colon


@dataclass
class Turns:
    """Whose turn it is while a document is read sentence by sentence."""

    memory: Memory
    who: str | None = None
    when: str | None = None  # of what a state says for the record: the dateline
    paragraph: int = -1
    number: int = 0  # sentences read
    headed: bool = False  # whether a heading says that the whole text is one body's
    labels: int = 0  # how many labels named speakers, in languages in which a turn may have several paragraphs
    asked: int | None = None  # where the first question begins
    stays: bool = False  # a label on a line of its own speaks for the paragraphs after it

    def read(self, line: Places, paragraph: int) -> str | None:
        """The asserter whose turn a sentence belongs to; None for the narrator and for questions."""
        self.number += 1
        if self.number == 1 and (state := self._house()):
            self.who, self.stays, self.headed = state, True, True
        speaker = self._announced(line)
        if paragraph == self.paragraph and not speaker:
            return self.who
        self.paragraph = paragraph
        self._turn(line.tokens, speaker)
        dated = self.headed or (self.who is not None and self.who.startswith("state:"))
        self.when = self.memory.calendar.reference if dated else None
        return self.who

    def _turn(self, tokens: list[Token], speaker: str | None) -> None:
        """Pass the word on when a sentence is a label or announces a statement."""
        if speaker:
            self.who, self.stays = speaker, True
            return
        label = self._label(tokens)
        if label is None:
            self.who = self.who if self.stays or self.labels > 1 else None
            return
        alone = len(label) + 1 >= len(tokens)
        known, who = self._asserter(label, alone)
        if known:
            self.labels += bool(self.memory.pack.set("label_title"))
            self.who, self.stays = who, alone
        elif not self.stays:
            self.who = None

    def _announced(self, line: Places) -> str | None:
        """Who speaks from here on, when a sentence says that a body's own text follows ("issued the following statement")."""
        tokens = line.tokens
        follows = tokens[-1].form == ":" and len(tokens) > 2 and tokens[-2].form in self.memory.pack.set("following")
        some = range(len(tokens)) if follows else range(0)
        at = next(each(line[TEXTS]), len(tokens))
        heading = at < min(LATEST_HEADING, len(tokens)) and self.number < HEAD and "text_of" in tokens[at].keys
        if heading:  # "An interview with …", "The text of a letter by …"
            some = range(at, len(tokens))
        elif at < len(tokens) and "text_follows" in tokens[at].keys:
            some = range(at)
        body = next((i for i in some if tokens[i].kind in SPEAKING), None)
        found = self.memory.asserter(tokens[body], tokens[:body]) if body is not None else None
        if found in (None, PUBLISHER, UNSPECIFIED):
            return None
        self.headed = self.headed or heading
        return found

    def _label(self, tokens: list[Token]) -> list[Token] | None:
        """The tokens before a colon that stands near the start of a line, when there is one."""
        pack = self.memory.pack
        forms = " ".join(t.form for t in tokens[:6]).split()
        heading = next((n for n, form in enumerate(forms[:3]) if form in pack.set("answer_heading")), None)
        if (
            heading is not None
            and set(forms[heading + 1 : heading + 3]) & pack.set("answer_by")
            and len(tokens) < 3 * LONGEST_LABEL
        ):
            return tokens
        inside = False  # parentheses, that may tell more of who speaks
        for i, token in enumerate(tokens[: LONGEST_LABEL + (4 if "(" in forms else 1)]):
            if token.form == ":" or (token.form == "--" and i and self._stopped(token)):
                addressed = i > 1 and "prep_to" in tokens[0].keys  # "To Interpol: review every notice"
                return None if addressed else tokens[:i] or None
            if i == 1 and self._stopped(token, tokens[0]) and forms[0] in pack.set("answer_label") | pack.set("question_label"):
                return tokens[:1]  # "R. Hay dos"
            inside = token.form == "(" or (inside and token.form != ")")
            if token.form == ";" or token.kind in ("N", "D", "S"):
                return None
            if token.form == "," and not inside and "witness" not in forms[:2]:
                return None
        return None

    def _house(self) -> str | None:
        """The accused state where the whole text is its statement, in languages that tell so by their first lines."""
        memory = self.memory
        if not memory.accused or not memory.pack.set("label_title"):
            return None
        issued = issued_by(memory.text[:TOP], memory.pack.language, memory.accused)
        return f"state:{memory.accused}" if issued else None

    def _state(self) -> str | None:
        """The state whose answers a text holds, by its first lines: an embassy's, or a government's to its parliament."""
        memory, head = self.memory, self.memory.text[:TOP].casefold()
        if memory.accused and any(word in head for word in memory.pack.set("envoy_document")):
            return f"state:{memory.accused}"
        if any(word in head for word in memory.pack.set("state_document")):
            state = memory.home or memory.host or memory.likely
            return f"state:{state}" if state and len(state) == 2 else None
        return None

    def _stopped(self, token: Token, first: Token | None = None) -> bool:
        """Whether a full stop stands before a dash ("Sr. Presidente.— Gracias"), or behind the one letter of ``first``."""
        if first is not None:
            return len(first.form) == 1 and self.memory.text[first.end : first.end + 1] == "."
        return self.memory.text[token.start - 1 : token.start] == "."

    def _asserter(self, label: list[Token], alone: bool) -> tuple[bool, str | None]:
        """Whether a label names a speaker, and whom. ``alone``: nothing stands after it on its line."""
        pack, memory = self.memory.pack, self.memory
        words = [t.form for t in label]
        names = memory.text[label[0].start : label[-1].end].casefold().replace(".", " ").replace("(", " ").split()
        names = [n for n in names if n not in pack.set("label_title")] or names or words
        if (words[0] in pack.set("question_label") or names[0] in pack.set("question_label")) and len(words) < 3:
            self.asked = label[0].start if self.asked is None else self.asked
            return True, None
        answer = words[0] in pack.set("answer_label") or (alone and names[0] in pack.set("answer_label"))
        if answer and len(words) == 1:
            introduced = not self.asked or memory.first_org_at < self.asked  # in an explainer the narrator answers
            org = memory.first_org if introduced else None
            return True, org or self._state() or (None if memory.first_org else "persons:interviewee")
        if not alone and set(names) <= pack.set("witness_label") | pack.set("guest_label") and memory.first_org:
            return True, memory.first_org
        if len(words) == 1 and "spokes" in label[0].keys:
            return True, f"state:{memory.accused}" if memory.accused else None
        bodies = [t for t in label if t.kind in ("G", "B", "O", "M", "H")]
        body = next((t for t in bodies if t.kind != "H"), bodies[0] if bodies else None)
        if body is not None and (answer or (not alone and (len(label) < 5 or "(" in words))):
            found = memory.asserter(body)
            return True, None if found in (PUBLISHER, UNSPECIFIED) else found
        if any(w in pack.set("state_speaker") for w in names):
            if alone and label[0].form in pack.set("salutation"):
                return False, None  # "Señor Presidente:"
            state = memory.host or memory.home or memory.state or memory.likely
            if pack.set("label_title"):
                state = memory.home or memory.likely or state
            return True, f"state:{state}" if state and len(state) == 2 else None
        if any(w in pack.set("witness_label") for w in names):
            return True, "persons:witnesses"
        if set(names) & pack.set("member_label"):
            return True, "persons:mp"
        roles = pack.tables.get("person", {}) if pack.set("label_title") else {}
        if not alone and names[0] in roles and self.number > 1:
            return True, f"persons:{roles[names[0]]}"
        name = next((t for t in label if t.kind == "X"), None)
        if name is not None and len(label) < 4:
            return True, memory.persons.get(str(name.data.get("last")))
        return False, None
