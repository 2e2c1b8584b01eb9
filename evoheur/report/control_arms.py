"""The control arms of a comparison, and the verdict against the plain loop.

A method that does not beat (1+1) at equal calls has not shown that what it adds to the plain loop does anything.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from evoheur.archive.records import RunRecord
from evoheur.report.arms import Arm, search_settings
from evoheur.report.equal_budget import Cut, EqualBudget, Figure, PairedTest
from evoheur.report.statistics import LEVEL, seeds_needed
from evoheur.strategies.evolution_strategy import is_plain_loop

__all__ = ["AgainstControl", "ControlVerdict", "Standing", "control_runs", "control_verdict"]

Standing: TypeAlias = Literal["better", "worse", "not shown", "no shared seed"]
"""How an arm stands against (1+1), after Holm's correction."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AgainstControl:
    """One arm against (1+1).

    Attributes:
        arm: Its label.
        standing: What is shown.
        difference: Median over the shared seeds of the arm's objective minus the control's; negative where the arm is better.
        p_holm: As in `PairedTest`; None without shared seeds.
        seeds: How many they share.
    """

    arm: str
    standing: Standing
    difference: float | None = None
    p_holm: float | None = None
    seeds: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlVerdict:
    """What a comparison shows against (1+1), at equal model calls.

    Attributes:
        control: Label of the arm that is (1+1); None if there is none.
        calls: The budget.
        figure: What was tested: validation where all tests on train have their like there, else train.
        arms: The other arms.
        pairs: How many pairs of arms Holm's rule corrects for.
    """

    control: str | None
    calls: int
    figure: Figure
    arms: tuple[AgainstControl, ...]
    pairs: int

    @property
    def sentence(self) -> str:
        """The verdict, for people."""
        if self.control is None:
            return (
                "No arm is the plain loop, (1+1), so nothing is shown about what these methods add to it; "
                "`evoheur sweep` runs it beside them."
            )
        if not self.arms:
            return f"The only arm is the plain loop, (1+1) ({self.control}), so there is nothing to compare it with."
        named = {standing: [each for each in self.arms if each.standing == standing] for standing in _IN_ORDER}
        better = [f"{each.arm} (p = {each.p_holm:.4f})" for each in named["better"]]
        subject = f"{', '.join(better)} beat{'s' if len(better) == 1 else ''}" if better else "no method is shown to beat"
        parts = [
            f"At {self.calls:,} model calls {subject} the plain loop, (1+1), on {self.figure} after Holm's correction{self._why()}"
        ]
        if named["worse"]:
            parts.append("worse than (1+1): " + ", ".join(f"{each.arm} (p = {each.p_holm:.4f})" for each in named["worse"]))
        if better and named["not shown"]:
            parts.append("not shown to differ: " + ", ".join(each.arm for each in named["not shown"]))
        if named["no shared seed"]:
            parts.append("without a shared seed: " + ", ".join(each.arm for each in named["no shared seed"]))
        return "; ".join(parts) + "."

    def _why(self) -> str:
        """That the seeds are too few to show anything, if they are."""
        seeds, needed = max(each.seeds for each in self.arms), seeds_needed(self.pairs)
        return f" ({seeds} shared seeds can show no difference; it takes {needed})" if seeds < needed else ""


_IN_ORDER: tuple[Standing, ...] = ("better", "worse", "not shown", "no shared seed")


def control_verdict(found: EqualBudget) -> ControlVerdict:
    """Judge the arms of a comparison against (1+1)."""
    cut = next(cut for cut in found.cuts if cut.axis == "calls")
    control = next((arm for arm in found.arms if _is_plain_loop(arm)), None)
    others = [arm for arm in found.arms if arm is not control]
    figure: Figure = "validation" if _fully_validated(cut) else "train"
    tests = [test for test in cut.tests if test.figure == figure]
    return ControlVerdict(
        control=None if control is None else control.label,
        calls=cut.budget,
        figure=figure,
        arms=() if control is None else tuple(_against(arm.label, control.label, tests) for arm in others),
        pairs=max(1, len(tests)),
    )


def _is_plain_loop(arm: Arm) -> bool:
    return _kind_of_control(arm.runs[0].config) == "es"


def _kind_of_control(config: Mapping[str, Any]) -> str | None:
    """The kind of control arm: "es" for (1+1), "random" for random sampling, None for what is neither."""
    strategy = config.get("strategy")
    if not isinstance(strategy, Mapping):
        return None
    return "es" if is_plain_loop(strategy) else "random" if strategy.get("kind") == "random" else None


def _fully_validated(cut: Cut) -> bool:
    seeds = {
        figure: [(t.first, t.second, len(t.differences)) for t in cut.tests if t.figure == figure]
        for figure in ("train", "validation")
    }
    return bool(seeds["train"]) and seeds["train"] == seeds["validation"]


def _against(arm: str, control: str, tests: Sequence[PairedTest]) -> AgainstControl:
    for test in tests:
        if {test.first, test.second} == {arm, control}:
            difference = test.median_difference if test.first == arm else -test.median_difference
            wins = test.wins if test.first == arm else test.wins[::-1]
            better = wins[0] > wins[1] if difference == 0 else difference < 0
            standing: Standing = "not shown" if test.p_holm > LEVEL else "better" if better else "worse"
            return AgainstControl(
                arm=arm, standing=standing, difference=difference, p_holm=test.p_holm, seeds=len(test.differences)
            )
    return AgainstControl(arm=arm, standing="no shared seed")


def control_runs(there: Sequence[RunRecord], chosen: Sequence[RunRecord]) -> list[RunRecord]:
    """The runs of control arms that belong beside others.

    Finished ones with the seeds, budget and settings of some of them, all but the strategy; none of an arm that is among them.

    Args:
        there: All runs of an archive.
        chosen: The others.
    """
    present = {_kind_of_control(run.config) for run in chosen}
    wanted = [_beside_strategy(run) for run in chosen]
    return [
        run
        for run in there
        if run.status == "finished"
        and (kind := _kind_of_control(run.config)) is not None
        and kind not in present
        and _beside_strategy(run) in wanted
    ]


def _beside_strategy(run: RunRecord) -> dict[str, Any]:
    """All that must be equal for a control run to belong to another: everything but the strategy."""
    settings = {key: value for key, value in search_settings(run.config).items() if not key.startswith("strategy.")}
    fixed = {key: run.config.get(key) for key in ("budget", "train")}
    return {**settings, **fixed, "seed": run.seed, "problem_hash": run.problem_hash}
