"""The command `learn`: decisions in, figures before and after out, a file only on request."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lianqiao.exchange.decisions import Decisions, read_decisions
from lianqiao.exchange.weights import check_room, read_weights, write_weights
from lianqiao.exchange.wording import PARTS, word
from lianqiao.language import N_, Text, Translator
from lianqiao.matching.learning import Lesson, learn_from
from lianqiao.site.journey import READING, Steps, read_lists

LEARNING = N_("Learning from the decisions …")
MOST_MOVED = 6
# What a weight is given to within its part, by its code.
FEATURES = {
    "across": N_("texts of two languages, alike"),
    "apart": N_("they differ"),
    "concepts": N_("what they speak of"),
    "near": N_("akin"),
    "other": N_("another one"),
    "overlap": N_("days in common"),
    "pairs": N_("characters in common"),
    "pieces": N_("pieces of words in common"),
    "read": N_("read from the text"),
    "rival": N_("another need is nearer"),
    "same": N_("the same"),
    "short": N_("less than wanted"),
    "text": N_("whole texts"),
    "unit": N_("the same unit"),
    "within": N_("one within the other"),
    "words": N_("word by word"),
}


@dataclass(frozen=True)
class Material:
    """The files of a lesson; lists only where the decisions name ids."""

    decisions: Path
    needs: Path | None = None
    offers: Path | None = None
    weights: Path | None = None


def take_lesson(
    material: Material, model: str, write: Path | None, *, force: bool, step: Steps
) -> tuple[Lesson, Decisions]:
    """Read, learn, and write the weights if a file is named. Raises InputError on bad input."""
    if write is not None:
        check_room(write, _files_of(material), force=force)
    with step(Text(READING)):
        needs, offers = None, None
        if material.needs is not None and material.offers is not None:
            lists = read_lists(material.needs, material.offers)
            needs, offers = lists.needs, lists.offers
        decisions = read_decisions(material.decisions, needs, offers)
        begin_with = read_weights(material.weights)[0] if material.weights else None
    with step(Text(LEARNING)):
        lesson = learn_from(decisions.decided, needs, offers, model, begin_with)
    if write is not None:
        write_weights(lesson.packed, write)
    return lesson, decisions


def _files_of(material: Material) -> list[Path]:
    """All files of a lesson but the weights to begin with, which --force may renew."""
    named = (material.decisions, material.needs, material.offers)
    return [path for path in named if path is not None]


def of_lesson(
    lesson: Lesson, decisions: Decisions, write: Path | None, translator: Translator
) -> str:
    """What was learnt, in lines for the screen."""
    lines = [*_counts(lesson, decisions), *_figures(lesson), *_moved(lesson), *_advice(lesson)]
    if write is None:
        lines.append(Text(N_("Nothing was written; --write FILE keeps these weights.")))
    else:
        lines.append(Text(N_("Written: %(path)s"), {"path": write}))
        use = N_("Use it with: lianqiao match … --weights %(path)s")
        lines.append(Text(use, {"path": write}))
    return "\n".join(translator.render(line) for line in lines)


def _counts(lesson: Lesson, decisions: Decisions) -> Iterator[Text]:
    learnt = lesson.learnt
    text = N_("Decisions: %(all)d (%(accepted)d accepted, %(declined)d declined)")
    declined = learnt.decisions - learnt.accepted
    yield Text(text, {"all": learnt.decisions, "accepted": learnt.accepted, "declined": declined})
    if decisions.set_aside:
        text = N_("Lines left out, because they say nothing about the fit: %(count)d")
        yield Text(text, {"count": decisions.set_aside})


def _figures(lesson: Lesson) -> Iterator[Text]:
    """Each figure before and after, of decisions that the weights had not seen."""
    before, after = lesson.learnt.before, lesson.learnt.after
    yield Text(N_("On decisions that were held out (five folds over the needs), before → after:"))
    rows = (
        (N_("  surprise at the decisions (log loss, less is better): "), "log_loss"),
        (N_("  gap between score and share accepted (less is better): "), "calibration"),
        (N_("  squared error (Brier score, less is better): "), "brier"),
        (N_("  accepted above declined (AUC, more is better): "), "auc"),
    )
    for name, field in rows:
        was, now = getattr(before, field), getattr(after, field)
        if not math.isnan(was + now):
            values = {"name": Text(name), "was": f"{was:.3f}", "now": f"{now:.3f}"}
            yield Text(N_("%(name)s%(was)s → %(now)s"), values)


def _moved(lesson: Lesson) -> Iterator[Text]:
    moved = list(lesson.learnt.changed.items())[:MOST_MOVED]
    if not moved:
        yield Text(N_("No weight moved: the decisions agree with the weights there are."))
        return
    yield Text(N_("Weights that moved most:"))
    for name, (was, now) in moved:
        part, _, feature = name.partition(".")
        values = {
            "part": word(PARTS, part),
            "feature": Text(N_(" (%(what)s)"), {"what": word(FEATURES, feature)})
            if feature
            else "",
            "was": f"{was:.2f}",
            "now": f"{now:.2f}",
        }
        yield Text(N_("  %(part)s%(feature)s: %(was)s → %(now)s"), values)


def _advice(lesson: Lesson) -> Iterator[Text]:
    if lesson.learnt.is_better:
        yield Text(N_("Held-out decisions are foretold better than before."))
    else:
        yield Text(
            N_(
                "Held-out decisions are not foretold better than before: more decisions are "
                "needed, keep the weights there are."
            )
        )
