"""A workspace: the one place where captures, ledger and register come together. This is the Python API.

    from safeconduct import Workspace

    workspace = Workspace.init("register")          # later: Workspace.open("register")
    workspace.add("article.html", "https://example.org/report")
    workspace.extract()
    workspace.decide("accept", by="A. Reviewer")
    print(workspace.register().as_json()["figures"])
    workspace.publish("site")
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime
from importlib.metadata import version
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from safeconduct import settings as settings_file
from safeconduct.capture import BlobStore
from safeconduct.claims import sha256
from safeconduct.ledger import Ledger, PublicKey, Record, is_server, now
from safeconduct.register import Change, Decision, Register, Source, Statement, changes, compute
from safeconduct.register.statements import STATUS, Act, by_day
from safeconduct.resolve import Link, LinkAct, Suggestion, same, suggestions
from safeconduct.settings import WorkspaceSettings

from . import reading
from .adding import iter_add, iter_reread
from .backup import read_backup, write_backup
from .beside import register_lines
from .checking import find_problems
from .current import Current
from .identity import decide_link
from .importing import import_claims
from .intake import find
from .integrity import checkpoint_problems, key_of, proofs, sign
from .outcomes import Added, Extracted, Imported, Problem, Progress, WorkspaceError
from .reading import Span
from .timestamps import certificates, stamp, timestamp_problems

if TYPE_CHECKING:
    from safeconduct.publish import Published

__all__ = ["SCRIPT", "Added", "Extracted", "Imported", "Problem", "Workspace", "WorkspaceError"]

SCRIPT = "script"  # the reviewer's name that scripts give; pages say that no person reviewed such claims

# Readers, the extractor and the site are slow to load; each is loaded by the method that needs it.


class Workspace:
    """A folder with settings, a ledger and a store of captures."""

    def __init__(self, root: Path, *, clock: Callable[[], datetime] = now) -> None:
        """Open the workspace at ``root``.

        Raises:
            WorkspaceError: there is none. SettingsError, LedgerError: it cannot be read.
        """
        self.root, self._clock = root.resolve(), clock
        if not (self.root / settings_file.FILE).is_file():
            raise WorkspaceError(f"{root} is no workspace; make one with `safeconduct init {root}`.")
        self.settings = settings_file.load(self.root / settings_file.FILE)
        place = self.settings.workspace.ledger
        self.ledger = Ledger(place if is_server(place) else self.root / place, clock=clock)
        self.store = BlobStore(self.root / self.settings.workspace.captures)
        self._current = Current(self.ledger)

    @classmethod
    def init(
        cls, root: str | Path = ".", values: dict[str, str | bool] | None = None, *, clock: Callable[[], datetime] = now
    ) -> Workspace:
        """Make a workspace in ``root``, which may exist. ``values`` are settings of the section [workspace].

        Raises:
            WorkspaceError: there already is one, or the folder cannot be written.
        """
        root = Path(root)
        file = root / settings_file.FILE
        if file.exists():
            raise WorkspaceError(f"{root} already is a workspace; nothing was changed.")
        try:
            root.mkdir(parents=True, exist_ok=True)
            (root / "captures").mkdir(exist_ok=True)
            place = str((values or {}).get("ledger") or WorkspaceSettings.ledger)
            with Ledger(place if is_server(place) else root / place, create=True, clock=clock) as ledger:
                if ledger.head()[0]:
                    raise WorkspaceError(f"{ledger.name} already holds a ledger; name an empty database.")
            file.write_text(settings_file.template(values), encoding="utf-8")
        except (OSError, sqlite3.Error) as error:
            raise WorkspaceError(f"{root} cannot be written ({error}); choose another folder or change its rights.") from error
        return cls(root, clock=clock)

    @classmethod
    def open(cls, start: str | Path = ".", *, clock: Callable[[], datetime] = now) -> Workspace:
        """Open the workspace in ``start`` or the nearest folder above it.

        Raises:
            WorkspaceError: there is none.
        """
        here = Path(start).resolve()
        for folder in (here, *here.parents):
            if (folder / settings_file.FILE).is_file():
                return cls(folder, clock=clock)
        raise WorkspaceError(f"There is no workspace in {start} or above it; make one with `safeconduct init`.")

    def __enter__(self) -> Workspace:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.ledger.close()

    # Sources

    def add(
        self,
        *sources: str | Path,
        manifest: str | Path | None = None,
        given: dict[str, str | None] | None = None,
        progress: Progress | None = None,
    ) -> list[Added]:
        """Preserve sources and read their text: files, folders, archives, addresses. See ``iter_add``."""
        return list(self.iter_add(*sources, manifest=manifest, given=given, progress=progress))

    def iter_add(
        self,
        *sources: str | Path,
        manifest: str | Path | None = None,
        given: dict[str, str | None] | None = None,
        progress: Progress | None = None,
    ) -> Iterator[Added]:
        """Preserve sources one by one; each is safe in the ledger before it is yielded.

        ``manifest`` is a CSV that names files and what is known of them; a folder given with it adds the files it lists.
        ``given`` holds title, publisher, author, published (EDTF), language or url, which win over what is read. A
        source that cannot be taken is yielded with its ``problem``; the others go on.

        Raises:
            CaptureError: the manifest is faulty. WorkspaceError: ``given`` is. LedgerError: the ledger cannot be written.
        """
        return iter_add(self, sources, manifest, given or {}, progress)

    def iter_reread(self, *, progress: Progress | None = None) -> Iterator[Added]:
        """Read every capture again with today's readers and limits; a text that differs is recorded beside the old one."""
        return iter_reread(self, progress)

    def sources(self, known_at: str | None = None) -> list[Source]:
        """Every source with a text, in the order of recording; what was given wins over what was read."""
        return reading.sources(Span(self.ledger, known_at))

    def text(self, identity: str) -> str:
        """The text with that SHA-256.

        Raises:
            CaptureError: it is not in the store.
        """
        return self.store.read(identity).decode("utf-8")

    # Claims

    def extract(self, *, rules_only: bool = False, progress: Progress | None = None) -> list[Extracted]:
        """Propose claims for every text that this version of the extractor has not read. See ``iter_extract``."""
        return list(self.iter_extract(rules_only=rules_only, progress=progress))

    def iter_extract(self, *, rules_only: bool = False, progress: Progress | None = None) -> Iterator[Extracted]:
        """Propose claims text by text; the proposals from one text are recorded together, before it is yielded.
        ``rules_only``: without the model, which is several times as fast."""
        from safeconduct.extract import EXTRACTOR, RULES, Context, extract

        extractor, as_good = (RULES, (RULES, EXTRACTOR)) if rules_only else (EXTRACTOR, (EXTRACTOR,))
        done = {r.subject for r in self.ledger.records("extraction") if r.content()["extractor"] in as_good}
        todo = {s.text: s for s in reversed(self.sources()) if s.text not in done}
        for number, source in enumerate(reversed(todo.values())):
            context = Context(
                published=source.published, publisher=source.publisher, language=source.language, rules_only=rules_only
            )
            result = extract(self.text(source.text), context)
            records = [
                Record("proposal", p.claim.id, {"extractor": extractor, "rule": p.rule, "claim": p.claim.content()})
                for p in result.proposals
            ]
            outcome = {
                "extractor": extractor,
                "proposals": len(records),
                "dropped": result.dropped,
                "languages": list(result.languages),
                "unsupported": list(result.unsupported),
            }
            new = self.ledger.append([*records, Record("extraction", source.text, outcome)])
            yield Extracted(
                source.id, source.name, len(records), sum(new[:-1]), result.dropped, tuple(result.unsupported)
            )
            if progress:
                progress(number + 1, len(todo))

    def import_claims(self, path: str | Path, *, texts: str | Path | None = None, progress: Progress | None = None) -> Imported:
        """Take claims in the codebook's form (JSON Lines) as proposals; ids given to them are kept as aliases.

        ``texts`` is a folder with the documents the claims speak of, which are preserved first; without it they are
        looked for among the preserved sources, by id or name. A claim whose quote does not stand at its place is refused
        and the others go on. Of several readings (``a|b``) the first is taken. The same file twice changes nothing.

        Raises:
            WorkspaceError: a line is no JSON, or a document cannot be preserved; then no claim was taken.
        """
        return import_claims(self, Path(path), Path(texts) if texts else None, progress)

    def aliases(self, known_at: str | None = None) -> dict[str, list[str]]:
        """Claim id → the ids given to it elsewhere, in alphabetical order."""
        return reading.aliases(Span(self.ledger, known_at))

    def decide(
        self, act: Act, claims: Sequence[str] | None = None, *, by: str, why: str | None = None
    ) -> list[Decision]:
        """Accept or reject claims, named by id or by an unambiguous beginning of it; None means all nobody decided on.

        A claim on which the same act already stands gets no second decision. All are recorded together or none.

        Raises:
            WorkspaceError: no such claim, or a beginning that fits several.
        """
        statements = self._current.held()
        if claims is None:
            wanted = [s.claim.id for s in sorted(statements.values(), key=by_day) if s.status == "proposed"]
        else:
            wanted = list(dict.fromkeys(find(name, statements) for name in claims))
        at = self._clock().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        records = [
            Record("decision", claim, {"act": act, "by": by, "why": why, "at": at})
            for claim in wanted
            if statements[claim].status != STATUS[act]
        ]
        self.ledger.append(records)
        return [Decision(sha256(r.body()), r.subject, act, at, by, why) for r in records]

    def link(self, a: str, b: str, *, by: str, why: str, act: LinkAct = "link") -> bool:
        """Decide that two sites, reports or bodies are the same, or with ``unlink`` that they are not, which also ends
        suggesting it; says whether that was new. Sites and reports are named by the id of the register's entry, bodies as
        asserters (``org:…``).

        Raises:
            WorkspaceError: one of them is not there, or both are of different kinds.
        """
        return decide_link(self, a, b, act, by, why)

    def suggestions(self, *, include_proposed: bool = False) -> list[Suggestion]:
        """Which sites, reports and bodies of the register may be the same, with reasons; pairs decided on are left out."""
        register = self.register(include_proposed=include_proposed)
        asserters = {s.asserter for s in register.statements}
        return suggestions(register.entries["sites"], register.entries["reports"], asserters, self.links())

    def links(self, known_at: str | None = None) -> list[Link]:
        """Every act on links, in the order of recording."""
        return reading.links(Span(self.ledger, known_at))

    def statements(self, known_at: str | None = None) -> list[Statement]:
        """Every claim the ledger holds, with its source and what was decided on it, as known at a moment."""
        return reading.statements(Span(self.ledger, known_at))

    # The register and what is made of it

    def register(
        self,
        *,
        as_of: date | None = None,
        known_at: str | None = None,
        country: str | None = None,
        include_proposed: bool = False,
    ) -> Register:
        """The register as of a date (default: today, UTC), from what the ledger held at ``known_at`` (default: all)."""
        day = as_of or self._clock().astimezone(UTC).date()
        if known_at is None:
            return self._current.register(day, country=country, include_proposed=include_proposed)
        return compute(
            self.statements(known_at), day, known_at=known_at, country=country, include_proposed=include_proposed,
            aliases=self.aliases(known_at), same=same(self.links(known_at)),
        )

    def register_lines(
        self, *, as_of: date | None = None, include_proposed: bool = False, alone: bool = False
    ) -> Iterator[bytes]:
        """The register as JSON, a line for each part with the name of its ``section``: entries, then contradictions and
        tombstones, in the order of ``register().as_json()`` and made one after another, so that a large ledger needs less
        memory; and still less where the process that makes it is ``alone``, which takes longer."""
        day = as_of or self._clock().astimezone(UTC).date()
        return register_lines(self.ledger, day, include_proposed=include_proposed, alone=alone)

    def changes(self, since: str, *, as_of: date | None = None, include_proposed: bool = False) -> list[Change]:
        """What changed in the register since a moment (UTC, RFC 3339): see ``safeconduct.register.changes``."""
        before = self.register(as_of=as_of, known_at=since, include_proposed=include_proposed)
        after = self.register(as_of=as_of, include_proposed=include_proposed)
        made = [d for d in reading.decisions(Span(self.ledger)) if d.at > since]
        return changes(before, after, made)

    def publish(
        self,
        out: str | Path,
        *,
        as_of: date | None = None,
        include_proposed: bool = False,
        base_url: str | None = None,
        progress: Progress | None = None,
    ) -> Published:
        """Write the static site and the datasets into ``out``, all at once.

        A workspace with a signing key signs a checkpoint first, and the site carries it with a proof for every claim.

        Raises:
            PublishError: ``out`` holds something else, or cannot be written.
        """
        from safeconduct.publish import Publication, publish

        register = self.register(as_of=as_of, include_proposed=include_proposed)
        scripted = {SCRIPT, None}
        by = {s.decision.by if s.decision else None for s in register.statements}
        sealed = None
        if key_of(self):
            sign(self)
            sealed = proofs(self, [s.claim.id for s in register.statements])
        publication = Publication(
            register=register,
            texts=self.text,
            sources=self.sources(),
            title=self.settings.workspace.title,
            sample=self.settings.workspace.sample,
            reviewed=not (by & scripted),
            base_url=base_url or self.settings.workspace.base_url or None,
            generator=f"Safeconduct {version('safeconduct')}",
            ledger_head=self.ledger.head()[1],
            integrity=sealed,
        )
        return publish(publication, Path(out), progress=progress)

    def checkpoint(self, *, name: str | None = None, timestamp: str | None = None) -> str:
        """Sign what the ledger holds now and return the signed note; makes the signing key, named ``name``, where there is
        none. An unchanged ledger has the checkpoint it had. ``timestamp`` is the address of an authority that stamps it.

        Raises:
            WorkspaceError: the key cannot be read or named so, or the authority gives no timestamp.
        """
        note = sign(self, name=name)
        if timestamp:
            stamp(self, note, timestamp)
        return note

    def public_key(self) -> PublicKey | None:
        """The key that checks this workspace's checkpoints, or None when it never signed any."""
        key = key_of(self)
        return key.public if key else None

    def backup(self, out: str | Path, *, progress: Progress | None = None) -> int:
        """Write settings, ledger and captures into one tar file; the signing key is not in it. Returns the records.

        Raises:
            WorkspaceError: the file is there already, or cannot be written.
        """
        return write_backup(self, Path(out), progress)

    @classmethod
    def restore(
        cls, file: str | Path, root: str | Path, *, database: str | None = None, progress: Progress | None = None
    ) -> Workspace:
        """Make a workspace in ``root`` from a backup, its ledger in ``database`` or in a file; record for record the same.

        Raises:
            WorkspaceError: the backup is damaged, or ``root`` is a workspace. LedgerError: the database is not empty.
        """
        return read_backup(Path(file), Path(root), database, progress)

    def verify(
        self, out: str | Path | None = None, *, against: str | None = None, key: PublicKey | None = None,
        authorities: Path | None = None, progress: Progress | None = None,
    ) -> Iterator[Problem]:
        """Check the ledger's chain and checkpoints, the bytes of every capture and text, and every claim's quote; with
        ``out``, that a published site is whole and every figure on it leads back to a claim and a quote; with ``against``,
        that the ledger still holds what that checkpoint, kept elsewhere and signed by ``key``, says that it held; with
        ``authorities``, a PEM file of root certificates, that the timestamps hold."""
        yield from find_problems(self, Path(out) if out is not None else None, progress)
        yield from checkpoint_problems(self, against, key)
        if authorities:
            yield from timestamp_problems(self, certificates(authorities))
