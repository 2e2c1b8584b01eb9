"""Base classes and checks for authors of problems.

`Problem`, `Instance`, `Infeasible`, `Symmetry` and checks for answers are all that an author needs. A problem is a subclass of `Problem`:
the only one in the `problem.py` of a folder, or any class of a module. Its `solve` runs in the guest, beside untrusted code; everything
else runs in the trusted process. This module is imported by the guest, so it needs nothing heavier than NumPy.
"""

import ast
import dataclasses
import importlib
import importlib.util
import json
import zlib
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, Generic, Literal, TypeAlias, TypeVar, get_args

import numpy as np

from evoheur.answer_checks import Infeasible, Json, to_json, whole_numbers
from evoheur.drawing import Drawing
from evoheur.errors import ConfigError, EvoheurError
from evoheur.plugin_folders import import_beside
from evoheur.source_solver import SourceSolver
from evoheur.symmetry import Symmetry, scaled
from evoheur.textbook_rule import Information, RuleClass, RuleClasses, TextbookRule, Work

__all__ = [
    "SPLITS",
    "Aggregate",
    "Heuristic",
    "Infeasible",
    "Instance",
    "Json",
    "Problem",
    "RuleClass",
    "RuleClasses",
    "Split",
    "Symmetry",
    "TextbookRule",
    "become_guest",
    "in_guest",
    "scaled",
    "to_json",
    "whole_numbers",
]

Split: TypeAlias = Literal["train", "validation", "test"]
SPLITS: tuple[Split, ...] = get_args(Split)
Aggregate: TypeAlias = Literal["ratio_of_sums", "mean_of_gaps", "mean_cost"]

EXPRESSED_TEXTBOOK = "expressed_textbook"
"""The module beside `problem.py` with textbook rules as heuristics; no score depends on it."""

DRAWN_SOLUTION = "drawn_solution"
"""The module beside `problem.py` that draws solutions; no score depends on it."""

INSTANCE_FEATURES = "instance_features"
"""The module beside `problem.py` that describes instances for selectors; no score depends on it."""

_side: dict[str, bool] = {"guest": False}


@dataclass(frozen=True, kw_only=True)
class Instance:
    """One instance of a problem.

    Subclasses add the data that a heuristic may know, and nothing else (no optimum, no bound). Fields may be int, float, str, bool, tuples
    of these, or NumPy arrays.

    Attributes:
        name: Unique within its set.
        family: The group it is reported with, such as "weibull-5k-c100".
    """

    name: str
    family: str


@dataclass(slots=True)
class Heuristic:
    """A candidate as `Problem.solve` receives it.

    Call it like the function it is.

    Attributes:
        code: The candidate's source.
        functions: The problem's functions by name, as the candidate defines them.
        notes: What the solver wants recorded about how it went, such as {"path": "levels"}.
    """

    code: str
    functions: Mapping[str, Callable[..., Any]]
    notes: dict[str, str] = field(default_factory=dict)

    @property
    def entry(self) -> Callable[..., Any]:
        """The first (often the only) function of the problem's signature.

        Fetch it once before a hot loop.
        """
        return next(iter(self.functions.values()))

    def __call__(self, *args: Any) -> Any:
        """Call the entry."""
        return self.entry(*args)


InstanceT = TypeVar("InstanceT", bound=Instance)


