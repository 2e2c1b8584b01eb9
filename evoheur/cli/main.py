"""The entry point: global options and handling of errors."""

import atexit
import gc
import sys
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

import typer

from evoheur import ConfigMistakes, EvoheurError, __version__
from evoheur.cli.commands import ORDER
from evoheur.cli.menu import menu_group
from evoheur.cli.terminal.machine_faults import fault_of_machine, grant_open_files
from evoheur.cli.terminal.standard_streams import (
    abandon_output,
    finish_output,
    open_standard_streams,
    say_error,
    shown_warnings,
)

__all__ = ["app", "main", "run"]

_INTERRUPTED = 130


@dataclass(slots=True)
class _Session:
    """The global options that the error handler needs."""

    debug: bool


app = menu_group(ORDER)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"evoheur {__version__}")
        raise typer.Exit


@app.callback(
    help="evoheur discovers heuristics for hard combinatorial problems by evolving code with a language model.",
    epilog="Example: evoheur run quickstart",
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
    atexit.register(
        gc.freeze
    )  # or Python looks through all that was imported again, several times, before it is gone with the process
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
