"""Which tests `make test` leaves to `make test-nightly`, beside those that are marked where they stand.

The day keeps the main proof of every module. What goes into the night costs much: variants of one proof that differ in a name only, of
which the day has one in so many, long proofs of what another test by day proves in a cheaper form, and details beyond the main proof.

An entry that no test has any more is an error of a whole run, so that none outlives what it names.
"""

import fnmatch
import re
from collections import Counter
from collections.abc import Mapping, Sequence

import pytest

from tests.support.details_of_parts import DETAILS_OF_PARTS, FEWER_BY_DAY
from tests.support.details_of_runs import DETAILS_OF_RUNS
from tests.support.repeated_runs import FEWER_VARIANTS, REPEATED_RUNS

__all__ = ["ONE_IN", "REPEATED", "send_into_the_night", "stale_entries"]

ONE_IN: Mapping[str, int] = {
    **FEWER_VARIANTS,
    **FEWER_BY_DAY,
    "tests/end_to_end/test_shadowing.py::test_an_editable_installation_lists_its_own": 4,
    "tests/end_to_end/test_warm_interpreter.py::test_a_command_ends_and_says_as_one_that_is_started": 4,
    "tests/evoheur/archive/test_objective_kind.py::test_a_kind_is_found_by_costs_and_references": 3,
    "tests/evoheur/cli/test_old_archive.py::test_it_is_resumed_from_its_log": 5,
    "tests/evoheur/cli/test_widths.py::test_nothing_of_a_run_is_wider_than_the_terminal": 3,
    "tests/evoheur/evaluation/ray/test_ray_executor.py::test_a_cluster_that_gives_no_worker_is_our_fault_and_says_what_to_do": 3,
    "tests/evoheur/evaluation/test_instance_set.py::test_an_honest_answer_has_room_to_spare": 3,
    "tests/evoheur/generation/mutation/test_breeding.py::test_nearly_all_candidates_run": 3,
    "tests/evoheur/generation/mutation/test_other_shapes.py::test_nearly_all_that_is_bred_runs": 2,
    "tests/evoheur/generation/test_parsing_any_text.py::test_repetitive_text_is_refused_within_bounds": 4,
    "tests/evoheur/prompts/test_render.py::test_a_prompt_may_ask_for_json": 3,
    "tests/evoheur/run/test_generation_budgets.py::test_a_strategy_without_generations_refuses_a_budget_of_them": 4,
    "tests/evoheur/run/test_spending_estimates.py::test_after_twenty_replies_it_is_within_thirty_percent": 3,
    "tests/evoheur/test_gallery.py::test_it_is_a_function_that_solves_the_smallest_training_instance": 2,
    "tests/evoheur/testing/test_hostile.py::test_the_mutator_answers_or_refuses": 3,
    "tests/evoheur/testing/test_strategy_contract.py::test_a_broken_rule_is_noticed": 3,
    "tests/problems/test_unit_free_routing.py::test_the_scale_probe_refuses_a_rule_that_mixes_units": 3,
    "tests/problems/tsp/test_large_instances.py::test_textbook_rules_build_the_same_tours": 4,
    "tests/sandbox/docker/test_contract.py::TestDocker::test_misbehaviour_is_reported": 3,
    "tests/sandbox/test_red_team.py::test_it_would_be_believed": 8,
    "tests/sandbox/test_red_team.py::test_knowing_the_future_is_called_cheating": 3,
}
"""Test function → of so many variants that it has by day, in order, the first stays."""

