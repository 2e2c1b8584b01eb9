"""Pictures of every page for the documentation: `python -m tests.evoheur.ui.support.screenshots FOLDER`.

They show real runs, which are made for them in a minute: a quickstart, and two methods with three seeds each.
"""

import contextlib
import io
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page

import evoheur
from tests.evoheur.ui.support.browser import chromium, looking
from tests.evoheur.ui.support.running_view import running_view

__all__ = ["take"]

_PAGES = {
    "runs": "/",
    "run": "/run/quickstart-1",
    "candidate": "/run/quickstart-1/candidate/best",
    "lineage": "/run/quickstart-1/lineage",
    "matrix": "/run/quickstart-1/matrix",
    "structure": "/run/quickstart-1/structure",
    "solutions": "/run/quickstart-1/solutions",
    "compare": "/compare?runs=eoh-*+random-*",
}
_SETTLED_MILLISECONDS = 8000  # within which every chart is drawn, and what is computed beside the page has come
_COLOURS = 64


def take(folder: Path, archive: Path) -> None:
    """Take a picture of every page.

    Args:
        folder: Where to; made if it is not there.
        archive: File with the runs that the pages show; named on them with its folder.
    """
    folder = folder.absolute()
    folder.mkdir(parents=True, exist_ok=True)
    with (
        contextlib.chdir(archive.parent.parent),  # since pages name the archive, and it should be called the same everywhere
        running_view(f"{archive.parent.name}/{archive.name}") as view,
        chromium() as browser,
        looking(browser, view.entrance) as onlooker,
    ):
        for name, place in _PAGES.items():
            onlooker.page.goto(view.base + place)
            if onlooker.page.locator("#waiting").count():
                onlooker.page.locator("#waiting").wait_for(state="hidden")
            onlooker.page.wait_for_timeout(_SETTLED_MILLISECONDS)
            _save(onlooker.page, folder / f"{name}.png")


def _save(page: Page, file: Path) -> None:
    """A picture in few colours, which is a third of the size and looks the same."""
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    picture.quantize(_COLOURS, dither=Image.Dither.NONE).save(file, optimize=True)


def _discover(archive: Path) -> None:
    evoheur.discover("quickstart", {"budget.evaluations": 400}, archive=archive, name="quickstart-1")
    for kind in ("eoh", "random"):
        for seed in (1, 2, 3):
            changes = {"strategy.kind": kind, "seed": seed, "budget.evaluations": 60, "validation.top": 2}
            evoheur.discover("quickstart", changes, archive=archive, name=f"{kind}-{seed}")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as _folder:
        _archive = Path(_folder) / "runs" / "evoheur.db"
        _discover(_archive)
        take(Path(sys.argv[1]), _archive)
