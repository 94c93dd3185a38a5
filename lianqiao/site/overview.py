"""What `lianqiao --help` shows: every command and its line, without what the commands need."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from lianqiao.language import N_

Command = TypeVar("Command", bound=Callable[..., Any])
COMMANDS = {
    "read": N_("Read a messy list into records; every row is accounted for."),
    "score": N_("Say how well each need and offer fit, and why."),
    "match": N_("Plan the whole round: who is brought together, and why."),
    "learn": N_("Learn from accepted and declined pairs how to score better."),
    "audit": N_("Check a plan again from its files, independently of the solver."),
    "demo": N_("Plan the round of the example district that comes with Lianqiao."),
}


def language_option(command: Command) -> Command:
    """--lang is read by the door before anything else; here it is only shown and checked."""
    return click.option(
        "--lang",
        type=click.Choice(["zh", "en"], case_sensitive=False),
        expose_value=False,
        help=N_("Language of messages and output; else the locale's."),
    )(command)


def new_root() -> click.Group:
    """The group of all commands, still empty."""

    @click.group(
        "lianqiao",
        help=N_("Bring the needs of communities and the offers of institutions together."),
    )
    @click.version_option(
        package_name="lianqiao",
        message="%(prog)s %(version)s",
        help=N_("Show the version and exit."),
    )
    @language_option
    def root() -> None:
        """Each command does its own work."""

    return root


def overview() -> click.Group:
    """The group with every command's name and line, and nothing behind them."""
    root = new_root()
    for name, line in COMMANDS.items():
        root.add_command(click.Command(name, help=line))
    return root
