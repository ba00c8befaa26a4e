"""Extraction without a workspace: files in, claims in the codebook's form out, nothing stored."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from safeconduct.capture import CaptureError, Limits, read, read_manifest, sniff
from safeconduct.extract import Context, extract, repeats

HEAD = 8192  # bytes from which the media type is told


@dataclass(frozen=True)
class FileClaims:
    """``claims`` in the codebook's form, in the order of the text; ``unsupported`` languages yielded none."""

    claims: tuple[dict[str, Any], ...]
    unsupported: tuple[str, ...]


def claims_in(
    files: Sequence[Path],
    *,
    manifest: Path | None = None,
    published: str | None = None,
    limits: Limits | None = None,
    explain: bool = False,
    rules_only: bool = False,
    progress: Callable[[int, int | None], None] | None = None,
) -> Iterator[tuple[Path, FileClaims | str]]:
    """Claims of each file, or a sentence that says why it could not be read. A folder stands for the files in it.

    With ``explain`` the ``note`` of a claim says which rule made it and which cue told who says it. ``published`` (EDTF) and
    the manifest give the dateline against which relative dates are resolved; what is given for all wins over the manifest.
    ``rules_only``: without the model.

    Raises:
        CaptureError: the manifest or ``published`` is faulty.
    """
    from safeconduct.claims import parse_edtf

    if published:
        try:
            parse_edtf(published)
        except ValueError as error:
            raise CaptureError(f"{error}.") from error
    rows = {}
    if manifest:
        rows = {(manifest.resolve().parent / row.file).resolve(): row for row in read_manifest(manifest)}
    todo = [p for f in files for p in (sorted(_within(f, manifest)) if f.is_dir() else [f])]
    for done, path in enumerate(todo):
        row = rows.get(path.resolve())
        try:
            dateline = published or (row.published if row else None)
            yield path, _claims(path, dateline, row, limits or Limits(), explain, rules_only)
        except (CaptureError, OSError) as error:
            yield path, str(error)
        if progress:
            progress(done + 1, len(todo))


def _within(folder: Path, manifest: Path | None) -> Iterator[Path]:
    for path in folder.rglob("*"):
        inside = path.relative_to(folder).parts
        if path.is_file() and not path.is_symlink() and not any(p.startswith(".") for p in inside) and path != manifest:
            yield path


def _claims(path: Path, published: str | None, row: Any, limits: Limits, explain: bool, rules_only: bool) -> FileClaims:
    if path.stat().st_size > limits.max_text_bytes:
        raise CaptureError(f"{path.name} is larger than {limits.max_text_bytes} bytes; split it.")
    data = path.read_bytes()
    reading = read(data, media_type=sniff(data[:HEAD], path.name), name=path.name, limits=limits)
    context = Context(
        published=published or reading.published,
        publisher=(row.publisher if row else None) or reading.publisher,
        language=(row.language if row else None) or reading.language,
        rules_only=rules_only,
    )
    found = extract(reading.text, context)
    again = repeats([p.claim for p in found.proposals])
    claims = tuple(
        {**p.claim.as_codebook(path.name, again.get(p.claim.id)), **({"note": p.because} if explain else {})}
        for p in found.proposals
    )
    return FileClaims(claims, tuple(found.unsupported))
