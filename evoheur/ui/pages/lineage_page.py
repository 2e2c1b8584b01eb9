"""The page of a run's family tree, its champion's line lit."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from evoheur.charts.family_tree import FamilyTree, family_of
from evoheur.observers.number_text import Scale
from evoheur.ui.rendering import access_of, page, plain_data

__all__ = ["routes"]

_MOST = 600


def _lineage(request: Request) -> Response:
    run = request.path_params["run"]
    with access_of(request).reading() as archive:
        found = archive.run(run)
    return page(request, "lineage.html", run=found.name, tab="lineage")


def _data(request: Request) -> Response:
    """The tree, unless the page has it.

    The query says how many candidates the page knows (`known`), and which was the best (`champion`).
    """
    run, query = request.path_params["run"], request.query_params
    access = access_of(request)
    with access.reading() as archive:
        descents = access.descents.descents(archive, run)
        chosen = archive.chosen(run)
    champion = None if chosen is None else chosen.candidate.id
    if query.get("known") == str(len(descents)) and query.get("champion") == str(champion):
        return plain_data({"total": len(descents), "champion": champion})
    return plain_data(_plain(family_of(run, descents, champion=champion, most=_MOST)))


def _plain(tree: FamilyTree) -> dict[str, object]:
    place = {node.number: index for index, node in enumerate(tree.nodes)}
    return {
        "total": tree.total,
        "champion": tree.champion,
        "scale": Scale.of_kind(tree.objective_kind).value,
        "line": list(tree.line),
        "nodes": [
            [node.number, node.operator, node.objective, node.status, node.generation, node.children, node.x, node.on_line]
            for node in tree.nodes
        ],
        "edges": [[place[edge.parent], place[edge.child], edge.hidden, edge.is_first, edge.on_line] for edge in tree.edges],
    }


routes = [Route("/run/{run}/lineage", _lineage), Route("/data/run/{run}/lineage", _data)]
