"""Online problems: each piece is decided on before the next arrives.

An instance arrives piece by piece. That a decision depends on nothing to come is enforced, not sampled. A heuristic can be scored in four
ways:

- **By its source.** `Problem.solver_in_source` reads a heuristic that is a formula off its source, which nobody executes; trusted code
  decides by the formula. What may become the best is scored in one of the other ways, too.
- **By a table.** `tabulate` asks the heuristic, before it is told anything of an instance, for all decisions it could ever be asked for.
  Trusted code then follows the table, so the process of the heuristic never holds an arrival.
- **In lock-step.** A fresh process of the heuristic is told arrival after arrival, each only when the decision on the last one is in.
  Whatever may become the best, and every score on validation, test or a user's own instances, must be decided so.
- **Beside the instance.** `solve` has all arrivals in the process of the heuristic. It is the quickest way for a heuristic without a table,
  and good enough to find out that a candidate is no good.
"""

import json
from abc import abstractmethod
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from evoheur.problem import INSTANCE_FEATURES, Heuristic, InstanceT, Json, Problem, to_json
from evoheur.textbook_rule import Information

__all__ = ["OnlineProblem"]


class OnlineProblem(Problem[InstanceT]):
    """A problem whose instances arrive piece by piece.

    A solution is the list of decisions, one per arrival.
    """

    information: Information = "online"

    @abstractmethod
    def known(self, instance: InstanceT) -> dict[str, Json]:
        """All that a heuristic may know before the first arrival.

        As JSON, such as the capacity; the same whatever arrives.
        """

    @abstractmethod
    def arrivals(self, instance: InstanceT) -> Sequence[Json]:
        """What arrives, in order, as JSON; each asks for one decision."""

    @abstractmethod
    def start(self, heuristic: Heuristic, known: Mapping[str, Json], rng: np.random.Generator) -> Callable[[Json], Json]:
        """Begin an instance with a heuristic.

        Runs in the guest, beside untrusted code.

        Args:
            heuristic: The candidate.
            known: What `known` gave.
            rng: As for `solve`.

        Returns:
            A function that takes an arrival and returns the decision on it.
        """

    @abstractmethod
    def with_arrivals(self, instance: InstanceT, arrivals: Sequence[Json]) -> InstanceT:
        """The same instance with other arrivals, at least one.

        Name and `known` stay the same. Contract tests make instances with it that begin alike and go on otherwise, on which textbook rules
        must begin alike too.
        """

    def arrivals_argument(self) -> str | None:
        """The argument that tells the first function how many pieces have arrived, the one at hand included.

        None where there is none. By it one heuristic can take over from another in the midst of a stream, as selectors want it. By default
        what the module `instance_features` beside `problem.py` has as ARRIVED. Runs on the trusted side.
        """
        if not self._has_beside(INSTANCE_FEATURES):
            return None
        name: str | None = getattr(self.trusted(INSTANCE_FEATURES), "ARRIVED", None)
        return name

    def solve(self, heuristic: Heuristic, instance: InstanceT, rng: np.random.Generator) -> list[Json]:
        """Decide on every arrival, with the instance in the heuristic's process.

        All goes through JSON, as it does in lock-step.
        """
        known, arrivals = json.loads(json.dumps(to_json([self.known(instance), self.arrivals(instance)])))
        decide = self.start(heuristic, known, rng)
        return [to_json(decide(arrival)) for arrival in arrivals]

    def table_scope(self, instance: InstanceT) -> Json | None:  # noqa: ARG002 - the argument is for overrides
        """All that a table of decisions depends on, as JSON.

        None where a table cannot be had, which is the default. Instances of one scope share a table. It must not tell anything of what
        arrives.
        """
        return None

    def tabulate(self, heuristic: Heuristic, scope: Json) -> Any:  # noqa: ARG002 - the arguments are for overrides
        """Ask a heuristic for all that it could decide.

        Runs in the guest; the default finds no table.

        Args:
            heuristic: The candidate. What its `notes` hold afterwards is kept with the results, also if there is no table.
            scope: What `table_scope` gave.

        Returns:
            The table as JSON, or a dictionary of JSON in which one value is bytes; None if this heuristic has none and must be asked
            arrival by arrival.
        """
        return None

    def follow(self, instance: InstanceT, table: Any) -> list[Json] | None:  # noqa: ARG002 - the arguments are for overrides
        """Decide on every arrival by a table.

        Runs in the trusted process; the default cannot.

        Args:
            instance: The trusted copy of the instance.
            table: What came out of the guest for the scope of this instance: JSON of any shape whatever, bytes of any length as a value
                of it.

        Returns:
            The decisions; None where this table does not tell them, so that the heuristic must be asked arrival by arrival.

        Raises:
            Infeasible: It is no table.
        """
        return None
