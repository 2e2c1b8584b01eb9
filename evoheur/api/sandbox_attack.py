"""Attacks of the red team on this machine's isolation levels."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import asdict, dataclass

from evoheur.components import nearest
from evoheur.documents.machine_document import LevelDocument
from evoheur.errors import ConfigError
from evoheur.sandbox.interface import Entry, SandboxUnavailable
from evoheur.testing.red_team.attack import USUAL, Verdict
from evoheur.testing.red_team.attack_range import MakeSandbox
from evoheur.testing.red_team.levels import LevelUnderAttack, levels_to_attack
from evoheur.testing.red_team.team import ATTACKS, FAMILIES, SCORES, run_red_team
from evoheur.testing.red_team.verdict_tally import VerdictTally, tally

__all__ = [
    "FAMILIES",
    "AttackedLevel",
    "LevelUnderAttack",
    "attack_level",
    "attacks_in",
    "check_families",
    "levels_to_attack",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class AttackedLevel:
    """Results of the attacks on one isolation level.

    Attributes:
        level: Its name.
        obstacle: Why it does not work here; empty if it does.
        tallies: Of the attacks, family by family.
    """

    level: str
    obstacle: str = ""
    tallies: Sequence[VerdictTally] = ()

    @property
    def holds(self) -> bool:
        """Whether the level works and every promise was kept."""
        return not self.obstacle and not any(family.holes for family in self.tallies)

    def document(self) -> LevelDocument:
        """The attacks on a level as a document.

        Each family with its counts and the verdicts that are not "stopped".
        """
        families = [{**asdict(family), "attacks": family.attacks} for family in self.tallies]
        return LevelDocument(level=self.level, works=not self.obstacle, reason=self.obstacle, holds=self.holds, families=families)


_HONEST = "def answer(q):\n    return q"


def check_families(families: Sequence[str]) -> None:
    """Refuse families of attacks that do not exist.

    Raises:
        ConfigError: There is none of a name; says which there are.
    """
    for name in families:
        if name not in FAMILIES:
            raise ConfigError(
                f"There is no family of attacks named {name!r}{nearest(name, FAMILIES)}; known: {', '.join(FAMILIES)}."
            )


def attacks_in(families: Collection[str]) -> list[str]:
    """The names of the attacks in some families."""
    chosen = [attack.name for attack in ATTACKS if attack.family in families]
    return chosen + [attack.name for attack in SCORES if attack.family in families]


def attack_level(target: LevelUnderAttack, families: Collection[str], told: Callable[[str], None]) -> AttackedLevel:
    """Attack one isolation level.

    Args:
        target: The level.
        families: The attacks to run.
        told: Called with the level's name before the attacks and after each.

    Raises:
        SandboxUnavailable: The level works, and an attack broke it for good.
    """
    if obstacle := target.obstacle() or _refusal(target.make):
        return AttackedLevel(level=target.name, obstacle=obstacle)

    def watched() -> Iterator[Verdict]:
        told(target.name)
        for verdict in run_red_team(target.make, families=families):
            yield verdict
            told(target.name)

    return AttackedLevel(level=target.name, tallies=tally(watched(), promised=target.promised))


def _refusal(make: MakeSandbox) -> str:
    sandbox = make(Entry(module="evoheur.testing.hostile_entry", payload={}))
    try:
        session, _ = sandbox.open(_HONEST, USUAL)
        session.close()
    except SandboxUnavailable as error:
        return str(error)
    finally:
        sandbox.close()
    return ""
