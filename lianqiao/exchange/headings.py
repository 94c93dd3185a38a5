"""What a column's heading means, in Chinese, English or both at once."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

# "number", "contact" and the like are known for telling headers from rows; they stay in extra.
KNOWN_EXTRA = "known_extra"
REFUSED = "refused"
TIME_START, TIME_END, FREQUENCY = "time_start", "time_end", "frequency"

_EXACT: dict[str, str] = {
    "id": "id 编号 项目编号 需求编号 资源编号 条目编号 唯一编号 编码 项目编码 代码 code ref reference refno "
    "referenceno referencenumber itemid needid offerid idcode needcode offercode needref offerref",
    KNOWN_EXTRA: "序号 序 no 号 项次 sn serial serialno serialnumber 行号 number itemno 次序 联系人 联系电话 电话 "
    "手机 手机号 手机号码 电话号码 联系方式 联络员 联络人 姓名 负责人 责任人 备注 意向单位 对接情况 使用条件 条件 状态 附件 "
    "contact contactperson contactname phone phonenumber tel telephone mobile email remarks remark "
    "notes note comment comments status conditions conditionsofuse attachment 邮箱 预算 经费 经办人 填报人 地址 "
    "单位地址 address officeaddress budget cost priority 优先级 紧急程度 是否紧急 来源 受益人数 人数 地点 服务地点 "
    "实施地点 活动地点 location place venueaddress wechat 微信 postcode 对接单位 拟对接单位 意向对接单位 synthetic website",
    "title": "需求名称 需求项目名称 需求项目 需求事项 需求标题 需求主题 需求 资源名称 资源项目名称 资源项目 资源标题 资源 "
    "项目名称 服务名称 服务项目 服务项目名称 供给名称 供给项目 活动名称 事项名称 名称 标题 题目 主题 事项 项目 具体需求名称 需求题目 "
    "资源事项 心愿名称 心愿 微心愿 课题 提供资源 可提供资源 可提供服务 可提供的资源 可提供的服务 提供服务 服务资源 资源服务名称 "
    "title name need needs needname needtitle nameofneed titleofneed offer offers offername offertitle "
    "nameofoffer titleofoffer item itemname project projectname projecttitle request service servicename "
    "servicetitle whatisneeded whatdoyouneed whatweneed whatyouneed whatisoffered whatweoffer "
    "whatwecanoffer whatyouoffer whatdoyouoffer whatcanyouoffer resource resourcename heading topic headline",
    "description": "需求内容 资源内容 内容 具体内容 需求描述 资源描述 描述 说明 简介 详细内容 主要内容 需求说明 资源说明 项目内容 "
    "服务内容 活动内容 内容简介 具体需求 具体描述 项目描述 项目说明 项目简介 资源简介 情况说明 具体事项 内容说明 内容描述 详情 需求详情 "
    "需求具体内容 资源具体内容 供给内容 基本情况 具体情况 具体说明 详细说明 详细描述 "
    "description details detail content contents summary explanation shortdescription background about "
    "descriptionofneed descriptionofoffer needdescription offerdescription fulldescription moredetail "
    "moredetails furtherdetails whatfor describe",
    "category": "类别 需求类别 资源类别 项目类别 服务类别 所属类别 分类 需求分类 资源分类 项目分类 领域 服务领域 所属领域 板块 "
    "category theme area field sector categories needcategory offercategory servicearea",
    "organisation": "社区 社区名称 所属社区 申报社区 需求社区 所在社区 村社区 社区村 村居 提出社区 社区党组织 社区党组织名称 村社区名称 "
    "单位 单位名称 资源单位 提供单位 机关单位 共建单位 供给单位 部门 责任单位 机关党组织 牵头单位 机构 机构名称 所在单位 报送单位 "
    "需求单位 提出单位 申报单位 填报单位 组织 组织名称 党组织名称 资源提供单位 服务单位 主办单位 需求主体 供给主体 单位部门 "
    "organisation organization org orgname organisationname organizationname nameoforganisation "
    "nameoforganization community communityname nameofcommunity neighbourhood neighborhood institution "
    "institutionname nameofinstitution agency provider offeredby requestedby submittedby department host "
    "donor body neighbourhoodcommunity unitname company postedby",
    "sub_district": "街道 街道名称 所属街道 所在街道 镇街 街镇 镇街道 街道镇 乡镇 乡镇街道 街道乡镇 街道办 街道办事处 镇 "
    "subdistrict ward streetoffice street township town borough subdistrictoffice nameofsubdistrict",
    "quantity": "数量 需求数量 资源数量 可提供数量 数量容量 数量规模 规模 需求量 供给数量 提供数量 场次 次数 名额 数量单位 需求规模 "
    "服务数量 服务场次 拟需数量 容量 quantity amount qty numberneeded howmany howmuch count volume "
    "quantityneeded quantityoffered amountneeded size numberofsessions quantityandunit numberoffered",
    "unit": "计量单位 量词 单位量词 unit units unitofmeasure uom measure",
    "time_window": "时间 期望时间 期望完成时间 需求时间 需求时限 可提供时间 时间安排 服务时间 实施时间 开展时间 时间频次 可提供时间频次 "
    "起止时间 时限 时间要求 拟开展时间 希望时间 提供时间 服务时段 时段 活动时间 计划时间 服务周期 周期 时间段 起止日期 服务期限 期限 "
    "完成时限 完成时间 截止时间 截止日期 办结时限 最迟时间 拟完成时间 要求完成时间 "
    "time when timing date dates period timewindow timeframe schedule availability available "
    "preferredtime whenneeded availablewhen time/frequency timeandfrequency preferredtiming "
    "deadline due duedate neededby completionby completeby wantedby requiredby whenisitneeded",
    TIME_START: "开始时间 起始时间 开始日期 起始日期 开始 起始 起 起始月份 开始月份 start starttime startdate "
    "begin beginning availablefrom fromdate datefrom starts from",
    TIME_END: "结束时间 终止时间 结束日期 终止日期 结束 止 终止 截止 至 结束月份 end endtime enddate finish availableuntil "
    "until to todate dateto ends availableto",
    FREQUENCY: "频次 频率 服务频次 服务频率 开展频次 frequency howoften",
    "target_group": "服务对象 对象 受众 受益群体 受益对象 目标群体 服务人群 适用人群 面向群体 面向对象 受益人群 目标人群 服务群体 "
    "服务对象受益人数 适合人群 人群 targetgroup audience beneficiaries beneficiary forwhom whofor "
    "whoisitfor whoisthisfor peopleserved targetaudience target servedgroup intendedfor whobenefits",
    "kind": "形式 需求形式 资源形式 种类 资源种类 需求种类 服务形式 提供形式 供给形式 类型 需求类型 资源类型 项目类型 服务类型 "
    "资源性质 kind form type kindofhelp typeofhelp typeofsupport kindofsupport typeofneed typeofoffer "
    "needtype offertype kindofoffer kindofneed supporttype resourcetype helptype",
    "partners_wanted": "拟对接单位数 拟对接单位数量 对接单位数 对接单位数量 需对接单位数 需要单位数 意向单位数 需求单位数 "
    "拟共建单位数 需要对接单位数 partnerswanted partnersneeded numberofpartners howmanypartners partners "
    "numberofpartnerswanted partnersrequired partnerorganisationswanted",
    "capacity": "可对接社区数 可对接社区数量 对接社区数 可对接数 可对接数量 拟对接社区数 可服务社区数 服务社区数 可结对社区数 可承接社区数 "
    "可覆盖社区数 可对接项目数 capacity communitiesserved numberofcommunities howmanycommunities "
    "maxpartners maxcommunities partnerscapacity communitiesthatcanbeserved cansupportcommunities "
    "maxnumberofcommunities",
}  # fmt: skip
_FIELD_OF = {
    word: name for name, words in _EXACT.items() for word in words.replace("/", "").split()
}

_REFUSED = re.compile(
    r"身份证|证件号|公民身份|护照|社会保障号|社保号|居民户口|户口|户籍|家庭住址|家庭地址|家庭详细|居住地址|居住住址|现住址|住址|"
    r"住宅地址|\bid ?card|\bid (?:number|num)\b|\bid no\b|\bidentity|\bidentification|\bnational id|"
    r"\bpersonal (?:id|number)|\bpassport|\bssn\b|\bsocial security|\bnino\b|national insurance|"
    r"\bdriv\w+ licen[cs]e|\bhome address|\bresidential address|\bprivate address|\bdomicile"
)
_LOOSE: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), name)
    for pattern, name in (
        (r"(?:单位|机构|伙伴)(?:个)?数量?$|^partners? (?:wanted|needed)", "partners_wanted"),
        (r"(?:社区|村)(?:个)?数量?$|\bcapacity\b|(?:number of|how many|max\w*) (?:communities|partners)", "capacity"),
        (r"意向|对接|联系|电话|手机|备注|姓名|负责|邮箱|地址|审核|填报|登记|提交|上报|发布|更新|责任人|附件|是否|人数|图片|意见|"
         r"\b(?:contact|phone|e-?mail|remarks?|notes?|comments?|address|submitted|created|updated|updated|status|attachments?|submission)\b", KNOWN_EXTRA),
        (r"(?:开始|起始)(?:时间|日期|月份)|\bstarts?\b", TIME_START),
        (r"(?:结束|终止)(?:时间|日期|月份)|\bend(?:s|ing)?\b(?! user)", TIME_END),
        (r"时间|时限|日期|何时|时段|期限|\b(?:when|times?|dates?|period|availability|available|timing|deadline|schedule)\b", "time_window"),
        (r"频次|频率|\b(?:frequency|how often)\b", FREQUENCY),
        (r"数量|规模|场次|\b(?:quantity|amount|qty|how many|how much)\b", "quantity"),
        (r"对象|人群|群体|受众|\b(?:beneficiar\w+|audience|target|for whom|who for|who is)\b", "target_group"),
        (r"(?:社区|单位|机构|部门|组织|党委|支部)(?:\(.*\))?(?:名称|全称)?$|\b(?:organi[sz]ations?|institution|community|neighbou?rhood|agency|provider)\b(?! need)", "organisation"),
        (r"街道|乡镇|镇街|\bsub-?district\b|\bward\b", "sub_district"),
        (r"名称|标题|题目|\b(?:title|name)\b", "title"),
        (r"类别|分类|领域|\bcategor(?:y|ies)\b|\btheme\b", "category"),
        (r"形式|类型|种类|\b(?:kind|type|form)\b", "kind"),
        (r"内容|描述|说明|简介|详情|情况|\b(?:description|details?|about|summary|describe)\b", "description"),
        (r"^(?:需求|资源|供给|服务|拟提供|可提供|希望|需要)\S{0,6}$|\b(?:what|needs?|offers?|request|resource|service)\b", "title"),
    )
)  # fmt: skip
_BRACKETS = re.compile(r"[(\[【<《].*?[)\]】>》]")
_INSIDE = re.compile(r"[(\[【](.*?)[)\]】]")
_LATIN = re.compile(r"[a-z][a-z0-9 '&/_.#-]*")
_CHINESE = re.compile(r"[\u3400-\u9fff、()/]+")
DEADLINE = re.compile(r"完成|截止|时限|办结|最迟|限期|deadline|\bdue\b|\bby\b|until")
GENERIC_TITLES = frozenset(
    ["名称", "标题", "题目", "主题", "事项", "项目", "name", "title", "item", "topic", "project", "heading", "service", "服务"]
)


class Meaning(NamedTuple):
    """A heading's field ("" unknown) and how sure: 3 whole heading, 2 a part of it, 1 a word in it."""

    name: str
    sure: int


UNKNOWN = Meaning("", 0)


@lru_cache(maxsize=4096)
def meaning_of(heading: str) -> Meaning:
    """What a heading means. Time linear in its length; long texts mean nothing."""
    said = " ".join(unicodedata.normalize("NFKC", heading).lower().replace("_", " ").split())
    if not said or len(said) > 80:
        return UNKNOWN
    if _REFUSED.search(said):
        return Meaning(REFUSED, 3)
    if name := _FIELD_OF.get(_squeezed(said)):
        return Meaning(name, 3)
    for part in _parts(said):
        if name := _FIELD_OF.get(_squeezed(part)):
            return Meaning(name, 2)
    if len(said) > 40:
        return UNKNOWN
    return next((Meaning(name, 1) for pattern, name in _LOOSE if pattern.search(said)), UNKNOWN)


def _parts(said: str) -> list[str]:
    outside = _BRACKETS.sub("", said)
    chinese = "".join(_CHINESE.findall(outside))
    latin = " ".join(_LATIN.findall(outside))
    pieces = re.split(r"[/|｜\n:]", outside)
    return [outside, chinese, latin, *pieces, *_INSIDE.findall(said)]


def _squeezed(text: str) -> str:
    return "".join(char for char in text if char.isalnum())
