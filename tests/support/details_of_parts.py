"""What parts other than runs do in detail, which `make test` leaves to the night: by day each has its main proof.

Of contracts the day has all for a few, and for each of the others that it can be replayed,
asks for what is in the catalogue, and survives failures.
"""

from collections.abc import Mapping

__all__ = ["DETAILS_OF_PARTS", "FEWER_BY_DAY"]

_PARTS = {
    **dict.fromkeys(
        [
            "evoheur/charts/test_best_so_far.py::test_a_real_run_*",
            "evoheur/charts/test_candidate_points.py::*_real_run_*",
            "evoheur/charts/test_operator_earnings.py::test_a_real_run_*",
            "evoheur/charts/test_run_course.py::test_a_real_run_*",
            "evoheur/charts/test_run_course.py::test_the_axis_of_time_*",
        ],
        "made-up runs, in the same files",
    ),
    "evoheur/ui/pages/test_compare_page.py::test_the_page_says_*": "the command, and what the page is sent",
    "evoheur/archive/test_prompt_dictionaries.py::test_a_long_run_comes_back_*": "prompts of an old archive, and odd ones",
    "evoheur/archive/test_schema_state.py::test_a_drafted_revision_brings_*": "new and migrated archives have the same schema",
    "evoheur/archive/test_schema_state.py::test_a_drafted_revision_is_empty_*": "new and migrated archives have the same schema",
    "evoheur/archive/test_schema_state.py::test_on_a_server_too_*": "the same for files",
    "evoheur/archive/test_schema_state.py::test_processes_that_create_one_*": "new and migrated archives have the same schema",
    "evoheur/archive/test_schema_state.py::test_prompts_that_a_server_has_*": "prompts of an old archive, in `test_prompt_dictionaries`",
    "evoheur/archive/test_schema_state.py::test_whoever_upgrades_nothing_*": "upgrades of empty and current archives",
    "evoheur/archive/test_server_lock.py::test_of_processes_that_take_up_*": "processes that hold a run's file, in `test_run_lock`",
    "evoheur/charts/test_arm_curves.py::test_very_many_steps_*": "curves of few steps",
    "evoheur/charts/test_search_structure.py::test_what_is_put_around_*": "a replay shows what the live strategy holds",
    "evoheur/code/test_parses_of_a_run.py::test_taking_code_apart_*": "a reply is parsed twice",
    "evoheur/code/test_program.py::test_nobody_else_parses_*": "parses of a run are counted",
    "evoheur/plots/test_figure_files.py::test_a_name_that_says_*": "every kind of figure, in `cli`",
    "evoheur/plots/test_figure_files.py::test_figures_are_as_wide_*": "equal figures are equal files",
    "evoheur/plots/test_run_figures.py::test_drawing_leaves_matplotlib_*": "figures of runs and files",
    "evoheur/plots/test_run_report.py::test_a_real_run_is_told_whole*": "reports of made-up runs",
    "evoheur/plots/test_run_report.py::test_figures_of_one_page_*": "a real run is told whole",
    "evoheur/plots/test_run_report.py::test_what_cannot_be_told_*": "a run that found nothing",
    "evoheur/strategies/test_mcts_ahd.py::test_units_and_signs_*": "it conforms to the published loop",
    "evoheur/test_kernel_cache.py::test_a_umask_that_closes_*": "what is made is private",
    "evoheur/test_kernel_cache.py::test_a_user_whom_nobody_*": "another user without a home",
    "evoheur/test_kernel_cache.py::test_another_user_without_a_home_*": "another user with one",
    "evoheur/test_kernel_cache.py::test_kernels_compile_where_*": "a umask that keeps nothing",
    "evoheur/test_kernel_cache.py::test_numba_is_told_where_*": "another user keeps kernels at home",
    "evoheur/test_kernel_cache.py::test_the_guest_of_another_user_*": "another user with a home, and one without",
    "evoheur/test_plugin_folders.py::test_a_recipe_takes_its_sandbox_*": "a recipe takes its problem to another process",
    "evoheur/testing/test_hostile.py::test_every_strategy_breeds_from_*": "every reply is a code or a refusal",
    "evoheur/testing/test_strategy_contract.py::test_a_sound_strategy_passes*": "every strategy passes, and broken rules are noticed",
    "evoheur/ui/pages/test_candidate_page.py::test_hostile_texts_are_*": "hostile text on every page, in `test_hostile_text`",
    "evoheur/ui/pages/test_compare_page.py::test_what_is_marked_in_*": "what the page is sent, and marks on that of runs",
    "evoheur/ui/pages/test_run_page.py::test_a_note_and_tags_*": "tags and notes on the page of runs",
    "evoheur/ui/pages/test_solutions_page.py::test_a_run_of_which_nothing_*": "the same page with a table",
    "evoheur/ui/pages/test_solutions_page.py::test_another_instance_than_*": "the same page with a table",
    "evoheur/ui/pages/test_solutions_page.py::test_instance_and_heuristics_*": "the same page with a table",
    "evoheur/ui/pages/test_solutions_page.py::test_the_best_is_drawn_*": "the same page with a table, and drawings in `api`",
}
_OUTSIDE = {
    "end_to_end/test_canary_keys.py::test_a_key_in_an_address_*": "a key in a configuration, and the guard in `generation`",
    "docs/test_notebooks.py::test_the_jupyter_notebook_shows_*": "a run inside a running loop, in `api`, and the README's commands",
    "docs/test_web_view_page.py::test_a_command_of_the_page_*": "addresses of views in `ui`",
    "end_to_end/test_canary_keys.py::test_keys_are_nowhere_*": "a key in a configuration, and the guard in `generation`",
    "end_to_end/test_crash_points.py::test_a_run_that_died_at_every_kind_*": "a run that died anywhere",
    "end_to_end/test_example_plugins.py::test_a_broken_plug_in_*": "installed plug-ins, in `evoheur`",
    "end_to_end/test_example_plugins.py::test_a_guest_that_has_no_*": "a run uses all of them",
    "end_to_end/test_extending_pages.py::*[[]extending-problem]": "the page on packages, and what a new folder suggests",
    "end_to_end/test_python_examples.py::test_a_block_of_python_runs[[]README-0]": "the README's commands",
    "problems/bin_packing_offline/test_problem.py::TestContractItemByItem::*": "the contract of the problem as it is",
    "problems/bin_packing_online_levels/test_problem.py::test_a_source_says_nothing_*": "bred heuristics pack by their source as executed",
    "problems/cvrp/test_route_improvement.py::test_routes_never_become_longer_*": "kernels equal their naive twins",
    "problems/cvrp_ruin_recreate/test_search_by_order.py::test_what_the_rules_see_*": "the search costs what its naive twin does",
    "problems/cvrp_savings/test_at_once.py::TestContract::*": "the contract of the problem as it is",
    "problems/packing/test_degenerate.py::test_a_huge_capacity_*": "every rule and frame packs what is degenerate",
    "problems/packing/test_degenerate.py::test_many_items_are_packed*": "every rule and frame packs what is degenerate",
    "problems/routing/test_planar_lengths.py::test_nearest_places_are_*": "computed lengths are those of the matrix",
    "problems/tables/test_remaking.py::test_the_command_remakes_*": "what is missing is said, and tables of `problems`",
    "problems/test_unit_free_routing.py::test_a_folder_of_files_is_solved_*": "routes and tours are the same",
    "problems/tsp/test_large_instances.py::test_insertion_needs_no_matrix*": "memory decides where a matrix is needed",
    "problems/tsp/test_large_instances.py::test_the_scale_probe_sends_*": "memory decides where a matrix is needed",
    "problems/tsp/test_large_instances.py::test_units_are_the_same*": "units of routes, in `test_unit_free_routing`",
    "problems/tsp_constructive/test_textbook_rules.py::test_mean_gaps_on_tsplib_*": "expressed rules cost what the trusted ones do",
    "problems/tsp_gls/test_problem.py::TestContractWithMatrices::*": "the contract of the problem as it is",
    "problems/tsp_gls/test_problem.py::test_the_number_of_perturbations_*": "more kicks make shorter tours",
    "sandbox/test_fork_server.py::test_no_generator_of_random_*": "a forked guest is like one that was started alone",
    "sandbox/test_process.py::TestProcessSandbox::test_killing_the_guest*": "the same in jails",
    "sandbox/test_red_team.py::test_the_host_is_as_before*": "attacks one by one",
    "sandbox/test_threads.py::test_the_time_of_all_threads_*": "a pool of threads, and bombs of them",
    "sandbox/walls/test_jail_confinement.py::test_weaker_machines*": "walls one by one",
}
_DEAR_CHECKS_OF_STRATEGIES = (
    "cutting_hopeless_*",
    "generations_are_*",
    "nothing_but_equals_*",
    "only_worth_*",
    "other_hash_seed_*",
    "reading_elites_*",
    "with_fresh_*",
    "with_twins_*",
    "work_per_request_*",
)
_STRATEGIES_IN_SHORT = (
    "test_[!efmp]*.py::Test*",
    "test_e[!o]*.py::Test*",  # editing, evolution_strategy
    "test_eoh.py::TestPaper",
    "test_eohs.py::Test*",
    "test_m[!c]*.py::Test*",  # map_elites, meoh
)
_DEAR_CHECKS_OF_PROBLEMS = ("instances-are-the-same", "the-guest-holds-nothing")
_PROBLEMS_IN_SHORT = (
    "problems/[ct]*/*::TestContract",
    "end_to_end/test_online_page.py",
    "evoheur/testing/test_problem_checks.py::TestSoundOnlineProblem",
)

