"""What each policy would give, so that choosing one is a choice between figures."""

from __future__ import annotations

from dataclasses import replace

import twosided
from twosided import Market

from lianqiao.matching import document as doc
from lianqiao.matching.solving import POLICIES, Settings, solved

# Beyond so many candidate pairs even quick plans of four more policies are worth waiting for.
MOST_EDGES = 200_000


def outlook(market: Market, settings: Settings, own: doc.PlanFigures) -> list[doc.PolicyOutlook]:
    """The five policies in the engine's order: the chosen one as planned, the others quick.

    The others are free in the number of their exceptions. In very large rounds the chosen one
    stands alone.
    """
    policies = POLICIES if market.edge_count <= MOST_EDGES else (settings.policy,)
    return [
        _chosen(settings, own) if policy == settings.policy else _quick(market, settings, policy)
        for policy in policies
    ]


def _chosen(settings: Settings, own: doc.PlanFigures) -> doc.PolicyOutlook:
    return {
        "policy": settings.policy,
        "chosen": True,
        "quick": settings.is_quick,
        "figures": own,
    }


def _quick(market: Market, settings: Settings, policy: str) -> doc.PolicyOutlook:
    quick = replace(settings, policy=policy, effort=0, time_limit=None, max_exceptions=None)
    audit = twosided.audit(market, solved(market, quick))
    return {
        "policy": policy,
        "chosen": False,
        "quick": True,
        "figures": {
            "needs_served": audit.needs_served,
            "communities_served": audit.groups_served,
            "units": audit.units,
            "score": audit.score,
            "blocking_pairs": len(audit.blocking_pairs),
        },
    }
