"""Tables that fit the width of a terminal.

Where one cannot be made narrow enough, its rows become lists.
"""

from collections.abc import Iterator

from rich import box
from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

__all__ = ["FittingTable"]

_UNBOUNDED = 100_000
_AROUND_A_CELL = 3  # a space on either side, and a border
_NARROWEST_PROSE = 9


class FittingTable(Table):
    """A table with a border, of the console's own characters.

    On a console that is too narrow for it, its headings are broken into lines, and where that is not enough, every row is printed as
    lines of "heading: cell" instead, folded where they have to be.

    Args:
        console: Where it will be printed.
    """

    def __init__(self, console: Console) -> None:
        super().__init__(box=box.ROUNDED if console.is_terminal else box.ASCII2, header_style="bold")

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        if self._least_width(console, options) > options.max_width:
            self._break_headings()
        if self._least_width(console, options) <= options.max_width:
            yield from super().__rich_console__(console, options)
        else:
            yield from self._lists()

    def _break_headings(self) -> None:
        for column in self.columns:
            column.header = str(column.header).replace(" ", "\n")

    def _least_width(self, console: Console, options: ConsoleOptions) -> int:
        """The least number of characters in a readable line.

        It shows figures whole, and prose in columns that can be read.
        """
        unbounded = options.update(max_width=_UNBOUNDED)
        width = 1
        for column in self.columns:
            cells = [column.header, *column.cells]
            whole = max(Measurement.get(console, unbounded, cell).maximum for cell in cells)
            width += _AROUND_A_CELL + (whole if column.no_wrap else min(whole, _NARROWEST_PROSE))
        return width

    def _lists(self) -> Iterator[RenderableType]:
        rows = zip(*(column.cells for column in self.columns), strict=True)
        for number, row in enumerate(rows):
            if number:
                yield Text("")
            for column, cell in zip(self.columns, row, strict=True):
                content = cell if isinstance(cell, Text) else Text(str(cell))
                if content.plain.strip():
                    heading = f"{column.header}: ".replace("\n", " ") if column.header else ""
                    yield Text.assemble((heading, "bold"), content, overflow="fold")
