"""Relevance: how well a need and an offer fit, and why. Offline; Chinese, English and mixed."""

from twosided.relevance._model_error import ModelError
from twosided.relevance.encoder import MODEL_NAMES, Encoder, is_address, load_encoder
from twosided.relevance.item import Item
from twosided.relevance.learning import Fidelity, Learnt, check_decisions, judge, learn
from twosided.relevance.logistic import Weights
from twosided.relevance.related import Related, relate_lists
from twosided.relevance.relation import PairRelevance, Relevance, relate
from twosided.relevance.weights_file import pack_weights, unpack_weights

__all__ = [
    "MODEL_NAMES",
    "Encoder",
    "Fidelity",
    "Item",
    "Learnt",
    "ModelError",
    "PairRelevance",
    "Related",
    "Relevance",
    "Weights",
    "check_decisions",
    "is_address",
    "judge",
    "learn",
    "load_encoder",
    "pack_weights",
    "relate",
    "relate_lists",
    "unpack_weights",
]
