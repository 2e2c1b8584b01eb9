"""What kind a request is, in memory and in the words of an archive."""

from dataclasses import replace

import pytest

from evoheur.request import Request, RequestKind
from evoheur.testing.strategy_runs import made_up_candidate

PARENT = made_up_candidate(1, 2.0)
REQUESTS = [
    Request(operator="e1"),
    Request(operator="reflect", produces="note"),
    Request(operator="harmony", kind=RequestKind.TUNING, parents=(PARENT,)),
    Request.tuning_beside(PARENT, method="cma-es", evaluations=40),
]

LATER = [
    Request.consultation({"policy": "", "view": "{}", "contexts": "1", "trial": ""}, tag=(0, 1)),
    replace(Request.consultation({}, tag=1), operator="evox/consult_policy"),
]
"""Of kinds that earlier versions had not."""


@pytest.mark.parametrize("request_", [*REQUESTS, *LATER], ids=lambda request: request.operator)
def test_the_words_of_an_archive_give_the_kind_back(request_: Request) -> None:
    assert RequestKind.stored(request_.operator, request_.stored_product) is request_.kind


def test_a_kind_that_would_be_read_back_as_another_is_refused() -> None:
    """A strategy that calls its own tuning "tune" would get a budget of its own for it when it is resumed."""
    with pytest.raises(ValueError, match="'tune' is kept for what is tuned beside a search"):
        _ = Request(operator="tune", kind=RequestKind.TUNING, parents=(PARENT,)).stored_product


def test_a_prompt_may_be_called_tune() -> None:
    """Operators are names of prompts, and a model may be asked to tune."""
    assert Request(operator="tune").stored_product == "heuristic"


def test_fingerprints_are_those_of_earlier_versions() -> None:
    """Or no archive of theirs could be resumed; written down before there were kinds."""
    earlier = ["77bc7bfe6d52ea0e", "951c41ff29b92ae2", "effe7da87ae4fc43", "878d1f9dce768e8a"]
    assert [request.fingerprint() for request in REQUESTS] == earlier
