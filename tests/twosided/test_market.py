"""What a market accepts, what it refuses, and that it survives a file."""

from __future__ import annotations

import io
import os
import zipfile
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from twosided import Market, audit, solve, verifier

from tests.twosided.oracle import tiny_market

BASE: dict[str, Any] = {"need": [0, 0, 1], "offer": [0, 1, 1], "score": [0.5, 0.25, 1.0]}
HUGE = 2**70

MALFORMED = [
    ("need", [0, 0, -1]),
    ("need", [0, 0, 0.5]),
    ("need", [[0], [0], [1]]),
    ("need", ["a", "b", "c"]),
    ("need", [0, 0, HUGE]),
    ("need", [0, 0, 2**31 - 2]),
    ("need", [0, 0, 0]),
    ("need", None),
    ("need", [True, False, True]),
    ("offer", [0, 1]),
    ("offer", [0, 1, -1]),
    ("offer", [0, 1, 2**40]),
    ("score", [0.5, 0.25]),
    ("score", [0.5, 0.25, float("nan")]),
    ("score", [0.5, 0.25, 1.01]),
    ("score", [0.5, -0.1, 1.0]),
    ("score", [500, 250, 1001]),
    ("score", [500, -1, 1000]),
    ("score", ["1", "1", "1"]),
    ("score", [1j, 1j, 1j]),
    ("need_rank", [0, 0, -2]),
    ("need_rank", [0, 0]),
    ("need_rank", [0, 0, 1.5]),
    ("offer_rank", [0, 0, 2**31]),
    ("offer_rank", ["a", "b", "c"]),
    ("quantity", [1, -1]),
    ("quantity", [1.5, 1.0]),
    ("quantity", [[1, 1]]),
    ("capacity", [1, -1]),
    ("capacity", "many"),
    ("need_group", [0, -1]),
    ("need_group", [0.0, 1.0]),
    ("offer_group", [0, -1]),
    ("need_weight", [1.0, 0.0]),
    ("need_weight", [1.0, float("inf")]),
    ("need_weight", [1.0, float("nan")]),
    ("pins", [(0, 2)]),
    ("pins", [(2, 0)]),
    ("pins", [(0, 0), (0, 0)]),
    ("pins", [(0, 0), (0, 1)]),
    ("pins", [(0, 1), (1, 1)]),
    ("pins", [(0,)]),
    ("pins", [0, 1]),
    ("pins", "ab"),
    ("pins", 3),
    ("bans", [(0, -1)]),
    ("bans", [(0, 5)]),
    ("bans", [(0.0, 1.0)]),
    ("ceilings", [([0, 3], 1)]),
    ("ceilings", [([0, 0], 1)]),
    ("ceilings", [([0], -1)]),
    ("ceilings", [([0], 1.0)]),
    ("ceilings", [([0],)]),
    ("ceilings", [0]),
    ("floors", [(7, 1)]),
    ("floors", [(0, 2)]),
    ("floors", [(0, -1)]),
    ("floors", [(0, 1), (0, 1)]),
    ("reserved", [(0, 0, 2)]),
    ("reserved", [(0, 7, 1)]),
    ("reserved", [(5, 0, 1)]),
    ("reserved", [(0, 0, 1), (0, 0, 0)]),
    ("excluded", ([1], [0], ["because"])),
    ("excluded", ([0], [0], ["out_of_area"])),
    ("excluded", ([1], [0])),
    ("excluded", ([9], [0], ["out_of_area"])),
    ("excluded", "all"),
]


@pytest.mark.parametrize(("name", "value"), MALFORMED, ids=[f"{n}={v}"[:40] for n, v in MALFORMED])
def test_whatever_is_malformed_names_its_argument(name: str, value: Any) -> None:
    if name in ("floors", "reserved", "pins", "bans"):
        base = {**BASE, "quantity": [1, 1], "capacity": [1, 1]}
    else:
        base = BASE
    with pytest.raises(ValueError, match=rf"^{name}: ") as caught:
        Market.from_edges(**{**base, name: value})
    assert "\n" not in str(caught.value)


