"""Stable and fair two-sided matching: a market, a plan, an independent verifier, explanations."""

from twosided.audit import audit
from twosided.explain import (
    STATES,
    Alternative,
    Exemption,
    Explanation,
    Figures,
    Pair,
    PartlyServed,
    Remedy,
    Standing,
    Unmet,
    Unused,
    WhyNot,
    explain,
)
from twosided.market import Market
from twosided.plan import Audit, Comparison, Plan
from twosided.reasons import REASONS
from twosided.solve import POLICIES, solve

__version__ = "0.1.0"

__all__ = [
    "POLICIES",
    "REASONS",
    "STATES",
    "Alternative",
    "Audit",
    "Comparison",
    "Exemption",
    "Explanation",
    "Figures",
    "Market",
    "Pair",
    "PartlyServed",
    "Plan",
    "Remedy",
    "Standing",
    "Unmet",
    "Unused",
    "WhyNot",
    "__version__",
    "audit",
    "explain",
    "solve",
]
