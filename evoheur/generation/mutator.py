"""The generator `mutator`: mutation and crossover without a model.

It changes the parents' syntax trees by type, and needs no key and no network. It stands where a language model stands and answers in the
same form, so that everything around it is the same; its search space is a grammar of typed expressions (strongly typed genetic programming:
Montana 1995, doi:10.1162/evco.1995.3.2.199), and its operators are those of EoH (Liu et al. 2024, arXiv:2401.02051) by what they do to
code: i1 draws a new heuristic, e1 one unlike the parents, e2 crosses two, m1 changes structure, m2 numbers, and m3 simplifies. What another
operator does to code, its strategy has to say (`OperatorCard.variation`).
"""

import random
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Literal, TypeAlias

from pydantic import Field

from evoheur.candidate import Candidate
from evoheur.errors import ConfigError, GenerationError, GeneratorRefused
from evoheur.generation.generator import Generator, GeneratorConfig, GeneratorContext
from evoheur.generation.mutation.breeding import Breeder, Offspring, Parent, Stuck
from evoheur.generation.mutation.typed_signature import baseline_source, read_signature
from evoheur.request import Completion, Message, Request
from evoheur.variation import SPLICED, VARIATION_OF_OPERATOR, VARIATIONS, Variation

__all__ = ["MAX_PARENT", "Breeds", "Mutator", "MutatorConfig"]

Breeds: TypeAlias = Callable[[Variation, Sequence[Parent], int], Awaitable[Offspring]]
"""Breeds as `Breeder.breed` does, from the seed of its randomness."""

MAX_PARENT = 10_000
"""Longest code that is edited, in characters: to look for what could change in a longer one takes seconds, and all else waits."""

_NAME = "mutator"
_NOTE = (
    "This is the offline generator: it edits code (i1, e1, e2, m1, m2, m3) and has no model to reflect with, so it has nothing to say "
    "about these heuristics."
)


class MutatorConfig(GeneratorConfig):
    """Settings of the offline generator."""

    kind: Literal["mutator"] = "mutator"

    max_nodes: int = Field(default=60, ge=10)
    """Largest size of each function of a candidate in variables, numbers, operators and calls; a parent that is larger already is never
    made larger. On online bin packing 120 found no better heuristics than 60, and 35 found worse ones."""

    order_terms: bool | None = None
    """Whether new terms may depend on an array's mean, median, minimum or spread. If not set: where a function is given a matrix, they
    may, since distances say little without others to compare them with; elsewhere they may not, since a heuristic that scores each entry by
    itself can be tabulated, which makes evaluation about a hundred times faster."""

    nonnegative: bool = True
    """Whether numbers that come in may be taken to be at least 0, as sizes, capacities and distances are: a divisor such as `x + 1` then
    needs no guard. Set it to false for a problem with negative inputs."""

    def build(self, context: GeneratorContext) -> "Mutator":
        """Make the generator for a problem.

        Raises:
            ConfigError: What an operator of the strategy does to code is not known.
        """
        functions = context.problem.functions()
        signatures = [read_signature(function, nonnegative=self.nonnegative) for function in functions]
        breeder = Breeder(signatures, baseline_source(functions), max_nodes=self.max_nodes, order_terms=self.order_terms)
        known = {operator: _variation(operator, said) for operator, said in context.variations.items()}
        for operator, variation in known.items():
            if variation is None:
                raise ConfigError(_unknown(operator))
        return Mutator(breeder, {operator: variation for operator, variation in known.items() if variation is not None})


class Mutator(Generator):
    """A generator that edits code instead of asking a model.

    Equal requests and seeds get equal replies, in every process.

    Attributes:
        breeder: Makes the candidates.

    Args:
        breeder: As the attribute.
        variations: Operator → what it does to code, beyond those that `VARIATION_OF_OPERATOR` knows.
    """

    def __init__(self, breeder: Breeder, variations: Mapping[str, Variation]) -> None:
        self.breeder = breeder
        self._variations = variations
        self._breeds: Breeds = self._breed

    def breed_with(self, breeds: Breeds) -> None:
        """Have somebody else do what its breeder does, such as another process."""
        self._breeds = breeds

    @property
    def online(self) -> bool:
        """False: no code comes in from outside."""
        return False

    @property
    def writes_notes(self) -> bool:
        """False: without a model there is nothing to say about heuristics."""
        return False

    async def complete(self, messages: Sequence[Message], request: Request, *, seed: int) -> Completion:  # noqa: ARG002 - reads no prose
        """Answer with a sentence in braces and a fenced code block.

        Or with a plain sentence where a note is asked for.

        Args:
            messages: Not read.
            request: Its operator and its parents' code are all that counts.
            seed: The only source of randomness.

        Raises:
            GenerationError: A parent is longer than `MAX_PARENT`, or cannot be changed in the way that the operator asks for.
            GeneratorRefused: What the operator does to code is not known.
        """
        if request.produces == "note":
            return Completion(text=_said_of(request.parents), model=_NAME)
        for parent in request.parents:
            if len(parent.code) > MAX_PARENT:
                raise GenerationError(
                    f"The offline generator edits code of up to {MAX_PARENT:,} characters; {_label(parent)} has {len(parent.code):,}.",
                    reason="too-long",
                )
        variation = _variation(request.operator, self._variations.get(request.operator))
        if variation is None:
            raise GeneratorRefused(_unknown(request.operator))
        parents = [Parent(_label(parent), parent.code) for parent in request.parents]
        if SPLICED in request.context:  # then the prompt shows a crossing that is taken as it is
            seed = int(request.context[SPLICED])
        try:
            draft = await self._breeds(variation, parents, seed)
        except Stuck as error:
            raise GenerationError(f"The offline generator failed: {error}.", reason="nothing-to-change") from error
        return Completion(text=draft.reply, model=_NAME)

    async def _breed(self, variation: Variation, parents: Sequence[Parent], seed: int) -> Offspring:
        return self.breeder.breed(variation, parents, random.Random(seed))  # noqa: S311 - no secret

    async def close(self) -> None:
        """Nothing is held open."""


def _variation(operator: str, said: Variation | None) -> Variation | None:
    """What an operator does to code.

    It is what its strategy says, or else what its name says, with or without a folder before it.
    """
    return said or VARIATION_OF_OPERATOR.get(operator.rpartition("/")[2])


def _unknown(operator: str) -> str:
    words = ", ".join(f'"{name}" ({meaning})' for name, meaning in VARIATIONS.items())
    return (
        f"The offline generator does not know what operator {operator!r} does to code; it knows {', '.join(VARIATION_OF_OPERATOR)}, and "
        f"operators whose card in the strategy's catalogue says it: OperatorCard(variation=...), one of {words}. Say it there, or take a "
        "generator with a model."
    )


def _said_of(parents: Sequence[Candidate]) -> str:
    """The sentence that a heuristic came with, which is true.

    Of several there is nothing to say without a model.
    """
    return parents[0].thought if len(parents) == 1 and parents[0].thought else _NOTE


def _label(parent: Candidate) -> str:
    return "the baseline" if parent.operator == "baseline" else f"parent {parent.id}"
