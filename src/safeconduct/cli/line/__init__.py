"""The commands of the line: `safeconduct line …`, a program of its own that shares nothing with the register.

This file names every command and where it is; a command's file is loaded when the command is used or listed, so that the
register's commands load nothing of the line.
"""

from __future__ import annotations

from importlib import import_module

import click

from ..common import Failure, Group

DESK = {  # organisation and caseworkers: command → its file here
    "keys": "keys", "roster": "roster", "join": "desk", "fetch": "desk", "list": "desk", "read": "desk", "answer": "desk",
    "open": "desk", "reseal": "desk", "delete": "desk",
}  # fmt: skip
SERVER = {  # who runs the server
    "init": "serving", "serve": "serving", "passes": "serving", "sweep": "serving", "backup": "serving", "restore": "serving",
    "form": "watching", "paper": "watching", "form-check": "watching", "monitor": "watching", "onion": "watching",
}  # fmt: skip
PLACES = {**DESK, **SERVER, "demo": "trying"}
EXTRA = set("httptools mnemonic multipart python_multipart segno shamir_mnemonic socksio starlette uvicorn".split())


class LineGroup(Group):
    """A group whose commands are loaded when they are needed."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(PLACES)  # in the order in which they are used

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in PLACES:
            return None
        try:
            module = import_module(f".{PLACES[cmd_name]}", __name__)
        except ModuleNotFoundError as error:
            if (error.name or "").split(".")[0] not in EXTRA:
                raise
            raise Failure("The line needs more packages; install them with  pip install 'safeconduct[line]'.") from error
        return next(one for one in vars(module).values() if isinstance(one, click.Command) and one.name == cmd_name)


@click.group(cls=LineGroup)
def line() -> None:
    """The line: people report safely, come back with twelve words and are answered; the server can read nothing.

    \b
    To try it on one machine:
      safeconduct line demo
    An organisation begins:
      safeconduct line keys new org.key --organisation       on a machine that stays offline
      safeconduct line keys new desk1.key --caseworker       each caseworker, on a machine of their own
      safeconduct line roster new roster.json …              to whom reports are sealed, signed with org.key
    A caseworker works:
      safeconduct line join desk --roster roster.json --key desk1.key && cd desk
      safeconduct line fetch                                 download what was sent, sealed as it is
      safeconduct line read MESSAGE                          open it on the screen
      safeconduct line answer MESSAGE

    Nothing here reads or writes a workspace of the register. docs/line-protocol.md says what travels and who can read it.
    """
