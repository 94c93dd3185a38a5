"""What to say when a command was written wrongly: one line, with what to write instead."""

from __future__ import annotations

import errno
from collections.abc import Sequence

import click

from lianqiao.language import N_, Text, Translator

ARGUMENTS = {
    "NEEDS": N_("the list of needs"),
    "OFFERS": N_("the list of offers"),
    "FILE": N_("the list"),
    "FOLDER": N_("the folder of the plan"),
}
# Word processors and phone keyboards write these for straight quotes and hyphens.
CURLY = frozenset("“”‘’—–－")
REFUSALS = {
    errno.ENOENT: N_("there is no such file or folder"),
    errno.EACCES: N_("you may not read or write it"),
    errno.EPERM: N_("you may not read or write it"),
    errno.EROFS: N_("the disk may only be read"),
    errno.ENOSPC: N_("the disk is full"),
    errno.EDQUOT: N_("your share of the disk is full"),
    errno.EISDIR: N_("it is a folder"),
    errno.ENOTDIR: N_("a part of the path is a file"),
    errno.ENAMETOOLONG: N_("the name is too long"),
}

TOO_LARGE = N_("there is not enough memory for this; split the list or use a larger machine")


def usage_line(
    error: click.ClickException, arguments: Sequence[str], translator: Translator
) -> str:
    """What is wrong, a hint where a usual slip explains it, and where help is."""
    context = getattr(error, "ctx", None)
    said = _missing(error, translator) or " ".join(error.format_message().split())
    stop = "。" if translator.language == "zh-Hans" else "."
    hint = _hint(error, arguments)
    values = {
        "said": said.rstrip(".。") + stop,
        "hint": Text(hint) if hint else "",
        "command": context.command_path if context else "lianqiao",
    }
    line = translator.render(Text(N_("%(said)s %(hint)s See: %(command)s --help"), values))
    return " ".join(line.split())


def _missing(error: click.ClickException, translator: Translator) -> str:
    if not isinstance(error, click.MissingParameter) or error.param is None:
        return ""
    if isinstance(error.param, click.Option):
        name, what = error.param.opts[0], error.param.help or ""
    else:
        name = error.param.human_readable_name.upper()
        what = translator.gettext(ARGUMENTS.get(name, ""))
    return translator.render(
        Text(N_("%(name)s is missing: %(what)s"), {"name": name, "what": what})
    )


def _hint(error: click.ClickException, arguments: Sequence[str]) -> str:
    if any(not CURLY.isdisjoint(argument) for argument in arguments):
        return N_('Write straight quotes and plain hyphens (" and --), not curly or long ones.')
    context = error.ctx if type(error) is click.UsageError else None
    if context and not isinstance(context.command, click.Group):
        return N_("Put straight quotes around a name that holds spaces.")
    return ""


def system_line(error: OSError | MemoryError, translator: Translator) -> str:
    """Why the system refuses, in the reader's language where the reason is a usual one."""
    if isinstance(error, MemoryError):
        return translator.gettext(TOO_LARGE)
    why = REFUSALS.get(error.errno or 0)
    text = Text(
        N_("%(file)s: the system refuses (%(why)s); check the path, the rights and the free space"),
        {
            "file": error.filename or "?",
            "why": Text(why) if why else error.strerror or str(error),
        },
    )
    return translator.render(text)
