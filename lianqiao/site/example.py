"""The example district that comes with the product: invented but for four published pairs."""

from __future__ import annotations

from pathlib import Path

from lianqiao.site.journey import Sources

FOLDER = Path(__file__).parent / "example_district"


def example_sources() -> Sources:
    """Both lists as clerks sent them, the choices of both sides, and what was signed."""
    return Sources(
        FOLDER / "needs.xlsx",
        FOLDER / "offers.xlsx",
        FOLDER / "choices.csv",
        signed=FOLDER / "signed.xlsx",
    )
