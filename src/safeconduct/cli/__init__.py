"""The command line: thin, one command a step, everything else is in the rooms below."""

from __future__ import annotations

import os
from pathlib import Path

import click

from safeconduct import __version__

from .check import backup, checkpoint, key, restore, verify
from .common import Group
from .demo import demo
from .evaluate import evaluate
from .identity import link, links, unlink
from .line import line
from .make import add, claims, decide, extract, import_, init, reread
from .register import changes, register
from .show import publish, serve

COMPLETION = ("bash", "zsh", "fish")


@click.group(cls=Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="safeconduct")
@click.option("--workspace", type=click.Path(path_type=Path), help="The workspace; default: here or above.")
@click.pass_context
def main(context: click.Context, workspace: Path | None) -> None:
    """Public sources in, a register out in which every fact is a claim tied to the exact words of a preserved source.

    \b
    A first register:
      safeconduct init register && cd register
      safeconduct add article.html report.pdf https://example.org/page
      safeconduct extract                       propose claims
      safeconduct claims --status proposed      look at them
      safeconduct decide accept CLAIM …         or reject
      safeconduct register                      the register as of today
      safeconduct publish site && safeconduct serve site

    `safeconduct demo` does all of it with sample data. Results go to standard output, messages and progress to standard
    error. Exit code: 0 done, 1 something failed or was found, 2 the command was not understood.
    """
    context.obj = workspace
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # the model's sums are too small to be shared out among cores


@main.command()
@click.argument("shell", type=click.Choice(COMPLETION))
def completion(shell: str) -> None:
    """Print the completion script for a shell.

    \b
    bash:  eval "$(safeconduct completion bash)"      in ~/.bashrc
    zsh:   eval "$(safeconduct completion zsh)"       in ~/.zshrc
    fish:  safeconduct completion fish | source       in ~/.config/fish/config.fish
    """
    from click.shell_completion import get_completion_class

    found = get_completion_class(shell)
    assert found is not None
    click.echo(found(main, {}, "safeconduct", "_SAFECONDUCT_COMPLETE").source())


COMMANDS = (  # in the order in which they are used
    init, add, reread, extract, import_, claims, decide, link, unlink, links, register, changes, publish, serve, checkpoint,
    key, verify, backup, restore, evaluate, demo, line,
)  # fmt: skip
for command in COMMANDS:
    main.add_command(command)
