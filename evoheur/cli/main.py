"""The entry point: the table of commands, and what becomes of errors."""

import importlib
import sys
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, NamedTuple

import typer
from typer.core import TyperGroup

from evoheur import __version__
from evoheur.cli.faults import fault_of_machine, grant_open_files
from evoheur.cli.streams import abandon_output, finish_output, open_standard_streams, say_error
from evoheur.cli.warned import shown_warnings
from evoheur.errors import ConfigMistakes, EvoheurError

__all__ = ["app", "main", "run"]

_INTERRUPTED = 130


class _Command(NamedTuple):
    """Where a command is ("module:function" or "module:app"), its line in the overview, and the example its help ends with.

    A docstring or an app may have its example itself.
    """

    target: str
    summary: str
    example: str = ""


_COMMANDS = {
    "run": _Command(
        "evoheur.cli.run:run",
        "Discover a heuristic as a configuration file says.",
        "evoheur run configs/quickstart.yaml --set budget.evaluations=500",
    ),
    "resume": _Command(
        "evoheur.cli.run:resume",
        "Go on with a run that was stopped, or extend its budget.",
        "evoheur resume quickstart-1 --set budget.evaluations=5000",
    ),
    "runs": _Command("evoheur.cli.listing:runs", "List the runs with what they did and spent.", "evoheur runs --json"),
    "best": _Command("evoheur.cli.listing:best", "Show the best heuristics of a run.", "evoheur best quickstart-1 -n 10"),
    "grid": _Command(
        "evoheur.cli.grid:grid",
        "Show the best heuristic of every kind in a run.",
        "evoheur grid quickstart-1 --measure nodes --measure branches=0,1,2,4,8",
    ),
    "show": _Command(
        "evoheur.cli.show:show",
        "Show one candidate: code, idea, parents, gaps per instance.",
        "evoheur show quickstart-1/17 --prompt --reply --diff",
    ),
    "failures": _Command("evoheur.cli.listing:failures", "Show what failed in a run, and why.", "evoheur failures quickstart-1"),
    "compare": _Command(
        "evoheur.cli.compare:compare",
        "Put runs side by side at equal budgets.",
        "evoheur compare 'quickstart-eoh-*' 'quickstart-random-*' --validate",
    ),
    "sweep": _Command(
        "evoheur.cli.sweep:sweep",
        "Run several strategies with several seeds, and compare them.",
        "evoheur sweep configs/quickstart.yaml --strategies eoh,random --seeds 6",
    ),
    "evaluate": _Command(
        "evoheur.cli.evaluate:evaluate",
        "Score a heuristic beside the textbook rules.",
        "evoheur evaluate my_rule.py --problem bin_packing_online --split test",
    ),
    "solve": _Command(
        "evoheur.cli.solve:solve",
        "Solve instances with a found rule, and write the solutions.",
        "evoheur solve quickstart-1/best orders.csv -o bins.sol --textbook",
    ),
    "export": _Command(
        "evoheur.cli.export:export",
        "Write a candidate as a Python file that stands alone.",
        "evoheur export quickstart-1/17 -o heuristic.py",
    ),
    "prompts": _Command("evoheur.cli.prompts:app", "Show the prompts of a strategy, and copy them to change them."),
    "problems": _Command("evoheur.cli.problems:app", "List, show, check and make problems."),
    "plugins": _Command("evoheur.cli.plugins:plugins", "List the plug-ins of installed packages.", "evoheur plugins --all"),
    "db": _Command("evoheur.cli.database:app", "Check or upgrade the schema of an archive."),
    "sandbox": _Command("evoheur.cli.sandbox:app", "Build and try what candidates run in."),
    "doctor": _Command("evoheur.cli.doctor:doctor", "Show what this machine offers."),
}


@dataclass(slots=True)
class _Session:
    """What the error handler needs of the global options."""

    debug: bool


