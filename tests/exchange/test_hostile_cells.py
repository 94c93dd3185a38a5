"""Small files and short cells that once took minutes or all memory."""

from __future__ import annotations

import time

from lianqiao.catalogue.taxonomy import find_category

_SOON = 2.0


def test_a_category_of_very_many_parts_is_unknown_at_once() -> None:
    begun = time.monotonic()
    assert find_category("1-" * 500) == ""
    assert find_category("1-" * 49) == ""
    assert find_category("环境与院落-停车与出行") == "F4"
    assert time.monotonic() - begun < _SOON