def test_pins_against_bans_ceilings_and_reserved_units() -> None:
    with pytest.raises(ValueError, match=r"^pins: .*banned"):
        Market.from_edges(**BASE, pins=[(0, 0)], bans=[(0, 0)])
    with pytest.raises(ValueError, match=r"^pins: .*ceiling 0"):
        Market.from_edges(**BASE, pins=[(0, 0)], ceilings=[([0], 0)])
    with pytest.raises(ValueError, match=r"^reserved: "):
        Market.from_edges(**BASE, pins=[(0, 0)], reserved=[(0, 1, 1)])


junk = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 5) | st.floats() | st.text(max_size=2),
    lambda inner: st.lists(inner, max_size=4) | st.tuples(inner, inner) | st.tuples(*[inner] * 3),
    max_leaves=8,
)
names = st.sampled_from(
    [
        "need",
        "offer",
        "score",
        "need_rank",
        "offer_rank",
        "quantity",
        "capacity",
        "need_group",
        "offer_group",
        "need_weight",
        "pins",
        "bans",
        "ceilings",
        "floors",
        "reserved",
        "excluded",
    ]
)


@settings(deadline=None, max_examples=300)
@given(changes=st.dictionaries(names, junk, min_size=1, max_size=3))
def test_junk_is_refused_or_planned_cleanly(changes: dict[str, Any]) -> None:
    try:
        market = Market.from_edges(**{**BASE, **changes})
        plan = solve(market)
    except ValueError as error:
        named = str(error).split(":")[0]
        assert named in {*BASE, *changes}
        return
    assert audit(market, plan).clean


def test_pins_override_refusals_with_a_warning() -> None:
    market = Market.from_edges(**BASE, need_rank=[-1, 0, 0], offer_rank=[0, 0, -1], pins=[(0, 0)])
    assert market.warnings == ("pin (0, 0) overrides refused_by_need_side",)
    assert market.edge_count == 2
    assert solve(market).pairs == [(0, 0)]
    assert audit(market, ([0], [0])).clean


def test_a_pin_needs_no_edge() -> None:
    market = Market.from_edges(**BASE, pins=[(1, 0)])
    assert solve(market, policy="stability").pairs == [(0, 1), (1, 0)]
    assert market.score.tolist() == [500, 250, 0, 1000]


@pytest.mark.parametrize("seed", range(40))
def test_a_saved_market_comes_back_equal(seed: int, tmp_path: Path) -> None:
    arguments = tiny_market(seed, limited=True).arguments()
    free = [(0, 0)] if (0, 0) not in zip(arguments["need"], arguments["offer"], strict=True) else []
    arguments["excluded"] = ([0] * len(free), [0] * len(free), ["out_of_area"] * len(free))
    arguments["floors"] = []
    market = Market.from_edges(**arguments)
    market.save(tmp_path / "a")
    again = Market.load(tmp_path / "a")
    again.save(tmp_path / "b")
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    assert market == again
    for name, value in vars(market).items():
        assert np.array_equal(str(value), str(getattr(again, name))), name
    assert [p.name for p in sorted(tmp_path.iterdir())] == ["a", "b"]


def test_every_damaged_byte_is_noticed(tmp_path: Path) -> None:
    market = Market.from_edges(**BASE, pins=[(0, 0)], ceilings=[([0, 2], 2)])
    market.save(tmp_path / "whole")
    body = (tmp_path / "whole").read_bytes()
    for place in range(0, len(body), 7):
        damaged = bytearray(body)
        damaged[place] ^= 0x41
        (tmp_path / "damaged").write_bytes(damaged)
        try:
            again = Market.load(tmp_path / "damaged")
        except ValueError as error:
            told = str(error)
        else:
            # Some bytes of a zip mean nothing; then the market must be the same.
            told = "path: " if again == market else "changed"
        assert told.startswith("path: ")


def hostile(member: bytes, *, compressed: bool = False) -> bytes:
    buffer = io.BytesIO()
    kind = zipfile.ZIP_DEFLATED if compressed else zipfile.ZIP_STORED
    with zipfile.ZipFile(buffer, "w", kind) as archive:
        archive.writestr("market.json", '{"format": "twosided-market/1", "sha256": ""}')
        archive.writestr("need.npy", member)
    return buffer.getvalue()


