"""What solves instances in an exported file, a module per problem.

A module here takes the functions that evolve from its problem. In a file that `evoheur export` writes the discovered ones stand instead,
and what else the module needs is copied from the modules that define it. `solve` takes plain data, `solve_file` a file.
"""
