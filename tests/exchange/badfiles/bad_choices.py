"""Choices that must be refused, each with the cell that the line has to name.

The lists they belong to: N001 of 东风社区, N002 of 西园社区; O001 of 区城投公司, O002 of 区图书馆.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

HEADING = "by,chooser,need_id,offer_id,rank,decision,note"
GOOD = "community,东风社区,N001,O001,1,pick,"


@dataclass(frozen=True)
class BadChoices:
    """One file of choices: a good line, then the line that is wrong (row 3)."""

    name: str
    line: str
    says: str = ""
    cell: str = ""
    heading: str = HEADING

    def build(self, folder: Path) -> Path:
        """Write the file, unless it is to be missing."""
        path = folder / "choices.csv"
        if self.name != "missing":
            lines = (
                (self.heading, GOOD, self.line)
                if self.heading == HEADING
                else (self.heading, self.line, self.line)
            )
            said = "\r\n".join(lines) + "\r\n"
            path.write_text(said, encoding="utf-8", newline="")
        return path


BAD_CHOICES = (
    BadChoices("missing", ""),
    BadChoices("unknown_need", "community,东风社区,N999,O001,1,pick,", "N999", "C3"),
    BadChoices("unknown_offer", "community,东风社区,N001,O777,1,pick,", "O777", "D3"),
    BadChoices("rank_zero", "community,东风社区,N001,O002,0,pick,", "0", "E3"),
    BadChoices("rank_negative", "community,东风社区,N001,O002,-1,pick,", "-1", "E3"),
    BadChoices("rank_text", "community,东风社区,N001,O002,first,pick,", "first", "E3"),
    BadChoices("rank_fraction", "community,东风社区,N001,O002,1.5,pick,", r"1\.5", "E3"),
    BadChoices("rank_absent", "community,东风社区,N001,O002,,pick,", "", "E3"),
    BadChoices("unknown_decision", "community,东风社区,N001,O002,1,maybe,", "maybe", "F3"),
    BadChoices("unknown_side", "mayor,东风社区,N001,O002,1,pick,", "mayor", "A3"),
    BadChoices("not_the_needs_community", "community,西园社区,N001,O002,1,pick,", "西园社区", "B3"),
    BadChoices(
        "not_the_offers_owner", "institution,区城投公司,N001,O002,1,pick,", "区城投公司", "B3"
    ),
    BadChoices("pinned_by_community", "community,东风社区,N001,O002,,pinned,", "pinned", "F3"),
    BadChoices(
        "no_rank_column",
        "community,东风社区,N001,O002,pick,",
        "rank",
        heading="by,chooser,need_id,offer_id,decision,note",
    ),
)
