"""Opening databases for ledgers: Django's connections, set up at run time and as many at once as there are workspaces."""

from __future__ import annotations

import os
import pkgutil
import sqlite3
from contextlib import closing
from functools import cache
from pathlib import Path
from urllib.parse import quote

import django
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connections

from . import migrations

BUSY_SECONDS = 60  # how long a writer waits for another before it gives up


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


def connect(path: Path, *, create: bool = False) -> str:
    """Make the SQLite ledger at ``path`` known to Django, bring its tables up to date, and return its alias.

    SQLite runs in WAL mode with full synchronisation: readers never wait, a committed record survives a power cut. A
    ledger on a read-only medium is opened for reading only.

    Raises:
        FileNotFoundError: there is no database at ``path`` and ``create`` is false.
        django.db.Error: it cannot be opened, or is no ledger.
    """
    _set_up()
    path = path.resolve()
    alias = f"ledger:{path}"
    if not path.exists():
        if not create:
            raise FileNotFoundError(path)
        with closing(sqlite3.connect(path)) as fresh:
            fresh.execute("PRAGMA journal_mode=WAL")
    if alias not in connections.settings:
        options = {
            "timeout": BUSY_SECONDS,
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA synchronous=FULL",
        }
        name = str(path) if _writable(path) else f"file:{quote(str(path))}?immutable=1"
        database = {"ENGINE": "django.db.backends.sqlite3", "NAME": name, "OPTIONS": options}
        filled = connections.configure_settings({"default": connections.settings["default"], alias: database})
        connections.settings[alias] = filled[alias]
    if not _up_to_date(alias):
        call_command("migrate", database=alias, verbosity=0, interactive=False)
    return alias


def _writable(path: Path) -> bool:
    """Whether SQLite can keep its log beside the ledger; where not, a ledger without one is only read."""
    log = path.with_name(path.name + "-wal")
    return (os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)) or (log.exists() and log.stat().st_size > 0)


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
