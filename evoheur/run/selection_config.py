"""Settings that say which heuristic is best: on train, at the end on validation, and in the audit."""

from typing import Any, Literal, Self

from pydantic import Field, field_validator, model_validator

from evoheur.components import Config
from evoheur.strategies.hard_instances import HardInstancesConfig
from evoheur.strategies.resampling import ResampleConfig

__all__ = ["AuditConfig", "KeptSolutionsConfig", "TrainConfig", "ValidationConfig"]


class TrainConfig(Config):
    """The objective that the search minimises."""

    relative_to: Literal["references", "textbook"] = "references"
    """"references": the gap over all instances. "textbook": in every family, the gap as a multiple of the best textbook rule's gap there;
    the objective is half the sum of the families' mean and the worst family, so that 1 is level with the textbook everywhere, and no
    family can be given up for another. The same holds for validation and test, by the rules' gaps there."""
    rules: tuple[str, ...] = ()
    """The textbook rules that count for "textbook". If none is named, those that know as much as heuristics do and do as much work; all of
    the problem's, if there are none of these."""
    resample: ResampleConfig | None = None
    """Whether training goes on with fresh instances of the same families now and then (`true`, or `{every: 100}` for so many candidates),
    on which the strategy's best are scored again. Which instances follows from the seed. Not with files of your own, a published set or
    tuning beside the search."""

    hard_instances: HardInstancesConfig | None = None
    """Whether families join the fresh instances that the best so far is bad at (`true`, or a mapping); with `resample` only, and not with
    `relative_to: textbook`. Their parameters evolve within bounds that the problem declares (`Problem.variations`)."""

    @field_validator("hard_instances", mode="before", json_schema_input_type=bool | HardInstancesConfig | None)
    @classmethod
    def _hard_switch(cls, value: Any) -> Any:
        return {True: {}, False: None}[value] if isinstance(value, bool) else value

    @field_validator("resample", mode="before", json_schema_input_type=bool | ResampleConfig | None)
    @classmethod
    def _switch(cls, value: Any) -> Any:
        return {True: {}, False: None}[value] if isinstance(value, bool) else value

    @model_validator(mode="after")
    def _measure_by_rules(self) -> Self:
        if self.rules and self.relative_to != "textbook":
            raise ValueError("rules are only measured by with relative_to: textbook; add that, or leave rules out")
        return self

    @model_validator(mode="after")
    def _draw_hard_instances_afresh(self) -> Self:
        if self.hard_instances is None:
            return self
        if self.resample is None:
            raise ValueError("hard_instances join fresh training instances; add resample: true, or leave hard_instances out")
        if self.relative_to == "textbook":
            raise ValueError(
                "hard_instances are a share of the instances, and with relative_to: textbook the worst family counts for half; leave one "
                "of the two out"
            )
        return self


class ValidationConfig(Config):
    """The scoring at the end, when the budget is spent."""

    top: int = Field(default=10, ge=0)
    """So many of the best candidates on train are scored on the validation split, and the best of them there is what `RUN/best` names;
    with 0 that is the best on train."""
    surpass_start: float | None = Field(default=None, gt=0.5, lt=1.0)
    """If set, `RUN/best` is candidate 0, the heuristic that the search begins from, unless the best on validation is better there with
    this confidence: by a paired test over the instances, stricter the more unlike candidates are scored. For a search that begins from a
    strong textbook rule, so that it does not end below it by luck. Unset, candidate 0 is no choice."""


class AuditConfig(Config):
    """The audit on fresh instances that no selection has seen, at the end and while the run goes on."""

    candidates: int = Field(default=10, ge=0)
    """So many of the best are scored, but no more than one for every 20 evaluations of the run, and always the one that `RUN/best` names;
    with 0 (`audit: false`) there is no audit."""
    instances: int = Field(default=60, ge=1)
    """At most so many instances, of all families; where the problem draws fewer, those."""
    every: int = Field(default=200, ge=0)
    """While the run goes on, the best so far is scored on these instances after so many evaluations, if it is another one than the last
    time, so that one sees whether what is gained on train is gained there; with 0 only the end is audited."""


class KeptSolutionsConfig(Config):
    """The solutions that are kept at the end, to be drawn."""

    instances: int = Field(default=6, ge=0)
    """The chosen candidate's and the baseline's solutions of so many validation instances are kept, of each family one at the most; with 0
    (`solutions: false`) none. `evoheur plot solution` makes others later."""
    kib: int = Field(default=256, ge=1)
    """Solutions that are longer as JSON, in KiB, are not kept."""
