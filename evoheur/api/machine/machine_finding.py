"""The finding of one check of this machine."""

from dataclasses import asdict, dataclass
from typing import Any

from evoheur.documents.machine_document import FindingDocument

__all__ = ["MachineFinding"]


@dataclass(frozen=True, slots=True, kw_only=True)
class MachineFinding:
    """A finding of `evoheur doctor`: one thing and its state.

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
        """The finding as a document.

        Every attribute under its name; the remedy is empty if there is nothing to remedy.
        """
        return FindingDocument(**{**asdict(self), "remedy": "" if self.ok else self.remedy})
