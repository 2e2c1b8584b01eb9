"""The abstract values of the analysis: what is known of a Python value for *every* item and *every* set of bins at once.

The property that is tracked is "per bin": an array has one entry for each offered bin, entry j is a function of the item and of the free
space of bin j (the same function for every j), and the array's dtype is a function of the item alone. Elementwise operations keep the
property, whether they make new arrays or change old ones in place, so aliasing can spoil nothing but the knowledge of a maximum.
"""

import ast
from dataclasses import dataclass, field, replace

__all__ = [
    "Array",
    "Element",
    "EmptyList",
    "Facts",
    "Function",
    "Generated",
    "Index",
    "Length",
    "Limits",
    "Masked",
    "MixedArray",
    "Named",
    "NotALevelRule",
    "PerBinList",
    "Scalar",
    "Series",
    "Shape",
    "Stale",
    "State",
    "Unwritten",
    "Value",
    "join",
    "join_states",
]


class NotALevelRule(Exception):
    """Something is not understood or depends on more than one bin; the message names it. Never leaves the package."""


@dataclass(frozen=True)
class Value:
    """Root of the abstract values."""


@dataclass(frozen=True)
class Scalar(Value):
    """A number, text or None that depends on the item and on constants alone (the capacity is one).

    Attributes:
        is_item: It is the item itself.
        truth: Its truth value where that is the same in every call.
    """

    is_item: bool = False
    truth: bool | None = None


@dataclass(frozen=True)
class Element(Value):
    """Inside a loop over the bins: a number that depends on the item and on the free space of the loop's bin."""


@dataclass(frozen=True)
class Array(Value):
    """A per-bin array.

    Attributes:
        rising: Entry j does not fall when the free space of bin j grows. The largest entry is then that of an unopened bin, which is always
            offered, so the maximum over the array is a function of the item alone.
        storage: Sites at which storage of a rising array that this one may share was made; once it may have been changed in place
            (`Facts.touched`), nothing is known of its maximum any more.
        boolean: Its dtype is bool for certain, so that as an index it selects and does not permute.
    """

    rising: bool = False
    storage: frozenset[str] = frozenset()
    boolean: bool = False


@dataclass(frozen=True)
class Masked(Value):
    """The entries of a per-bin array that a boolean per-bin array selects; may only go back to the same places.

    Attributes:
        mask: The index expression, dumped.
        epoch: `Facts.epoch` when it was evaluated; equal epoch and text mean the same mask.
    """

    mask: str
    epoch: int


@dataclass(frozen=True)
class PerBinList(Value):
    """A list or tuple with one number per bin, each a function of the item and of that bin."""


@dataclass(frozen=True)
class MixedArray(Value):
    """An array made of a `PerBinList` without a dtype: whether it holds int or float depends on which bins are offered."""


@dataclass(frozen=True)
class Generated(Value):
    """A generator of one number per bin."""


@dataclass(frozen=True)
class EmptyList(Value):
    """A list that has got nothing yet; becomes a `PerBinList` in a loop that appends once per bin."""


@dataclass(frozen=True)
class Unwritten(Value):
    """An array with one undefined entry per bin, from np.empty."""


@dataclass(frozen=True)
class Length(Value):
    """The number of offered bins: at least 1, and good for shapes and ranges only."""


@dataclass(frozen=True)
class Shape(Value):
    """The shape of a per-bin array."""


@dataclass(frozen=True)
class Index(Value):
    """The position of a loop's bin: good for subscripts only."""


@dataclass(frozen=True)
class Series(Value):
    """A tuple or list display; never changed after it was made.

    Attributes:
        entries: Its values.
    """

    entries: tuple[Value, ...]


@dataclass(frozen=True)
class Named(Value):
    """A module, builtin or library function, or number type, by its full name, such as "numpy.exp"."""

    name: str


@dataclass(frozen=True)
class Limits(Value):
    """What np.finfo returns."""


