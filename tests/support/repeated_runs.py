"""Runs and commands that `make test` leaves to the night: what each repeats has a cheaper proof by day, which is named."""

from collections.abc import Mapping

__all__ = ["FEWER_VARIANTS", "REPEATED_RUNS"]

_RUN = "tests/evoheur/run"
_CLI = "tests/evoheur/cli"

_OF_RUNS = {
    "test_funnel_runs.py::test_without_stages_there_is_none": "all runs without a funnel",
    "test_solution_keeping.py::test_a_resumed_run_keeps_*": "solutions of the chosen candidate, and runs that are resumed",
    "test_audit.py::test_every_bundled_problem_is_audited[[]cvrp_aco]": "the other problems",
    "test_audit_watch.py::test_a_resumed_run_looks_at_the_best_of_before": "a run looks at its best so far, as it does once it is resumed",
    "test_audit_watch.py::test_the_search_goes_the_same_way_without_it": "what remains of the best is stored beside it",
    "test_funnel_runs.py::test_known_heuristics_pass_it_by": "what is dropped is scored on its stages only",
    "test_loop.py::test_extending_the_budget_of_a_finished_run_continues_it": "`resume` with a larger budget, in `cli`",
    "test_loop_extras.py::test_what_the_loop_counts_*[[]evaluation]": "totals in `test_loop`, and those of tuning",
    "test_money_budgets.py::test_resume_needs_a_price_too": "a run needs a price",
    "test_money_budgets.py::test_replies_of_any_length_stay_near_the_budget": "what is in flight counts",
    "test_novelty.py::test_only_the_newest_are_looked_at": "twins of runs",
    "test_outage_runs.py::test_a_daily_quota_*": "a refused generator, and quotas in `generation`",
    "test_outage_runs.py::test_budgets_hold_at_their_boundary_among_faults": "all faults mixed in one run",
    "test_prompts_of_runs.py::test_changes_are_asked_for_where_*": "prompts that ask for changes, in `prompts`",
    "test_relative_objectives.py::test_a_run_that_never_cuts_*": "racing leaves the search as it was",
    "test_relative_objectives.py::test_objectives_of_candidates_*[[]train]": "the other split",
    "test_reply_watch.py::test_a_setting_goes_on_all_the_same": "empty replies stop a run",
    "test_reply_watch.py::test_an_outcome_of_the_log_stays_*": "replays of logs",
    "test_runs_with_twins.py::test_equal_forms_are_twins_*": "a twin has the evaluation of a candidate with other code",
    "test_runs_without_notes.py::test_notes_can_be_asked_for_*": "no call goes into a note",
    "test_runs_without_notes.py::test_a_method_without_notes_*": "no call goes into a note",
    "test_simplified_runs.py::test_it_is_not_simplified_twice": "what remains of the best is stored beside it",
    "test_solution_keeping.py::test_a_run_that_keeps_none_*": "solutions of the chosen candidate",
    "test_spending_estimates.py::test_after_twenty_replies_*[[]es]": "another strategy",
}
_OF_COMMANDS = {
    "commands/test_solve.py::test_the_best_of_a_run_is_the_best_on_train": "what the best on train is, in `api`",
    "commands/test_spend.py::test_tokens_are_priced_again": "`test_repricing`, in `generation`",
    "commands/test_compare.py::test_six_seeds_show_a_difference_*": "verdicts of comparisons, in `report`",
    "commands/test_compare.py::test_the_archives_control_arms_*": "control arms of a sweep, and comparisons in `report`",
    "commands/test_export.py::test_a_heuristic_of_two_functions_*": "exported files, in `api`",
    "commands/test_problem_folder.py::test_a_test_file_of_the_author_*": "hashes of problems, in `run`",
    "commands/test_solve.py::test_routes_are_written_*": "packings and tours",
    "commands/test_ui.py::test_without_the_extra_*[[][us]*": "the other extra",
    "test_changed_problem.py::test_a_changed_evoheur_*": "a change of one's own is told by its file",
    "test_changed_problem.py::test_a_comment_is_no_change": "hashes of problems, in `run`",
    "test_main.py::test_a_reader_that_went_away_*": "a reader that leaves early, in `terminal`",
    "test_widths.py::test_nothing_that_is_written_on_the_way_*[[][sd]*": "a run on its way, and tables",
}
_OTHERS = {
    "tests/evoheur/ui/pages/test_lineage_page.py::test_the_tree_follows_the_run": "a run that is followed and stopped there",
    "tests/evoheur/ui/pages/test_matrix_page.py::test_textbook_rules_join_*": "the matrix is that of the archive",
    "tests/evoheur/ui/pages/test_run_page.py::test_a_live_run_is_followed_*": "one that is followed and stopped there",
    "tests/evoheur/ui/pages/test_structure_page.py::test_a_search_tree_is_drawn": "a grid, and the search tree in `charts`",
    **{
        f"tests/end_to_end/test_python_examples.py::test_the_examples_of_docstrings_*[[]evoheur.api.{module}]": "the README's commands"
        for module in ("comparison_tables", "scoring", "simplifying")
    },
    "tests/end_to_end/test_shadowing.py::test_an_editable_installation_lists_its_own*": "an editable installation imports its own",
    "tests/evoheur/generation/test_fault_injection.py::test_an_outage_costs_no_request_*[[]down[123]]": "the first of these outages",
    "tests/evoheur/generation/test_fault_injection.py::test_a_pool_waits_where_all_members_are_down": "another member answers in an outage",
    "tests/evoheur/plots/test_run_report.py::test_a_browser_without_network_*": "no address is asked, and browsers in `ui`",
    "tests/evoheur/plots/test_figure_files.py::test_equal_figures_are_equal_files[[]p*": "the same for SVG",
    "tests/evoheur/api/test_audited_runs.py::test_a_planted_overfitter_is_named": "audits, in `run`",
    "tests/evoheur/api/test_rehearsed_spending.py::test_the_estimate_is_near_*": "estimates within thirty percent, which begin with it",
    "tests/evoheur/api/test_simplifying.py::test_source_and_file_simplify_alike": "what remains of a candidate, and files of `evaluate`",
    "tests/end_to_end/test_configs.py::test_a_shipped_configuration_runs_offline[[]eoh_cvrp_savings]": "the quickstart, and contracts",
    "tests/end_to_end/test_python_examples.py::test_a_block_of_python_runs[[]figures-0]": "the README's commands, and `plots`",
    "tests/problems/cvrp_aco/test_problem.py::test_local_search_is_named_*": "the improvement of routes itself, in `cvrp`",
    "tests/problems/tables/test_remaking.py::test_the_command_writes_*": "the command that remakes some",
    "tests/sandbox/test_red_team.py::test_it_would_be_believed[[]tail-300]": "forgeries that would be believed",
}

