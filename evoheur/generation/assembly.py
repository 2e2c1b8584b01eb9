"""Assembly of one module out of the regions of a reply.

It is decided which definition counts, and what it needs from elsewhere; nothing more is taken.
"""

import ast
import re
from collections.abc import Sequence
from dataclasses import dataclass

from evoheur.code.bindings import binding_of
from evoheur.code.program import Program, examine
from evoheur.code.signature import FunctionSignature, accepts
from evoheur.code.slicing import Part, joined, reachable, unresolved
from evoheur.generation.regions import Region

__all__ = ["Assembly", "Owner", "assemble", "region_parts"]

_USUAL_IMPORTS = {
    "np": "import numpy as np",
    "numpy": "import numpy",
    "npt": "import numpy.typing as npt",
    "NDArray": "from numpy.typing import NDArray",
    "numba": "import numba",
    "njit": "from numba import njit",
    "math": "import math",
    "random": "import random",
    "itertools": "import itertools",
    "functools": "import functools",
    "heapq": "import heapq",
    "defaultdict": "from collections import defaultdict",
    "deque": "from collections import deque",
    **{
        name: f"from typing import {name}"
        for name in ("Any", "Callable", "Dict", "List", "Optional", "Sequence", "Tuple", "Union")
    },
}


@dataclass(frozen=True, slots=True)
class _Block:
    region: Region
    parts: Sequence[Part]

    def good(self, signature: FunctionSignature, *, certain: bool) -> Part | None:
        """The last statement that binds this function, complete and callable as wanted.

        Args:
            signature: The function.
            certain: Whether it must be a function by its text.
        """
        for part in reversed(self.parts):
            bound = binding_of(part, signature.name, self.parts)
            if bound and bound.certain >= certain and bound.takes(len(signature.parameters)) and not bound.stub:
                return part
        return None


@dataclass(frozen=True, slots=True)
class Owner:
    """Where a wanted function was found.

    Attributes:
        region: The stretch of code.
        part: The statement.
        last: Whether the region ends with it.
    """

    region: Region
    part: Part
    last: bool


@dataclass(frozen=True, slots=True)
class Assembly:
    """A module that defines every wanted function.

    Attributes:
        code: Its source.
        owners: Where each of the wanted functions is defined.
        missing: Names that the code uses and nothing in the reply defines, sorted.
    """

    code: str
    owners: tuple[Owner, ...]
    missing: tuple[str, ...]


def assemble(regions: Sequence[Region], signatures: Sequence[FunctionSignature]) -> Assembly | None:
    """Put together what defines the wanted functions.

    None if the regions do not define them all. The last region with complete definitions of all functions counts; where there is none, the
    last definition of each. What these use and do not define themselves is taken from the other regions.

    Args:
        regions: Stretches of code; those that do not parse are passed over.
        signatures: The wanted functions.
    """
    blocks = _with_versions_renamed([_Block(region, region_parts(region)) for region in regions], signatures)
    owners = _owners(blocks, signatures)
    if owners is None:
        return None
    home = [part for block, _ in owners for part in block.parts]
    kept = reachable(_ordered(blocks, owners, signatures), [signature.name for signature in signatures], home)
    undefined = unresolved(kept)
    return Assembly(
        code=_source(kept, [_USUAL_IMPORTS[name] for name in undefined if name in _USUAL_IMPORTS], blocks),
        owners=tuple(Owner(block.region, part, part is block.parts[-1]) for block, part in owners),
        missing=tuple(name for name in undefined if name not in _USUAL_IMPORTS),
    )


def region_parts(region: Region) -> Sequence[Part]:
    """The statements of a region; none if it does not parse."""
    program = examine(region.code)
    return program.parts if isinstance(program, Program) else ()


def _with_versions_renamed(blocks: list[_Block], signatures: Sequence[FunctionSignature]) -> list[_Block]:
    functions = [part.function for block in blocks for part in block.parts if part.function]
    defined = {name for name, _ in functions}
    for signature in signatures:
        version = re.compile(rf"{re.escape(signature.name)}_v(\d{{1,6}})")
        versions = [
            (int(match[1]), name)
            for name, node in functions
            if (match := version.fullmatch(name)) and accepts(node, len(signature.parameters))
        ]
        if signature.name not in defined and versions:
            blocks = [_renamed(block, max(versions)[1], signature.name) for block in blocks]
    return blocks


def _renamed(block: _Block, old: str, new: str) -> _Block:
    old_region = block.region
    region = Region(old_region.start, old_region.stop, re.sub(rf"\b{old}\b", new, old_region.code), old_region.first)
    return _Block(region, region_parts(region))


def _owners(blocks: Sequence[_Block], signatures: Sequence[FunctionSignature]) -> list[tuple[_Block, Part]] | None:
    for certain in (True, False):  # what only may be a function counts where nothing is one
        for block in reversed(blocks):
            parts = [part for signature in signatures if (part := block.good(signature, certain=certain)) is not None]
            if len(parts) == len(signatures):
                return [(block, part) for part in parts]
        owners = [owner for signature in signatures if (owner := _last_owner(blocks, signature, certain=certain)) is not None]
        if len(owners) == len(signatures):
            return owners
    return None


def _last_owner(blocks: Sequence[_Block], signature: FunctionSignature, *, certain: bool) -> tuple[_Block, Part] | None:
    found = ((block, block.good(signature, certain=certain)) for block in reversed(blocks))
    return next(((block, part) for block, part in found if part is not None), None)


def _ordered(
    blocks: Sequence[_Block], owners: Sequence[tuple[_Block, Part]], signatures: Sequence[FunctionSignature]
) -> list[Part]:
    # As one module: what other blocks define comes first and gives way to what the chosen blocks define themselves.
    chosen = {id(block) for block, _ in owners}
    mine = [part for block in blocks if id(block) in chosen for part in block.parts]
    bound = {name for part in mine for name in part.binds}
    others = [part for block in blocks if id(block) not in chosen for part in block.parts if not part.binds & bound]
    wanted = {signature.name for signature in signatures}
    own = {id(part) for _, part in owners}
    for block, part in owners:
        if part.function is None:  # what it is made of may have had the name before: priority = njit(priority)
            again = part.needs & part.binds & wanted
            own.update(id(each) for each in block.parts[: block.parts.index(part)] if each.binds & again)
    return [part for part in (*others, *mine) if id(part) in own or not part.binds & wanted]


def _source(kept: Sequence[Part], imports: Sequence[str], blocks: Sequence[_Block]) -> str:
    for block in blocks:
        if not imports and list(block.parts) == kept:  # nothing was dropped: the author's layout stays
            return block.region.code.strip("\n") + "\n"
    future = [part for part in kept if isinstance(part.node, ast.ImportFrom) and part.node.module == "__future__"]
    rest = [part for part in kept if part not in future]
    texts = [*(part.text for part in future), *imports, *(part.text for part in rest)]
    return joined(texts, [False] * (len(texts) - len(rest)) + [part.redefines for part in rest])
