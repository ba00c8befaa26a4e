"""From what a person names and says of sources to what the ledger records of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from safeconduct.capture import Reading
from safeconduct.claims import parse_edtf
from safeconduct.ledger import Record
from safeconduct.register import Source, Statement

from .outcomes import WorkspaceError

if TYPE_CHECKING:
    from safeconduct.capture import ManifestRow

GIVEN = ("title", "publisher", "author", "published", "language", "url")


def is_address(source: str | Path) -> bool:
    return isinstance(source, str) and source.lower().startswith(("http://", "https://"))


def checked(values: dict[str, str | None]) -> dict[str, str]:
    known = {k: v.strip() for k, v in values.items() if v and v.strip()}
    if unknown := set(known) - set(GIVEN):
        raise WorkspaceError(f"{min(unknown)} is nothing that can be given for a source; give {', '.join(GIVEN)}.")
    if "published" in known:
        try:
            parse_edtf(known["published"])
        except ValueError as error:
            raise WorkspaceError(f"{error}.") from error
    return known


def tasks(
    sources: Sequence[str | Path], manifest: str | Path | None
) -> Iterator[tuple[str | Path, ManifestRow | None]]:
    """Each source with its row of the manifest. Without sources, or with a folder, all that the manifest lists."""
    if manifest is None:
        yield from ((source, None) for source in sources)
        return
    from safeconduct.capture import read_manifest

    base = Path(manifest).resolve().parent
    rows = {(base / row.file).resolve(): row for row in read_manifest(Path(manifest))}
    for source in sources or [base]:
        if isinstance(source, Path) and source.is_dir():
            folder = source.resolve()
            listed = [(path, row) for path, row in rows.items() if path.is_relative_to(folder)]
            if not listed:
                raise WorkspaceError(f"{manifest} lists no file in {source}; give the folder that the manifest speaks of.")
            yield from listed
        else:
            yield source, rows.get(source.resolve()) if isinstance(source, Path) else None


def text_record(capture: str, text: str, reading: Reading) -> Record:
    return Record(
        "text",
        capture,
        {
            "text": text,
            "reader": reading.reader,
            "encoding": reading.encoding,
            "characters": len(reading.text),
            "pages": list(reading.pages),
            "read": {k: getattr(reading, k) for k in ("title", "publisher", "author", "published", "language")},
            "methods": dict(reading.methods),
            "notes": list(reading.notes),
        },
    )


def cited(capture: str, captured: dict[str, Any], text: dict[str, Any]) -> Source:
    given, found = captured["given"], text["read"]
    known = {k: given.get(k) or found.get(k) for k in ("title", "publisher", "published", "language")}
    return Source(
        capture=capture,
        text=text["text"],
        name=captured["name"],
        media_type=captured["media_type"],
        obtained_at=captured["obtained_at"],
        url=given.get("url") or captured["url"],
        **known,
    )


def find(name: str, statements: Mapping[str, Statement]) -> str:
    if name in statements:
        return name
    fitting = [identity for identity in statements if identity.startswith(name)]
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        raise WorkspaceError(f"{len(fitting)} claims begin with {name}; give more of the id.")
    raise WorkspaceError(f"There is no claim {name}; `safeconduct claims` lists them.")
