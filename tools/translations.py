"""Collect every text of the product, keep the catalogues complete, compile them.

    python tools/translations.py           update lianqiao/locale/*/LC_MESSAGES/lianqiao.po and .mo
    python tools/translations.py --check   exit 1 if a text is untranslated or a file is stale

English is the source language. Texts of click that a user of the command line may see are part of
the catalogue: click looks them up in the current text domain.
"""

from __future__ import annotations

import io
import sys
from datetime import UTC, datetime
from pathlib import Path

import click
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir, extract_from_file
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parent.parent
LOCALE = ROOT / "lianqiao" / "locale"
LANGUAGES = ("zh_Hans",)
METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2")]
OPTIONS = {"**/templates/**.html": {"trimmed": "true", "newstyle_gettext": "true"}}
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "N_": None}
TIMELESS = datetime(2026, 1, 1, tzinfo=UTC)
CLICK_MODULES = ("core", "exceptions", "formatting", "parser", "types", "decorators")


def collected() -> Catalog:
    """Every msgid of the product and of click, sorted, without places (they would churn)."""
    catalogue = Catalog(project="lianqiao", charset="utf-8")
    found = extract_from_dir(
        ROOT / "lianqiao", METHODS, OPTIONS, keywords=KEYWORDS, comment_tags=()
    )
    for _file, _line, message, _comments, _context in found:
        catalogue.add(message)
    for module in CLICK_MODULES:
        source = Path(click.__file__).parent / f"{module}.py"
        for _line, message, _comments, _context in extract_from_file("python", source):
            catalogue.add(message)
    return catalogue


def merged(language: str) -> Catalog:
    """The catalogue of a language brought up to date; translations of unknown texts are dropped."""
    kept = LOCALE / language / "LC_MESSAGES" / "lianqiao.po"
    fresh = collected()
    if kept.exists():
        with kept.open("rb") as stream:
            known = read_po(stream, locale=language)
    else:
        known = Catalog(locale=language)
    catalogue = Catalog(locale=language, project="lianqiao", charset="utf-8")
    for message in fresh:
        if message.id:
            before = known.get(message.id) or known.get(_singular(message.id))
            catalogue.add(message.id, before.string if before else None)
    return catalogue


def _singular(msgid: object) -> str:
    return str(msgid[0]) if isinstance(msgid, list | tuple) else str(msgid)


def _is_translated(message: object) -> bool:
    string = message.string  # type: ignore[attr-defined]  # babel's Message has no stub here
    return all(string) if isinstance(string, list | tuple) else bool(string)


def po_bytes(catalogue: Catalog) -> bytes:
    """The .po file: sorted, without dates and places, so that equal texts give equal bytes."""
    stream = io.BytesIO()
    write_po(stream, catalogue, sort_output=True, no_location=True, omit_header=True, width=0)
    header = (
        'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n'
        f'"Language: {catalogue.locale_identifier}\\n"\n'
        f'"Plural-Forms: {catalogue.plural_forms}\\n"\n\n'
    )
    return header.encode() + stream.getvalue()


def mo_bytes(po: bytes, language: str) -> bytes:
    """The compiled catalogue of those bytes."""
    catalogue = read_po(io.BytesIO(po), locale=language)
    # Babel writes the clock into the header of a catalogue without dates; CI compares bytes.
    catalogue.creation_date = catalogue.revision_date = TIMELESS
    stream = io.BytesIO()
    write_mo(stream, catalogue)
    return stream.getvalue()


def main(arguments: list[str]) -> int:
    """Update or check; returns the exit status."""
    findings = []
    for language in LANGUAGES:
        folder = LOCALE / language / "LC_MESSAGES"
        catalogue = merged(language)
        missing = [_singular(m.id) for m in catalogue if m.id and not _is_translated(m)]
        findings += [f"{language}: not translated: {msgid!r}" for msgid in missing]
        po = po_bytes(catalogue)
        for name, fresh in (("lianqiao.po", po), ("lianqiao.mo", mo_bytes(po, language))):
            path = folder / name
            if "--check" not in arguments:
                folder.mkdir(parents=True, exist_ok=True)
                path.write_bytes(fresh)
            elif not path.exists() or path.read_bytes() != fresh:
                findings.append(f"{path.relative_to(ROOT)} is stale: run make translations")
    print("\n".join(findings) or "translations complete")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
