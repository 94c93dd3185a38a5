"""Residents to hospitals: lists that do not agree, which other libraries reject or clean first.

Half of the residents rank nobody and many hospitals rank residents who never asked. Nothing has to
be cleaned: only pairs that both sides rank are candidates. With strict lists on both sides the
plan is the one of the `matching` library (which recorded this instance as its issue 159).
"""

import csv
import json
from pathlib import Path

from twosided import Market, audit, solve

FOLDER = Path(__file__).parent / "instances"
LISTS: dict[str, dict[str, list[int]]] = json.loads(
    (FOLDER / "matching_issue_159.json").read_text(encoding="utf-8")
)
RESIDENTS = {int(name): wishes for name, wishes in LISTS["residents"].items()}
HOSPITALS = {int(name): ranking for name, ranking in LISTS["hospitals"].items()}


def hospital_market() -> Market:
    agreed = [(r, h) for r, wishes in RESIDENTS.items() for h in wishes if r in HOSPITALS[h]]
    return Market.from_edges(
        need=[r for r, _ in agreed],
        offer=[h for _, h in agreed],
        score=[0] * len(agreed),
        need_rank=[RESIDENTS[r].index(h) + 1 for r, h in agreed],
        offer_rank=[HOSPITALS[h].index(r) + 1 for r, h in agreed],
        quantity=[1] * len(RESIDENTS),
        capacity=[1] * len(HOSPITALS),
    )


def main() -> None:
    market = hospital_market()
    plan = solve(market, policy="stability")
    with (FOLDER / "matching_plan_159.csv").open(newline="", encoding="utf-8") as lines:
        theirs = [(int(row["resident"]), int(row["hospital"])) for row in csv.DictReader(lines)]
    asked = sum(len(wishes) for wishes in RESIDENTS.values())
    print(f"{asked} wishes, {market.edge_count} of them ranked by both sides")
    print(f"{len(plan)} residents placed, {len(audit(market, plan).blocking_pairs)} blocking pairs")
    print("the same plan as matching's" if plan.pairs == theirs else "another plan than matching's")


if __name__ == "__main__":
    main()
