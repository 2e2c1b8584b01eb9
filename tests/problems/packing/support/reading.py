"""What the tests of every written form of a packing instance share."""

from collections.abc import Callable, Iterable

from evoheur.errors import ConfigError
from evoheur.problems.packing.drafts import PackingDraft, counted

__all__ = ["contents", "refusal"]


def contents(drafts: Iterable[PackingDraft]) -> list[tuple[str, int, list[int]]]:
    """Name, capacity and sizes of every instance."""
    found = []
    for draft in drafts:
        capacity, items = counted(draft)
        found.append((draft.name, capacity, items.tolist()))
    return found


def refusal(read: Callable[[str], object], text: str) -> ConfigError | None:
    """Why a text is refused, if it is."""
    try:
        read(text)
    except ConfigError as error:
        return error
    return None
