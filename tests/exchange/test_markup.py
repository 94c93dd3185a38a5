"""XML that no parser follows is broken markup, whatever the reason."""

from __future__ import annotations

import pytest

from lianqiao.exchange.markup import BrokenMarkupError, Listener, follow


class Silent(Listener):
    """Hears everything and says nothing."""


@pytest.mark.parametrize(
    "document",
    [
        b'<?xml version="1.0" encoding="yTF-8"?><a/>',
        b"<a>",
        b"",
        b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>',
        b"\x00\x01",
    ],
)
def test_it_is_refused(document: bytes) -> None:
    with pytest.raises(BrokenMarkupError):
        follow([document], Silent())
