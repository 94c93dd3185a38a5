"""The words by which people accept or decline a proposed pair, and reasons that say no fit."""

from __future__ import annotations

from lianqiao.exchange.cells import squeezed

_WORDS = {
    True: "accepted accept agreed agree yes signed pick picked approved done matched pinned 锁定 "
    "接受 接受对接 同意 已接受 已对接 已签约 签约 对接成功 愿意 选择 是",
    False: "declined decline notnow no refused refuse rejected reject notacceptable "
    "暂不对接 婉拒 不接受 不同意 拒绝 未对接 不愿意 不考虑 否",
}
_DECIDED = {word: accepted for accepted, words in _WORDS.items() for word in words.split()}
# Nobody has decided, or the organiser did for reasons of its own.
_NOT_DECIDED = frozenset(
    [
        "pending",
        "open",
        "waiting",
        "forbidden",
        "ban",
        "banned",
        "待定",
        "待答复",
        "未答复",
        "候补",
        "不安排",
    ]
)
# A decline for one of these says nothing of how well the two fit.
NO_FIT_REASONS = (
    "full",
    "capacity",
    "no time",
    "busy",
    "staff",
    "budget",
    "funding",
    "already has a partner",
    "名额",
    "已满",
    "没空",
    "没有时间",
    "时间紧",
    "人手",
    "经费",
    "预算",
    "已有伙伴",
    "已有合作",
)


def decided(text: str) -> bool | None:
    """Whether a word accepts (True) or declines (False); None if it says neither."""
    return _DECIDED.get(squeezed(text))


def is_not_decided(text: str) -> bool:
    """Whether a word says that neither side has decided: such a line teaches nothing."""
    return squeezed(text) in _NOT_DECIDED
