"""What the heading of a column of signed pairs means."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from lianqiao.exchange.refused import is_refused_heading
from lianqiao.exchange.script import simplified

COMMUNITY, INSTITUTION, PARTIES = "community", "institution", "parties"
NEED, OFFER, PROJECT = "need", "offer", "project"
NEED_ID, OFFER_ID = "need_id", "offer_id"
STATE, OTHER = "state", "other"
# A party or organisation of either side: what stands below tells which.
EITHER = "either"
ROLES = (NEED_ID, OFFER_ID, COMMUNITY, INSTITUTION, PARTIES, NEED, OFFER, PROJECT)

_LONGEST = 40
_WHOSE = r"(?:所属|申报|需求|提出|结对|共建|签约|对接|受援|受助|服务|参与|所在)?"
_NAMED = r"(?:名称|全称|名|党组织|党委|方|单位)?(?:\(.*\))?"
# The first that fits counts.
_MEANINGS: tuple[tuple[str, str], ...] = (
    (r"需求(?:项目)?(?:编号|编码|代码|id|号)|needid|need(?:ref\w*|no|number|code)", NEED_ID),
    (
        r"(?:资源|供给)(?:项目)?(?:编号|编码|代码|id|号)|offerid|offer(?:ref\w*|no|number|code)",
        OFFER_ID,
    ),
    (
        r"序号?|编号|no|sn|#|.*(?:时间|日期|期限|起止|年月|电话|手机|联系|姓名|负责人|责任人|经办|签字|"
        r"盖章|备注|说明|地点|地址|数量|金额|经费|类别|分类|人数|对象|意向.*|内容|措施|成效|"
        r"街道|镇街|乡镇|形式|频次|signed(?:on|at)|date|when|phone|contact|email|signatory|"
        r"remarks?|notes?|place|venue|quantity|amount|category|subdistrict|ward|description|"
        r"detail|budget).*",
        OTHER,
    ),
    (r".*(?:状态|进展|进度|结果|是否签约|签约情况|签订情况|status|result)|signed|signed\?", STATE),
    (
        r"(?:结对|签约|共建|合作)(?:双方|各方|单位和社区|单位与社区)|双方|各方|甲乙双方|(?:the)?parties|"
        r"pair(?:ing)?|partners",
        PARTIES,
    ),
    (
        rf"{_WHOSE}(?:村\(?社区\)?|社区\(?村\)?|社区|村居|村){_NAMED}|需求(?:单位|方|主体|社区)|受援单位|"
        r"(?:name of )?(?:the )?(?:community|neighbou?rhood|requester|askedby|requestedby|"
        r"communityname|nameofcommunity|needside|recipient|host)",
        COMMUNITY,
    ),
    (
        rf"(?:结对|共建|帮扶|签约|对接|机关|资源|供给|提供|服务|支持|区级|驻区)+(?:单位|部门|机构|企业|方){_NAMED}|"
        rf"(?:机关|部门|机构){_NAMED}|"
        r"institution|institutionname|nameofinstitution|agency|provider|offeredby|partner|"
        r"partnerorganisation|offerside|donor|company",
        INSTITUTION,
    ),
    (
        r"甲方.*|乙方.*|单位|单位名称|组织|组织名称|签约单位|签约主体|签约方.*|"
        r"(?:first|second)party|party[ab12]|organi[sz]ation|signingbody",
        EITHER,
    ),
    (
        r"需求|需求(?:项目)?(?:名称|事项|标题)|需求项目|需求内容|need|needs|needtitle|request|whatisneeded",
        NEED,
    ),
    (
        r"资源|(?:资源|供给|服务)(?:项目)?(?:名称|事项|标题)|(?:资源|服务|供给)项目|offer|offers|"
        r"offertitle|resource|whatisoffered|service",
        OFFER,
    ),
    (
        r".*(?:项目|协议|事项|主题|课题)(?:名称|名|题目|标题|清单)?|名称|标题|合作内容|共建内容|"
        r"(?:project|agreement|title|topic|activity)(?:name|title)?|nameofproject",
        PROJECT,
    ),
)
_PATTERNS = tuple((re.compile(pattern), role) for pattern, role in _MEANINGS)


@lru_cache(maxsize=4096)
def role_of_heading(heading: str) -> str:
    """The role of a column by its heading, "" if it says nothing that is known."""
    if is_refused_heading(heading):
        return OTHER
    even = simplified(unicodedata.normalize("NFKC", heading)).casefold()
    said = "".join(sign for sign in even if sign.isalnum() or sign in "()#?")
    if not said or len(said) > _LONGEST:
        return ""
    bare = re.sub(r"\(.*?\)", "", said)
    for text in dict.fromkeys((said, bare)):
        for pattern, role in _PATTERNS:
            if pattern.fullmatch(text):
                return role
    return ""
