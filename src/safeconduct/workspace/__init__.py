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
from dataclasses import asdict
from datetime import UTC, date, datetime
from importlib.metadata import version
from pathlib import Path
from sys import intern
from types import TracebackType
from typing import TYPE_CHECKING, Any

from safeconduct import settings as settings_file
from safeconduct.capture import BlobStore, CaptureError, Obtained, Skipped
from safeconduct.claims import Claim, recorded_claim, sha256
from safeconduct.ledger import Ledger, PublicKey, Record, is_server, now
from safeconduct.register import Change, Decision, Register, Source, Statement, changes, compute, source_id, state
from safeconduct.register.statements import STATUS, Act
from safeconduct.resolve import Link, LinkAct, Suggestion, same, suggestions
from safeconduct.settings import WorkspaceSettings

from .backup import read_backup, write_backup
from .checking import find_problems
from .identity import decide_link
from .importing import import_claims
from .intake import GIVEN, checked, cited, find, is_address, tasks, text_record
from .integrity import checkpoint_problems, key_of, proofs, sign
from .outcomes import Added, Extracted, Imported, Problem, Progress, WorkspaceError
from .timestamps import certificates, stamp, timestamp_problems

if TYPE_CHECKING:
    from safeconduct.publish import Published

__all__ = ["SCRIPT", "Added", "Extracted", "Imported", "Problem", "Workspace", "WorkspaceError"]

SCRIPT = "script"  # the reviewer's name that scripts give; pages say that no person reviewed such claims

# Readers, the extractor and the site are slow to load; each is loaded by the method that needs it.