@pytest.mark.parametrize(
    "body",
    [b"", b"PK", b"\x80\x04.", hostile(b""), hostile(b"0" * 10**6, compressed=True), b"\x00" * 999],
)
def test_foreign_files_are_refused(body: bytes, tmp_path: Path) -> None:
    (tmp_path / "foreign").write_bytes(body)
    with pytest.raises(ValueError, match=r"^path: "):
        Market.load(tmp_path / "foreign")


def test_a_hostile_header_with_a_right_checksum_is_refused(tmp_path: Path) -> None:
    market = Market.from_edges(**BASE)
    market.save(tmp_path / "whole")
    stream = io.BytesIO()
    np.lib.format.write_array_header_1_0(
        stream, {"descr": "<i8", "fortran_order": False, "shape": (2**60,)}
    )
    rewrite(tmp_path / "whole", tmp_path / "evil", {"need.npy": stream.getvalue()})
    with pytest.raises(ValueError, match=r"^path: damaged \(need"):
        Market.load(tmp_path / "evil")


def test_a_changed_member_is_refused_by_its_checksum(tmp_path: Path) -> None:
    Market.from_edges(**BASE).save(tmp_path / "whole")
    with zipfile.ZipFile(tmp_path / "whole") as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    members["score.npy"] = members["score.npy"][:-2] + b"\x07\x00"
    with zipfile.ZipFile(tmp_path / "changed", "w") as archive:
        for name, body in members.items():
            archive.writestr(name, body)
    with pytest.raises(ValueError, match=r"^path: damaged \(checksum"):
        Market.load(tmp_path / "changed")


def header_of(kind: str, shape: str) -> str:
    return f"{{'descr': '{kind}', 'fortran_order': False, 'shape': {shape}, }}"


HEADERS = {
    "deep": header_of("<i8", "(" + "-" * 9000 + "3,)"),
    "of Python 2": header_of("<i8", "(3L,)"),
    "below zero": header_of("<i8", "(-3,)"),
    "too long a number": header_of("<i8", f"({'9' * 5000},)"),
    "another type": header_of("<f8", "(3,)"),
    "objects": header_of("|O", "(3,)"),
    "two dimensions": header_of("<i8", "(3, 1)"),
    "another order": header_of("<i8", "(3,)").replace("False", "True"),
    "code": "__import__('os').abort()",
}


@pytest.mark.parametrize("header", HEADERS.values(), ids=HEADERS.keys())
def test_a_member_with_another_header_is_damage(header: str, tmp_path: Path) -> None:
    """Its checksum is right; neither reader takes memory for it, warns or fails otherwise."""
    Market.from_edges(**BASE).save(tmp_path / "whole")
    body = header.encode() + b"\n"
    member = b"\x93NUMPY\x01\x00" + len(body).to_bytes(2, "little") + body + bytes(24)
    rewrite(tmp_path / "whole", tmp_path / "evil", {"need.npy": member})
    with pytest.raises(ValueError, match=r"^path: damaged \(need: type or shape\)$"):
        Market.load(tmp_path / "evil")
    with pytest.raises(ValueError, match=r"^market: need: type or shape$"):
        verifier.verify(str(tmp_path / "evil"), "")


def test_rows_without_columns_take_no_memory(tmp_path: Path) -> None:
    """They need no bytes, so a file may claim any number of them."""
    Market.from_edges(**BASE).save(tmp_path / "whole")
    member = io.BytesIO()
    np.save(member, np.zeros((10**18, 0), np.int64))
    rewrite(tmp_path / "whole", tmp_path / "evil", {"pins.npy": member.getvalue()})
    with pytest.raises(ValueError, match=r"^path: damaged \(pins: type or shape\)$"):
        Market.load(tmp_path / "evil")


def test_an_impossible_market_with_a_right_checksum_is_damage(tmp_path: Path) -> None:
    Market.from_edges(**BASE).save(tmp_path / "whole")
    member = io.BytesIO()
    np.save(member, np.array([1, 2, 1001], "<u2"))
    rewrite(tmp_path / "whole", tmp_path / "evil", {"score.npy": member.getvalue()})
    with pytest.raises(ValueError, match=r"^path: damaged \(score: .*1000.*\)$"):
        Market.load(tmp_path / "evil")


