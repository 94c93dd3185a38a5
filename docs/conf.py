"""How `make docs` builds these pages: from this checkout alone, without a network."""

import sys
from importlib import metadata
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

sys.path.insert(0, str(Path(__file__).parent / "_ext"))

project = "Lianqiao"
author = "The Lianqiao contributors"
release = version = metadata.version("lianqiao")

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "command_line",
    "issue_codes",
    "plain_docstrings",
]
myst_enable_extensions = ["deflist"]
myst_heading_anchors = 3
exclude_patterns = ["_build", "_ext"]

autodoc_member_order = "bysource"
autodoc_typehints_format = "short"
python_maximum_signature_line_length = 80
toc_object_entries_show_parents = "hide"

html_theme = "furo"
html_title = "Lianqiao 联桥"
html_copy_source = False
html_show_sphinx = False
html_show_copyright = False
html_static_path = ["_static"]
html_theme_options = {
    "light_css_variables": {
        "color-brand-primary": "#9e2a2b",
        "color-brand-content": "#14555c",
        "color-background-primary": "#fffdf9",
        "color-background-secondary": "#f8f5ee",
    },
    "dark_css_variables": {
        "color-brand-primary": "#f19a8d",
        "color-brand-content": "#7dc5c4",
        "color-background-primary": "#1a1916",
        "color-background-secondary": "#22201c",
    },
}
html_css_files = ["reading.css"]


def speak_chinese(
    _app: Sphinx, page: str, _template: str, context: dict[str, Any], _tree: object
) -> None:
    """Tell the browser which pages are Chinese: fonts, line breaks and screen readers follow it."""
    if page == "zh":
        context["language"] = "zh-Hans"


def setup(app: Sphinx) -> None:
    """Called by Sphinx."""
    app.connect("html-page-context", speak_chinese)