@dataclass(frozen=True)
class Function(Value):
    """A function of the candidate's own.

    Attributes:
        node: Its definition.
        frame: Number of the call in which a nested function was defined, the only one that may call it; 0 for one of the module.
    """

    node: ast.FunctionDef
    frame: int = 0


@dataclass(frozen=True)
class Stale(Value):
    """A name that must not be read; the reason says why."""

    reason: str


@dataclass
class State:
    """What is known at one point of one function.

    Attributes:
        names: Local name → value.
        written: `Unwritten` arrays that got the entry of the loop's bin on every path to this point.
        appended: List → how often the loop's body appended to it on every path to this point; -1 if the paths differ.
    """

    names: dict[str, Value] = field(default_factory=dict)
    written: frozenset[str] = frozenset()
    appended: dict[str, int] = field(default_factory=dict)

    def copy(self) -> "State":
        """An independent copy."""
        return State(dict(self.names), self.written, dict(self.appended))


@dataclass
class Facts:
    """What holds for the whole analysis, whatever the path; only ever grows less certain.

    Attributes:
        names: Names of the candidate's module.
        index_names: Names that occur in a subscript, so that binding them again may change what a mask's text means.
        touched: Sites of storage that may have been changed in place; the offered bins are "bins".
        epoch: Grows with everything that may change what a mask's text means.
        in_bin_loop: Whether a loop over the bins is being analysed.
        frames: Calls entered so far.
        steps: Expressions and statements left before the analysis gives up.
    """

    names: dict[str, Value] = field(default_factory=dict)
    index_names: frozenset[str] = frozenset()
    touched: set[str] = field(default_factory=set)
    epoch: int = 0
    in_bin_loop: bool = False
    frames: int = 0
    steps: int = 20_000

    def step(self) -> None:
        """Count one expression or statement."""
        self.steps -= 1
        if self.steps < 0:
            raise NotALevelRule("the code takes too long to analyse")

    def is_rising(self, array: Array) -> bool:
        """Whether the array still has what `Array.rising` says."""
        return array.rising and not array.storage & self.touched

    def change(self, array: Value) -> None:
        """Note that all entries of an array may be changed in place."""
        if self.in_bin_loop:
            raise NotALevelRule("changes a whole array inside a loop over the bins")
        self.change_entry(array)

    def change_entry(self, array: Value) -> None:
        """Note that the entry of the loop's bin may be changed in place."""
        if isinstance(array, Array):
            self.touched |= array.storage
        self.epoch += 1


def join(one: Value, other: Value) -> Value:
    """What is known of a value that is one or the other, depending on the item (or, inside a loop over the bins, on the bin)."""
    if one == other:
        return one
    match one, other:
        case ((Scalar() | Element()), (Scalar() | Element())):
            return Scalar() if isinstance(one, Scalar) and isinstance(other, Scalar) else Element()
        case Array(), Array():
            return Array(
                rising=one.rising and other.rising,
                storage=one.storage | other.storage,
                boolean=one.boolean and other.boolean,
            )
        case (Array() as array, Scalar()) | (Scalar(), Array() as array):
            # A number where an array may stand broadcasts; where it cannot, asking the rule fails and the plain path takes over.
            return replace(array, rising=False, boolean=False)
        case Series(), Series() if len(one.entries) == len(other.entries):
            return Series(tuple(map(join, one.entries, other.entries)))
        case _:
            return Stale("is of different kinds on different paths")


def join_states(one: State | None, other: State | None) -> State | None:
    """What is known where two paths meet; None is a path that ended."""
    if one is None or other is None:
        return one or other
    names = dict(one.names)
    for name, value in other.names.items():
        # A name that only one path binds raises on the other, which is as much a function of the item as a value.
        names[name] = join(names[name], value) if name in names else value
    appended = {
        name: count if (count := one.appended.get(name, 0)) == other.appended.get(name, 0) else -1
        for name in one.appended | other.appended
    }
    return State(names, one.written & other.written, appended)