class Problem(ABC, Generic[InstanceT]):
    """A combinatorial problem whose heuristic is to be discovered.

    The class docstring is told to the model. Costs are minimised; a problem that maximises returns the negative. Keyword
    arguments of the constructor are the problem's settings, named and typed so that a configuration can be checked against them.
    """

    heuristic: ClassVar[Callable[..., Any] | tuple[Callable[..., Any], ...]]
    """The function that evolves: its signature and docstring are the prompt, its body is the first candidate.

    Assign with `staticmethod`; give a tuple where several functions evolve together.
    """

    aggregate: ClassVar[Aggregate] = "mean_of_gaps"
    """How costs become one number: "ratio_of_sums" is 100·(Σ cost / Σ reference − 1), "mean_of_gaps" the mean of gaps in percent."""

    empty_answer_is_feasible: ClassVar[bool] = False
    """Whether leaving out everything, or a part of a solution, is a solution too, as where items may be chosen; `problems check` then
    does not take it for a mistake that such answers are priced."""

    references_are_bounds: ClassVar[bool] = False
    """Whether no solution of the problem's own instances can cost less than the reference, as is proven of bounds and optima, but not of
    best known values. Candidates that can no longer be good enough are then stopped early."""

    formats: ClassVar[tuple[str, ...]] = ()
    """The forms of files that `read_instances` reads, a line each with the suffixes first; `evoheur problems show` prints them."""

    interface: str = ""
    """What heuristics see of an instance, in a line for people, where a setting chooses; `evoheur problems show` prints it."""

    solution_suffix: ClassVar[str] = ".json"
    """Of the files that `write_solution` writes."""

    only_order_counts: bool = False
    """Whether only the order of the numbers that a heuristic returns counts, as where the highest score wins: `evoheur simplify` then takes
    factors, constants and rising functions from around them."""

    threads: ClassVar[int] = 0
    """How many threads `solve` may start in the sandbox, for a solver that works with several; a few more may get through. Their processor
    time counts together. With 0, the default, none can be started, by candidates neither."""

    libraries: Sequence[str] = ()
    """Packages beyond NumPy, numba and the standard library that candidates may import, such as `("scipy", "networkx")`, in the class or
    in the constructor: prompts name them, the screen lets them pass, and the jail holds them. They must be installed. Guests import
    what is named, with what that needs; so name a module where its package alone does not import that: "ortools.sat.python.cp_model"."""

    symmetries: Sequence[Symmetry[Any]] = ()
    """Changes of an instance that leave its solutions what they are, such as other units: `(scaled("lengths", by=1024),)`. A candidate
    that solves an instance another way then is `scale_dependent` and becomes no best one; the starting rule must keep to them."""
    information: Information = "offline"
    """What a heuristic of this problem knows at a decision, in the class or in the constructor; that of online problems is "online"."""

    work: Work = 1
    """How much `solve` does with a heuristic: so many passes over an instance, or "search"."""

    @abstractmethod
    def instances(self, split: Split) -> Sequence[InstanceT]:
        """The instances of a split, smallest first.

        They are equal in every process and on every call.
        """

    def resampled(self, seed: int) -> Sequence[InstanceT] | None:  # noqa: ARG002 - for those who override it
        """Fresh training instances, smallest first; None where none can be made.

        With `train.resample` candidates are bred on others every some hundred, so that no heuristic can learn the instances by heart.
        They are of the families of "train", as many of each, drawn from other seeds; references come by `reference` as for all. Equal
        seeds make equal instances in every process. Runs on the trusted side.

        Args:
            seed: From 0 to below 2^31; another one for every epoch of every run.
        """
        return None

    def variations(self) -> Mapping[str, tuple[float, float]]:
        """Parameters with which training instances can be drawn beside the families of "train".

        With `train.hard_instances` they evolve towards what a run's best heuristic is bad at. They should vary what makes instances unlike,
        such as the sizes of items beside a bin, and stay within what users have.

        Returns:
            Name → lowest and highest value. The first two are the axes of a grid. Empty, the default, where nothing can be varied.
        """
        return {}

    def varied(
        self,
        parameters: Mapping[str, float],  # noqa: ARG002 - for those who override it, as the others
        *,
        family: str,  # noqa: ARG002
        seed: int,  # noqa: ARG002
        count: int,  # noqa: ARG002
    ) -> Sequence[InstanceT] | None:
        """Training instances with parameters of their own; None, the default, where none can be made.

        Equal arguments make equal instances in every process. Runs on the trusted side.

        Args:
            parameters: Name → value, within the bounds of `variations`.
            family: Of all of them; names are to begin with it.
            seed: As `resampled` takes it.
            count: How many, at least 1.
        """
        return None

    def answer_bytes(self, instance: InstanceT) -> int | None:  # noqa: ARG002 - for those who override it
        """Size of the largest answer to an instance, in bytes of JSON.

        A longer answer of `solve` is not read. The default, None, allows four times the size of the encoded instance and some kilobytes,
        which is plenty where an answer names every part of the instance once; say how much it is where answers are longer, such as a list
        of all pairs.
        """
        return None

    def heuristic_calls(self, instance: InstanceT) -> int | None:  # noqa: ARG002 - for those who override it
        """How often `solve` calls the heuristic's functions on an instance, about.

        Prompts say how much time that leaves for a call. The default, None, says nothing of it.
        """
        return None

    def memory_bytes(self, instance: InstanceT) -> int:  # noqa: ARG002 - for those who override it
        """Memory that `solve` needs for an instance by itself, in bytes.

        An instance of a user's file that needs more than candidates are granted (`evaluation.limits.memory_mib`) is left out and named,
        so that no heuristic seems to fail at it. The default, 0, leaves nothing out.
        """
        return 0

    @abstractmethod
    def decode(self, data: Mapping[str, Json]) -> InstanceT:
        """Rebuild an instance in the guest from what `encode` gave.

        Arrays arrive as lists or arrays.
        """

    def encode(self, instance: InstanceT) -> dict[str, Json]:
        """All that the guest may know of an instance, as JSON.

        The default sends every field.
        """
        return {f.name: to_json(getattr(instance, f.name)) for f in dataclasses.fields(instance)}

    @abstractmethod
    def solve(self, heuristic: Heuristic, instance: InstanceT, rng: np.random.Generator) -> Any:
        """Build a solution with the heuristic.

        Runs in the guest, beside untrusted code; nothing it returns is trusted.

        Args:
            heuristic: The candidate.
            instance: The instance as `decode` made it.
            rng: Seeded by run seed and instance name, so that the same candidate always gets the same score.

        Returns:
            A solution as nested lists, numbers and arrays; it travels as JSON.
        """

    def solver_in_source(self, tree: ast.Module) -> SourceSolver[InstanceT] | None:  # noqa: ARG002 - for those who override it
        """Read a solver off a heuristic's source, without executing it.

        Runs in the trusted process; the default finds none. It must decide what the heuristic would, and refuse every source that leaves a
        doubt. What may become the best of a run is executed all the same, and has to cost what its source says.

        Args:
            tree: Of a source that defines the problem's functions; others read it too, so it must not be changed.
        """
        return None

    @abstractmethod
    def cost(self, instance: InstanceT, solution: Json) -> float:
        """Check a solution and price it, minimised.

        Runs in the trusted process.

        Args:
            instance: The trusted copy of the instance.
            solution: What came out of the guest: plain JSON of any shape whatever.

        Raises:
            Infeasible: The answer is no solution or breaks a constraint; says which, with the value.
        """

    def reference(self, instance: InstanceT) -> float | None:  # noqa: ARG002 - the argument is for overrides
        """Optimum, best known value or lower bound, in units of cost.

        None where there is none.
        """
        return None

    def measures(self, instance: InstanceT, solution: Json) -> Mapping[str, float]:  # noqa: ARG002 - the arguments are for overrides
        """Numbers that tell how a solution does it, not how well.

        They are axes of MAP-Elites' grid beside those of the code. Default: none. Runs in the trusted process. A candidate's measures are
        the means over the instances.

        Args:
            instance: The trusted copy of the instance.
            solution: A solution that `cost` accepted.

        Returns:
            Name → finite number, the same names for every instance; none that the code's own measures have ("nodes", "calls", …).
        """
        return {}

    def trusted(self, name: str) -> Any:
        """Import a module beside `problem.py` that the guest must not hold.

        What makes, reads or prices instances of other splits belongs there (generators, seeds, references, textbook rules, file
        readers), so that a candidate finds nothing in its process but the instances it is given. A problem in a single file need not
        care: then candidates hold its generator too, and can know its other splits.

        Args:
            name: The module's, without its package: "generate" for `generate.py`.

        Raises:
            EvoheurError: This is the guest.
        """
        if in_guest():
            raise EvoheurError(
                f"{type(self).__name__} wants its module {name!r} inside the guest, which must not hold it. Call it on the trusted side "
                "only: decode, solve and warm_up run in the guest too."
            )
        package, _, own = type(self).__module__.rpartition(".")
        return importlib.import_module(f"{package}.{name}") if package else import_beside(own, name)

    def textbook_rules(self) -> Mapping[str, Callable[[InstanceT], Any]]:
        """The textbook rules a practitioner would use instead.

        Name → solver, which returns a solution as `solve` does. A solver that knows more than heuristics do, or does more work, is
        wrapped in a `TextbookRule` that says so.
        """
        return {}

    def expressed_textbook(self) -> Mapping[str, Mapping[str, str]]:
        """Textbook rules written as heuristics, with which a search can begin.

        By default what the module `expressed_textbook` beside `problem.py` has as EXPRESSED; without one, none. Runs on the trusted side.

        Returns:
            Name of a textbook rule → function → an expression to return, or the lines of its body. Functions that are not named keep
            the problem's own body. A rule is left out where a setting takes away a function or an argument that it needs.
        """
        if not self._has_beside(EXPRESSED_TEXTBOOK):
            return {}
        expressed: Mapping[str, Mapping[str, str]] = self.trusted(EXPRESSED_TEXTBOOK).EXPRESSED
        return expressed

    def draw(self, instance: InstanceT, solution: Json) -> Drawing | None:
        """A picture of a solution; None to show a table instead.

        By default what the function `draw(instance, solution)` of the module `drawn_solution` beside `problem.py` returns, if there is one.
        Runs on the trusted side. Every part of the instance should be drawn once, whatever the solution.

        Args:
            instance: The trusted copy of the instance.
            solution: A solution that `cost` accepted.
        """
        if not self._has_beside(DRAWN_SOLUTION):
            return None
        drawing: Drawing | None = self.trusted(DRAWN_SOLUTION).draw(instance, solution)
        return drawing

    def features(self, instance: InstanceT) -> Mapping[str, float]:
        """What a selector may tell instances apart by, before any is solved; empty where nothing is known.

        By default what the function `features(instance)` of the module `instance_features` beside `problem.py` returns, if there is one.
        Runs on the trusted side. Features are free of units: the same numbers in metres and in miles.

        Args:
            instance: The trusted copy of the instance; of an online problem one with the first arrivals only.

        Returns:
            Name, an identifier → finite number, the same names for every instance.
        """
        if not self._has_beside(INSTANCE_FEATURES):
            return {}
        known: Mapping[str, float] = self.trusted(INSTANCE_FEATURES).features(instance)
        return known

    def coarse(self, instance: InstanceT, share: float) -> InstanceT | None:
        """A smaller instance on which heuristics are tried.

        None where none can be made, as of what arrives piece by piece. By default what the function `coarse(instance, share)` of the module
        `instance_features` beside `problem.py` returns, if it has one. Runs on the trusted side.

        Args:
            instance: The trusted copy of the instance.
            share: Of its parts that are left, above 0 and below 1.

        Returns:
            An instance of the same name and family, equal on every call.
        """
        make = getattr(self.trusted(INSTANCE_FEATURES), "coarse", None) if self._has_beside(INSTANCE_FEATURES) else None
        return None if make is None else make(instance, share)

    def _has_beside(self, module: str) -> bool:
        package = type(self).__module__.rpartition(".")[0]
        return bool(package) and importlib.util.find_spec(f"{package}.{module}") is not None

    def rule_classes(self) -> RuleClasses:
        """What heuristics and textbook rules know, and how much work they do."""
        textbook = {
            name: RuleClass(rule.information or self.information, rule.work or self.work)
            if isinstance(rule, TextbookRule)
            else RuleClass(self.information, self.work)
            for name, rule in self.textbook_rules().items()
        }
        return RuleClasses(own=RuleClass(self.information, self.work), textbook=textbook)

    def warm_up(self) -> None:
        """Compile kernels before any clock starts.

        Called once in the guest and once on the trusted side (`in_guest` tells which). The default does nothing.
        """

    def read_instances(self, path: Path) -> Sequence[InstanceT]:
        """Read a user's own instance file.

        Raises:
            ConfigError: The file is missing or not of a form this problem reads.
        """
        raise ConfigError(
            f"{type(self).__name__} reads no instance files, so {path} cannot be used; override read_instances to support it."
        )

    def write_solution(self, instance: InstanceT, solution: Json) -> str:
        """A solution as the text of a file.

        In the form that the problem's community reads; the default is JSON. Runs in the trusted process.

        Args:
            instance: The trusted copy of the instance.
            solution: A solution that `cost` accepted.
        """
        document = {"instance": instance.name, "cost": float(self.cost(instance, solution)), "solution": solution}
        return json.dumps(document) + "\n"

    def functions(self) -> tuple[Callable[..., Any], ...]:
        """The functions that evolve, in the order they are shown.

        Override it where a setting of the problem changes what a rule is told.
        """
        heuristic = type(self).heuristic
        return heuristic if isinstance(heuristic, tuple) else (heuristic,)


def instance_rng(seed: int, instance: str) -> np.random.Generator:
    """The random generator that a stochastic frame uses.

    It is a function of run seed and instance name alone.
    """
    return np.random.default_rng([seed & 0xFFFFFFFF, zlib.crc32(instance.encode())])


def become_guest() -> None:
    """Mark this process as one that will hold untrusted code.

    There is no way back.
    """
    _side["guest"] = True


def in_guest() -> bool:
    """Whether this process holds untrusted code, or will."""
    return _side["guest"]
