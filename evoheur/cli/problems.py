"""`evoheur problems list`: what there is to solve; the app that the other commands on problems belong to."""

import typer

from evoheur.cli.options import AsJson
from evoheur.cli.output import make_console, make_table, print_json, say
from evoheur.cli.problem_check import check_problem
from evoheur.cli.problem_folder import new_problem
from evoheur.cli.problem_show import show_problem
from evoheur.problem import load_problem
from evoheur.prompts.card import ProblemCard
from evoheur.run.plugin_listing import usable_problems

__all__ = ["app"]

app = typer.Typer(help="List, show, check and make problems.")
app.command("new", epilog="Example: evoheur problems new knapsack")(new_problem)
app.command("check", epilog="Example: evoheur problems check ./knapsack")(check_problem)
app.command("show", epilog="Example: evoheur problems show bin_packing_online")(show_problem)


@app.command("list", epilog="Example: evoheur problems list --json")
def list_problems(*, as_json: AsJson = False) -> None:
    """List the problems that ship with evoheur, then those of installed plug-ins."""
    cards = {name: ProblemCard.from_problem(load_problem(name)) for name in usable_problems()}
    if as_json:
        print_json(
            [
                {
                    "name": name,
                    "title": card.title,
                    "description": card.description,
                    "functions": [function.call for function in card.functions],
                }
                for name, card in cards.items()
            ]
        )
        return
    console = make_console()
    table = make_table(console, ["problem", "heuristic", "task"], wrap=["heuristic", "task"])
    for name, card in cards.items():
        table.add_row(name, ", ".join(function.call for function in card.functions), card.description.split("\n\n")[0])
    console.print(table)
    say(
        console,
        "A folder with a problem.py is named by its path, such as ./my_problem; a class is named as package.module:Class.",
    )
