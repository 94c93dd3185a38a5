"""Stable and fair two-sided matching: a market, a plan, an independent verifier, explanations."""

from twosided.audit import audit
from twosided.explain import Exemption, Explanation, Pair, Unmet, Unused, WhyNot, explain
from twosided.market import Market
from twosided.plan import Audit, Comparison, Plan
from twosided.reasons import REASONS
from twosided.solve import POLICIES, solve

__version__ = "0.1.0"

__all__ = [
    "POLICIES",
    "REASONS",
    "Audit",
    "Comparison",
    "Exemption",
    "Explanation",
    "Market",
    "Pair",
    "Plan",
    "Unmet",
    "Unused",
    "WhyNot",
    "__version__",
    "audit",
    "explain",
    "solve",
]
