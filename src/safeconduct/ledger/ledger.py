"""The append-only, hash-chained record of captures, texts, proposals and decisions."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from types import TracebackType

from django.db import Error as DatabaseError
from django.db import IntegrityError, connections, transaction

from safeconduct.claims import sha256

from . import database
from .checkpoint import leaf_of
from .records import START, Record, Recorded, RecordType, link

OWN = ("checkpoint", "timestamp")  # records that speak of their own ledger only
BATCH = 500  # rows a statement; SQLite allows a limited number of parameters in one
LOADED = 50_000  # records a transaction of a bulk load
INSERT = "INSERT INTO ledger (seq, record, type, subject, body, recorded_at, chain) VALUES (%s, %s, %s, %s, %s, %s, %s)"
_Prepared = tuple[Record, str, str]  # with its id and canonical bytes


class LedgerError(Exception):
    """The ledger cannot be read or written; the message is one sentence that says what to do."""


@dataclass(frozen=True, slots=True)
class Flaw:
    """Something wrong in a ledger: ``where`` names the record, ``what`` says it in a sentence."""

    where: str
    what: str


def now() -> datetime:
    """The present moment in UTC."""
    return datetime.now(UTC)


def _prepared(records: Iterable[Record]) -> list[_Prepared]:
    return [(record, sha256(body), body) for record in records for body in (record.body(),)]


class Ledger:
    """One ledger. Safe with several processes and threads at once; every ``append`` is one transaction.

    ``clock`` gives the time of recording; recorded times never go back, whatever the clock does.
    """

    def __init__(self, path: Path | str, *, create: bool = False, clock: Callable[[], datetime] = now) -> None:
        """Open the ledger at ``path``, a file or the address of a PostgreSQL database; with ``create``, make it.

        Raises:
            LedgerError: there is none, it is not a ledger, or it cannot be opened.
        """
        self.path, self._clock = path, clock
        self.name = database.without_password(str(path)) if database.is_server(path) else Path(path).name
        try:
            self._alias = database.connect(path, create=create)
        except FileNotFoundError as error:
            raise LedgerError(f"There is no ledger at {self._shown}; make a workspace with `safeconduct init`.") from error
        except ImportError as error:
            raise LedgerError("PostgreSQL needs a driver: pip install 'safeconduct[postgresql]'.") from error
        except (DatabaseError, OSError) as error:
            why = " ".join(str(error).split())
            advice = "check that it is there, and your rights"
            raise LedgerError(f"{self._shown} cannot be opened as a ledger ({why}); {advice}.") from error

    @property
    def _shown(self) -> str:
        return self.name if database.is_server(self.path) else str(self.path)

    def __enter__(self) -> Ledger:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection; the ledger cannot be used afterwards."""
        database.disconnect(self._alias)

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except DatabaseError as error:
            reason = str(error).lower()
            if "locked" in reason:
                advice = "another process has been writing for a minute; try again when it has finished"
            elif "full" in reason:
                advice = "the disk is full; make room and run the command again, nothing recorded is lost"
            elif "readonly" in reason or "read-only" in reason:
                advice = "it is read-only here; make the folder writable or work on a copy"
            else:
                advice = f"{error}; run `safeconduct verify`"
            raise LedgerError(f"The ledger {self.name} could not be used: {advice}.") from error

    def append(self, records: Sequence[Record], *, only_if_new_subject: bool = False) -> list[bool]:
        """Record what is not yet there, all or nothing, and say for each record whether it was new.

        With ``only_if_new_subject`` a record is left out when its subject already has one of that type.

        Raises:
            LedgerError: it could not be written; then nothing was.
        """
        from .models import Row

        prepared = _prepared(records)
        new: list[bool] = []
        with self._writing() as end:
            rows = Row.objects.using(self._alias)
            known = self._known([identity for _, identity, _ in prepared])
            fresh: list[_Prepared] = []
            for record, identity, body in prepared:
                there = identity in known or (
                    only_if_new_subject and rows.filter(subject=record.subject, type=record.type).exists()
                )
                new.append(not there)
                if not there:
                    known.add(identity)
                    fresh.append((record, identity, body))
            self._insert(fresh, end)
        return new

    def load(self, records: Iterable[Record], *, batch: int = LOADED) -> int:
        """Record many, ``batch`` of them in one transaction, and return how many were new.

        Each transaction is as durable as that of an ``append``; what breaks off leaves whole batches, and loading the
        same records again records the rest.

        Raises:
            LedgerError: they could not all be written; the batches before were.
        """
        new, todo = 0, iter(records)
        while some := list(islice(todo, batch)):
            distinct = list({identity: (record, identity, body) for record, identity, body in _prepared(some)}.values())
            with self._writing() as end:
                try:  # all new, as a rule: then the index of ids is gone through once and not twice
                    with transaction.atomic(using=self._alias):
                        self._insert(distinct, end)
                except IntegrityError:
                    known = self._known([identity for _, identity, _ in distinct])
                    distinct = [one for one in distinct if one[1] not in known]
                    self._insert(distinct, end)
            new += len(distinct)
        return new

    @contextmanager
    def _writing(self) -> Iterator[tuple[int, str, str]]:
        """A transaction of the one writer; gives the number of records, the last chain value and the time to record."""
        from .models import Row

        with self._translated(), transaction.atomic(using=self._alias):
            database.lock(self._alias)
            last = Row.objects.using(self._alias).order_by("-seq").first()
            seq, chain, at = (last.seq, last.chain, last.recorded_at) if last else (0, START, "")
            yield seq, chain, max(at, self._clock().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"))

    def _insert(self, prepared: Sequence[_Prepared], end: tuple[int, str, str]) -> None:
        """Extend the chain, which ends at ``end``, with records that are not in it."""
        before, chain, at = end
        rows: list[tuple[int, str, str, str, str, str, str]] = []
        for seq, (record, identity, body) in enumerate(prepared, before + 1):
            chain = link(chain, identity, at)
            rows.append((seq, identity, record.type, record.subject, body, at, chain))
        with connections[self._alias].cursor() as cursor:
            cursor.executemany(INSERT, rows)

    def _known(self, ids: Sequence[str]) -> set[str]:
        from .models import Row

        rows = Row.objects.using(self._alias)
        return {
            identity
            for start in range(0, len(ids), BATCH)
            for identity in rows.filter(record__in=ids[start : start + BATCH]).values_list("record", flat=True)
        }

    def records(
        self,
        *types: RecordType,
        subject: str | None = None,
        known_at: str | None = None,
        after: int = 0,
    ) -> Iterator[Recorded]:
        """Records in the order of recording: of ``types`` (all when none is named), about ``subject``, recorded up to
        and including ``known_at`` (UTC, RFC 3339), behind the first ``after`` ones.

        Raises:
            LedgerError: the ledger cannot be read.
        """
        from .models import Row

        with self._translated():
            rows = Row.objects.using(self._alias).order_by("seq")
            if types:
                rows = rows.filter(type__in=types)
            if subject is not None:
                rows = rows.filter(subject=subject)
            if after:
                rows = rows.filter(seq__gt=after)
            if known_at is not None:
                rows = rows.filter(recorded_at__lte=known_at)
            fields = ("seq", "record", "type", "subject", "body", "recorded_at", "chain")
            for values in rows.values_list(*fields).iterator(chunk_size=2000):
                yield Recorded(*values)

    def bodies(
        self, *types: RecordType, known_at: str | None = None, after: int = 0, upto: int | None = None, lacking: str = ""
    ) -> Iterator[tuple[str, str, str, str]]:
        """Type, id, subject and canonical bytes of the records of some types in the order of recording: what computing needs of
        ``records``, in a third of the time. ``upto`` is the number of the last record to be read; those whose bytes have
        ``lacking`` in them, which has no backslash, are left out.

        Raises:
            LedgerError: the ledger cannot be read.
        """
        from .models import Row

        with self._translated():
            rows = Row.objects.using(self._alias).order_by("seq").filter(type__in=types, seq__gt=after)
            if upto is not None:
                rows = rows.filter(seq__lte=upto)
            if known_at is not None:
                rows = rows.filter(recorded_at__lte=known_at)
            if lacking:
                rows = rows.exclude(body__contains=lacking)
            yield from rows.values_list("type", "record", "subject", "body").iterator(chunk_size=2000)

    def bodies_about(
        self, type_: RecordType, subjects: Collection[str], *, known_at: str | None = None, upto: int | None = None
    ) -> Iterator[tuple[str, str, str]]:
        """Id, subject and canonical bytes of the records of one type about some subjects, in any order.

        Raises:
            LedgerError: the ledger cannot be read.
        """
        from .models import Row

        with self._translated():
            rows = Row.objects.using(self._alias).filter(type=type_, subject__in=subjects)
            if upto is not None:
                rows = rows.filter(seq__lte=upto)
            if known_at is not None:
                rows = rows.filter(recorded_at__lte=known_at)
            yield from rows.values_list("record", "subject", "body").iterator(chunk_size=2000)

    def subjects_lacking(self, type_: RecordType, other: RecordType) -> set[str]:
        """The subjects of records of one type about which there is none of the other type."""
        from django.db.models import Exists, OuterRef

        from .models import Row

        with self._translated():
            rows = Row.objects.using(self._alias)
            found = rows.filter(~Exists(rows.filter(type=other, subject=OuterRef("subject"))), type=type_)
            return set(found.values_list("subject", flat=True))

    def types(self, *, after: int = 0, upto: int | None = None) -> set[str]:
        """The types of the records behind the first ``after`` ones, up to the one numbered ``upto``."""
        from .models import Row

        with self._translated():
            rows = Row.objects.using(self._alias).filter(seq__gt=after)
            return set((rows if upto is None else rows.filter(seq__lte=upto)).values_list("type", flat=True).distinct())

    def subjects(self, type_: RecordType, prefix: str = "") -> list[str]:
        """The distinct subjects of one type of record that begin with ``prefix``, in alphabetical order."""
        from .models import Row

        with self._translated():
            rows = Row.objects.using(self._alias).filter(type=type_, subject__startswith=prefix)
            return sorted(rows.values_list("subject", flat=True).distinct())

    def head(self) -> tuple[int, str]:
        """The number of records and the last chain value."""
        from .models import Row

        with self._translated():
            last = Row.objects.using(self._alias).order_by("-seq").first()
        return (last.seq, last.chain) if last else (0, START)

    def copy(self, records: Iterable[Recorded]) -> int:
        """Take over a whole ledger, times and chain with it, into this empty one; returns the number of records.

        Raises:
            LedgerError: this ledger is not empty, a record does not fit its id or the chain, or it cannot be written;
                then nothing was.
        """
        from .models import Row

        seq, chain, some = 0, START, []
        with self._translated(), transaction.atomic(using=self._alias):
            database.lock(self._alias)
            if self.head()[0]:
                raise LedgerError(f"{self._shown} already holds a ledger; name an empty one.")
            for r in records:
                if r.seq != seq + 1 or sha256(r.body) != r.id or link(chain, r.id, r.recorded_at) != r.chain:
                    raise LedgerError(f"Record {r.seq} does not fit the chain; take another copy.")
                seq, chain = r.seq, r.chain
                some.append(
                    Row(seq=r.seq, record=r.id, type=r.type, subject=r.subject, body=r.body, recorded_at=r.recorded_at,
                        chain=r.chain)
                )
                if len(some) == BATCH:
                    Row.objects.using(self._alias).bulk_create(some)
                    some = []
            Row.objects.using(self._alias).bulk_create(some)
        return seq

    def leaves(self, size: int) -> list[bytes]:
        """The Merkle leaf hashes of the first ``size`` records."""
        from .models import Row

        with self._translated():
            rows = Row.objects.using(self._alias).filter(seq__lte=size).order_by("seq")
            return [leaf_of(*values) for values in rows.values_list("record", "recorded_at").iterator(chunk_size=2000)]

    def merge(self, records: Iterable[Recorded]) -> int:
        """Record what another ledger holds and this one does not; returns how many records were new.

        The times of recording are this ledger's own; checkpoints and their timestamps are left out.
        """
        return sum(self.append([record.record() for record in records if record.type not in OWN]))

    def flaws(self, progress: Callable[[int], None] | None = None) -> Iterator[Flaw]:
        """Check every record against its id and the chain, and yield what is wrong.

        A ledger cut off at its end still reads as a shorter one: compare ``head`` with a value noted elsewhere.
        """
        seq, chain, at = 0, START, ""
        for row in self.records():
            where = f"record {row.seq}"
            if row.seq != seq + 1:
                yield Flaw(where, f"records {seq + 1} to {row.seq - 1} are missing before it")
            if sha256(row.body) != row.id:
                yield Flaw(where, "its content was altered: it no longer matches its id")
            elif (fields := json.loads(row.body))["type"] != row.type or fields["subject"] != row.subject:
                yield Flaw(where, "its type or subject was altered")
            if link(chain, row.id, row.recorded_at) != row.chain:
                yield Flaw(where, "the chain breaks here: this record or one before it was altered, removed or moved")
            if row.recorded_at < at:
                yield Flaw(where, "it bears an earlier time than the record before it")
            seq, chain, at = row.seq, row.chain, row.recorded_at
            if progress:
                progress(seq)
