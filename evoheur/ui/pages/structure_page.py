"""The page of what a run's strategy holds: population, and tree, islands, grid or shares where its method has them."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from evoheur.charts.search_structure import ReplayStopped, SearchStructure, search_structure
from evoheur.observers.number_text import Scale
from evoheur.ui.background_work import Unwanted, Wanted
from evoheur.ui.rendering import access_of, page, plain_data
from evoheur.ui.structure_data import plain_structure

__all__ = ["routes"]

_MEMBERS = 200  # of the population that are listed


def _structure(request: Request) -> Response:
    run = request.path_params["run"]
    with access_of(request).reading() as archive:
        found = archive.run(run)
    return page(request, "structure.html", run=found.name, tab="structure")


def _data(request: Request) -> Response:
    """The structure as it was at the newest replay, and whether a newer one is under way.

    The query says which replay the page has (`known`), and whether it wants the population alone (`part`).
    """
    run, access = request.path_params["run"], access_of(request)

    def replayed(wanted: Wanted) -> SearchStructure:
        with access.reading() as reader:
            try:
                return search_structure(reader, run, wanted=wanted)
            except ReplayStopped as stopped:
                raise Unwanted from stopped

    with access.reading() as archive:
        record = archive.run(run)
        totals = archive.totals(record.id)
        told = totals.requests - totals.pending
        work = access.work.state(("structure", run, record.id, record.created_at), told, replayed)
        state = {"told": told, "seconds": work.seconds, "trouble": work.error, "took": work.took}
        held: SearchStructure | None = work.result
        if held is None or request.query_params.get("known") == str(held.requests):
            return plain_data(state)
        members = archive.candidates(run, list(held.members)[:_MEMBERS])
    scale = Scale.of(member.candidate.evaluation for member in members)
    wanted = (
        {}
        if request.query_params.get("part") == "population"
        else {
            "structure": None if held.structure is None else plain_structure(held.structure),
            "shares": [[moment.requests, list(moment.asked), list(moment.earned)] for moment in held.shares],
        }
    )
    return plain_data(
        {
            **state,
            **wanted,
            "requests": held.requests,
            "strategy": held.strategy,
            "scale": scale.value,
            "population": len(held.members),
            "members": [
                [member.candidate.id, member.candidate.operator, scale.text(member.candidate.objective), member.candidate.thought]
                for member in members
            ],
        }
    )


routes = [Route("/run/{run}/structure", _structure), Route("/data/run/{run}/structure", _data)]
