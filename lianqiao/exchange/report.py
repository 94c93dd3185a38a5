"""report.html: the plan for the office, one file that opens anywhere and fetches nothing.

Both languages stand in the file and are switched without a script. The same plan gives the same
bytes.
"""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import CodeType
from typing import Any

from jinja2 import BytecodeCache, Environment, FileSystemLoader, StrictUndefined
from jinja2.bccache import Bucket
from markupsafe import Markup, escape

from lianqiao.exchange.bridge_section import BridgeSection, bridge_script, bridge_section
from lianqiao.exchange.compare_view import compare_view
from lianqiao.exchange.excerpts import rules
from lianqiao.exchange.files import write_aside
from lianqiao.exchange.plan_figures import (
    budget_words,
    certainty,
    input_files,
    is_at_every_bound,
    is_quick,
    limits,
    method_words,
    proof,
    round_title,
    share_of_best,
    short_digest,
)
from lianqiao.exchange.plan_view import PlanView
from lianqiao.exchange.policy_rows import policy_rows
from lianqiao.exchange.wording import (
    BY_CHOICE,
    POLICY_AIMS,
    POLICY_NAMES,
    STRENGTHS,
    Said,
    listed,
    rendered,
    shown_score,
    word,
)
from lianqiao.language import LANGUAGES, N_, Text, Translator
from lianqiao.matching.document import PlanDocument

_HERE = Path(__file__).parent
_STYLES = ("tokens.css", "report.css", "bridge.css", "compare.css")
_NAMES = {"zh-Hans": "中文", "en": "English"}
_BRANDS = {"zh-Hans": "联桥", "en": "Lianqiao"}
_INTERNAL = N_("Internal")
_QUICK = N_("Quick")
_HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_LATIN = re.compile("[A-Za-z]")


@dataclass(frozen=True)
class Half:
    """The report in one language. code: what its anchors begin with; body: its HTML.

    quick: what marks a quick plan, "" on any other.
    """

    language: str
    code: str
    name: str
    brand: str
    mark: str
    quick: str
    body: str


def write_report(document: PlanDocument, path: Path, *, language: str) -> None:
    """Write the report; `language` ("zh-Hans" or "en") shows first, the other is a key away.

    Raises ValueError for another language and OSError if the file can't be written.
    """
    html = report_text(document, language=language).encode("utf-8", "replace")
    write_aside(path, lambda stream: stream.write(html))


def report_text(document: PlanDocument, *, language: str) -> str:
    """The report as HTML. Equal documents and languages give equal texts."""
    translator = Translator(language)
    view = PlanView(document)
    style = _style(view)
    script = bridge_script() + (_HERE / "static" / "report.js").read_text("utf-8")
    bridge = bridge_section(view)
    page = _environment(translator).get_template("report/page.html")
    title = (
        translator.render(round_title(document)),
        translator.gettext(_INTERNAL),
        _BRANDS[language],
    )
    return page.render(
        language=language,
        title=" · ".join(title),
        style=style,
        style_hash=_allowed(style),
        script=script,
        script_hash=_allowed(script),
        halves=[_half(view, bridge, Translator(each)) for each in LANGUAGES],
    )


def _allowed(text: str) -> str:
    """What a content security policy calls an inline style or script."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _style(view: PlanView) -> str:
    """The style of the page; each language's sheets of paper say that they are internal."""
    written = [(_HERE / "static" / name).read_text("utf-8") for name in _STYLES]
    translators = {_code(language): Translator(language) for language in LANGUAGES}
    written += [
        f'@page {code}{{@top-right{{content:"{translator.gettext(_INTERNAL)}"}}}}'
        for code, translator in translators.items()
    ]
    shown = (*(each for _sign, each in view.fits), *view.open_excerpts)
    hidden = rules(shown, [f"{code}-" for code in translators])
    return "".join((*written, f"@media screen{{{hidden}}}"))


def _code(language: str) -> str:
    """What the anchors of a language begin with."""
    return language.partition("-")[0]


def _half(view: PlanView, bridge: BridgeSection, translator: Translator) -> Half:
    code = _code(translator.language)
    template = _environment(translator).get_template("report/half.html")
    return Half(
        language=translator.language,
        code=code,
        name=_NAMES[translator.language],
        brand=_BRANDS[translator.language],
        mark=translator.gettext(_INTERNAL),
        quick=translator.gettext(_QUICK) if is_quick(view.document) else "",
        body=template.render(
            view=view,
            bridge=bridge,
            compared=compare_view(view),
            prefix=f"{code}-",
            **_values(view.document),
        ),
    )


def _values(document: PlanDocument) -> dict[str, Any]:
    policy = document["policy"]
    return {
        "title": round_title(document),
        "policies": policy_rows(document),
        "figures": document["figures"],
        "share_of_best": share_of_best(document),
        "engine": document["engine"],
        "method": method_words(document),
        "seed": document["seed"],
        "budget": budget_words(document),
        "quick": is_quick(document),
        "max_exceptions": document.get("max_exceptions"),
        "proof": proof(document),
        "reproducible": document["reproducible"],
        "policy": {"name": word(POLICY_NAMES, policy), "aim": word(POLICY_AIMS, policy)},
        "inputs": [
            {"file": Said(source["file"]), "short": short_digest(source["sha256"])}
            for source in input_files(document)
        ],
        "strengths": _strength_steps(),
        "certainty": certainty(document),
        "is_at_every_bound": is_at_every_bound(document),
        "chosen": {"sign": BY_CHOICE[0], "word": Text(BY_CHOICE[1])},
        "limits": limits(document),
        "digest": re.findall(".{1,8}", document["digest"]),
    }


def _strength_steps() -> list[dict[str, object]]:
    tops = ["", *(f"{least:.2f}" for least, _sign, _word in STRENGTHS)]
    return [
        {"least": f"{least:.2f}", "most": most, "sign": sign, "word": Text(msgid)}
        for (least, sign, msgid), most in zip(STRENGTHS, tops, strict=False)
    ]


class _Compiled(BytecodeCache):
    """Templates as compiled in this process: the same for every language and every plan."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[str, CodeType]] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        checksum, code = self._kept.get(bucket.key, ("", None))
        if checksum == bucket.checksum:
            bucket.code = code

    def dump_bytecode(self, bucket: Bucket) -> None:
        assert bucket.code is not None
        self._kept[bucket.key] = bucket.checksum, bucket.code


_COMPILED = _Compiled()


def _environment(translator: Translator) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        bytecode_cache=_COMPILED,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    environment.policies["ext.i18n.trimmed"] = True
    environment.install_gettext_callables(  # type: ignore[attr-defined]  # added by the extension
        translator.gettext, translator.ngettext, newstyle=True
    )
    environment.globals["say"] = partial(
        rendered, translator=translator, show=partial(_shown, language=translator.language)
    )
    environment.globals["plain"] = partial(rendered, translator=translator, show=str)
    environment.globals["listed"] = listed
    environment.filters["short_digest"] = short_digest
    environment.filters["shown_score"] = shown_score
    return environment


def _shown(value: object, language: str) -> Markup:
    """Escaped; a user's own words are set apart, in the language that they were written in."""
    if not isinstance(value, Said):
        return escape(value)
    written = "zh-Hans" if _HAN.search(value) else "en" if _LATIN.search(value) else language
    lang = "" if written == language else f' lang="{written}"'
    return Markup(f"<bdi{lang}>{escape(value)}</bdi>")  # noqa: S704  (the user's words are escaped)
