"""All attacks, run against a sandbox or against none.

Against none, they prove that they bite.
"""

from collections.abc import Collection, Iterator

from evoheur.sandbox.process import ProcessSandbox
from evoheur.testing.red_team.attack import Attack, ScoreAttack, Verdict
from evoheur.testing.red_team.attack_range import MakeSandbox, Range
from evoheur.testing.red_team.attacks.channels import CHANNELS
from evoheur.testing.red_team.attacks.file_access import FILES
from evoheur.testing.red_team.attacks.foresight import FORESIGHT
from evoheur.testing.red_team.attacks.frames import FRAMES
from evoheur.testing.red_team.attacks.introspection import INTROSPECTION
from evoheur.testing.red_team.attacks.ipc import IPC
from evoheur.testing.red_team.attacks.kernel_interfaces import KERNEL
from evoheur.testing.red_team.attacks.network import NETWORK
from evoheur.testing.red_team.attacks.others import OTHERS
from evoheur.testing.red_team.attacks.poison import POISON
from evoheur.testing.red_team.attacks.processes import PROCESSES
from evoheur.testing.red_team.attacks.resources import RESOURCES
from evoheur.testing.red_team.attacks.scores import SCORES as _ON_SCORES
from evoheur.testing.red_team.score_range import Believer, ScoreRange, bin_packing
from evoheur.testing.red_team.unconfined import Unconfined

__all__ = ["ATTACKS", "FAMILIES", "SCORES", "explanation", "run_control", "run_red_team"]

ATTACKS: tuple[Attack, ...] = (
    *FILES,
    *PROCESSES,
    *OTHERS,
    *NETWORK,
    *IPC,
    *KERNEL,
    *RESOURCES,
    *FRAMES,
    *POISON,
    *CHANNELS,
)
"""Those on the sandbox itself."""

SCORES: tuple[ScoreAttack, ...] = (*_ON_SCORES, *FORESIGHT, *INTROSPECTION)
"""Those on what is measured in it."""

FAMILIES: tuple[str, ...] = tuple(dict.fromkeys([*(attack.family for attack in ATTACKS), *(attack.family for attack in SCORES)]))
"""The groups that attacks are reported with, in the order they run."""


def run_red_team(make_sandbox: MakeSandbox, *, families: Collection[str] = FAMILIES) -> Iterator[Verdict]:
    """Run every attack against a sandbox.

    Args:
        make_sandbox: Makes the sandbox under test for an entry.
        families: Groups of attacks to run, all of them if none is named.

    Yields:
        One verdict per attack. One that is not blocked and has no `open_because` is a hole.

    Raises:
        SandboxUnavailable: The sandbox does not work here.
    """
    with Range(make_sandbox) as place:
        for attack in ATTACKS:
            if attack.family in families:
                yield place.run(attack)
    forgeries = [attack for attack in SCORES if attack.family in families]
    if forgeries:
        yield from _forge(make_sandbox, forgeries)


def _forge(make_sandbox: MakeSandbox, forgeries: list[ScoreAttack]) -> Iterator[Verdict]:
    scores = ScoreRange.guarded(bin_packing(), make_sandbox)
    try:
        for forgery in forgeries:
            yield scores.run(forgery)
    finally:
        scores.close()


def run_control() -> Iterator[Verdict]:
    """Run every attack where nothing stops it.

    This tells a wall from an attack that never works.

    Yields:
        One verdict per attack. One that is blocked has in its detail why it cannot bite here.
    """
    with Range(ProcessSandbox) as limited, Range(Unconfined) as free:
        for attack in ATTACKS:
            verdict = limited.run(attack)
            yield _explained(free.run(attack) if verdict.blocked else verdict, attack)
    target = bin_packing()
    scores = ScoreRange(target, Believer(target, ProcessSandbox))
    try:
        for forgery in SCORES:
            yield _explained(scores.run(forgery), forgery)
    finally:
        scores.close()


def explanation(verdict: Verdict, attack: Attack | ScoreAttack) -> str:
    """Why an attack cannot bite on this machine.

    If the verdict shows one of the reasons that the attack knows; else empty.
    """
    return next((reason for words, reason in attack.cannot_bite.items() if words in verdict.detail), "")


def _explained(verdict: Verdict, attack: Attack | ScoreAttack) -> Verdict:
    reason = explanation(verdict, attack)
    if not verdict.blocked or not reason:
        return verdict
    return Verdict(
        name=verdict.name, family=verdict.family, blocked=True, detail=f"cannot bite here: {reason} ({verdict.detail})"
    )
