"""Reviewers to papers: three reviewers each if possible, no overload, no conflict of interest.

Papers are needs with quantity 3, reviewers are offers with a load, bids are the reviewers' ranks.
Conflicts that the chairs know are bans; a reviewer's own are refusals (rank -1). There are fewer
reviews on offer than wanted: as many papers as possible, or the worst-off paper first?
"""

from twosided import Market, Plan, audit, solve

WANTED = 3
LOAD = {"Kim": 3, "Lee": 3, "Mao": 2, "Noa": 2, "Oka": 2}
# paper: topic fit of each reviewer, in the order above
PAPERS = {
    "alloys": (0.9, 0.8, 0.7, 0.0, 0.2),
    "beams": (0.8, 0.9, 0.6, 0.0, 0.1),
    "cells": (0.3, 0.2, 0.9, 0.8, 0.7),
    "dunes": (0.6, 0.7, 0.0, 0.4, 0.0),
    "enzymes": (0.0, 0.2, 0.8, 0.9, 0.9),
}
BIDS = {("Kim", "alloys"): 1, ("Lee", "alloys"): 1, ("Mao", "cells"): 1, ("Noa", "enzymes"): 1}
OWN_CONFLICTS = {("Lee", "beams")}
KNOWN_CONFLICTS = [("Mao", "enzymes")]
PAPER = {name: number for number, name in enumerate(PAPERS)}
REVIEWER = {name: number for number, name in enumerate(LOAD)}


def review_market() -> Market:
    fitting = [(p, r) for p in PAPERS for r in LOAD if PAPERS[p][REVIEWER[r]] > 0]
    return Market.from_edges(
        need=[PAPER[p] for p, _ in fitting],
        offer=[REVIEWER[r] for _, r in fitting],
        score=[PAPERS[p][REVIEWER[r]] for p, r in fitting],
        offer_rank=[-1 if (r, p) in OWN_CONFLICTS else BIDS.get((r, p), 0) for p, r in fitting],
        quantity=[WANTED] * len(PAPERS),
        capacity=list(LOAD.values()),
        bans=[(PAPER[p], REVIEWER[r]) for r, p in KNOWN_CONFLICTS],
    )


def reviews(plan: Plan) -> dict[str, list[str]]:
    names = list(REVIEWER)
    return {p: [names[j] for i, j in plan.pairs if i == number] for p, number in PAPER.items()}


def main() -> None:
    market = review_market()
    for policy in ("stability", "coverage", "fairness"):
        plan = solve(market, policy=policy)
        found, given = audit(market, plan), reviews(plan)
        worst = min(len(who) for who in given.values())
        print(
            f"{policy}: {found.units} reviews, the worst-off paper has {worst}, "
            f"fit {found.score / 1000:.1f}, blocking pairs {len(found.blocking_pairs)}"
        )
        for paper, who in given.items():
            print(f"   {paper:8} {', '.join(who) or '-'}")


if __name__ == "__main__":
    main()