PDF = "application/pdf"  # a large file may hold little text: its reader counts the text


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
        from safeconduct.capture import obtain

        base = checked(given or {})
        for folder in (Path(s) for s in sources if not is_address(s) and not manifest):
            if folder.is_dir() and self.root.is_relative_to(folder.resolve()):
                raise WorkspaceError(f"{folder} holds the workspace itself; put the sources into a folder of their own.")
        todo = list(tasks([Path(s) if not is_address(s) else str(s) for s in sources], manifest))
        for done, (source, row) in enumerate(todo):
            known = {**({k: v for k, v in asdict(row).items() if k in GIVEN and v} if row else {}), **base}
            try:
                for item in obtain(
                    source, self.store, limits=self.settings.capture, policy=self.settings.fetch, clock=self._clock
                ):
                    yield self._record(item, known)
            except CaptureError as error:
                yield Added(Path(str(source)).name or str(source), None, problem=str(error))
            if progress:
                progress(done + 1, len(todo))

    def _record(self, item: Obtained | Skipped, given: dict[str, str]) -> Added:
        if isinstance(item, Skipped):
            return Added(item.name, None, problem=item.reason)
        content = {
            "size": item.size,
            "media_type": item.media_type,
            "name": item.name,
            "how": item.how,
            "obtained_at": item.obtained_at,
            "url": item.url,
            "status": item.status,
            "content_type": next((v for k, v in item.headers if k.lower() == "content-type"), None),
            "container": item.container,
            "given": given,
        }
        identity = source_id(item.sha256)
        if next(self.ledger.records("text", subject=item.sha256), None):
            return Added(item.name, identity, new=False)
        capture = Record("capture", item.sha256, content)
        try:
            text, notes = self._read(item.sha256, content)
        except CaptureError as error:  # the bytes are worth keeping even where today's readers fail
            new = self.ledger.append([capture], only_if_new_subject=True)
            return Added(item.name, identity, any(new), problem=str(error))
        new = self.ledger.append([capture, text], only_if_new_subject=True)
        return Added(item.name, identity, any(new), notes=notes)

    def _read(self, capture: str, content: dict[str, Any]) -> tuple[Record, tuple[str, ...]]:
        """Read a capture's text into the store; returns the record of it and notes for people."""
        from safeconduct.capture import read

        limits = self.settings.capture
        if content["size"] > limits.max_text_bytes and content["media_type"] != PDF:
            raise CaptureError(
                f"{content['name']} is preserved but too large to read; raise [capture] max_text_bytes and run "
                "`safeconduct reread`."
            )
        declared = (("Content-Type", content["content_type"]),) if content["content_type"] else ()
        reading = read(
            self.store.read(capture), media_type=content["media_type"], name=content["name"], headers=declared,
            url=content["url"], limits=limits,
        )
        text = self.store.put([reading.text.encode("utf-8")], max_bytes=4 * limits.max_text_bytes)
        return text_record(capture, text.sha256, reading), reading.notes

    def iter_reread(self, *, progress: Progress | None = None) -> Iterator[Added]:
        """Read every capture again with today's readers and limits; a text that differs is recorded beside the old one."""
        captures = {r.subject: r.content() for r in self.ledger.records("capture")}
        for done, (capture, content) in enumerate(captures.items()):
            try:
                text, notes = self._read(capture, content)
                yield Added(content["name"], source_id(capture), self.ledger.append([text])[0], notes=notes)
            except CaptureError as error:
                yield Added(content["name"], source_id(capture), problem=str(error))
            if progress:
                progress(done + 1, len(captures))

    def sources(self, known_at: str | None = None) -> list[Source]:
        """Every source with a text, in the order of recording; what was given wins over what was read."""
        captures: dict[str, dict[str, Any]] = {}
        for record in self.ledger.records("capture", known_at=known_at):
            content = record.content()
            old = captures.get(record.subject)
            if old is None or (content["obtained_at"], record.id) < (old["obtained_at"], old["id"]):
                captures[record.subject] = {**content, "id": record.id}
        found: list[Source] = []
        for record in self.ledger.records("text", known_at=known_at):
            if record.subject in captures:
                found.append(cited(record.subject, captures[record.subject], record.content()))
        return found

    def text(self, identity: str) -> str:
        """The text with that SHA-256.

        Raises:
            CaptureError: it is not in the store.
        """
        return self.store.read(identity).decode("utf-8")

    # Claims

    def extract(self, *, progress: Progress | None = None) -> list[Extracted]:
        """Propose claims for every text that this version of the extractor has not read. See ``iter_extract``."""
        return list(self.iter_extract(progress=progress))

    def iter_extract(self, *, progress: Progress | None = None) -> Iterator[Extracted]:
        """Propose claims text by text; the proposals from one text are recorded together, before it is yielded."""
        from safeconduct.extract import EXTRACTOR, Context, extract

        done = {r.subject for r in self.ledger.records("extraction") if r.content()["extractor"] == EXTRACTOR}
        todo = {s.text: s for s in reversed(self.sources()) if s.text not in done}
        for number, source in enumerate(reversed(todo.values())):
            context = Context(published=source.published, publisher=source.publisher, language=source.language)
            result = extract(self.text(source.text), context)
            records = [
                Record("proposal", p.claim.id, {"extractor": EXTRACTOR, "rule": p.rule, "claim": p.claim.content()})
                for p in result.proposals
            ]
            outcome = {
                "extractor": EXTRACTOR,
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
        found: dict[str, set[str]] = {}
        for record in self.ledger.records("alias", known_at=known_at):
            found.setdefault(record.subject, set()).add(record.content()["given"])
        return {claim: sorted(given) for claim, given in found.items()}

    def decide(
        self, act: Act, claims: Sequence[str] | None = None, *, by: str, why: str | None = None
    ) -> list[Decision]:
        """Accept or reject claims, named by id or by an unambiguous beginning of it; None means all nobody decided on.

        A claim on which the same act already stands gets no second decision. All are recorded together or none.

        Raises:
            WorkspaceError: no such claim, or a beginning that fits several.
        """
        statements = {s.claim.id: s for s in self.statements()}
        if claims is None:
            wanted = [i for i, s in statements.items() if s.status == "proposed"]
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
        return [Link(id=r.id, **r.content()) for r in self.ledger.records("link", known_at=known_at)]

    def statements(self, known_at: str | None = None) -> list[Statement]:
        """Every claim the ledger holds, with its source and what was decided on it, as known at a moment."""
        by_text: dict[str, list[Source]] = {}
        for source in self.sources(known_at):
            by_text.setdefault(source.text, []).append(source)

        def claims() -> Iterator[tuple[Claim, Source]]:
            for record in self.ledger.records("proposal", known_at=known_at):
                claim = recorded_claim(record.content()["claim"], record.subject)
                for source in by_text.get(claim.text, ()):
                    yield claim, source

        return state(claims(), self._decisions(known_at))

    def _decisions(self, known_at: str | None) -> Iterator[Decision]:
        for record in self.ledger.records("decision", known_at=known_at):
            content = record.content()
            act: Act = intern(content["act"])  # type: ignore[assignment]
            yield Decision(record.id, record.subject, act, content["at"], intern(content["by"]), content["why"])

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
        statements = self.statements(known_at)
        return compute(
            statements, day, known_at=known_at, country=country, include_proposed=include_proposed,
            aliases=self.aliases(known_at), same=same(self.links(known_at)),
        )

    def changes(self, since: str, *, as_of: date | None = None, include_proposed: bool = False) -> list[Change]:
        """What changed in the register since a moment (UTC, RFC 3339): see ``safeconduct.register.changes``."""
        before = self.register(as_of=as_of, known_at=since, include_proposed=include_proposed)
        after = self.register(as_of=as_of, include_proposed=include_proposed)
        made = [d for d in self._decisions(None) if d.at > since]
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
