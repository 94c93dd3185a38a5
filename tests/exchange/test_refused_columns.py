"""ID numbers and home addresses: neither kept nor echoed, whatever the heading or the cell."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from lianqiao.errors import InputError
from lianqiao.exchange.choices import read_rows_of_choices
from lianqiao.exchange.headings import REFUSED, meaning_of
from lianqiao.exchange.lists import ReadList, read_list
from lianqiao.exchange.refused import MASK, without_identity_numbers
from lianqiao.language import Text, Translator

# Made up, with the right check character.
NUMBER = "11010519491231002X"
PRIVATE = """身 份 证 号|身份號碼|身份信息|公民号码|现住地|居住地|住所|
门牌号|常住地址|联系人住处|残疾证号|军官证|
IDNumber|ID#|I.D. no|NI number|NI no|NationalID|S.S.N.|home addr.|HomeAddress|Home Add|
address (home)|
Residence|where they live|Aadhaar|NRIC|Tax ID|homeaddress|idnumber|HOME_ADDRESS|身分證|身-份-证|
National Insurance No.|ＩＤ　ｃａｒｄ|passport no|社保号|户籍地"""
OPEN = """通讯地址|联系地址|地址|单位地址|办公地址|活动地址|
venue address|Address|社区|所属社区|编号|ID|需求编号|
服务对象|姓名|联系电话|need id|Office address|Contact|Remarks|ID code|Paid no"""


def issues(found: ReadList) -> list[tuple[str, str, str]]:
    return [(i.code, i.column, i.value) for row in found.rows for i in row.issues]


def whole(found: ReadList) -> str:
    said = [json.dumps(row.as_json(), ensure_ascii=False) for row in found.rows]
    return "\n".join((*said, repr(found.records), repr(found.notices)))


def read(tmp_path: Path, head: str, *lines: str) -> ReadList:
    path = tmp_path / "needs.csv"
    path.write_text("\n".join((head, *lines)) + "\n", encoding="utf-8")
    return read_list(path, kind="needs")


@pytest.mark.parametrize("heading", [text.strip() for text in PRIVATE.split("|")])
def test_a_private_heading_is_refused_however_it_is_written(heading: str) -> None:
    assert meaning_of(heading).name == REFUSED
    assert meaning_of(f"{heading} {'（请如实填写）' * 15}").name == REFUSED


@pytest.mark.parametrize("heading", [text.strip() for text in OPEN.split("|")])
def test_an_open_heading_is_read(heading: str) -> None:
    assert meaning_of(heading).name != REFUSED


def test_a_long_private_heading_drops_its_column(tmp_path: Path) -> None:
    heading = "联系人身 份 证 号" + "请按证件如实填写" * 12
    found = read(tmp_path, f"社区,需求名称,需求内容,{heading}", "甲社区,修灯,楼道灯,秘密一")
    assert [(code, column) for code, column, _ in issues(found)] == [("refused_column", heading)]
    assert "秘密" not in whole(found)


@pytest.mark.parametrize("heading", ["服务对象", "数量", "备注", "时间", "类别", "电话", ""])
def test_a_column_of_id_numbers_is_refused_whatever_it_is_called(
    tmp_path: Path, heading: str
) -> None:
    lines = (
        f"甲社区,修灯,楼道灯,{NUMBER}",
        f"乙社区,修路,小路,号码:{NUMBER}",
        "丙社区,修桥,小桥,无",
    )
    found = read(tmp_path, f"社区,需求名称,需求内容,{heading}", *lines)
    assert [(code, column) for code, column, _ in issues(found)] == [
        ("refused_column", heading or "D")
    ]
    assert NUMBER not in whole(found)
    assert found.records[0].extra == {}


@pytest.mark.parametrize("at", range(5))
@pytest.mark.parametrize("said", ["{}", "身份证:{}。", "张某{}，独居"])
def test_one_id_number_is_masked_wherever_it_stands(tmp_path: Path, at: int, said: str) -> None:
    cells = ["甲社区", "修灯", "楼道灯", "老人", "说明"]
    cells[at] = said.format(NUMBER)
    lines = [f"{name}社区,{name}路,小路,老人,说明" for name in "乙丙丁戊"]
    head = "社区,需求名称,需求内容,服务对象,备注"
    found = read(tmp_path, head, ",".join(cells), *lines)
    assert issues(found) == [("id_number", head.split(",")[at], said.format(MASK))]
    assert NUMBER not in whole(found)
    assert said.format(MASK) in whole(found)


def test_a_list_whose_titles_are_id_numbers_keeps_none(tmp_path: Path) -> None:
    found = read(tmp_path, "社区,需求名称", f"甲社区,{NUMBER}", f"乙社区,{NUMBER}")
    assert NUMBER not in whole(found)
    assert [code for code, _, _ in issues(found)] == ["id_number"] * 2


def test_only_valid_numbers_are_masked() -> None:
    for text in ("110105194912310021", "订单 2023110519491231002345", "13800000000"):
        assert without_identity_numbers(text) == text
    assert without_identity_numbers(f"5 {NUMBER[:6]} {NUMBER[6:14]}-{NUMBER[14:]}") == f"5 {MASK}"


def test_choices_refuse_and_mask_too(tmp_path: Path) -> None:
    path = tmp_path / "choices.csv"
    head = "by,chooser,need_id,offer_id,rank,decision,note,HomeAddress,x"
    line = f"community,甲社区,N1,O1,1,pick,见{NUMBER},秘密一,{NUMBER}"
    other = "community,甲社区,N1,O2,2,pick,无,秘密二,"
    third = f"community,甲社区,N1,O3,{NUMBER},pick,无,秘密二,"
    path.write_text("\n".join((head, line, other, third)) + "\n", encoding="utf-8")
    rows = read_rows_of_choices(path)
    said = "\n".join(json.dumps(row.as_json(), ensure_ascii=False) for row in rows)
    assert NUMBER not in said
    assert "秘密" not in said
    assert [(i.code, i.column) for i in rows[0].issues] == [
        ("refused_column", "HomeAddress"),
        ("refused_column", "x"),
        ("id_number", "note"),
    ]
    assert rows[0].record is not None
    assert rows[0].record["note"] == f"见{MASK}"
    assert [i.code for i in rows[2].issues] == ["unclear_choice", "id_number"]


def test_an_error_never_echoes_an_id_number() -> None:
    error = InputError(Text("%(value)s isn't a side.", {"value": f"号{NUMBER}"}), file="a.csv")
    assert error.line(Translator("en")) == f"a.csv: 号{MASK} isn't a side."
