"""The page that compares runs at equal budgets, as `evoheur compare` does."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from evoheur.observers.number_text import Scale
from evoheur.ui.rendering import access_of, address, fragment, page, plain_data

__all__ = ["routes"]

_SCALES = {"gap_percent": Scale.GAP, "textbook_ratio": Scale.RATIO}


def _compare(request: Request) -> Response:
    words, controls = _asked(request)
    data = address("data", "compare") + "?" + request.url.query
    return page(request, "compare.html", words=words, controls=controls, data=data)


def _data(request: Request) -> Response:
    """The comparison, if it has changed since the stamp that the page has."""
    words, controls = _asked(request)
    with access_of(request).reading() as archive:
        found = access_of(request).comparisons.comparison(archive, words, controls=controls)
    if request.query_params.get("stamp") == found.stamp:
        return plain_data({"stamp": found.stamp})
    scale = _SCALES.get(found.document.objective_kind or "", Scale.COST)
    html = fragment("compare_tables.html", found=found.document, scale=scale)
    return plain_data({"stamp": found.stamp, "html": html, "curves": found.curves, "scale": scale.value})


def _asked(request: Request) -> tuple[list[str], bool]:
    """The names and patterns of an address, and whether control arms are compared too."""
    query = request.query_params
    words = [word for given in (*query.getlist("run"), *query.getlist("runs")) for word in given.split()]
    return list(dict.fromkeys(words)), query.get("controls") != "no"


routes = [Route("/compare", _compare), Route("/data/compare", _data)]
