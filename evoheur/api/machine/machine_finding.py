"""One thing `evoheur doctor` found out."""

from dataclasses import asdict, dataclass
from typing import Any

from evoheur.documents.machine_document import FindingDocument

__all__ = ["MachineFinding"]


@dataclass(frozen=True, slots=True, kw_only=True)
class MachineFinding:
    """What was looked at and how it is.

    Attributes:
        area: "machine", "isolation", "packages", "database" or "keys".
        name: What was looked at.
        ok: It is there and works.
        detail: The facts, for a person.
        needed: The quickstart cannot do without it.
        remedy: What to do if it is not ok.
        value: The facts, for a program: plain JSON.
    """

    area: str
    name: str
    ok: bool
    detail: str
    needed: bool = False
    remedy: str = ""
    value: Any = None

    def document(self) -> FindingDocument:
        """Every attribute under its name; the remedy is empty if there is nothing to remedy."""
        return FindingDocument(**{**asdict(self), "remedy": "" if self.ok else self.remedy})
