"""``python -m safeconduct``."""

from .cli import main

main(prog_name="safeconduct")
