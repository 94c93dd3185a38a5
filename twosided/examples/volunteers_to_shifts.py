"""Volunteers to shifts: people wanted per shift, shifts given per volunteer, limits on both sides.

The shifts are the needs: what may go short, grouped by site. Only those who are available are
candidates, who knows the site fits better, and nobody works twice on a day (a ceiling of 1). Then
every site gets a floor, and the students' club shares one minibus: at most 4 of its turns.
"""

from twosided import Market, audit, solve

# shift: site, people wanted
SHIFTS = {
    "Mon kitchen": ("kitchen", 2),
    "Tue kitchen": ("kitchen", 2),
    "Mon depot": ("depot", 2),
    "Wed depot": ("depot", 1),
    "Tue shelter": ("shelter", 2),
    "Wed shelter": ("shelter", 2),
}
LEAST = {"kitchen": 2, "depot": 1, "shelter": 3}
# volunteer: shifts given, club, days, knows the site
VOLUNTEERS = {
    "Ann": (2, "", "Mon Tue", "kitchen"),
    "Bao": (1, "", "Mon", "kitchen"),
    "Cleo": (1, "students", "Mon Tue", "kitchen"),
    "Dina": (2, "students", "Tue Wed", "kitchen"),
    "Emil": (2, "students", "Mon Wed", "depot"),
    "Finn": (1, "", "Tue", "shelter"),
}
BY_MINIBUS = 4
SHIFT = {name: number for number, name in enumerate(SHIFTS)}
VOLUNTEER = {name: number for number, name in enumerate(VOLUNTEERS)}
SITE = {name: number for number, name in enumerate(LEAST)}


def rota_market(limits: bool = True) -> Market:
    available = [(s, v) for s in SHIFTS for v in VOLUNTEERS if s[:3] in VOLUNTEERS[v][2]]
    days: dict[tuple[str, str], list[int]] = {}
    for edge, (shift, volunteer) in enumerate(available):
        days.setdefault((volunteer, shift[:3]), []).append(edge)
    club = [edge for edge, (_, v) in enumerate(available) if VOLUNTEERS[v][1] == "students"]
    return Market.from_edges(
        need=[SHIFT[s] for s, _ in available],
        offer=[VOLUNTEER[v] for _, v in available],
        score=[0.9 if SHIFTS[s][0] == VOLUNTEERS[v][3] else 0.5 for s, v in available],
        quantity=[wanted for _, wanted in SHIFTS.values()],
        capacity=[given for given, *_ in VOLUNTEERS.values()],
        need_group=[SITE[site] for site, _ in SHIFTS.values()],
        ceilings=[(edges, 1) for edges in days.values()] + ([(club, BY_MINIBUS)] if limits else []),
        floors=[(SITE[site], least) for site, least in LEAST.items()] if limits else [],
    )


def main() -> None:
    for title, limits in (("without limits", False), ("with floors and minibus", True)):
        market = rota_market(limits)
        plan = solve(market, policy="coverage")
        found = audit(market, plan)
        print(f"{title}: {found.needs_served} of {len(SHIFTS)} shifts, {found.units} turns")
        volunteers = list(VOLUNTEER)
        for shift, i in SHIFT.items():
            team = [volunteers[j] for need, j in plan.pairs if need == i]
            print(f"   {shift:12} {len(team)} of {SHIFTS[shift][1]}  {', '.join(team)}")
        for site, least in LEAST.items():
            people = sum(SHIFTS[list(SHIFT)[i]][0] == site for i, _ in plan.pairs)
            print(f"   {site:8} {people} (floor {least})")
        club = sum(VOLUNTEERS[volunteers[j]][1] == "students" for _, j in plan.pairs)
        print(f"   {club} turns by students (minibus {BY_MINIBUS})")


if __name__ == "__main__":
    main()
