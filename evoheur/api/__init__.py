"""The functions of evoheur's Python interface, by module.

`import evoheur` has the first of them by name; the command line calls the same ones.

| module | answers |
| --- | --- |
| `discover` | run a discovery, go on with one |
| `result` | what came of a run |
| `rehearsal` | would a run start, and what would it say first? |
| `configurations` | read a configuration, list those that ship, write one to begin with |
| `archives` | open an archive, find a run or a candidate in it, bring it up to date |
| `scoring` | score one heuristic in the sandbox |
| `simplifying` | take from a heuristic all that it does not need |
| `contender` | what is to be scored or solved with: a file, a candidate, or a textbook rule |
| `contender_scores`, `family_comparison` | a heuristic beside the textbook rules, family by family |
| `sandboxed_solving`, `solution_files` | solve instances with a found heuristic |
| `standalone_module` | a candidate as a Python file of its own |
| `standalone_solver`, `source_bundle`, `module_statements` | what solves instances in such a file, copied from where it is defined |
| `gallery_entries`, `gallery_description` | heuristics that are kept for use |
| `run_health` | which replies of a run were valid, new and better |
| `watched_run`, `advising` | follow a run that goes on elsewhere, and advise its model |
| `agent_skill` | what a coding agent is to know |
| `candidate_grid` | candidates by size and shape |
| `candidate_front` | candidates that nothing dominates in objective and size |
| `set_selection`, `selection_pool`, `selection_forms` | a complementary set of heuristics, with selectors |
| `selection_scores`, `selection_costs`, `selection_ways` | what its members cost, and ways to choose among them |
| `selection_module` | such a set as a Python file of its own |
| `training_data`, `training_choice` | prompts and replies of runs, for training a model |
| `run_comparison`, `sweep_plan`, `sweep_runs` | several runs at equal budgets |
| `problem_facts`, `problem_scores` | what a problem is, and what its own rules are worth |
| `problem_check`, `problem_folder` | is a problem sound; a folder with a new one |
| `problem_draft` | a problem that a model drafts, and its author's yes |
| `strategy_prompts` | the templates that prompts are made from |
| `evolved_prompts` | the instructions of a run that evolved, with their credit |
| `sandbox_attack`, `sandbox_image` | does isolation hold here; the image for containers |
| `machine` | what this machine offers |

Everything here is synchronous. `discover`, `resume`, `rehearse` and whatever scores also work inside a running event loop, as in a
notebook.
"""