REPEATED: Mapping[str, str] = {
    **REPEATED_RUNS,
    **DETAILS_OF_RUNS,
    **DETAILS_OF_PARTS,
    "tests/docs/test_commands.py::test_every_command_does_what_the_page_says[[]docs/first-run.md]": "the README's commands",
    "tests/docs/test_commands.py::test_every_command_does_what_the_page_says[[]docs/methods.md]": "`grid` has tests of its own",
    "tests/end_to_end/test_extending_pages.py::test_the_commands_of_a_page_end_well[[]extending-[!p]*": "the page on packages",
    "tests/end_to_end/test_five_hundred_replies.py::*": "hostile replies, of which every candidate is stored",
    "tests/end_to_end/test_kill_and_resume.py::test_ctrl_c_*": "a signal ends a run in order, in `cli/terminal`",
    "tests/end_to_end/test_old_archives.py::test_the_extended_run_is_*": "old archives are resumed, in `cli`",
    "tests/evoheur/cli/commands/test_skill.py::test_its_commands_do_*": "its names and options are looked up, and the commands have tests",
    "tests/docs/test_notebooks.py::*marimo*": "a run inside a running loop, in `api`",
    "tests/end_to_end/test_server_archive.py::*": "locks, kills and lost servers in `archive`",
    "tests/evoheur/ui/pages/test_lineage_page.py::test_hostile_names_*": "hostile text of candidates, runs and problems on other pages",
    "tests/evoheur/ui/pages/test_matrix_page.py::test_hostile_names_*": "hostile text of candidates, runs and problems on other pages",
    "tests/evoheur/ui/pages/test_solutions_page.py::test_a_hostile_name_*": "hostile text of candidates, runs and problems on other pages",
    "tests/evoheur/plots/test_run_report.py::test_the_configuration_repeats_*": "a recorded configuration repeats its run",
    **{
        f"tests/end_to_end/test_python_examples.py::test_the_examples_of_docstrings_show_what_happens[[]{module}]": "the README's commands"
        for module in ("evoheur", "evoheur.api.archives", "evoheur.api.discover")
    },
    "tests/evoheur/cli/terminal/test_interrupted.py::test_a_second_signal_ends_it_at_once": "the first signal, and real kills",
    "tests/evoheur/cli/terminal/test_standard_streams.py::test_a_closed_standard_output_is_*": "all three streams closed",
    "tests/evoheur/cli/terminal/test_standard_streams.py::test_an_archive_never_gets_the_number_of_a_closed_stream": "closed streams",
    "tests/evoheur/cli/test_archive_hints.py::test_after_an_interruption*": "hints after a failure, and a real signal in `cli/terminal`",
    "tests/problems/*::*ContractWith*[[]the-starting-heuristic-*": "the contract of the problem as it is",
    "tests/problems/*::*ContractWith*[[]what-is-measured-*": "the contract of the problem as it is",
    "tests/problems/*::*Contract[A-Z]*[[]instances-are-the-same-*": "the contract of the problem as it is",
    "tests/problems/*::*Contract[A-Z]*[[]the-guest-holds-nothing-*": "the contract of the problem as it is",
    **dict.fromkeys(
        [
            f"tests/problems/{problems}/*::TestContract::*[[]{check}-*"
            for problems in ("bin_packing_o*_levels", "bin_packing_offline")
            for check in ("instances-are-the-same", "the-guest-holds-nothing")
        ],
        "the contract of bin_packing_online",
    ),
    "tests/problems/test_unit_free_routing.py::test_the_scale_probe_lets_*[[]cvrp_ruin_recreate-published]": "the other problems",
    "tests/problems/cvrp_ruin_recreate/test_problem.py::test_more_effort_finds_shorter_routes": "the contract and naive frames",
    "tests/end_to_end/test_configs.py::test_a_shipped_configuration_runs_offline[[]eoh_[bt]*": "the quickstart",
    "tests/end_to_end/test_example_plugins.py::test_a_stopped_run_*": "runs that are stopped",
    "tests/end_to_end/test_example_plugins.py::test_parts_beside_a_configuration_*": "a run uses all of them",
    "tests/end_to_end/test_faults.py::test_a_wrong_key_*": "a refused generator, in `run`",
    "tests/end_to_end/test_faults.py::test_every_call_*": "all faults mixed in one run, in `run`",
    "tests/end_to_end/test_old_archives.py::test_a_run_is_resumed_and_extended*": "old archives are resumed, in `cli`",
    "tests/end_to_end/test_reproducible.py::*": "another hash seed gives the same run, in the contract of strategies",
    "tests/end_to_end/test_shadowing.py::test_no_bundled_problem_*": "an editable installation imports its own",
    "tests/end_to_end/test_soak.py::*": "a longer soak by night",
    "tests/evoheur/api/test_audited_runs.py::test_audits_are_small_*": "the audit of every bundled problem, in `run`",
    "tests/evoheur/api/test_recordings.py::test_a_file_is_replayed_without_an_import": "`record` as a command, and other archives",
    "tests/evoheur/api/test_recordings.py::test_a_replay_has_the_same_rows*": "a replay that was interrupted has the same rows",
    "tests/evoheur/api/test_recordings.py::test_the_end_of_a_recording_ends_the_run": "an interrupted replay goes on to the same rows",
    "tests/evoheur/api/test_recordings.py::test_tuning_beside_a_replay_*": "tuning beside a search, in `test_loop_extras`",
    "tests/evoheur/api/test_standalone_solver.py::test_a_file_of_another_problem_*": "a file that solves where there is NumPy alone",
    "tests/evoheur/api/test_sweep_runs.py::test_outside_a_loop_*": "a run inside a running loop, in `test_discover`",
    "tests/evoheur/cli/commands/test_compare.py::test_of_many_pairs_*": "comparisons in `report`",
    "tests/evoheur/cli/commands/test_compare.py::test_validate_leaves_*": "a changed problem, in `cli`",
    "tests/evoheur/cli/commands/test_discoveries.py::test_the_same_command_again_*": "control arms of a sweep",
    "tests/evoheur/cli/commands/test_export.py::test_the_best_textbook_rule_*": "exported files, in `api`",
    "tests/evoheur/cli/commands/test_init.py::test_a_shipped_configuration_*": "shipped configurations, in `end_to_end`",
    "tests/evoheur/cli/commands/test_problem_check.py::test_a_cost_below_the_reference_*": "the check by its function, in `api`",
    "tests/evoheur/cli/commands/test_problem_check.py::test_it_prints_every_check_*": "a sound problem passes",
    "tests/evoheur/cli/commands/test_problem_folder.py::test_it_passes_its_checks_*": "the commands it suggests",
    "tests/evoheur/cli/commands/test_record.py::*": "recordings, in `api`, and the page on them by night",
    "tests/evoheur/cli/commands/test_run.py::test_a_run_that_is_refused_*": "a refused generator, in `run`",
    "tests/evoheur/cli/commands/test_sandbox.py::test_a_run_in_containers": "containers, in `sandbox`",
    "tests/evoheur/cli/commands/test_sandbox_check.py::test_the_command_attacks_*": "the red team",
    "tests/evoheur/cli/commands/test_schema.py::test_what_problems_check_*": "every schema is one",
    "tests/evoheur/cli/commands/test_solve.py::test_a_large_instance_*": "limits of time, in `api`",
    "tests/evoheur/cli/commands/test_sweep.py::test_a_strategy_may_come_*": "the control arms",
    "tests/evoheur/cli/commands/test_sweep.py::test_every_strategy_runs_*": "control arms of a sweep",
    "tests/evoheur/cli/terminal/test_standard_streams.py::test_a_run_goes_on_where_*": "a full disk under standard error",
    "tests/evoheur/cli/terminal/test_standard_streams.py::test_an_event_log_*": "a full disk under standard error",
    "tests/evoheur/cli/test_changed_problem.py::test_prompts_of_an_earlier_*": "prompts of earlier versions, in `prompts`",
    "tests/evoheur/cli/test_damaged_archive.py::test_half_an_archive_*": "values that no run has",
    "tests/evoheur/cli/test_read_only_archive.py::test_an_empty_log_*": "readers of such an archive",
    "tests/evoheur/evaluation/ray/test_secrets_and_orphans.py::test_a_run_that_is_killed_*": "closing leaves no process behind",
    "tests/evoheur/evaluation/ray/test_sharing.py::*": "a made-up cluster in `test_worker_pool`",
    "tests/evoheur/evaluation/test_evaluator.py::test_candidates_and_the_problems_own_kernels_*[[]auto]": "the other level",
    "tests/evoheur/run/test_audit_watch.py::test_a_fault_in_it_*": "the fault net",
    "tests/evoheur/run/test_audit_watch.py::test_it_can_be_left_to_the_end": "the audit at the end",
    "tests/evoheur/run/test_fault_net.py::test_a_reply_that_was_stored_before_a_kill_*": "crash points",
    "tests/evoheur/run/test_frozen_heap.py::test_an_error_ends_it": "what survives is set aside",
    "tests/evoheur/run/test_frozen_heap.py::test_rubbish_is_still_collected": "what survives is set aside, and the soak",
    "tests/evoheur/run/test_funnel_runs.py::test_every_strategy_goes_on_*": "crash points, and stages in the file's other tests",
    "tests/evoheur/run/test_generation_budgets.py::test_a_larger_budget_*": "the budget of a finished run is extended, in `test_loop`",
    "tests/evoheur/run/test_generation_budgets.py::test_so_many_generations_*[[][er]*[vo]*]": "eoh",
    "tests/evoheur/run/test_loop.py::test_a_generator_that_is_gone_*": "a refused generator",
    "tests/evoheur/run/test_loop.py::test_a_recorded_run_replays_*": "recordings in `api`",
    "tests/evoheur/run/test_loop_extras.py::test_a_run_with_tuning_is_interrupted_*": "runs that are interrupted",
    "tests/evoheur/run/test_loop_extras.py::test_what_the_loop_counts_*[[]repair]": "totals in `test_loop`, and those of tuning",
    "tests/evoheur/run/test_lost_calls.py::test_calls_tokens_and_money_*[[]8]": "one in flight",
    "tests/evoheur/run/test_money_budgets.py::test_what_is_in_flight_counts[[][ct]*]": "both budgets at once",
    "tests/evoheur/run/test_outage_runs.py::test_time_that_is_up_in_an_outage_ends_the_run": "budgets of time, and outages in `generation`",
    "tests/evoheur/run/test_prompts_of_runs.py::test_what_is_switched_off_is_not_told": "facts in `prompts`",
    "tests/evoheur/run/test_relative_objectives.py::test_it_goes_on_*": "runs that are resumed",
    "tests/evoheur/run/test_reply_watch.py::test_a_function_in_the_reasoning_*": "parsing of replies",
    "tests/evoheur/run/test_resampled_runs.py::test_a_run_extended_*": "other runs that are extended",
    "tests/evoheur/run/test_runs_with_twins.py::test_a_run_extended_*": "the same seed gives the same twins",
    "tests/evoheur/run/test_runs_with_twins.py::test_the_search_goes_the_same_way_*": "the same seed gives the same twins",
    "tests/evoheur/run/test_runs_without_notes.py::test_a_run_extended_*": "no call goes into a note",
    "tests/evoheur/run/test_scale_probe_runs.py::test_a_resumed_run_refuses_the_same": "resumed runs, and the scale probe in `evaluation`",
    "tests/evoheur/run/test_simplified_runs.py::test_a_run_extended_after_that_*": "runs without simplification that are extended",
    "tests/evoheur/run/test_spending_estimates.py::test_a_model_that_thinks_*": "estimates after twenty replies",
    "tests/evoheur/run/test_spending_estimates.py::test_a_resumed_run_estimates_*": "estimates after twenty replies",
    "tests/evoheur/run/test_spending_estimates.py::test_after_twenty_replies_*[[]funsearch]": "the other strategies",
    "tests/evoheur/run/test_step.py::test_totals_of_a_resumed_run_*": "totals of the loop and of the database",
    "tests/evoheur/run/test_structured_runs.py::*[[]refusing]": "the server that answers",
    "tests/evoheur/strategies/test_mcts_ahd.py::test_released_parents_*": "the published loop",
    "tests/evoheur/test_kernel_cache.py::test_kernels_kept_for_a_class_*": "another user with a home keeps kernels there",
    "tests/evoheur/test_plugin_folders.py::test_a_stored_run_finds_*": "a recipe takes its problem to another process",
    "tests/problems/cvrp/test_limits.py::*[[]cvrp_aco improved]": "the other frames",
    "tests/problems/cvrp_aco/test_problem.py::TestContractWithLocalSearch::*": "the contract as it is",
    "tests/problems/cvrp_ruin_recreate/test_search_by_order.py::TestContract::*": "the contract of the problem as it is",
    "tests/problems/flow_shop_iterated_greedy/test_problem.py::TestContract::*[[]instances-are-*": "insertion, of the same draws",
    "tests/problems/flow_shop_iterated_greedy/test_problem.py::TestContract::*[[]an-instance-*": "insertion, likewise",
    "tests/problems/tsp/test_family_splits.py::*[[]insertion]": "kicks",
    "tests/problems/tsp/test_large_instances.py::test_greedy_edge_*": "textbook rules build the same tours",
    "tests/sandbox/docker/test_rootfs.py::test_this_interpreter_*": "containers keep the contract of a sandbox",
    "tests/sandbox/test_jail.py::test_caching_kernels_*": "kernels compile inside",
    "tests/sandbox/test_jail_contract.py::TestFlatJail::test_started_processes_*": "the deep jail",
    "tests/sandbox/test_process.py::*::test_started_processes_*": "the deep jail",
    "tests/sandbox/test_red_team.py::test_it_is_stopped_when_an_ordinary_user_*": "the same attacks when root runs the search",
}
"""Pattern of test ids → what the day has instead: the same proof in a cheaper form, or that of which this is a detail."""

