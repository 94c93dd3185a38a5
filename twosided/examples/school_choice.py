"""School choice: families rank schools; schools know three classes of children and keep seats.

At each school an older sibling goes first (rank 1), then the walk zone (rank 2), then everybody
else (rank 3): coarse classes, so most children tie. Park keeps one seat for children of the estate.
A plan in which nobody would rather swap, beside the old rule "first choices first".
"""

from twosided import Market, audit, solve

SEATS = {"Park": 3, "Hill": 3, "Mill": 4}
KEPT_FOR_THE_ESTATE = {"Park": 1}
# child: wishes, best first; school of an older sibling; walk zone; from the estate
CHILDREN = {
    "Ada": (["Park", "Hill", "Mill"], "", "Hill", False),
    "Ben": (["Park", "Hill", "Mill"], "Park", "Mill", False),
    "Cem": (["Park", "Mill", "Hill"], "", "Park", False),
    "Dan": (["Park", "Hill"], "", "Mill", False),
    "Eva": (["Hill", "Park", "Mill"], "", "Park", False),
    "Fay": (["Hill", "Mill"], "Hill", "Hill", False),
    "Gil": (["Hill", "Mill"], "", "Mill", False),
    "Hua": (["Hill", "Park", "Mill"], "", "Mill", False),
    "Ida": (["Mill", "Park"], "", "Park", True),
    "Jan": (["Park", "Mill"], "", "Mill", True),
}
CHILD = {name: number for number, name in enumerate(CHILDREN)}
SCHOOL = {name: number for number, name in enumerate(SEATS)}


def priority(child: str, school: str) -> int:
    _, sibling, zone, _ = CHILDREN[child]
    return 1 if school == sibling else 2 if school == zone else 3


def school_market() -> Market:
    wishes = [(c, s, rank) for c in CHILDREN for rank, s in enumerate(CHILDREN[c][0], 1)]
    return Market.from_edges(
        need=[CHILD[c] for c, _, _ in wishes],
        offer=[SCHOOL[s] for _, s, _ in wishes],
        score=[0] * len(wishes),  # ranks say everything here
        need_rank=[rank for _, _, rank in wishes],
        offer_rank=[priority(c, s) for c, s, _ in wishes],
        capacity=list(SEATS.values()),
        need_group=[int(estate) for *_, estate in CHILDREN.values()],
        reserved=[(SCHOOL[s], 1, seats) for s, seats in KEPT_FOR_THE_ESTATE.items()],
    )


def first_choices_first() -> list[tuple[str, str]]:
    """Choice by choice, a school gives its seats away for good: by class, then by name."""
    seats: list[tuple[str, str]] = []
    for turn in range(len(SEATS)):
        seated = {child for child, _ in seats}
        asking = [c for c in CHILDREN if c not in seated and turn < len(CHILDREN[c][0])]
        for child in sorted(asking, key=lambda c: priority(c, CHILDREN[c][0][turn])):
            school = CHILDREN[child][0][turn]
            there = [CHILDREN[c][3] for c, s in seats if s == school]
            kept = 0 if CHILDREN[child][3] else KEPT_FOR_THE_ESTATE.get(school, 0) - sum(there)
            if len(there) + max(kept, 0) < SEATS[school]:
                seats.append((child, school))
    return seats


def main() -> None:
    market, schools = school_market(), list(SCHOOL)
    old = [(CHILD[child], SCHOOL[school]) for child, school in first_choices_first()]
    calm = solve(market, policy="stability").pairs
    for title, pairs in (("first choices first", old), ("nobody would rather swap", calm)):
        school = {i: schools[j] for i, j in pairs}
        found = audit(market, ([i for i, _ in pairs], [j for _, j in pairs]))
        firsts = sum(CHILDREN[c][0][0] == school.get(i) for c, i in CHILD.items())
        print(f"{title}: {found.needs_served} of {len(CHILD)} placed, {firsts} first choices")
        print("   " + ", ".join(f"{c} {school.get(i, '-')}" for c, i in CHILD.items()))
        for i, j in found.blocking_pairs:
            print(f"   {list(CHILD)[i]} and {schools[j]} would rather have each other")


if __name__ == "__main__":
    main()
