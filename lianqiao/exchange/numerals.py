"""Numbers written with digits, Chinese numerals or English words."""

from __future__ import annotations

import re

_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {
    "〇": 0, "两": 2, "俩": 2, "壹": 1, "贰": 2, "叁": 3, "肆": 4, "伍": 5, "陆": 6, "柒": 7,
    "捌": 8, "玖": 9,
}  # fmt: skip
_UNITS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
CHINESE = "[零一二三四五六七八九〇两俩壹贰叁肆伍陆柒捌玖十拾百佰千仟万]+"

_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen"
)
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_WORDS = {
    **{word: n for n, word in enumerate(_ONES.split())},
    **{word: 10 * n for n, word in enumerate(_TENS.split(), start=2)},
    "a": 1,
    "an": 1,
    "once": 1,
    "twice": 2,
    "thrice": 3,
    "both": 2,
    "single": 1,
}
_SCALES = {"dozen": 12, "score": 20, "hundred": 100, "thousand": 1000}
_WORD = "|".join(sorted([*_WORDS, *_SCALES], key=len, reverse=True))
ENGLISH = rf"(?:\b(?:{_WORD})\b(?:[\s-]+(?:and\s+)?(?:{_WORD})\b)*)"
ARABIC = r"\d{1,3}(?:[,，]\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"


def number(text: str) -> float | None:
    """The number that the whole text writes, or None: "1,200", "两", "一百二十", "a dozen"."""
    text = text.strip().lower()
    if re.fullmatch(ARABIC, text):
        return float(re.sub("[,，]", "", text))
    if re.fullmatch(CHINESE, text):
        return _chinese(text)
    return _english(text) if re.fullmatch(ENGLISH, text) else None


def _chinese(text: str) -> float | None:
    head, wan, tail = text.partition("万")
    if wan:
        high, low = _below_wan(head) if head else 1, _below_wan(tail) if tail else 0
        return None if high is None or low is None else high * 10_000.0 + low
    below = _below_wan(text)
    return None if below is None else float(below)


def _below_wan(text: str) -> int | None:
    if all(char in _DIGITS for char in text):
        # 二〇二三 is a year, 两三 "two or three": only the first is a number.
        return int("".join(str(_DIGITS[c]) for c in text)) if len(text) in (1, 4) else None
    total, digit = 0, None
    for char in text:
        if char in _UNITS:
            total += (1 if digit is None else digit) * _UNITS[char]
            digit = None
        elif char not in _DIGITS or digit not in (None, 0):
            return None
        else:
            digit = _DIGITS[char]
    return total + (digit or 0)


def _english(text: str) -> float | None:
    total, current, seen = 0, 0, ""
    for word in re.split(r"[\s-]+", text):
        if word == "and":
            continue
        if word in _SCALES:
            current = max(current, 1) * _SCALES[word]
            if _SCALES[word] == 1000:
                total, current = total + current, 0
        elif seen and seen not in _SCALES and not 20 <= _WORDS.get(seen, 0) <= 90:
            return None
        else:
            current += _WORDS[word]
        seen = word
    return float(total + current)