DETAILS_OF_PARTS: Mapping[str, str] = {
    **{f"tests/{test}": what for test, what in {**_PARTS, **_OUTSIDE}.items()},
    **{
        f"tests/evoheur/strategies/{strategy}::test_{check}": "the contract of eoh, funsearch, mcts_ahd and portfolio"
        for strategy in _STRATEGIES_IN_SHORT
        for check in _DEAR_CHECKS_OF_STRATEGIES
    },
    **{
        f"tests/{problem}::*[[]{check}-*": "the contract of bin_packing_online"
        for problem in _PROBLEMS_IN_SHORT
        for check in _DEAR_CHECKS_OF_PROBLEMS
    },
    "tests/evoheur/archive/test_[!as]*.py::*[[]*postgres*": "the same for files, and archives on a server in `test_archive` and `test_s*`",
}
"""Pattern of test ids → what the day has instead."""

FEWER_BY_DAY: Mapping[str, int] = {
    "tests/evoheur/api/test_archives.py::test_the_best_on_train_has_a_name_of_its_own": 4,
    "tests/evoheur/api/test_configurations.py::test_a_shipped_configuration_goes_by_name": 4,
    "tests/evoheur/api/test_rehearsed_spending.py::test_every_method_can_be_played": 4,
    "tests/evoheur/api/test_rehearsed_spending.py::test_the_whole_budget_is_estimated": 4,
    "tests/evoheur/api/test_scoring.py::test_the_guest_looks_for_what_can_be_called": 4,
    "tests/evoheur/archive/test_archive.py::test_a_candidate_that_cannot_be_right_is_our_fault_and_leaves_no_trace": 2,
    "tests/evoheur/archive/test_log_reading.py::test_the_parts_make_up_the_whole": 6,
    "tests/evoheur/archive/test_schema_state.py::test_an_archive_of_every_released_schema_can_still_be_read": 5,
    "tests/evoheur/archive/test_tables.py::test_contradictions_are_refused": 5,
    "tests/evoheur/cli/commands/test_evaluate.py::test_a_candidate_is_scored_on_its_runs_problem_and_the_score_is_kept": 3,
    "tests/evoheur/cli/commands/test_plot.py::test_every_kind_of_figure_is_written_as_its_suffix_says": 3,
    "tests/evoheur/cli/commands/test_prompts.py::test_show_lists_every_operator_with_all_that_its_template_uses": 4,
    "tests/evoheur/cli/commands/test_schema.py::test_what_commands_write_of_a_run_has_its_form": 3,
    "tests/evoheur/cli/commands/test_schema.py::test_what_other_commands_write_has_its_form": 6,
    "tests/evoheur/cli/test_bad_input.py::test_a_file_that_no_configuration_can_be": 4,
    "tests/evoheur/cli/test_damaged_archive.py::test_a_file_that_is_no_archive_is_refused": 3,
    "tests/evoheur/cli/test_damaged_archive.py::test_a_page_of_noise_is_read_or_refused_in_a_line": 6,
    "tests/evoheur/cli/test_damaged_archive.py::test_values_that_no_run_has_are_damage": 6,
    "tests/evoheur/cli/test_menu.py::test_every_command_has_one_example_of_itself": 4,
    "tests/evoheur/cli/test_menu.py::test_the_overview_says_what_the_help_says": 4,
    "tests/evoheur/cli/test_widths.py::test_nothing_else_is_wider_than_the_terminal": 8,
    "tests/evoheur/cli/test_widths.py::test_nothing_that_is_written_on_the_way_is_wider_than_the_terminal": 2,
    "tests/evoheur/prompts/test_environment.py::test_a_template_without_end_is_refused": 4,
    "tests/evoheur/prompts/test_render.py::test_what_every_prompt_for_a_heuristic_says": 4,
    "tests/evoheur/prompts/test_shared_beginning.py::test_any_two_prompts_begin_alike": 4,
    "tests/evoheur/run/test_audit.py::test_every_bundled_problem_is_audited": 12,
    "tests/evoheur/run/test_config_schema.py::test_a_misspelt_key_is_found_in_every_section": 4,
    "tests/evoheur/run/test_generation_budgets.py::test_so_many_generations_are_asked_whole": 6,
    "tests/evoheur/run/test_yaml_text.py::test_a_fault_is_one_mistake_with_its_place": 4,
    "tests/evoheur/strategies/test_funsearch.py::test_temperature_falls_with_the_programs_of_the_island": 4,
    "tests/evoheur/strategies/test_lhns.py::test_conforms_to_the_published_loop": 3,
    "tests/evoheur/strategies/test_mcts_ahd.py::test_conforms_to_the_published_loop": 8,
    "tests/evoheur/testing/test_hostile.py::test_every_reply_is_a_code_or_a_refusal": 4,
    "tests/evoheur/testing/test_hostile_sources.py::test_a_chain_parses_and_has_the_length_that_was_asked_for": 4,
    "tests/evoheur/testing/test_work_on_sources.py::test_the_work_of_every_walk_grows_as_the_source_does": 8,
    "tests/evoheur/ui/test_access_guard.py::test_another_site_changes_nothing": 4,
    "tests/problems/bin_packing_online/test_level_heuristic.py::test_a_rule_that_looks_at_more_than_one_bin_is_not": 4,
    "tests/problems/bin_packing_online/test_level_heuristic.py::test_a_rule_that_scores_levels_is_recognised": 4,
    "tests/problems/bin_packing_online/test_level_names.py::test_functions_of_two_operands": 4,
    "tests/problems/flat_heuristics/test_kernels.py::test_operations_by_entry": 4,
    "tests/problems/packing/test_degenerate.py::test_every_rule_and_frame_packs_what_is_degenerate": 3,
    "tests/problems/routing/test_distances.py::test_matrices_are_symmetric_and_not_negative": 4,
    "tests/problems/routing/test_distances.py::test_rounded_metrics_give_whole_numbers": 4,
    "tests/problems/test_expressed_textbook.py::test_expressed_rules_cost_what_the_trusted_ones_do": 4,
    "tests/problems/test_naive_frames.py::test_the_same_cost": 6,
    "tests/problems/test_same_scores.py::test_solvers_cost_what_they_did": 4,
    "tests/sandbox/test_red_team.py::test_it_does_not_pay": 6,
    "tests/sandbox/test_red_team.py::test_it_does_not_pay_on_a_problem_of_ones_own": 10,
    "tests/sandbox/test_threads.py::test_no_process_starts_where_threads_may": 3,
}
"""Test function → of so many variants the day has one, in order, the first stays."""
