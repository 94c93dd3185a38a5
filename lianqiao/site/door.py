"""The door of the command line: the reader's language, exit codes, one line for what went wrong."""

from __future__ import annotations

import copy
import gettext
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import click

import lianqiao
from lianqiao.errors import InputError, in_one_line
from lianqiao.language import N_, Translator, language_of_locale
from lianqiao.site.wrong_use import system_line, usage_line

DONE, FINDINGS, BAD_INPUT = 0, 1, 2
CODES = {"zh": "zh-Hans", "zh-hans": "zh-Hans", "zh_hans": "zh-Hans", "en": "en"}


def language_of(arguments: Sequence[str]) -> str:
    """The language that --lang names anywhere on the line, else the one of the locale."""
    for position, argument in enumerate(arguments):
        if argument == "--lang" and position + 1 < len(arguments):
            return CODES.get(arguments[position + 1].lower(), language_of_locale())
        if argument.startswith("--lang="):
            return CODES.get(argument.removeprefix("--lang=").lower(), language_of_locale())
    return language_of_locale()


def run(command: click.Group, arguments: Sequence[str]) -> int:
    """Run a command line and return its exit status; nothing but that leaves as an exception."""
    translator = Translator(language_of(arguments))
    _speak(translator)
    command = copy.deepcopy(command)
    _translate_help(command, translator)
    try:
        status = command.main(
            list(arguments), prog_name="lianqiao", standalone_mode=False, obj=translator
        )
    except InputError as error:
        return _refuse(error.line(translator))
    except click.exceptions.NoArgsIsHelpError as request:
        click.echo(request.format_message(), err=True)
        return BAD_INPUT
    except click.ClickException as error:
        return _refuse(usage_line(error, arguments, translator))
    except click.exceptions.Exit as request:
        return request.exit_code
    except (click.Abort, KeyboardInterrupt):
        return _refuse(translator.gettext(N_("stopped; nothing was written")))
    except BrokenPipeError:
        # The reader of our output went away (`lianqiao … | head`): not an error of the user's.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except (OSError, MemoryError) as error:
        return _refuse(system_line(error, translator))
    return status if isinstance(status, int) else DONE


def _speak(translator: Translator) -> None:
    """Let click, which looks its texts up in the current domain, speak the same language."""
    os.environ["LANGUAGE"] = translator.language.replace("-", "_")
    gettext.bindtextdomain("lianqiao", str(Path(lianqiao.__file__).parent / "locale"))
    gettext.textdomain("lianqiao")
    for stream in (sys.stdout, sys.stderr):
        # A console of another encoding shows "?" for what it lacks instead of failing.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


def _translate_help(command: click.Command, translator: Translator) -> None:
    if command.help:
        command.help = translator.gettext(command.help)
    for parameter in command.params:
        if isinstance(parameter, click.Option) and parameter.help:
            parameter.help = translator.gettext(parameter.help)
    if isinstance(command, click.Group):
        for child in command.commands.values():
            _translate_help(child, translator)


def _refuse(line: str) -> int:
    click.echo(f"lianqiao: {in_one_line(line)}", err=True)
    return BAD_INPUT
