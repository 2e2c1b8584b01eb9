"""The page of heuristics by instances: where they complement each other."""

from dataclasses import asdict
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from evoheur import ConfigError
from evoheur.api.run_textbook import score_textbook_on_split
from evoheur.charts.instance_matrix import InstanceMatrix, instance_matrix
from evoheur.ui.background_work import Unwanted, Wanted
from evoheur.ui.rendering import access_of, page, plain_data

__all__ = ["routes"]

_SPLITS = ("train", "validation", "test", "audit")
_ROWS = (10, 20, 40)


def _matrix(request: Request) -> Response:
    run, query = request.path_params["run"], request.query_params
    split, most = _asked_split(request), _asked_rows(request)
    with access_of(request).reading() as archive:
        matrix = instance_matrix(archive, run, split=split, most=most)
    chosen: dict[str, Any] = {"splits": _SPLITS, "rows": _ROWS, "most": most, "textbook": query.get("textbook") == "yes"}
    return page(request, "matrix.html", run=run, tab="matrix", split=matrix.split, **chosen)


def _data(request: Request) -> Response:
    """The matrix; with `textbook=yes` the textbook rules have rows in it once they are scored."""
    run = request.path_params["run"]
    split, most = _asked_split(request), _asked_rows(request)
    access = access_of(request)
    with access.reading() as archive:
        record = archive.run(run)
        matrix = instance_matrix(archive, run, split=split, most=most)
        if request.query_params.get("textbook") != "yes" or not matrix.columns:
            return plain_data(_plain(matrix))

        def score(wanted: Wanted) -> Any:
            def starting(_rule: str) -> None:
                if not wanted():
                    raise Unwanted

            return score_textbook_on_split(record, matrix.split, epoch=matrix.epoch, starting=starting)

        work = access.work.state(("textbook", record.id, record.created_at, matrix.split), matrix.epoch, score)
        if work.result is not None:
            matrix = instance_matrix(archive, run, split=matrix.split, most=most, textbook=work.result)
    return plain_data({**_plain(matrix), "scoring": work.result is None and not work.error, "trouble": work.error})


def _plain(matrix: InstanceMatrix) -> dict[str, Any]:
    return {**asdict(matrix), "families": matrix.families}


def _asked_split(request: Request) -> str | None:
    split = request.query_params.get("split") or None
    if split is not None and split not in _SPLITS:
        raise ConfigError(f"There is no split {split!r}; there are {', '.join(_SPLITS)}.")
    return split


def _asked_rows(request: Request) -> int:
    asked = request.query_params.get("most", str(_ROWS[1]))
    if asked not in {str(most) for most in _ROWS}:
        raise ConfigError(f"A matrix of {asked!r} candidates is not made; ask for {', '.join(map(str, _ROWS))}.")
    return int(asked)


routes = [Route("/run/{run}/matrix", _matrix), Route("/data/run/{run}/matrix", _data)]