REPEATED_RUNS: Mapping[str, str] = {
    **{f"{_RUN}/{test}": why for test, why in _OF_RUNS.items()},
    **{f"{_CLI}/{test}": why for test, why in _OF_COMMANDS.items()},
    **_OTHERS,
}
"""Pattern of test ids → what proves the same by day in a cheaper form."""

FEWER_VARIANTS: Mapping[str, int] = {
    "tests/evoheur/api/test_standalone_solver.py::test_a_file_solves_an_instance_file_where_there_is_numpy_alone": 3,
    "tests/evoheur/archive/test_log_reading.py::test_a_log_is_read_as_it_was_written": 3,
    "tests/evoheur/archive/test_run_copying.py::test_a_copied_run_is_the_run_that_it_was": 3,
    "tests/evoheur/archive/test_run_copying.py::test_the_copy_goes_on_and_can_be_copied_back_under_another_name": 3,
    "tests/evoheur/archive/test_trace_reading.py::test_a_run_told_in_any_order_has_the_steps_of_its_log": 3,
    "tests/evoheur/archive/test_trace_reading.py::test_a_run_with_one_of_everything_has_the_steps_of_its_log": 3,
    "tests/evoheur/generation/mutation/test_other_shapes.py::test_variation_is_meaningful": 2,
    "tests/evoheur/generation/test_fault_injection.py::test_a_fault_of_one_prompt_costs_that_request_at_most": 2,
    "tests/evoheur/cli/test_read_only_archive.py::test_every_reader_reads_an_archive_that_cannot_be_written": 4,
}
"""Test function → of so many variants the day has one, in order, the first stays."""
