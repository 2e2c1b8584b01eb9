"""One session of a run from start to summary.

Breed, then score the best on instances the search never saw.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from evoheur.archive.archive import Archive
from evoheur.archive.best_choice import best_validated
from evoheur.archive.records import CandidateRecord, RunRecord
from evoheur.candidate import AUDIT, Evaluation
from evoheur.errors import EvoheurError
from evoheur.evaluation.evaluation_task import EvaluationTask
from evoheur.evaluation.instance_set import InstanceSet
from evoheur.generation.generator import Generator
from evoheur.run.audit import Audit
from evoheur.run.audit_watch import AuditWatch
from evoheur.run.breeding_session import Breeding
from evoheur.run.events import Events, Preparing, RunStopped
from evoheur.run.instance_source import InstanceSource
from evoheur.run.loop import LoopEnd
from evoheur.run.run_spending import spending_of_run
from evoheur.run.simplified_candidate import remaining_candidate, simplify_on, simplifying_reply
from evoheur.run.solution_keeping import SolutionKeeping
from evoheur.run.textbook_evaluations import TextbookEvaluations
from evoheur.simplification.simplifier import Simplification, SimplifyConfig

__all__ = ["Discovery"]


@dataclass(kw_only=True)
class Discovery:
    """A wired run; make it with `assemble`.

    Attributes:
        run: The run's record as it was at the start.
        archive: Where everything goes.
        source: The instances of every split, trusted side.
        rules: The textbook rules on them.
        generator: Closed at the end.
        breeding: Breeds; its pipeline's workshop and executor are closed at the end.
        events: Who looks on.
        validated: So many of the best on train are scored on validation when the budget is spent.
        audit: Says which of the best are scored on fresh instances then.
        watch: Scores the best on them while the run goes on.
        keeping: Keeps solutions of the best then.
        simplifying: How far the best is simplified then, if at all.
    """

    run: RunRecord
    archive: Archive
    source: InstanceSource
    rules: TextbookEvaluations
    generator: Generator
    breeding: Breeding
    events: Events
    validated: int
    audit: Audit
    watch: AuditWatch
    keeping: SolutionKeeping
    simplifying: SimplifyConfig = field(default_factory=SimplifyConfig)

    async def discover(self) -> RunStopped:
        """Run one session.

        Cancel it for an immediate end, call `interrupt` for an orderly one.

        Returns:
            What happened; its status is "finished", "interrupted" or "failed", and only the first is final.

        Raises:
            EvoheurError: The run cannot start or go on at all (broken problem, diverged replay, broken strategy).
        """
        try:
            self.archive.record_textbook_gaps(self.run.id, "train", self.rules.gaps("train"))
            self.events.add(self.watch)
            ending = await self.breeding.breed()
            await self._end_watch(wait=ending.status == "finished")
            if ending.status == "finished":
                self.events.emit(Preparing(step="scoring the best on validation"))
                await self._validate()
                await self._audit()
                await self._simplify()
                await self._audit_what_remains()
                await self.keeping.keep()
        except EvoheurError as error:
            self.archive.finish(self.run.id, "failed", str(error))
            raise
        except asyncio.CancelledError:
            self.archive.finish(self.run.id, "interrupted", "stopped at once")
            raise
        finally:
            await self._end_watch(wait=False)
            await self.breeding.pipeline.close()
            await self.generator.close()
        return self._stopped(ending)

    def interrupt(self) -> None:
        """Ask for nothing more, and end; what is in flight is finished before."""
        self.breeding.stop(LoopEnd(status="interrupted", reason="interrupted by the user"))

    async def _end_watch(self, *, wait: bool) -> None:
        fault = await self.watch.close(wait=wait)
        best = self.archive.chosen(self.run.name) if fault is not None else None
        if fault is not None and best is not None and best.asked is not None:
            self.breeding.net.caught(best.asked, fault, "parsing", self.breeding.totals)

    async def _validate(self) -> None:
        records = [
            record for record in self.archive.best(self.run.name, self.validated) if "validation" not in record.evaluations
        ]
        baseline = self.archive.candidate(self.run.name, 0)
        if "validation" not in baseline.evaluations:
            records.append(baseline)
        await self._score(records, self.rules.instances("validation"), probe=True)

    async def _audit(self) -> None:
        best = self._best()
        records = self.audit.chosen(best, best_validated(best), self.breeding.totals.evaluations)
        if records:
            records.append(self.archive.candidate(self.run.name, 0))
        await self._score_fresh([record for record in records if AUDIT not in record.evaluations])

    async def _score_fresh(self, records: Sequence[CandidateRecord]) -> None:
        if records and not self.audit.refused:
            self.events.emit(Preparing(step="scoring the best on fresh instances"))
            await self._score(records, await asyncio.to_thread(self.audit.instances), probe=False)

    async def _score(self, records: Sequence[CandidateRecord], instances: InstanceSet, *, probe: bool) -> None:
        pipeline = self.breeding.pipeline
        tasks = (
            EvaluationTask(
                code=record.candidate.code, instances=instances, probe=probe, scale_probe=probe and pipeline.scale_probe
            )
            for record in records
        )
        scored = await asyncio.gather(*map(pipeline.executor.evaluate, tasks), return_exceptions=True)
        for record, evaluation in zip(records, scored, strict=True):
            self._scored(record, evaluation)

    def _scored(self, record: CandidateRecord, evaluation: Evaluation | BaseException) -> None:
        """Store a score on validation or of the audit.

        What raised leaves a candidate without one, and a resume that scores more tries it again.
        """
        if isinstance(evaluation, Evaluation):
            self.archive.record_evaluation(self.run.id, record.candidate.id, evaluation)
        elif isinstance(evaluation, EvoheurError) or not isinstance(evaluation, Exception) or record.asked is None:
            raise evaluation
        else:
            self.breeding.net.caught(record.asked, evaluation, "parsing", self.breeding.totals)

    async def _simplify(self) -> None:
        """Store what remains of the best heuristic when all is taken away that it does not need.

        Whatever goes wrong leaves it as it is: the run has what it is for.
        """
        best = self.archive.chosen(self.run.name) if self.simplifying.evaluations else None
        if best is None or best.asked is None or self.archive.simplified(best) is not None:
            return
        self.events.emit(Preparing(step="simplifying the best"))
        [found] = await asyncio.gather(self._simplified(best), return_exceptions=True)
        if isinstance(found, Simplification):
            if found.changed:
                remaining = remaining_candidate(best.candidate, found, found.after["train"])
                reply = simplifying_reply(found, self.simplifying.tolerance)
                others = [evaluation for split, evaluation in found.after.items() if split != "train"]
                self.archive.record_simplification(self.run.id, best.candidate, remaining, reply, others)
        elif isinstance(found, EvoheurError):
            self.events.emit(Preparing(step=f"leaving the best as it is, since simplifying failed: {found}"))
        elif isinstance(found, Exception):
            self.breeding.net.caught(best.asked, found, "parsing", self.breeding.totals)
        else:
            raise found

    async def _audit_what_remains(self) -> None:
        # A step of its own, since a run may have died between the two.
        remaining = self._remaining()
        if remaining is not None and AUDIT not in remaining.evaluations:
            await self._score_fresh([remaining])

    async def _simplified(self, best: CandidateRecord) -> Simplification:
        pipeline = self.breeding.pipeline
        epoch = best.candidate.evaluation.epoch
        return await simplify_on(
            best.candidate.code,
            pipeline.executor,
            self.source.problem,
            [self.rules.instances("train", epoch), self.rules.instances("validation")],
            config=self.simplifying,
            scale_probe=pipeline.scale_probe,
        )

    def _stopped(self, ending: LoopEnd) -> RunStopped:
        self.archive.finish(self.run.id, ending.status, ending.reason)
        self.events.emit(Preparing(step="scoring the textbook rules on validation"))
        self.archive.record_textbook_gaps(self.run.id, "validation", self.rules.gaps("validation"))
        epoch = self.breeding.pipeline.epoch
        if epoch:  # what is reported beside the textbook rules was scored on the newest instances
            self.archive.record_textbook_gaps(self.run.id, "train", self.rules.gaps("train", epoch))
        funnel, rivals = self.breeding.pipeline.funnel, self.breeding.pipeline.rivals
        train = self.rules.instances("train", epoch)
        stopped = RunStopped(
            run=self.archive.run(self.run.name),
            totals=self.breeding.totals,
            best=self._best(),
            baseline=self.archive.candidate(self.run.name, 0),
            textbook_rules=self._textbook_rules(),
            classes=self.source.problem.rule_classes(),
            no_audit=self.audit.refused if ending.status == "finished" else "",
            simplified=self._remaining(),
            audited=self.archive.audited(self.run.name),
            funnel=() if funnel is None else funnel.course(train),
            race=None if rivals is None else rivals.course(),
            estimate=self.breeding.estimate,
            waited=self.breeding.waited,
            spending=spending_of_run(self.archive, self.run.id),
        )
        self.events.emit(stopped)
        return stopped

    def _remaining(self) -> CandidateRecord | None:
        chosen = self.archive.chosen(self.run.name)
        return None if chosen is None else self.archive.simplified(chosen)

    def _best(self) -> Sequence[CandidateRecord]:
        return self.archive.best(self.run.name, max(1, self.validated))

    def _textbook_rules(self) -> Mapping[str, Mapping[str, Evaluation]]:
        train = self.rules.on("train", self.breeding.pipeline.epoch)
        return {"train": train, "validation": self.rules.on("validation")}
