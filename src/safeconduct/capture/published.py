"""Dates of publication that sources state about themselves."""

from __future__ import annotations


def edtf_or_none(value: str) -> str | None:
    """``value`` if it is a date in EDTF, else None: a source's impossible date is no date."""
    from safeconduct.claims.dates import parse_edtf

    try:
        parse_edtf(value)
    except ValueError:
        return None
    return value
