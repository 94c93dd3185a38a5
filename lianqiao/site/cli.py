"""The command line: each command says what it does in a handful of lines."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from lianqiao.exchange.choices import read_rows_of_choices
from lianqiao.exchange.findings import SourceRow
from lianqiao.exchange.lists import read_list
from lianqiao.exchange.weights import read_weights
from lianqiao.language import N_, Text, Translator
from lianqiao.matching.models import AS_ASKED, model_notices
from lianqiao.matching.solving import POLICIES, Settings
from lianqiao.site import door, summary
from lianqiao.site.checking import check_bundle
from lianqiao.site.example import example_sources
from lianqiao.site.journey import COMPARING, READING, Sources, match_files, read_lists
from lianqiao.site.lesson import Material, of_lesson, take_lesson
from lianqiao.site.lines import scored_lines, write_lines
from lianqiao.site.overview import COMMANDS, Command, language_option, new_root
from lianqiao.site.patience import Progress

root = new_root()
FILE = click.Path(path_type=Path)
CLEAN = N_("The plan is what it says: pairs, reasons and figures agree with the market behind it.")
POLICIES_IN_CHINESE = {
    "互不想换": "stability",
    "社区优先": "balanced",
    "能对尽对": "coverage",
    "困难社区优先": "fairness",
    "匹配度最高": "best_fit",
}
READING_FILE = N_("Reading %(file)s …")
CHECKING = N_("Checking the plan …")
ONE_BUDGET = N_("--effort and --time-limit exclude each other; give one of them")
BOTH_LISTS = N_("--needs and --offers go together; give both or neither")
LONGEST_SECONDS = 86_400


def _announce(ctx: click.Context, _param: click.Parameter, model: str) -> str:
    """Say on standard error, before anything is read, if texts go away or the model is missing."""
    for code, text in model_notices(model):
        if code != AS_ASKED:
            click.echo(_say(ctx, text), err=True)
    return model


def _model(command: Command) -> Command:
    return click.option(
        "--model",
        default="default",
        show_default=True,
        callback=_announce,
        help=N_(
            "How texts are compared: default (sentence vectors and words), lexical (words), e5, a "
            "folder with a model, or the address of a service (https://host/v1#model; texts are "
            "sent there)."
        ),
    )(command)


def _weights(command: Command) -> Command:
    return click.option(
        "--weights",
        type=FILE,
        help=N_("Weights of the score that `lianqiao learn … --write` made; else the shipped."),
    )(command)


class PolicyName(click.ParamType[str]):
    """A policy by its name in commands or by its Chinese name."""

    name = "policy"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        known = {**{policy: policy for policy in POLICIES}, **POLICIES_IN_CHINESE}
        if value not in known:
            names = {"given": value, "names": ", ".join(known)}
            text = Text(N_("%(given)s is no policy; choose from %(names)s"), names)
            self.fail(_say(ctx, text), param, ctx)
        return known[value]


def _say(ctx: click.Context | None, text: Text) -> str:
    translator = ctx.obj if ctx and ctx.obj else Translator("en")
    return str(translator.render(text))


class Seconds(click.FloatRange):
    """Seconds of a clock, above 0 and at most a day."""

    name = "seconds"

    def __init__(self) -> None:
        super().__init__(0, LONGEST_SECONDS, min_open=True)

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        seconds: float = super().convert(value, param, ctx)
        if math.isnan(seconds):
            # It is neither below nor above any limit.
            self.fail(_say(ctx, Text(N_("%(given)s is no number of seconds"), {"given": value})))
        return seconds


@root.command("read", help=COMMANDS["read"])
@click.argument("file", type=FILE)
@click.option("--sheet", help=N_("Name of the sheet; else the one that looks like the list."))
@click.option(
    "--as",
    "kind",
    type=click.Choice(["needs", "offers", "choices"]),
    help=N_("What the list holds; else found from its headers."),
)
@click.option("--json", "out", type=FILE, help=N_("Where the JSON Lines go; - is the screen."))
@language_option
@click.pass_obj
def read(
    translator: Translator, /, file: Path, sheet: str | None, kind: str | None, out: Path | None
) -> int:
    """Write one JSON line for every source row; say what needs a look."""
    with Progress(translator)(Text(READING_FILE, {"file": file.name})):
        rows, notices = _rows(file, kind, sheet)
    if out:
        write_lines((row.as_json(translator) for row in rows), out, sources=[file])
    click.echo(summary.of_rows(file.name, rows, notices, translator), err=True)
    return door.FINDINGS if summary.needs_attention(rows) else door.DONE


def _rows(
    file: Path, kind: str | None, sheet: str | None
) -> tuple[tuple[SourceRow, ...], tuple[Text, ...]]:
    if kind == "choices":
        return read_rows_of_choices(file, sheet=sheet), ()
    listed = read_list(file, kind=kind, sheet=sheet)
    return listed.rows, listed.notices


@root.command("score", help=COMMANDS["score"])
@click.argument("needs", type=FILE)
@click.argument("offers", type=FILE)
@click.option(
    "--top", type=click.IntRange(min=1), default=20, show_default=True, help=N_("Offers a need.")
)
@_model
@_weights
@click.option("--json", "out", type=FILE, help=N_("Where the JSON Lines go; - is the screen."))
@language_option
@click.pass_obj
def score(
    translator: Translator,
    /,
    out: Path | None,
    top: int,
    model: str,
    weights: Path | None,
    **given: Path,
) -> int:
    """Write the best offers of each need, one JSON line a pair; without --json, a short table."""
    step = Progress(translator)
    learnt = read_weights(weights)[0] if weights else None
    with step(Text(READING)):
        lists = read_lists(given["needs"], given["offers"])
    if out:
        with step(Text(COMPARING)):
            write_lines(scored_lines(lists, model, top, learnt), out, sources=list(given.values()))
        click.echo(translator.render(Text(N_("Written: %(path)s"), {"path": out})), err=True)
    else:
        with step(Text(COMPARING)):
            best = list(scored_lines(lists, model, min(top, 3), learnt))
        click.echo("\n".join(summary.of_scores(lists, best)))
    return door.DONE


@root.command("match", help=COMMANDS["match"])
@click.argument("needs", type=FILE)
@click.argument("offers", type=FILE)
@click.option(
    "--choices", type=FILE, help=N_("What both sides and the organiser chose (CSV or workbook).")
)
@click.option(
    "--policy",
    type=PolicyName(),
    default="balanced",
    show_default=True,
    help=N_(
        "What comes first: every community (balanced), nobody wants to swap (stability), as many "
        "needs as possible (coverage), the worst-off (fairness), the best total fit (best_fit)."
    ),
)
@click.option(
    "--max-exceptions",
    type=click.IntRange(0, 2**31 - 1),
    help=N_("Allow no more pairs than this that would rather swap, whatever the policy."),
)
@click.option(
    "--seed",
    type=click.IntRange(0, 2**63 - 1),
    default=0,
    show_default=True,
    help=N_("Decides between equals."),
)
@click.option(
    "--effort",
    type=click.IntRange(0, 1_000_000),
    default=1,
    show_default=True,
    help=N_(
        "How long to improve the plan, in steps that are the same on every machine; 0 is quick: "
        "without the last step, which improves and proves."
    ),
)
@click.option(
    "--time-limit",
    type=Seconds(),
    help=N_("Improve for so many seconds instead of --effort; another run may differ."),
)
@_model
@_weights
@click.option(
    "--compare", "signed", type=FILE, help=N_("A list of what was signed, to set beside the plan.")
)
@click.option("--force", is_flag=True, help=N_("Overwrite a plan that is there already."))
@click.option(
    "--out", "folder", type=FILE, required=True, help=N_("Folder for the plan and its report.")
)
@language_option
@click.pass_obj
def match(translator: Translator, /, folder: Path, model: str, force: bool, **given: Any) -> int:
    """Read both lists, plan, write the bundle, say what came of it."""
    _refuse_two_budgets(translator, given["time_limit"])
    files = ("needs", "offers", "choices", "weights", "signed")
    sources = Sources(*(given.pop(name) for name in files))
    return _plan(translator, sources, folder, Settings(**given), model=model, force=force)


def _refuse_two_budgets(translator: Translator, time_limit: float | None) -> None:
    effort = click.get_current_context().get_parameter_source("effort")
    if time_limit is not None and effort is not ParameterSource.DEFAULT:
        raise click.BadOptionUsage("time_limit", translator.gettext(ONE_BUDGET))


def _plan(
    translator: Translator,
    sources: Sources,
    folder: Path,
    settings: Settings,
    *,
    model: str,
    force: bool,
) -> int:
    document = match_files(
        sources,
        folder,
        settings,
        model=model,
        language=translator.language,
        force=force,
        step=Progress(translator),
    )
    click.echo(summary.of_plan(document, folder, translator))
    return door.DONE


@root.command("learn", help=COMMANDS["learn"])
@click.argument("decisions", type=FILE)
@click.option("--needs", type=FILE, help=N_("The list of needs, where decisions name ids."))
@click.option("--offers", type=FILE, help=N_("The list of offers, where decisions name ids."))
@_model
@click.option("--weights", type=FILE, help=N_("Begin with these weights instead of the shipped."))
@click.option(
    "--write", type=FILE, help=N_("Keep what was learnt in this file; else nothing is written.")
)
@click.option(
    "--force", is_flag=True, help=N_("Overwrite a file of weights that is there already.")
)
@language_option
@click.pass_obj
def learn(
    translator: Translator, /, model: str, write: Path | None, force: bool, **given: Any
) -> int:
    """Print how well decisions are foretold before and after; the weights only go where asked."""
    if (given["needs"] is None) != (given["offers"] is None):
        raise click.BadOptionUsage("needs", translator.gettext(BOTH_LISTS))
    lesson, decisions = take_lesson(
        Material(**given), model, write, force=force, step=Progress(translator)
    )
    click.echo(of_lesson(lesson, decisions, write, translator))
    return door.DONE


@root.command("audit", help=COMMANDS["audit"])
@click.argument("folder", type=FILE)
@language_option
@click.pass_obj
def audit(translator: Translator, /, folder: Path) -> int:
    """Say each finding in one line; exit 1 if there is any."""
    with Progress(translator)(Text(CHECKING)):
        found = check_bundle(folder)
    for finding in found:
        click.echo(translator.render(finding))
    if not found:
        click.echo(translator.gettext(CLEAN))
    return door.FINDINGS if found else door.DONE


@root.command("demo", help=COMMANDS["demo"])
@click.option(
    "--out",
    "folder",
    type=FILE,
    default=Path("demo"),
    show_default=True,
    help=N_("Folder for the plan and its report."),
)
@language_option
@click.pass_obj
def demo(translator: Translator, /, folder: Path) -> int:
    """The main road on the example; an earlier demo is replaced."""
    for _code, text in model_notices("default"):
        click.echo(translator.render(text), err=True)
    return _plan(translator, example_sources(), folder, Settings(), model="default", force=True)
