"""The shipped model, loaded once."""

from __future__ import annotations

import pytest
from twosided.relevance import Encoder, Relevance, load_encoder, relate

from tests.twosided.relevance.sample import DISTRICT, read_lists


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    loaded = load_encoder("default")
    assert loaded is not None
    return loaded


@pytest.fixture(scope="session")
def district(encoder: Encoder) -> Relevance:
    return relate(*read_lists(DISTRICT), encoder=encoder)


@pytest.fixture(scope="session")
def worded_district() -> Relevance:
    return relate(*read_lists(DISTRICT), encoder=None)