_NIGHTLY = "nightly"


def send_into_the_night(
    items: Sequence[pytest.Item], one_in: Mapping[str, int] = ONE_IN, repeated: Mapping[str, str] = REPEATED
) -> None:
    """Mark what the two tables say; what is marked already is none of a function's variants by day."""
    seen: Counter[str] = Counter()
    patterns = _any_of(repeated)
    for item in items:
        if item.get_closest_marker(_NIGHTLY):
            continue
        function = _function(item.nodeid)
        if patterns.match(item.nodeid):
            item.add_marker(_NIGHTLY)
        elif every := one_in.get(function):
            if seen[function] % every:
                item.add_marker(_NIGHTLY)
            seen[function] += 1


def stale_entries(ids: Sequence[str], one_in: Mapping[str, int] = ONE_IN, repeated: Mapping[str, str] = REPEATED) -> list[str]:
    """Keys of the tables that name none of these tests."""
    functions = set(map(_function, ids))
    stale = [function for function in one_in if function not in functions]
    return stale + [pattern for pattern in repeated if not any(map(_any_of([pattern]).match, ids))]


def _function(nodeid: str) -> str:
    return nodeid.partition("[")[0].partition("@")[0]


def _any_of(patterns: Sequence[str] | Mapping[str, str]) -> re.Pattern[str]:
    return re.compile("|".join(map(fnmatch.translate, patterns)) or "$.")  # nothing matches none
