"""`evoheur schema`: the JSON schemas of configurations and documents."""

import json
from pathlib import Path
from typing import Annotated

import typer

from evoheur import ConfigError
from evoheur.documents.schemas import CONFIG, DOCUMENTS, schema_named

__all__ = ["schema"]


def schema(
    name: Annotated[
        str, typer.Argument(metavar="NAME", help=f"{CONFIG} for configurations, or a document: {', '.join(DOCUMENTS)}.")
    ] = CONFIG,
    *,
    output: Annotated[Path | None, typer.Option("-o", "--output", metavar="FILE", help="Where to write; else printed.")] = None,
) -> None:
    """Print the JSON schema of a configuration or a document.

    By the former an editor completes and checks configurations. A configuration whose first line is "# yaml-language-server:
    $schema=FILE" is checked as it is typed; docs/documents.md says more.

    Example:
        evoheur schema -o evoheur.schema.json
    """
    text = json.dumps(schema_named(name), indent=2) + "\n"
    if output is None:
        typer.echo(text, nl=False)
        return
    try:
        output.write_text(text, encoding="utf-8")
    except OSError as error:
        raise ConfigError(f"{str(output)!r} cannot be written ({error.strerror}); name a file that you may write.") from error
    typer.echo(f"Wrote the schema of {name!r} to {output}.", err=True)
