"""What may be said of a run's scores. Costs are over a reference of 100, so a cost of 103 is a gap of 3 %."""

from dataclasses import replace

from evoheur.archive.records import CandidateRecord
from evoheur.candidate import AUDIT, Evaluation
from evoheur.observers.conclusions import verdict
from evoheur.observers.number_text import Scale
from evoheur.textbook_rule import RuleClass, RuleClasses
from tests.evoheur.observers.support import made_up


def found(number: int, train: float, validation: float) -> CandidateRecord:
    """A candidate of these costs."""
    return made_up.record(number, made_up.scored(train), made_up.scored(validation, "validation"))


def test_says_that_the_best_beats_the_best_textbook_rule() -> None:
    """0.5 % on validation against 1 % of the sum of squares; its loss of 0.1 points is within what is normal."""
    assert verdict(made_up.stopped(found(17, 100.4, 100.5)), Scale.GAP) == [
        "On validation the best discovered heuristic beats the best textbook rule, sum_of_squares: 0.50 % against 1.00 %."
    ]


def test_says_that_it_does_not_even_if_it_beats_it_on_train() -> None:
    [sentence] = verdict(made_up.stopped(found(17, 100.95, 101.1)), Scale.GAP)
    assert sentence == (
        "On validation the best discovered heuristic does not beat the best textbook rule, sum_of_squares: 1.10 % against 1.00 %."
    )


def test_says_that_it_is_not_even_better_than_the_start() -> None:
    """4 % like the problem's own heuristic: the search found nothing."""
    _, sentence = verdict(made_up.stopped(found(17, 104.0, 104.0)), Scale.GAP)
    assert sentence == "It does not beat the problem's own heuristic, from which the search began: 4.00 %."


def test_a_difference_that_the_figures_do_not_show_is_no_win() -> None:
    [sentence] = verdict(made_up.stopped(found(17, 100.999, 100.999)), Scale.GAP)
    assert "is level with the best textbook rule" in sentence


def test_without_textbook_rules_the_problems_own_heuristic_is_the_mark() -> None:
    [sentence] = verdict(made_up.stopped(found(17, 103.0, 103.0), textbook_rules={}), Scale.GAP)
    assert sentence.endswith("beats the problem's own heuristic: 3.00 % against 4.00 %.")


def test_says_that_the_best_is_fitted_to_the_training_instances() -> None:
    """2 points worse on validation, where no rule is worse than on train: median shift 0."""
    _, sentence = verdict(made_up.stopped(found(17, 100.5, 102.5)), Scale.GAP)
    assert sentence == (
        "Its gap on validation is much worse than on train, by 2.00 points, while that of the rules changes by +0.00 (median): "
        "a sign that it is fitted to the training instances."
    )


def test_says_that_the_validation_instances_are_harder_for_all() -> None:
    """Rules lose 2 points (sum of squares), 2 (best fit) and 0 (own): median 2, which is all that the candidate loses."""
    rules = {
        "train": {"sum_of_squares": made_up.scored(101.0), "best_fit": made_up.scored(104.0)},
        "validation": {
            "sum_of_squares": made_up.scored(103.0, "validation"),
            "best_fit": made_up.scored(106.0, "validation"),
        },
    }
    first, second = verdict(made_up.stopped(found(17, 100.5, 102.5), textbook_rules=rules), Scale.GAP)
    assert "beats the best textbook rule, sum_of_squares: 2.50 % against 3.00 %" in first
    assert second.endswith("by 2.00 points; the rules lose 2.00 points too (median), so the validation instances are harder.")


def test_mean_costs_of_different_splits_are_not_compared() -> None:
    """As gaps, 2 % and 3.5 % would be called much worse."""
    stopped = made_up.stopped(found(17, 102.0, 103.5))
    assert len(verdict(stopped, Scale.COST)) == len(verdict(stopped, Scale.GAP)) - 1 == 1


