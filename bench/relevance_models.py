"""Relevance with each model beside the others, by the shipped weights.

    python bench/relevance_models.py [--cache FOLDER] [MODEL …]

The weights were fitted to the default model and on these pairs: read the lines against each other.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from relevance_judged import measure, read_judged
from twosided.relevance import load_encoder, relate

TESTS = Path(__file__).parent.parent / "tests"
FOLDERS = (
    TESTS / "data" / "district-a",
    TESTS / "twosided" / "relevance" / "other_city",
    TESTS / "twosided" / "relevance" / "english",
)


def print_model(name: str, folder: Path, cache: Path | None) -> None:
    judged = read_judged(folder)
    encoder = load_encoder(name, cache_folder=cache)
    for title, lists in (("all fields", judged), ("text only", judged.text_only())):
        start = time.perf_counter()
        score = relate(lists.needs, lists.offers, encoder=encoder).score / 1000.0
        seconds = time.perf_counter() - start
        figures = measure(score, lists.grades)
        shown = "  ".join(f"{key} {value:.3f}" for key, value in figures.items())
        print(f"{judged.name:<12}{name:<10}{title:<12}{shown}  {seconds:.1f} s")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("models", nargs="*", default=["default", "e5", "lexical"])
    parser.add_argument("--cache", type=Path, help="where vectors are kept")
    options = parser.parse_args()
    for folder in FOLDERS:
        for name in options.models:
            print_model(name, folder, options.cache)


if __name__ == "__main__":
    main()
