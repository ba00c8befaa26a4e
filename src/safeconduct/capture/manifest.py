"""A folder's manifest: a CSV that says what its files are."""

from __future__ import annotations

import csv
from dataclasses import dataclass, fields
from pathlib import Path, PurePosixPath, PureWindowsPath

from .model import CaptureError


@dataclass(frozen=True)
class ManifestRow:
    """One file of a folder, by its path relative to the manifest; ``published`` is EDTF."""

    file: str
    title: str | None = None
    publisher: str | None = None
    author: str | None = None
    published: str | None = None
    language: str | None = None
    url: str | None = None


COLUMNS = tuple(column.name for column in fields(ManifestRow))


def read_manifest(path: Path) -> list[ManifestRow]:
    """The rows of the CSV at ``path`` (UTF-8, with or without BOM, header line first). An empty cell is None.

    Raises CaptureError for a file that cannot be read, a column that is unknown, missing or doubled, a row of the
    wrong length, a ``file`` that is absent, doubled or leads outside the folder, and a date that is not EDTF.
    """
    path = Path(path)
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            return _rows(csv.reader(lines, strict=True), path)
    except OSError as e:
        raise CaptureError(f"the manifest {path} cannot be read ({e.strerror}); check the path.") from e
    except UnicodeDecodeError as e:
        raise CaptureError(f"the manifest {path} is not UTF-8; save it as UTF-8.") from e
    except csv.Error as e:
        raise CaptureError(f"the manifest {path} is not valid CSV ({e}); check its quotes.") from e


def _rows(reader: csv._reader, path: Path) -> list[ManifestRow]:  # type: ignore[name-defined,unused-ignore]
    header = [cell.strip() for cell in next(reader, [])]
    _check_header(header, path)
    rows: dict[str, ManifestRow] = {}
    for cells in reader:
        if not any(cell.strip() for cell in cells):
            continue
        where = f"line {reader.line_num} of {path.name}"
        if len(cells) != len(header):
            raise CaptureError(f"{where} has {len(cells)} cells instead of {len(header)}; check its commas and quotes.")
        values = {column: cell.strip() or None for column, cell in zip(header, cells, strict=True)}
        file = values.pop("file")
        if file is None:
            raise CaptureError(f"{where} names no file; fill the column 'file'.")
        _check_file(file, path.parent, where)
        key = PurePosixPath(file).as_posix()
        if key in rows:
            raise CaptureError(f"{where} names {file!r} a second time; keep one row for each file.")
        _check_date(values.get("published"), where)
        rows[key] = ManifestRow(file=file, **values)
    return list(rows.values())


def _check_header(header: list[str], path: Path) -> None:
    known = ", ".join(COLUMNS)
    for column in header:
        if column not in COLUMNS:
            raise CaptureError(f"{path.name} has an unknown column {column!r}; the known ones are {known}.")
        if header.count(column) > 1:
            raise CaptureError(f"{path.name} has the column {column!r} twice; keep one.")
    if "file" not in header:
        raise CaptureError(f"{path.name} has no column 'file'; its first line must name columns out of {known}.")


def _check_file(file: str, folder: Path, where: str) -> None:
    outside = CaptureError(f"{where} names {file!r}, which leads outside the folder; use a path within it.")
    if PurePosixPath(file).is_absolute() or PureWindowsPath(file).drive or ".." in file.replace("\\", "/").split("/"):
        raise outside
    try:
        if not (folder / file).resolve().is_relative_to(folder.resolve()):
            raise outside
    except (OSError, ValueError, RuntimeError) as e:
        raise outside from e


def _check_date(value: str | None, where: str) -> None:
    from safeconduct.claims.dates import parse_edtf

    if value is None:
        return
    try:
        parse_edtf(value)
    except ValueError as e:
        raise CaptureError(
            f"{where} has the date {value!r} in 'published'; write a date that exists as 2022, 2022-11 or 2022-11-02."
        ) from e
