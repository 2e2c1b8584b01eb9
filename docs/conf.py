"""Settings of the site; `make docs` builds it, and every warning is an error."""

import sys
from pathlib import Path

from sphinx.application import Sphinx

sys.path.insert(0, str(Path(__file__).parents[1]))

from docs.page_writers.commands import commands_page
from docs.page_writers.configuration import configuration_page
from docs.page_writers.notebooks import notebooks_page
from docs.page_writers.python_api import python_api_page
from evoheur import __version__

project = "evoheur"
author = copyright = "The evoheur authors"  # noqa: A001 - Sphinx wants this name
release = __version__

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
exclude_patterns = ["__pycache__", "notebooks/*", "page_writers"]
html_theme = "furo"
html_title = f"evoheur {release}"

myst_heading_anchors = 4  # links to headings, made as on GitHub
myst_links_external_new_tab = False

autodoc_member_order = "bysource"
autodoc_typehints_format = "short"
napoleon_google_docstring = True
napoleon_numpy_docstring = False
default_role = "py:obj"  # docstrings write `names` as Markdown does: a link where there is something to link to, else code

GENERATED = {"commands": commands_page, "configuration": configuration_page, "api": python_api_page, "notebooks": notebooks_page}
MARK = "<!-- written by a program -->"


def write_page(_app: Sphinx, page: str, source: list[str]) -> None:
    """Put what a program writes in the place of a page's mark."""
    if page in GENERATED:
        before, mark, after = source[0].partition(MARK)
        if not mark:
            raise ValueError(f"docs/{page}.md lacks the line {MARK}; put it where the generated text goes.")
        source[0] = f"{before}{GENERATED[page]()}\n{after}"


def keep_colons(_app: Sphinx, what: str, _name: str, _value: object, _options: object, lines: list[str]) -> None:
    """Keep napoleon from taking what stands before a colon for a type; types are in the signatures.

    It does so in the first line of attributes, and in that of what a function returns.
    """
    if what in {"attribute", "data", "property"}:
        lines.insert(0, "")
    for place, line in enumerate(lines[:-1]):
        if line.strip() in {"Returns:", "Yields:"}:
            text = lines[place + 1]
            indent = text[: len(text) - len(text.lstrip())]
            lines[place + 1] = f"{indent}: {text.strip()}"


def setup(app: Sphinx) -> None:
    """Connect what changes pages and docstrings while they are read."""
    app.connect("source-read", write_page)
    app.connect("autodoc-process-docstring", keep_colons, priority=400)  # napoleon's is 500
