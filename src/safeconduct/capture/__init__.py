"""Obtains and preserves the bytes of sources, and reads text from them.

``obtain`` puts a file, a folder, a web archive or an address into a :class:`BlobStore`; ``read`` turns preserved
bytes into a :class:`Reading`; ``read_manifest`` reads what a person says about a folder of files.
"""

from .language import detect_language
from .manifest import ManifestRow, read_manifest
from .model import Blob, CaptureError, FetchPolicy, Limits, Obtained, Reading, Skipped
from .obtain import obtain
from .reading import READERS, read
from .sniffing import sniff
from .store import BlobStore

__all__ = [
    "READERS",
    "Blob",
    "BlobStore",
    "CaptureError",
    "FetchPolicy",
    "Limits",
    "ManifestRow",
    "Obtained",
    "Reading",
    "Skipped",
    "detect_language",
    "obtain",
    "read",
    "read_manifest",
    "sniff",
]
