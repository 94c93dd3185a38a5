"""Relevance: how well a need and an offer fit, and why. Offline; Chinese, English and mixed."""

from twosided.relevance.encoder import MODEL_NAMES, Encoder, load_encoder
from twosided.relevance.item import Item
from twosided.relevance.relation import PairRelevance, Relevance, relate

__all__ = [
    "MODEL_NAMES",
    "Encoder",
    "Item",
    "PairRelevance",
    "Relevance",
    "load_encoder",
    "relate",
]
