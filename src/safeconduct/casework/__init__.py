"""The caseworker's side of the line: a folder of sealed letters on a machine of their own (docs/line-protocol.md)."""

from .desk import Desk, Fetched
from .errors import DeskError
from .folder import Folder, Kept
from .opening import Opened, open_file, save_attachments

__all__ = ["Desk", "DeskError", "Fetched", "Folder", "Kept", "Opened", "open_file", "save_attachments"]
