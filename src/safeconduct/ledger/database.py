"""Opening databases for ledgers: Django's connections, set up at run time and as many at once as there are workspaces.

SQLite is the embedded default; a PostgreSQL database is named by its address (``postgresql://user@host/name``).
"""

from __future__ import annotations

import os
import pkgutil
import sqlite3
from contextlib import closing
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlsplit, urlunsplit

import django
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connections

from . import migrations

BUSY_SECONDS = 60  # how long a writer waits for another before it gives up
CONNECT_SECONDS = 10
CACHE_KIB = 65536  # of SQLite's pages: ids are spread over the whole index, so that a load touches all of it
WRITER_LOCK = 0x5AFEC0  # an advisory lock of PostgreSQL, held to the end of a transaction


def _set_up() -> None:
    if not settings.configured:
        settings.configure(
            INSTALLED_APPS=["safeconduct.ledger.apps.LedgerConfig"],
            DATABASES={"default": {"ENGINE": "django.db.backends.dummy"}},
            USE_TZ=True,
            DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        )
    if not apps.ready:
        django.setup()


@cache
def _latest_migration() -> str:
    return max(module.name for module in pkgutil.iter_modules(migrations.__path__))


def is_server(where: Path | str) -> bool:
    """Whether a ledger is named by the address of a database server and not by a file."""
    return str(where).startswith(("postgresql://", "postgres://"))


def without_password(address: str) -> str:
    """An address as it may be shown."""
    parts = urlsplit(address)
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{parts.username}@{host}" if parts.username else host, query=""))


def connect(where: Path | str, *, create: bool = False) -> str:
    """Make the ledger in a file or at a server's address known to Django, bring its tables up to date, return its alias.

    With ``create`` it is made where there is none.

    Raises:
        FileNotFoundError: there is no ledger there and ``create`` is false.
        django.db.Error: it cannot be opened, or is no ledger.
        ImportError: the driver of the server is not installed.
    """
    _set_up()
    return _server(str(where), create) if is_server(where) else _file(Path(where), create)


def _server(address: str, create: bool) -> str:
    import psycopg  # noqa: F401  the extra [postgresql]: missed here, and not somewhere within Django

    parts = urlsplit(address)
    alias = f"ledger:{sha256(address.encode()).hexdigest()}"
    options: dict[str, Any] = {"connect_timeout": CONNECT_SECONDS, **dict(parse_qsl(parts.query))}
    host = options.pop("host", parts.hostname or "")  # or, as libpq has it, a folder with a Unix socket
    database = {
        "ENGINE": "django.db.backends.postgresql", "NAME": unquote(parts.path.lstrip("/")), "HOST": host,
        "PORT": str(parts.port or ""), "USER": unquote(parts.username or ""), "PASSWORD": unquote(parts.password or ""),
        "OPTIONS": options,
    }  # fmt: skip
    _register(alias, database)
    try:
        if not _up_to_date(alias):
            if not create and not _has_table(alias):
                raise FileNotFoundError(without_password(address))
            call_command("migrate", database=alias, verbosity=0, interactive=False)
    except BaseException:
        disconnect(alias)
        raise
    return alias


def lock(alias: str) -> None:
    """Within a transaction: let one writer at a time extend the chain. SQLite's transactions do so by themselves; its
    writers hold more pages than its readers."""
    with connections[alias].cursor() as cursor:
        if connections[alias].vendor == "postgresql":
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [WRITER_LOCK])
        else:
            cursor.execute(f"PRAGMA cache_size=-{CACHE_KIB}")


def _register(alias: str, database: dict[str, Any]) -> None:
    if alias not in connections.settings:
        filled = connections.configure_settings({"default": connections.settings["default"], alias: database})
        connections.settings[alias] = filled[alias]


def _file(path: Path, create: bool) -> str:
    """The alias of a SQLite ledger.

    SQLite runs in WAL mode with full synchronisation: readers never wait, a committed record survives a power cut. A
    ledger on a read-only medium is opened for reading only.
    """
    path = path.resolve()
    alias = f"ledger:{path}"
    if not path.exists():
        if not create:
            raise FileNotFoundError(path)
        with closing(sqlite3.connect(path)) as fresh:
            fresh.execute("PRAGMA journal_mode=WAL")
    options = {
        "timeout": BUSY_SECONDS,
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA synchronous=FULL",
    }
    name = str(path) if _writable(path) else f"file:{quote(str(path))}?immutable=1"
    _register(alias, {"ENGINE": "django.db.backends.sqlite3", "NAME": name, "OPTIONS": options})
    if not _up_to_date(alias):
        call_command("migrate", database=alias, verbosity=0, interactive=False)
    return alias


def _writable(path: Path) -> bool:
    """Whether SQLite can keep its log beside the ledger; where not, a ledger without one is only read."""
    log = path.with_name(path.name + "-wal")
    return (os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)) or (log.exists() and log.stat().st_size > 0)


def _has_table(alias: str) -> bool:
    connection = connections[alias]
    with connection.cursor() as cursor:
        return "ledger" in connection.introspection.table_names(cursor)


def _up_to_date(alias: str) -> bool:
    connection = connections[alias]
    with connection.cursor() as cursor:
        if "django_migrations" not in connection.introspection.table_names(cursor):
            return False
        cursor.execute("SELECT 1 FROM django_migrations WHERE app = 'ledger' AND name = %s", [_latest_migration()])
        return cursor.fetchone() is not None


def disconnect(alias: str) -> None:
    """Close this thread's connection and forget the alias."""
    if alias in connections.settings:
        connections[alias].close()
        del connections[alias]
        del connections.settings[alias]
