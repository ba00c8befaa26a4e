"""Safeconduct: a register of transnational repression in which every fact is tied to the exact words of a source.

The Python API is the class ``Workspace``; see ``safeconduct.workspace``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .workspace import Workspace

__version__ = "0.1.0"
__all__ = ["Workspace", "__version__"]


def __getattr__(name: str) -> Any:  # loaded when asked for, so that light uses stay light
    if name == "Workspace":
        from .workspace import Workspace

        return Workspace
    raise AttributeError(name)