def rewrite(source: Path, target: Path, replaced: dict[str, bytes]) -> None:
    """The same archive with some members replaced and the checksum made right again."""
    with zipfile.ZipFile(source) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    members.update(replaced)
    digest = sha256()
    for name in sorted(members.keys() - {"market.json"}):
        digest.update(f"{name.removesuffix('.npy')}:{len(members[name])}\n".encode())
        digest.update(members[name])
    header = f'{{"format": "twosided-market/1", "sha256": "{digest.hexdigest()}"}}'
    with zipfile.ZipFile(target, "w") as archive:
        for name, body in {**members, "market.json": header.encode()}.items():
            archive.writestr(name, body)


def test_arrays_cannot_be_changed() -> None:
    quantity = np.array([1, 1])
    market = Market.from_edges(**BASE, quantity=quantity)
    quantity[0] = 9
    assert market.quantity.tolist() == [1, 1]
    with pytest.raises(ValueError, match="read-only"):
        market.score[0] = 1


def test_a_market_tells_a_person_what_is_in_it() -> None:
    market = Market.from_edges(**BASE, quantity=[2, 1], capacity=[1, 3], pins=[(0, 1)])
    assert repr(market) == (
        "<Market: 2 needs of 2 groups want 3 units; 2 offers have 4 units; "
        "3 candidate pairs, 1 to 2 a need, 2 in the middle; 1 pins>"
    )
    assert repr(Market.from_edges([], [], [])).startswith("<Market: 0 needs")


class Hostile:
    """Looks like a list; its own code fails."""

    def __len__(self) -> int:
        return 3

    def __contains__(self, _item: object) -> bool:
        return False

    def __iter__(self) -> Any:
        raise RuntimeError("no entries")


class HostileArray:
    def __array__(self, *_args: Any, **_options: Any) -> Any:
        raise RuntimeError("no array")


class HostileItems:
    def __len__(self) -> int:
        return 3

    def __getitem__(self, _place: int) -> Any:
        raise RuntimeError("no item")


@pytest.mark.parametrize("name", ["need", "score", "quantity", "pins", "ceilings", "excluded"])
@pytest.mark.parametrize("kind", [Hostile, HostileArray, HostileItems])
def test_objects_that_fail_when_read_are_named(name: str, kind: type) -> None:
    with pytest.raises(ValueError, match=rf"^{name}: "):
        Market.from_edges(**{**BASE, name: kind()})


def test_a_shifted_offset_in_the_zip_is_damage(tmp_path: Path) -> None:
    Market.from_edges(**BASE).save(tmp_path / "whole")
    body = (tmp_path / "whole").read_bytes()
    for place in range(len(body) - 6, len(body) - 2):
        (tmp_path / "damaged").write_bytes(body[:place] + b"\xff" + body[place + 1 :])
        with pytest.raises(ValueError, match=r"^path: "):
            Market.load(tmp_path / "damaged")


@pytest.mark.parametrize("path", [None, 3, b"name", "", "nul\0", "\ud800", object()])
def test_whatever_is_no_path_is_named(path: Any) -> None:
    market = Market.from_edges(**BASE)
    for use in (Market.load, market.save):
        with pytest.raises(ValueError, match=r"^path: "):
            use(path)


@pytest.mark.skipif(os.name != "posix", reason="only there files have such a mode")
@pytest.mark.parametrize(("mask", "mode"), [(0o022, 0o644), (0o077, 0o600), (0o002, 0o664)])
def test_the_umask_decides_who_may_read_a_saved_market(
    mask: int, mode: int, tmp_path: Path
) -> None:
    before = os.umask(mask)
    try:
        Market.from_edges(**BASE).save(tmp_path / "saved")
    finally:
        os.umask(before)
    assert (tmp_path / "saved").stat().st_mode & 0o777 == mode
    assert [file.name for file in tmp_path.iterdir()] == ["saved"]
