"""Write the cells of the example notebooks as a page."""

import json
from collections.abc import Iterator
from pathlib import Path

__all__ = ["notebooks_page"]

_NOTEBOOKS = Path(__file__).parents[1] / "notebooks"


def notebooks_page() -> str:
    """Write the body of the page: Jupyter's cells as text and code, marimo's as the Python file that it is."""
    parts: list[str] = []
    for file in sorted(_NOTEBOOKS.glob("*.ipynb")):
        parts += [f"## {file.name}", *_cells(file)]
    for file in sorted(_NOTEBOOKS.glob("*.py")):
        parts += [f"## {file.name}", _code(file.read_text(encoding="utf-8"))]
    return "\n\n".join(parts)


def _cells(file: Path) -> Iterator[str]:
    for cell in json.loads(file.read_text(encoding="utf-8"))["cells"]:
        text = "".join(cell["source"])
        if cell["cell_type"] == "code":
            yield _code(text)
        else:
            yield text.replace("# ", "### ", 1) if text.startswith("# ") else text


def _code(text: str) -> str:
    return f"```python\n{text.strip()}\n```"