def test_says_that_validation_chose_another_than_train_with_a_caution() -> None:
    first, caution = verdict(made_up.stopped(found(17, 100.5, 100.6), found(23, 100.6, 100.3)), Scale.GAP)
    assert first.endswith("0.30 % against 1.00 %.")
    assert caution == (
        "made-up-1/23 was chosen by validation, of the 2 best on train (made-up-1/17 is best on train and has 0.60 % here), "
        "and looks better there than it is; judge it on test."
    )


def test_says_that_the_start_stays_the_best() -> None:
    """23 is lower on one instance, which shows nothing."""
    plain = made_up.stopped(found(23, 100.6, 103.0))
    asked = replace(plain, run=replace(plain.run, config={**plain.run.config, "validation": {"surpass_start": 0.95}}))
    stays, against = verdict(asked, Scale.GAP)
    assert stays == (
        "The start stays the best, 4.00 % on validation: that anything found is better there is not shown with the confidence asked for "
        "(validation.surpass_start). The lowest is made-up-1/23 with 3.00 %."
    )
    assert against == (
        "On validation the problem's own heuristic does not beat the best textbook rule, sum_of_squares: 4.00 % against 1.00 %."
    )


def test_what_is_best_on_both_needs_no_caution() -> None:
    assert len(verdict(made_up.stopped(found(17, 100.5, 100.3), found(23, 100.6, 100.3)), Scale.GAP)) == 1


def test_the_best_on_train_may_fail_on_validation() -> None:
    failing = made_up.record(17, made_up.scored(100.5), made_up.failed("validation"))
    _, caution = verdict(made_up.stopped(failing, found(23, 100.6, 100.3)), Scale.GAP)
    assert "(made-up-1/17 is best on train and has timeout here)" in caution


def test_ratios_to_the_textbook_that_fall_behind_are_told_without_points() -> None:
    """0.9 on train and 1.2 on validation, where no rule has another ratio than on train."""
    train, validation = ratio(0.9, "train"), ratio(1.2, "validation")
    rules = {split: {"best_fit": ratio(1.0, split)} for split in ("train", "validation")}
    own = made_up.stopped(made_up.record(17, train, validation), textbook_rules=rules)
    first, second = verdict(own, Scale.RATIO)[0], verdict(own, Scale.RATIO)[-1]
    assert first.endswith("does not beat the best textbook rule, best_fit: 1.200 x against 1.000 x.")
    assert second.startswith(
        "Its ratio to the textbook on validation is much worse than on train, by 0.30, while that of the rules"
    )


def ratio(objective: float, split: str) -> Evaluation:
    """An objective that is relative to textbook rules."""
    return replace(made_up.scored(101.0, split), objective=objective, objective_kind="textbook_ratio")


def test_without_a_score_on_validation_nothing_is_claimed() -> None:
    [sentence] = verdict(made_up.stopped(made_up.record(17, made_up.scored(100.5))), Scale.GAP)
    assert sentence == (
        "made-up-1/17 was not scored on validation, so nothing is known of it beyond the training instances; "
        "`evoheur evaluate made-up-1/17 --split validation` does it."
    )


def test_a_heuristic_that_fails_on_validation_is_not_recommended() -> None:
    best = made_up.record(17, made_up.scored(100.5), made_up.failed("validation"))
    [sentence] = verdict(made_up.stopped(best), Scale.GAP)
    assert sentence == "made-up-1/17 fails on validation (timeout: one: too slow), so it is no heuristic to rely on."


