"""What is known of a candidate that is to be kept: its origin, and its scores on the test split."""

from collections.abc import Sequence

import numpy as np
from scipy import stats

from evoheur.api.contender import Contender
from evoheur.api.contender_scores import ContenderScores, score_contender
from evoheur.api.gallery_entries import check_entry_name
from evoheur.api.scoring import instances_of
from evoheur.archive.records import CandidateRecord, RunRecord
from evoheur.candidate import InstanceResult, Status
from evoheur.documents.gallery_document import GalleryDocument, GalleryFamily, GalleryOrigin
from evoheur.errors import ConfigError

__all__ = ["described"]

_FEWEST_FOR_INTERVAL = 3


def described(contender: Contender, name: str, *, command: str | None = None) -> GalleryDocument:
    """Score a run's candidate on its problem's test split, and say what is known of it.

    Args:
        contender: A candidate on its run's own problem.
        name: That it gets.
        command: That finds it again.

    Raises:
        ConfigError: It is no candidate of a run, the name is none, or it does not solve the test split.
    """
    check_entry_name(name)
    if contender.run is None or contender.record is None or contender.code is None:
        raise ConfigError(f"{contender.name} is no candidate on the problem of its run; give RUN/NUMBER or RUN/best.")
    memory = contender.evaluation.limits.memory_mib
    instances = instances_of(contender.problem, contender.named, "test", None, memory_mib=memory)
    scores = score_contender(contender, instances, lambda _rule: None)
    if scores.evaluation.status is not Status.OK:
        raise ConfigError(
            f"{contender.name} does not solve the test split ({scores.evaluation.status.value}: {scores.evaluation.detail}), so it cannot "
            "be kept for use."
        )
    alike = contender.problem.rule_classes().alike(scores.rules)
    return GalleryDocument(
        format="gallery/1",
        name=name,
        problem=contender.named.name,
        settings=dict(contender.named.settings),
        thought=contender.record.candidate.thought,
        origin=GalleryOrigin(
            candidate=contender.record.id,
            found=contender.run.created_at.isoformat(timespec="seconds"),
            strategy=contender.run.config["strategy"]["kind"],
            generator=_generator(contender.record, contender.run),
            seed=contender.run.seed,
            evoheur=contender.run.evoheur_version,
            command=command,
        ),
        rule_class=str(scores.classes.own),
        unit_free=bool(contender.problem.symmetries) and contender.evaluation.scale_probe,
        gap=scores.gap(scores.evaluation),
        textbook={rule: scores.gap(scores.rules[rule]) for rule in alike},
        families=_families(scores, alike),
    )


def _generator(record: CandidateRecord, run: RunRecord) -> str:
    # Of what was simplified, the run's: the reply has the simplifier's name.
    if record.asked is None or record.asked.completion is None:
        return "none"
    return str(run.config["generator"]["kind"]) if record.is_simplified else record.asked.completion.model


def _families(scores: ContenderScores, alike: Sequence[str]) -> list[GalleryFamily]:
    by_rule = {rule: scores.family_gaps(scores.rules[rule]) for rule in alike}
    results: dict[str, list[InstanceResult]] = {}
    for result in scores.evaluation.results:
        results.setdefault(result.family, []).append(result)
    return [
        GalleryFamily(
            family=family,
            instances=len(solved),
            gap=gap,
            interval=_interval([result.gap for result in solved]),
            textbook=dict(sorted(((rule, gaps[family]) for rule, gaps in by_rule.items()), key=_by_gap)),
            seconds=sum(result.cpu_seconds for result in solved) / len(solved),
        )
        for (family, gap), solved in zip(scores.family_gaps(scores.evaluation).items(), results.values(), strict=True)
    ]


def _by_gap(rule: tuple[str, float | None]) -> float:
    return float("inf") if rule[1] is None else rule[1]


def _interval(gaps: Sequence[float | None]) -> tuple[float, float] | None:
    values = [gap for gap in gaps if gap is not None]
    if len(values) < max(len(gaps), _FEWEST_FOR_INTERVAL):
        return None
    found = stats.bootstrap(
        (np.asarray(values),), np.mean, n_resamples=9999, confidence_level=0.95, method="percentile", rng=np.random.default_rng(1)
    ).confidence_interval
    return float(found.low), float(found.high)