class _LateCommands(TyperGroup):
    """Imports a command's module when the command is used, so that the overview does not wait for databases and compilers."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        name, command, rest = super().resolve_command(ctx, args)
        return name, command if name is None else _load(name), rest


def _load(name: str) -> Any:
    command = _COMMANDS[name]
    module, _, attribute = command.target.partition(":")
    found = getattr(importlib.import_module(module), attribute)
    if isinstance(found, typer.Typer):
        return typer.main.get_command(found)
    alone = typer.Typer(add_completion=False)
    alone.command(name, epilog=f"Example: {command.example}" if command.example else None)(found)
    return typer.main.get_command(alone)


app = typer.Typer(cls=_LateCommands, invoke_without_command=True)


def _register(name: str, summary: str) -> None:
    @app.command(name, help=summary)
    def listed() -> None:
        """Stands in the overview; `_LateCommands` puts the command itself in its place."""


for _name, _entry in _COMMANDS.items():
    _register(_name, _entry.summary)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"evoheur {__version__}")
        raise typer.Exit


@app.callback(
    help="evoheur discovers heuristics for hard combinatorial problems by evolving code with a language model.",
    epilog="Example: evoheur run configs/quickstart.yaml",
)
def _globals(
    context: typer.Context,
    debug: Annotated[
        bool, typer.Option("--debug", envvar="EVOHEUR_DEBUG", help="Show the traceback of an error.", show_envvar=True)
    ] = False,
    version: Annotated[  # noqa: ARG001 - the callback does it
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    context.obj.debug = debug
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


def run(arguments: Sequence[str], *, command: Callable[..., Any] | None = None) -> int:
    """Run one command line; every error becomes one line on standard error.

    Args:
        arguments: The words after the program's name.
        command: What to run instead of evoheur's own table; for tests.

    Returns:
        The exit code: 0 done, 1 a run or evoheur itself failed, 2 a wrong request, 130 interrupted.
    """
    session = _Session(debug=False)
    invoke = command or typer.main.get_command(app).main
    try:
        with shown_warnings():
            code = invoke(args=list(arguments), prog_name="evoheur", standalone_mode=False, obj=session)
        sys.stdout.flush()
    except EvoheurError as error:
        mistakes = error.mistakes if isinstance(error, ConfigMistakes) else ()
        return _fail(
            f"{error.title}:" if isinstance(error, ConfigMistakes) else _with_remedy(error),
            error.exit_code,
            debug=session.debug,
            lines=mistakes,
        )
    except typer.TyperException as error:
        return _fail(_usage(error), 2, debug=session.debug)
    except (KeyboardInterrupt, typer.Abort):
        return _INTERRUPTED
    except BrokenPipeError:
        abandon_output()
        return 1
    except Exception as error:  # noqa: BLE001 - one of the three boundaries: a fault of evoheur's own must not look like the user's
        fault = fault_of_machine(error) if isinstance(error, OSError) else ""
        return _fail(fault or _bug(error), 1, debug=session.debug)
    return code if isinstance(code, int) else 0


def main() -> None:
    """The program `evoheur`."""
    open_standard_streams()
    grant_open_files()
    sys.exit(run(sys.argv[1:]))


def _fail(message: str, code: int, *, debug: bool, lines: Sequence[str] = ()) -> int:
    finish_output()
    if debug:
        say_error(traceback.format_exc().rstrip())
    say_error(f"error: {' '.join(message.split())}")
    for line in lines:
        say_error(f"  {line}")
    return code


def _bug(error: Exception) -> str:
    return f"{type(error).__name__}: {error}; this is a bug in evoheur, run again with --debug and report what it shows"


def _with_remedy(error: EvoheurError) -> str:
    fault = fault_of_machine(error)
    return f"{error} {fault}" if fault.startswith("This process") else str(error)


def _usage(error: typer.TyperException) -> str:
    message = error.format_message().replace("Value error, ", "").rstrip(".")
    faults = getattr(error.__cause__, "errors", None)  # pydantic's, which typer checks values with
    given = repr(faults()[0]["input"]) if callable(faults) else ""
    if given not in message:
        message = f"{message}, but it is {given}"
    context = getattr(error, "ctx", None)
    return message if context is None else f"{message}; see `{context.command_path} --help`."
