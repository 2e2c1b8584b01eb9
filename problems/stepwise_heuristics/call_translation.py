"""Translation of calls into instructions."""

import ast
import math

from .emitted_code import Label, Register
from .expression_translation import ExpressionTranslation
from .function_tables import (
    BUILTINS,
    MATH_FUNCTIONS,
    METHODS,
    NUMPY_ARRAYS,
    NUMPY_BINARY,
    NUMPY_REDUCTIONS,
    NUMPY_UNARY,
    REDUCING_METHODS,
)
from .instructions import (
    APPEND,
    BEGIN,
    CALL,
    CLEAR,
    GET,
    JUMP,
    JUMP_IF,
    JUMP_IF_NOT,
    LEAST_STEP,
    MOST_STEP,
    MOVE,
    NEXT,
    SUM_STEP,
    TUPLE,
)
from .module_names import CalledFunction, refused

__all__ = ["CallTranslation"]

_INFINITE = {"inf": math.inf, "+inf": math.inf, "-inf": -math.inf, "infinity": math.inf, "-infinity": -math.inf}
_TYPES: dict[str, float] = {"bool": False, "bool_": False, "int": 0, "int64": 0, "float": 0.0, "float64": 0.0}
_STABLE = ("'stable'", "'mergesort'")


class CallTranslation(ExpressionTranslation):
    """The calls in the expressions of one function."""

    def call(self, node: ast.Call) -> Register:
        """The register that holds what a call returns."""
        if any(isinstance(argument, ast.Starred) for argument in node.args):
            raise refused(node, "a call with *")
        match node.func:
            case ast.Name(id=name) if name in self.functions and name not in self.scope and name not in self.code.variables:
                return self._called(node, self.functions[name])
            case ast.Name(id=name) if name in self.module.imported and not self.has(name):
                module, attr = self.module.imported[name]
                return self._of_module(node, module, attr)
            case ast.Name(id=name) if not self.has(name):
                return self._builtin(node, name)
            case ast.Attribute(value=ast.Name(id=module), attr=attr) if module in self.module.modules and not self.has(module):
                return self._of_module(node, self.module.modules[module], attr)
            case ast.Attribute(value=inner, attr=attr):
                return self._method(node, inner, attr)
        raise refused(node, f"a call of {ast.unparse(node.func)[:40]}")

    def _called(self, node: ast.Call, source: CalledFunction) -> Register:
        arguments, defaults = source.arguments, source.node.args.defaults
        given: dict[str, ast.expr] = dict(zip(arguments, node.args, strict=False))
        for keyword in node.keywords:
            if keyword.arg not in arguments or keyword.arg in given:
                raise refused(node, "arguments that the function does not have")
            given[keyword.arg] = keyword.value
        for name, default in zip(reversed(arguments), reversed(defaults), strict=False):
            if name not in given:
                if not isinstance(default, ast.Constant | ast.UnaryOp):
                    raise refused(node, "a default that is no number")
                given[name] = default
        if len(given) != len(arguments) or len(node.args) > len(arguments):
            raise refused(node, "another number of arguments than the function has")
        values = {name: self.value(each) for name, each in given.items()}  # in the order in which Python evaluates them
        operands = [values[name] for name in arguments] + [self.code.variable(name) for name in source.captured]
        first, out = self.code.fresh(max(1, len(operands))), self.code.fresh()
        for place, operand in enumerate(operands):
            self.code.emit(MOVE, self.code.after(first, place), operand)
        self.code.emit(CALL, out, self.number(source), first, "registers")
        return out

    def _builtin(self, node: ast.Call, name: str) -> Register:  # noqa: PLR0911 - one for each form of call
        match node:
            case ast.Call(
                func=ast.Name(id="any" | "all" | "sum" | "min" | "max"), args=[ast.GeneratorExp() as generator], keywords=[]
            ):
                return self._folded(name, generator)
            case ast.Call(func=ast.Name(id="float"), args=[ast.Constant(value=str() as text)], keywords=[]) if (
                text.lower() in _INFINITE
            ):
                return self.code.constant(_INFINITE[text.lower()])
            case ast.Call(func=ast.Name(id="min" | "max"), args=[_, _, *_] as several, keywords=[]):
                return self.code.apply(name, self.built(TUPLE, several))
            case ast.Call(func=ast.Name(id="min" | "max"), args=[over], keywords=[]):
                return self.code.apply(name, self.value(over))
            case ast.Call(func=ast.Name(id="min" | "max"), args=[over], keywords=[ast.keyword(arg="default", value=default)]):
                held = self.value(over)
                return self.code.apply(name, held, self.value(default))
            case ast.Call(func=ast.Name(id="min" | "max"), args=[over], keywords=[ast.keyword(arg="key", value=key)]):
                return self._by_key("first_by", self.value(over), key, falling=self.code.constant(name == "max"))
            case ast.Call(func=ast.Name(id="sorted"), args=[over]):
                return self._sorted(node, "sorted", self.value(over))
        if node.keywords or name not in BUILTINS or not BUILTINS[name][0] <= len(node.args) <= BUILTINS[name][1]:
            raise refused(node, f"a call of {name}")
        values = [self.value(each) for each in node.args]
        if name == "len" and isinstance(node.args[0], ast.GeneratorExp):
            raise refused(node, "the length of a generator")
        return self.code.apply(name, *values)

    def _sorted(self, node: ast.Call, function: str, held: Register) -> Register:
        keywords = {keyword.arg: keyword.value for keyword in node.keywords}
        falling = self.value(keywords.pop("reverse")) if "reverse" in keywords else self.code.constant(False)
        key = keywords.pop("key", None)
        if keywords or (key is not None and function == "sort"):
            raise refused(node, "sorting in another way")
        if key is not None:
            return self._by_key("sorted_by", held, key, falling=falling)
        return self.code.apply(function, held, falling)

    def _by_key(self, function: str, over: Register, key: ast.expr, *, falling: Register) -> Register:
        held, keys = self.code.fresh(), self.code.apply("list")
        at, item, again, end = self.code.fresh(2), self.code.fresh(), Label(), Label()
        self.code.emit(MOVE, held, over)
        self.code.emit(BEGIN, at, held)
        self.code.mark(again)
        self.code.emit(NEXT, item, held, at, end)
        self.code.emit(APPEND, keys, self._key(key, item))
        self.code.emit(JUMP, again)
        self.code.mark(end)
        return self.code.apply(function, held, falling, keys)

    def _key(self, key: ast.expr, item: Register) -> Register:
        out = self.code.fresh()
        match key:
            case ast.Lambda(args=ast.arguments(args=[ast.arg(arg=name)], defaults=[]), body=body):
                before = dict(self.scope)
                self.scope[name] = item
                found = self.value(body)
                self.scope = before
                return found
            case ast.Attribute(value=inner, attr="get"):
                return self.code.apply("get", self.value(inner), item)
            case ast.Name(id=name) if name in self.functions:
                source = self.functions[name]
                if len(source.arguments) != 1:
                    raise refused(key, "a key of several arguments")
                first = self.code.fresh(1 + len(source.captured))
                self.code.emit(MOVE, first, item)
                for place, captured in enumerate(source.captured):
                    self.code.emit(MOVE, self.code.after(first, 1 + place), self.code.variable(captured))
                self.code.emit(CALL, out, self.number(source), first, "registers")
                return out
        raise refused(key, f"a key of the kind {type(key).__name__}")

    def _of_module(self, node: ast.Call, module: str, name: str) -> Register:  # noqa: PLR0911 - one for each form of call
        if module == "math":
            return self._of_math(node, name)
        if module != "numpy":
            raise refused(node, f"a function of {module}")
        keywords = {keyword.arg: keyword.value for keyword in node.keywords}
        if name in NUMPY_REDUCTIONS and 1 <= len(node.args) <= 2 and set(keywords) <= {"axis"}:
            axis = node.args[1] if len(node.args) > 1 else keywords.get("axis", ast.Constant(value=None))
            held = self.value(node.args[0])
            return self.code.apply(NUMPY_REDUCTIONS[name], held, self.value(axis))
        if name in {"zeros", "ones"} and set(keywords) == {"dtype"} and len(node.args) == 1:
            number = self._number_of_type(node, keywords["dtype"])
            return self.code.apply("full", self.value(node.args[0]), self.code.constant(type(number)(name == "ones")))
        if name == "argsort" and len(node.args) == 1:
            return self._argsort(node, self.value(node.args[0]))
        if keywords:
            raise refused(node, f"a call of {name} with {', '.join(str(each) for each in keywords)}")
        values = [self.value(each) for each in node.args]
        if name in NUMPY_UNARY and len(values) == 1:
            return self.code.apply(NUMPY_UNARY[name], self._no_list(node, values[0]))
        if name in NUMPY_BINARY and len(values) == 2:
            return self.joined(NUMPY_BINARY[name], self.code.apply("np.number", values[0]), values[1])
        if name == "where" and len(values) == 1:
            return self.code.apply("nonzero", values[0])
        if name == "flatnonzero" and len(values) == 1:
            return self._first_of(self.code.apply("nonzero", values[0]))
        if name in NUMPY_ARRAYS and NUMPY_ARRAYS[name][1] <= len(values) <= NUMPY_ARRAYS[name][2]:
            return self.code.apply(NUMPY_ARRAYS[name][0], *values)
        raise refused(node, f"a call of numpy.{name}")

    def _no_list(self, node: ast.Call, value: Register) -> Register:
        return self.code.apply("array", value) if isinstance(node.args[0], ast.List | ast.ListComp) else value

    def _first_of(self, value: Register) -> Register:
        out = self.code.fresh()
        self.code.emit(GET, out, value, self.code.constant(0))
        return out

    def _argsort(self, node: ast.Call, held: Register) -> Register:
        stable = [keyword for keyword in node.keywords if keyword.arg == "kind" and ast.unparse(keyword.value) in _STABLE]
        if len(stable) != len(node.keywords):
            raise refused(node, "argsort in another way")
        return self.code.apply("argsort", held, self.code.constant(bool(stable)))

    def _number_of_type(self, node: ast.Call, kind: ast.expr) -> float:
        match kind:
            case ast.Name(id=name) if name in _TYPES and not self.has(name):
                return _TYPES[name]
            case ast.Attribute(value=ast.Name(id=module), attr=name) if name in _TYPES and self.is_numpy(module):
                return _TYPES[name]
        raise refused(node, f"numbers of type {ast.unparse(kind)[:30]}")

    def _of_math(self, node: ast.Call, name: str) -> Register:
        if name in MATH_FUNCTIONS and len(node.args) == 1 and not node.keywords:
            return self.code.apply(f"math.{name}", self.value(node.args[0]))
        if name in {"isnan", "isinf", "isfinite"} and len(node.args) == 1 and not node.keywords:
            return self.code.apply("bool", self.code.apply(name, self.value(node.args[0])))
        raise refused(node, f"a call of math.{name}")

    def _method(self, node: ast.Call, inner: ast.expr, name: str) -> Register:
        held = self.value(inner)
        keywords = {keyword.arg: keyword.value for keyword in node.keywords}
        if name in REDUCING_METHODS and len(node.args) <= 1 and set(keywords) <= {"axis"}:
            axis = node.args[0] if node.args else keywords.get("axis", ast.Constant(value=None))
            return self.code.apply(REDUCING_METHODS[name], held, self.value(axis))
        if name == "sort":
            return self._sorted(node, "sort", held)
        if name == "argsort" and not node.args:
            return self._argsort(node, held)
        if name == "astype" and len(node.args) == 1 and not keywords:
            number = self._number_of_type(node, node.args[0])
            return self.code.apply(
                "as_bool" if isinstance(number, bool) else "as_int" if isinstance(number, int) else "as_float", held
            )
        if name == "append" and len(node.args) == 1 and not keywords:
            self.code.emit(APPEND, held, self.value(node.args[0]))
            return self.code.constant(None)
        if keywords or name not in METHODS or not METHODS[name][0] <= len(node.args) <= METHODS[name][1]:
            raise refused(node, f"the method {name}")
        return self.code.apply(name, held, *[self.value(each) for each in node.args])

    def _folded(self, name: str, node: ast.GeneratorExp) -> Register:
        # What any, all, sum, min and max make of a generator, without a list of its values.
        out, end = self.code.fresh(), Label()
        if name in {"min", "max"}:
            self.code.emit(CLEAR, out)
        else:
            self.code.emit(MOVE, out, self.code.constant({"any": False, "all": True, "sum": 0}[name]))

        def take() -> None:
            value = self.value(node.elt)
            if name in {"any", "all"}:
                on = Label()
                self.code.emit(JUMP_IF_NOT if name == "any" else JUMP_IF, value, on)
                self.code.emit(MOVE, out, self.code.constant(name == "any"))
                self.code.emit(JUMP, end)
                self.code.mark(on)
            else:
                self.code.emit({"sum": SUM_STEP, "min": LEAST_STEP, "max": MOST_STEP}[name], out, value)

        self.nested(node.generators, take)
        self.code.mark(end)
        held = self.code.fresh()
        self.code.emit(MOVE, held, out)  # gives up where there was nothing
        return held
