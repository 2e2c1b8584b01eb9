"""Access of the pages to the archive, which may be missing, down or replaced at any moment."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from evoheur import ArchiveError, ArchiveReader, open_archive
from evoheur.api.archives import archive_file
from evoheur.ui.background_work import BackgroundWork
from evoheur.ui.course_shelf import CourseShelf
from evoheur.ui.descent_shelf import DescentShelf
from evoheur.ui.overview_cache import OverviewCache
from evoheur.ui.shown_comparison import ComparisonCache

__all__ = ["ArchiveAccess"]


class ArchiveAccess:
    """Keeps one reader open for all pages, and opens it anew when the archive is another or has failed.

    Args:
        url: Where the archive is.

    Attributes:
        url: Where the archive is; may hold a password.
        overviews: Of its runs.
        courses: Of its runs that somebody looks at.
        comparisons: That somebody looks at.
        descents: Of those candidates.
        work: That takes longer than a page may.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self.overviews = OverviewCache()
        self.courses = CourseShelf()
        self.comparisons = ComparisonCache()
        self.descents = DescentShelf()
        self.work = BackgroundWork()
        self._lock = threading.Lock()
        self._reader: ArchiveReader | None = None
        self._file: tuple[int, int] | None = None

    @contextmanager
    def reading(self) -> Iterator[ArchiveReader]:
        """A reader of the archive as it is now.

        Raises:
            ArchiveError: There is none, it cannot be reached, or its schema is another version's; says what to do.
        """
        reader = self._opened()
        try:
            yield reader
        except ArchiveError:
            self.close()  # or a server that comes back would not be noticed, nor another schema in the same file
            raise

    def close(self) -> None:
        """Close the reader; harmless when repeated."""
        with self._lock:
            if self._reader is not None:
                self._reader.close()
            self._reader = None

    def _opened(self) -> ArchiveReader:
        file = _identity(archive_file(self.url))
        with self._lock:
            if self._reader is not None and file != self._file:
                self._reader.close()  # of a file that was deleted or replaced
                self._reader = None
                self.overviews.forget()
                self.courses.forget()
                self.comparisons.forget()
                self.descents.forget()
            if self._reader is None:
                self._reader, self._file = open_archive(self.url), file
            return self._reader


def _identity(path: Path | None) -> tuple[int, int] | None:
    """What tells a file from another of its name; None for a database server, and where there is none."""
    try:
        found = None if path is None else path.stat()
    except OSError:
        return None
    return None if found is None else (found.st_dev, found.st_ino)
