"""The section of the report that holds the bridge picture: what its template and its page need."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from lianqiao.exchange.bridge import BridgePicture, bridge_picture
from lianqiao.exchange.bridge_layout import number
from lianqiao.exchange.bridge_rows import BridgeTable, bridge_table
from lianqiao.exchange.entries import Entry
from lianqiao.exchange.plan_view import PlanView
from lianqiao.exchange.wording import STRENGTHS, Said
from lianqiao.language import Text

_STATIC = Path(__file__).parent / "static"


@dataclass(frozen=True)
class BridgeSection:
    """unused: ids of the offers without a bridge. fits: sign and word of each strength of a line.

    number: how the page refers to an item.
    """

    picture: BridgePicture
    rows: BridgeTable
    unused: frozenset[Said]
    fits: tuple[tuple[str, Text], ...]
    number: Callable[[Entry], str] = number


def bridge_section(view: PlanView) -> BridgeSection:
    """Laid out once; both languages show the same."""
    unused = frozenset(row.offer.id for row in view.unused)
    fits = tuple((sign, Text(msgid)) for _least, sign, msgid in STRENGTHS)
    return BridgeSection(bridge_picture(view), bridge_table(view), unused, fits)


@cache
def bridge_script() -> str:
    """The one script of the report; without it the picture stands still and the table is whole."""
    lines = map(str.strip, (_STATIC / "bridge.js").read_text("utf-8").splitlines())
    return "\n".join(line for line in lines if line and not line.startswith("/*"))
