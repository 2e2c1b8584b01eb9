"""Annotations that name nothing."""

import pytest

from evoheur.code.annotations import names_beyond_annotations, with_annotations_unread
from tests.evoheur.generation.support.replies import taken

BODY = "\n    return -(bins - item)\n"


@pytest.mark.parametrize(
    "annotation",
    [
        "npt.NDArray[np.float64]", "jnp.ndarray", "np.float", "np.array[float]",
        "List[NoSuchThing]", "float[3]", "any[1]", "np.no_such_thing",
        "pd.Series", "(1)(2)", "'unfinished sentence'", "nothing.at.all",
    ],
)  # fmt: skip
def test_what_is_taken_can_be_executed(annotation: str) -> None:
    """By any interpreter, since exported files are."""
    code = taken(
        f"```python\nimport numpy as np\ndef priority(item: {annotation}, bins: {annotation}) -> {annotation}:{BODY}```"
    ).code
    namespace: dict[str, object] = {}
    exec(code, namespace)
    assert callable(namespace["priority"])


@pytest.mark.parametrize(
    "signature",
    [
        "item: float, bins: np.ndarray) -> np.ndarray",
        "item: int | None, bins: list[float]) -> 'whatever'",
        "item: Optional[Tuple[int, ...]], bins: NDArray[np.float64]) -> Callable[[int], float]",
        "item, bins)",
    ],
)
def test_code_whose_annotations_name_something_stays_as_it_is(signature: str) -> None:
    imports = "import numpy as np\nfrom typing import *\nfrom typing import Optional, Tuple, Callable\nfrom numpy.typing import NDArray\n"
    code = f"{imports}def priority({signature}:\n    x: nowhere = 1\n    return x\n"
    assert with_annotations_unread(code) == code


def test_the_import_stands_where_python_wants_it() -> None:
    """Below a docstring, above all else; and only once."""
    code = f'"""A rule.\n\nMore.\n"""\nimport math\ndef priority(item, bins: nowhere):{BODY}'
    unread = with_annotations_unread(code)
    assert unread.splitlines()[4] == "from __future__ import annotations"
    compile(unread, "a", "exec")
    assert with_annotations_unread(unread) == unread
    other = f"from __future__ import division\ndef priority(item, bins: nowhere):{BODY}"
    compile(with_annotations_unread(other), "a", "exec")


def test_a_cut_reply_lacks_nothing_if_only_annotations_do() -> None:
    code = f"def priority(item, bins: pd.Series):{BODY}"
    assert names_beyond_annotations(code) == {"bins", "item"}
    assert taken(f"```python\n{code}", truncated=True).code.endswith(code)


def test_an_annotation_that_only_counts_when_read_is_read() -> None:
    code = f"def priority(item: nowhere, bins) -> (x := 1):{BODY}"
    assert with_annotations_unread(code) == code
