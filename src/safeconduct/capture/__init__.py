"""Obtains and preserves the bytes of sources, and reads text from them.

``obtain`` puts a file, a folder, a web archive or an address into a :class:`BlobStore`; ``read`` turns preserved
bytes into a :class:`Reading`; ``read_manifest`` reads what a person says about a folder of files.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from .model import Blob, CaptureError, FetchPolicy, Limits, Obtained, Reading, Skipped
from .store import BlobStore

if TYPE_CHECKING:
    from .language import detect_language
    from .manifest import ManifestRow, read_manifest
    from .obtain import obtain
    from .reading import READERS, read
    from .sniffing import sniff

_LATER = {  # name → module, loaded when first asked for: readers and the network are slow to load
    "READERS": "reading", "ManifestRow": "manifest", "detect_language": "language", "obtain": "obtain", "read": "reading",
    "read_manifest": "manifest", "sniff": "sniffing",
}

__all__ = [
    "READERS", "Blob", "BlobStore", "CaptureError", "FetchPolicy", "Limits", "ManifestRow", "Obtained", "Reading", "Skipped",
    "detect_language", "obtain", "read", "read_manifest", "sniff",
]


def __getattr__(name: str) -> Any:
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f".{_LATER[name]}", __name__), name)
    globals()[name] = value
    return value
