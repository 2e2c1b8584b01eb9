"""What solves instances in an exported file with several heuristics, a module per problem.

As in `evoheur.problems.standalone`, with one that is chosen for each instance in place of the only one. Heuristics and selector stand above
in such a file; here `chosen_heuristics` has their names.
"""
