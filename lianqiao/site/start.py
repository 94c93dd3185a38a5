"""Where `lianqiao` begins: help comes at once, what a command needs is loaded with the command."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from lianqiao.site import door
from lianqiao.site.overview import COMMANDS, overview

SHOWN = frozenset({"--help", "--version"})


def asks_for_overview(arguments: Sequence[str]) -> bool:
    """Say whether no command is named and there is something to show."""
    if any(argument in COMMANDS for argument in arguments):
        return False
    return not arguments or not SHOWN.isdisjoint(arguments)


def main() -> None:
    """The command `lianqiao`."""
    arguments = sys.argv[1:]
    if asks_for_overview(arguments):
        sys.exit(door.run(overview(), arguments))
    # Imported when needed: readers of workbooks, solver and report take most of a second.
    from lianqiao.site.cli import root  # noqa: PLC0415  (see above)

    sys.exit(door.run(root, arguments))
