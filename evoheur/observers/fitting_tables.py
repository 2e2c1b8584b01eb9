"""Tables that fit the width of a terminal.

Columns of least use are left out; where that is not enough, rows become lists.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from rich import box
from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

__all__ = ["FittingTable"]

_UNBOUNDED = 100_000
_AROUND_A_CELL = 3  # a space on either side, and a border
_NARROWEST_PROSE, _READABLE_PROSE = 9, 18


class FittingTable(Table):
    """A table with a border, of the console's own characters.

    On a console that is too narrow for it, its headings are broken into lines; then columns of least use are left out, and a line below
    names them. Where that is not enough, every row is printed as lines of "heading: cell" instead, folded where they have to be. Figures
    are never cut.

    Args:
        console: Where it will be printed.
        least_useful: Headings of the columns that may be left out, the first of them first.
    """

    def __init__(self, console: Console, *, least_useful: Sequence[str] = ()) -> None:
        super().__init__(box=box.ROUNDED if console.is_terminal else box.ASCII2, header_style="bold")
        self._least_useful = least_useful

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        left_out = list(self._leave_out(console, options))
        if self._least_width(console, options) > options.max_width:
            self._break_headings()
        if self._least_width(console, options) <= options.max_width:
            yield from super().__rich_console__(console, options)
        else:
            yield from self._lists()
        if left_out:
            yield Text(f"left out, for want of width: {', '.join(left_out)}", style="dim")

    def _leave_out(self, console: Console, options: ConsoleOptions) -> Iterator[str]:
        """Take out columns of least use until the others fit, and tell their headings."""
        for heading in self._least_useful:
            if self._least_width(console, options, prose=_READABLE_PROSE, broken=True) <= options.max_width:
                return
            kept = [column for column in self.columns if column.header != heading]
            if len(kept) < len(self.columns):
                self.columns = [replace(column, _index=place) for place, column in enumerate(kept)]
                yield heading

    def _break_headings(self) -> None:
        for column in self.columns:
            column.header = str(column.header).replace(" ", "\n")

    def _least_width(
        self, console: Console, options: ConsoleOptions, *, prose: int = _NARROWEST_PROSE, broken: bool = False
    ) -> int:
        """The least number of characters in a readable line.

        It shows figures whole, and prose in columns that can be read.

        Args:
            console: Where it is printed.
            options: Of the console.
            prose: Width of columns that may be wrapped.
            broken: Whether headings are broken into lines.
        """
        unbounded = options.update(max_width=_UNBOUNDED)
        width = 1
        for column in self.columns:
            heading = str(column.header).replace(" ", "\n") if broken else column.header
            cells = [heading, *column.cells]
            whole = max(Measurement.get(console, unbounded, cell).maximum for cell in cells)
            width += _AROUND_A_CELL + max(column.min_width or 0, whole if column.no_wrap else min(whole, prose))
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