def test_rules_of_another_class_are_named_beside_it() -> None:
    """The sum of squares is told the horizon: best fit is what a discovery is compared with, and the other one is better."""
    classes = RuleClasses(
        own=RuleClass("online"),
        textbook={"best_fit": RuleClass("online"), "sum_of_squares": RuleClass("horizon known")},
    )
    stopped = replace(made_up.stopped(found(17, 103.0, 103.0)), classes=classes)
    assert verdict(stopped, Scale.GAP) == [
        (
            "On validation the best discovered heuristic beats the best textbook rule of its class (online, one pass), best_fit: "
            "3.00 % against 4.00 %."
        ),
        "Better, but of another class: sum_of_squares (horizon known, one pass) with 1.00 %.",
    ]
    assert len(verdict(replace(made_up.stopped(found(17, 100.5, 100.5)), classes=classes), Scale.GAP)) == 1


def test_with_rules_of_other_classes_alone_the_start_is_the_mark() -> None:
    """Nothing else is of the class of what is discovered."""
    classes = RuleClasses(
        own=RuleClass("online"),
        textbook={"best_fit": RuleClass("offline"), "sum_of_squares": RuleClass("offline", "search")},
    )
    sentence, _ = verdict(replace(made_up.stopped(found(17, 103.0, 103.0)), classes=classes), Scale.GAP)
    assert sentence.endswith("beats the problem's own heuristic: 3.00 % against 4.00 %.")


def audited(number: int, train: float, fresh: float) -> CandidateRecord:
    """A candidate of these costs on train and in the audit, on average over three instances that differ by up to 0.4."""
    return made_up.record(number, three(train, "train", number % 3 / 10), three(fresh, AUDIT, number % 3 / 10))


def three(cost: float, split: str, spread: float = 0.0) -> Evaluation:
    """Three instances of this mean cost."""
    one = made_up.scored(cost, split)
    results = [replace(one.results[0], instance=f"i{place}", cost=cost + (place - 1) * spread) for place in range(3)]
    return replace(one, results=tuple(results), aggregate="mean_of_gaps")


def of_course(*records: CandidateRecord) -> list[str]:
    """The sentences on the course of a run whose own heuristic costs 104 everywhere."""
    own = made_up.record(0, three(104.0, "train"), made_up.scored(104.0, "validation"), three(104.0, AUDIT))
    stopped = replace(made_up.stopped(found(17, 100.4, 100.5)), audited=records, baseline=own)
    return verdict(stopped, Scale.GAP)[1:]


def test_the_course_of_leads_is_told_where_there_is_one() -> None:
    """Of those that were the best when they came; what train and fresh instances have gained is 1, 2 and 3, and 1, 1.5 and 2.5 points."""
    assert of_course() == of_course(audited(3, 103.0, 103.0)) == []
    [told] = of_course(audited(3, 103.0, 103.0), audited(5, 102.0, 102.5), audited(6, 103.5, 104.0), audited(9, 101.0, 101.5))
    assert told == (
        "Leads in the course of the run, on train (on fresh instances), in points: "
        "1.00 (1.00) by candidate 3, 2.00 (1.50) by candidate 5, 3.00 (2.50) by candidate 9."
    )


def test_it_is_said_since_when_only_train_gains() -> None:
    """Of 1.5 points that are gained on train since candidate 5, the contrary is found on fresh instances."""
    _, diverging = of_course(
        audited(3, 103.0, 103.0), audited(5, 102.0, 102.5), audited(9, 101.0, 103.5), audited(12, 100.5, 103.25)
    )
    assert diverging == (
        "Since candidate 5 only train gains: 1.50 points there, and -0.75 [-1.25, -0.25] on fresh instances; what is missing there is more "
        "than chance explains."
    )


def test_of_what_may_be_chance_nothing_is_said() -> None:
    """A loss of 0.02 on fresh instances, whose differences are as large."""
    assert len(of_course(audited(5, 102.0, 102.5), audited(9, 101.9, 102.52))) == 1


def test_of_a_long_course_six_steps_are_told() -> None:
    [told] = of_course(*(audited(number, 104.0 - number / 20, 104.0 - number / 30) for number in range(1, 41)))
    assert told.count("by candidate") == 6
    assert "by candidate 1," in told
    assert told.endswith("by candidate 40.")
