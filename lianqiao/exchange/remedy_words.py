"""What it would cost to remove an exception, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from lianqiao.exchange.wording import listed
from lianqiao.language import N_, Text
from lianqiao.matching.document import Figures, PairException, Remedy

NO_WAY = N_("no small change that would do it was found.")
# Below this share nobody would notice the difference in the total fit.
LEAST_CHANGE = 0.0005


def cost_words(
    exception: PairException, figures: Figures, names: Mapping[str, object]
) -> Text | str:
    """The price of removing all pairs of one exception; "" where nobody looked for a way.

    names: of every need by its id.
    """
    if "remedy" not in exception:
        return ""
    remedy, count = exception["remedy"], len(exception["blocks"])
    cost = Text(NO_WAY) if remedy is None else _cost(remedy, count, figures, names)
    if count == 1:
        return Text(N_("To remove it: %(cost)s"), {"cost": cost})
    return Text(N_("To remove these %(count)d: %(cost)s"), {"count": count, "cost": cost})


def _cost(remedy: Remedy, count: int, figures: Figures, names: Mapping[str, object]) -> Text:
    said = _who(remedy, figures, names)
    others = remedy["figures"]["blocking_pairs"] - (figures["blocking_pairs"] - count)
    if others > 0:
        text = N_("%(some)s; new exceptions: %(count)d.")
        return Text(text, {"some": said, "count": others})
    return Text(N_("%(some)s."), {"some": said})


def _who(remedy: Remedy, figures: Figures, names: Mapping[str, object]) -> Text:
    """Who would go without, and who would be served instead."""
    without = _names(remedy["needs_left_out"], names)
    served = _names(remedy["needs_newly_served"], names)
    if not without:
        return _fit(remedy["figures"]["score"] - figures["score"], figures["score"])
    if not served:
        return Text(N_("%(needs)s would go without"), {"needs": without})
    text = N_("%(needs)s would go without, %(others)s would be served instead")
    return Text(text, {"needs": without, "others": served})


def _fit(change: int, score: int) -> Text:
    share = change / score if score > 0 else 0.0
    if abs(share) < LEAST_CHANGE:
        return Text(N_("nobody would go without, and the total fit would hardly change"))
    words = {
        True: N_("nobody would go without; the total fit would fall by %(share)s"),
        False: N_("nobody would go without; the total fit would rise by %(share)s"),
    }
    return Text(words[share < 0], {"share": f"{abs(share):.1%}"})


def _names(needs: Iterable[str], names: Mapping[str, object]) -> object:
    return listed(names[need] for need in needs)
