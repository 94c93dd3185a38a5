"""Evidence against the definitions in plain loops, on any feasible plan, good or bad."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace

import pytest
from twosided import Alternative, Explanation, Market, Pair, Standing, WhyNot, audit, explain

from tests.twosided.oracle import Edge, Rules, Tiny, tiny_market

CHUNKS, MARKETS = 5, 60
NEED, OFFER = 0, 1


class Plainly:
    """One plan of one tiny market, and what each explanation should say of it."""

    def __init__(self, tiny: Tiny, plan: frozenset[Edge]) -> None:
        self.tiny, self.plan = tiny, plan
        self.rules = Rules(tiny)
        # What would hold without ceilings, and besides without reserved units.
        self.uncapped = Rules(replace(tiny, ceilings=[], floors=[]))
        self.unbound = Rules(replace(tiny, ceilings=[], floors=[], reserved=[]))
        self.candidates = sorted({*self.rules.free, *tiny.pins})
        self.mask = self.rules.mask(plan)

    def liking(self, pair: Edge, side: int) -> tuple[int, int]:
        k = self.rules.place.get(pair)
        if k is None:
            return (0, 0)
        rank = (self.tiny.need_rank, self.tiny.offer_rank)[side][k]
        return (1, -rank) if rank >= 1 else (0, self.tiny.score[k])

    def row(self, pair: Edge, side: int) -> list[Edge]:
        return [p for p in self.candidates if p[side] == pair[side]]

    def standing(self, pair: Edge, side: int) -> Standing:
        liked = [self.liking(p, side) for p in self.row(pair, side)]
        own = self.liking(pair, side)
        return Standing(1 + sum(x > own for x in liked), liked.count(own) - 1, len(liked))

    def best_first(self, pairs: list[Edge], side: int) -> list[Edge]:
        return sorted(sorted(pairs), key=lambda p: self.liking(p, side), reverse=True)

    def partners(self, plan: frozenset[Edge], pair: Edge, side: int) -> list[Edge]:
        """The unpinned ones first, the one liked least first."""
        mine = sorted((p for p in plan if p[side] == pair[side]), reverse=True)
        return sorted(mine, key=lambda p: (p in self.tiny.pins, self.liking(p, side)))

    def would_rather(self, pair: Edge, side: int) -> list[Edge]:
        own = self.liking(pair, side)
        better = [p for p in self.row(pair, side) if self.liking(p, side) > own]
        return self.best_first([p for p in better if p not in self.plan], side)

    def next_best(self, pair: Edge, side: int) -> list[Edge]:
        without = self.rules.mask(self.plan - {pair})
        row = [p for p in self.rules.free if p[side] == pair[side] and p != pair]
        return self.best_first([p for p in row if self.rules.blocks(without, p)], side)

    def state(self, plan: frozenset[Edge], pair: Edge, side: int) -> str:
        mask, party = self.rules.mask(plan), pair[side]
        if self.rules.is_open(mask, pair, side):
            return "open"
        if not self.rules.limit[side][party]:
            return "no_places"
        if self.uncapped.is_open(mask, pair, side):
            return "ceiling"
        if self.unbound.is_open(mask, pair, side):
            return "reserved"
        mine = {p for p in plan if p[side] == party}
        return "pinned" if mine <= set(self.tiny.pins) else "likes_partners"

    def freely_open(self, pair: Edge, side: int) -> bool:
        """Open without displacing anybody."""
        count = sum(p[side] == pair[side] for p in self.plan)
        room = count < self.rules.limit[side][pair[side]]
        return room and self.rules.allowed(self.mask | self.rules.bit(pair), pair, side)

    def has_room(self, pair: Edge) -> bool:
        """A blocking pair that displaces nobody."""
        return self.freely_open(pair, NEED) and self.freely_open(pair, OFFER)

    def scored(self, pair: Edge) -> int:
        k = self.rules.place.get(pair)
        return 0 if k is None else self.tiny.score[k]

    def held(self, pair: Edge) -> bool:
        """Held for somebody: by an exception, or by a reservation."""
        if self.rules.blocks(self.mask, pair):
            return not self.freely_open(pair, OFFER)
        return self.state(self.plan, pair, OFFER) == "reserved"

    def full_ceilings(self, plan: frozenset[Edge], pair: Edge) -> tuple[int, ...]:
        bounds = enumerate(self.rules.capped)
        bit, mask = self.rules.bit(pair), self.rules.mask(plan)
        return tuple(c for c, (of, cap) in bounds if of & bit and (of & mask).bit_count() >= cap)


def cases(chunk: int) -> Iterator[tuple[Plainly, Market, Explanation]]:
    """Plans at random, so that many pairs block; half of the markets have limits."""
    for seed in range(chunk * MARKETS, (chunk + 1) * MARKETS):
        tiny = tiny_market(seed, limited=seed % 2 == 0)
        plans = Rules(tiny).plans()
        for plan in random.Random(seed).sample(plans, min(len(plans), 2)):
            market = Market.from_edges(**tiny.arguments())
            pairs = sorted(plan)
            found = explain(market, ([i for i, _ in pairs], [j for _, j in pairs]))
            yield Plainly(tiny, plan), market, found


def ends(found: Pair | Alternative) -> Edge:
    return found.need, found.offer


def check_alternatives(
    plainly: Plainly, plan: frozenset[Edge], found: tuple[Alternative, ...], pairs: list[Edge]
) -> None:
    assert [ends(other) for other in found] == pairs
    for other, pair in zip(found, pairs, strict=True):
        assert other.score == plainly.tiny.score[plainly.rules.place[pair]]
        assert other.offer_standing == plainly.standing(pair, NEED)
        assert other.need_standing == plainly.standing(pair, OFFER)
        assert other.need_state == plainly.state(plan, pair, NEED)
        assert other.offer_state == plainly.state(plan, pair, OFFER)
        assert other.need_has == tuple(j for _, j in plainly.partners(plan, pair, NEED))
        assert other.offer_has == tuple(i for i, _ in plainly.partners(plan, pair, OFFER))
        assert other.ceilings == plainly.full_ceilings(plan, pair)
        assert other.blocks == plainly.rules.blocks(plainly.rules.mask(plan), pair)


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_standings_and_alternatives_follow_the_definitions(chunk: int) -> None:
    states = set()
    for plainly, _, found in cases(chunk):
        for pair in found.pairs:
            at = ends(pair)
            without = plainly.plan - {at}
            assert pair.need_standing == plainly.standing(at, NEED)
            assert pair.offer_standing == plainly.standing(at, OFFER)
            for side, liked in ((NEED, pair.need_would_rather), (OFFER, pair.offer_would_rather)):
                check_alternatives(plainly, plainly.plan, liked, plainly.would_rather(at, side))
                states |= {other.need_state for other in liked}
                states |= {other.offer_state for other in liked}
            for side, next_best in ((NEED, pair.next_best_offers), (OFFER, pair.next_best_needs)):
                check_alternatives(plainly, without, next_best, plainly.next_best(at, side))
                assert all(other.blocks for other in next_best)
    assert {"open", "no_places", "ceiling", "reserved", "pinned", "likes_partners"} == states


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_needs_that_go_without_follow_the_definitions(chunk: int) -> None:
    codes = set()
    for plainly, _, found in cases(chunk):
        for unmet in found.unmet:
            row = [p for p in plainly.candidates if p[NEED] == unmet.need]
            held = [p for p in row if plainly.held(p)]
            room = [p for p in row if plainly.has_room(p)]
            assert unmet.open_count == len(room)
            worthless = room == row and not any(plainly.scored(p) for p in row)
            if row:
                left = "no_fitting_offer" if worthless else "offers_full"
                assert unmet.code == ("held_for_community" if held else left)
            assert unmet.candidate_count == len(row)
            shown = plainly.best_first(row, NEED)
            listed = unmet.candidates[: len(row)]
            assert [why.offer for why in listed] == [j for _, j in shown]
            for why, pair in zip(listed, shown, strict=True):
                check_why_not(plainly, why, pair)
                codes.add((why.code, why.state))
            assert {why.state for why in unmet.candidates[len(row) :]} <= {"removed"}
            assert len(unmet.candidates) == min(5, unmet.candidate_count + unmet.removed_count)
    assert len(codes) >= 5


def check_why_not(plainly: Plainly, why: WhyNot, pair: Edge) -> None:
    partners = [i for i, _ in plainly.partners(plainly.plan, pair, OFFER)]
    state = plainly.state(plainly.plan, pair, OFFER)
    if state == "open":
        state = plainly.state(plainly.plan, pair, NEED)
    assert (why.state, why.holders, why.holder_count) == (state, tuple(partners), len(partners))
    assert why.code == ("held_for_community" if plainly.held(pair) else "offers_full")
    assert why.ceilings == plainly.full_ceilings(plainly.plan, pair)
    if plainly.rules.blocks(plainly.mask, pair):
        assert (why.holder in partners) == (not plainly.freely_open(pair, OFFER))
    else:
        full = len(partners) >= plainly.tiny.capacity[pair[OFFER]]
        assert why.holder == (partners[0] if partners and full else None)


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_a_blocking_pair_is_attached_to_what_it_displaces(chunk: int) -> None:
    attached = 0
    for plainly, _, found in cases(chunk):
        for pair in found.exceptions:
            assert pair.exception
            for block in pair.exception.blocks:
                side = NEED if plainly.freely_open(block, OFFER) else OFFER
                attached += 1
                assert not pair.pinned
                assert block[side] == ends(pair)[side]
                assert not plainly.freely_open(block, side)
                assert plainly.liking(ends(pair), side) < plainly.liking(block, side)
        for block in found.unattached:
            assert plainly.freely_open(block, NEED)
            assert plainly.freely_open(block, OFFER)
        blocks = [b for pair in found.exceptions if pair.exception for b in pair.exception.blocks]
        assert sorted([*blocks, *found.unattached]) == plainly.rules.blocking(plainly.plan)
    assert attached > 20


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_a_remedy_is_what_it_says(chunk: int) -> None:
    count = 0
    for plainly, market, found in cases(chunk):
        for pair in found.exceptions:
            assert pair.exception
            count += 1
            check_remedy(plainly, market, pair)
            if not plainly.tiny.limited:
                assert pair.exception.remedy.removed
    assert count > 20


def check_remedy(plainly: Plainly, market: Market, pair: Pair) -> None:
    assert pair.exception
    remedy = pair.exception.remedy
    assert set(remedy.lost) <= plainly.plan
    assert not set(remedy.gained) & plainly.plan
    changed = (plainly.plan - set(remedy.lost)) | set(remedy.gained)
    for plan, figures in ((plainly.plan, remedy.before), (changed, remedy.after)):
        counted = audit(market, ([i for i, _ in sorted(plan)], [j for _, j in sorted(plan)]))
        broken = tuple(f"floor: group {group} " for group in remedy.floors_broken)
        said = [v for v in counted.violations if not broken or not v.startswith(broken)]
        assert said == []
        assert (len(counted.violations) > 0) == (plan == changed and len(broken) > 0)
        assert figures._asdict() == {
            **{name: getattr(counted, name) for name in figures._fields},
            "blocking_pairs": len(counted.blocking_pairs),
        }
    blocking = set(plainly.rules.blocking(changed))
    assert set(remedy.still_blocking) == set(pair.exception.blocks) & blocking
    assert remedy.removed == (not remedy.still_blocking and not remedy.floors_broken)
    assert sum(remedy.change) == sum(remedy.after) - sum(remedy.before)
    check_parties(plainly, changed, pair)


def check_parties(plainly: Plainly, changed: frozenset[Edge], pair: Pair) -> None:
    assert pair.exception
    remedy, groups = pair.exception.remedy, plainly.tiny.need_group
    needs = range(len(groups))
    before = [sum(i == p[NEED] for p in plainly.plan) for i in needs]
    after = [sum(i == p[NEED] for p in changed) for i in needs]
    assert remedy.needs_gaining == tuple(i for i in needs if after[i] > before[i])
    assert remedy.needs_losing == tuple(i for i in needs if after[i] < before[i])
    assert remedy.needs_left_out == tuple(i for i in needs if before[i] > after[i] == 0)
    ids = sorted(set(groups))
    had = {g: sum(groups[i] == g for i, _ in plainly.plan) for g in ids}
    has = {g: sum(groups[i] == g for i, _ in changed) for g in ids}
    assert remedy.groups_gaining == tuple(g for g in ids if has[g] > had[g])
    assert remedy.groups_losing == tuple(g for g in ids if has[g] < had[g])
    assert remedy.groups_left_out == tuple(g for g in ids if had[g] > has[g] == 0)
