"""Replies and sources that are meant to harm.

Nobody writes them in good faith: they are odd to parse, costly to walk, or wrong in a way that is found late. All that is done to a
candidate's source on the trusted side has to get past every one of them, with a result or a refusal.
"""

from collections.abc import Mapping

__all__ = ["HOSTILE_REPLIES", "chained", "hostile_sources"]


def chained(shape: str, size: int, header: str) -> str:
    """A long function that repeats one thing.

    It has about so many characters, and finds what takes more than proportional time.

    Args:
        shape: A key of `SHAPES`.
        size: In characters.
        header: The function's, such as "def priority(item, bins):".
    """
    piece, frame = SHAPES[shape]
    return header + "\n" + frame.replace("@", "".join(piece.replace("#", str(n)) for n in range(size // len(piece))))


SHAPES: Mapping[str, tuple[str, str]] = {
    "comparisons": ("<1", "    return 1@\n"),
    "comparisons of names": (" < a", "    a = 1.5\n    return 1@\n"),
    "operands of and": (" and 1.5", "    return 1@\n"),
    "arguments": ("1.5, ", "    return max(@1)\n"),
    "entries of a list": ("1,", "    t = [@1]\n    return t\n"),
    "entries of a dict": ("1:2,", "    t = {@1:2}\n    return t\n"),
    "statements": ("    x = 1.5\n", "@    return x\n"),
    "names": ("    x# = 1.5\n", "@    return x0\n"),
    "statements of a line": ("x=1.5;", "    @\n    return x\n"),
    "branches": ("    if x > #:\n        x = #.5\n", "    x = 1\n@    return x\n"),
    "nested functions": ("    def f#(y): return y\n", "@    return f0(1)\n"),
    "loops": ("    for i in r: x += 1\n", "    x, r = 0, [1]\n@    return x\n"),
    "subscripts": ("    x[#] = x[#]\n", "    x = {}\n@    return x\n"),
    "formatted values": ("{x}", "    x = 1\n    return f'@'\n"),
    "strings side by side": ("'a' ", "    return (@'a')\n"),
    "patterns": ("1|", "    match 1:\n        case @1: return 1\n"),
    "a text": ("a", "    return '@'\n"),
    "a comment": ("c", "    # @\n    return 1\n"),
    "spaces": (" ", "    return 1 +@1\n"),
    "empty lines": ("\n", "@    return 1\n"),
}
"""Name of a shape → what is repeated ("#" is a running number), and the body it stands in ("@")."""


def hostile_sources(name: str, parameters: tuple[str, ...]) -> dict[str, str]:
    """Odd sources that define a function, by what is odd.

    Some are no Python at all.

    Args:
        name: Of the function.
        parameters: Of the function.
    """
    first = parameters[0]
    header = f"def {name}({', '.join(parameters)}):"
    bodies = {
        "an integer in hexadecimal": f"    return {first} * 0x{'f' * 3700}\n",
        "a huge integer in hexadecimal": f"    return {first} * 0x{'f' * 15000}\n",
        "an integer in octal": f"    return {first} * 0o{'7' * 6000}\n",
        "an integer in binary": f"    return {first} * 0b{'1' * 15000}\n",
        "a long integer": f"    return {first} * {'9' * 5000}\n",
        "an integer that no float holds": f"    return {first} * {'9' * 4200} + {'9' * 320}\n",
        "long integers": f"    return {first} * {'9' * 300} * {'9' * 300} ** 2 + 1e308 * 1e308 // {'7' * 300}\n",
        "an infinite float": f"    return {first} * 1e999\n",
        "an imaginary number": f"    return {first} * 1e999j\n",
        "many parentheses": f"    return {'(' * 100_000}{first}\n",
        "parentheses": f"    return {'(' * 150}{first}{')' * 150}\n",
        "deep unary": f"    return {'-' * 5000}{first}\n",
        "deep not": f"    return {'not ' * 150}{first}\n",
        "deep attributes": f"    return {first}{'.real' * 5000}\n",
        "deep calls": f"    return {first}{'()' * 150}\n",
        "deep sum": f"    return {' + '.join([first] * 180)}\n",
        "too deep a sum": f"    return {' + '.join([first] * 3000)}\n",
        "deep lambdas": f"    return {'lambda: ' * 90}{first}\n",
        "deep blocks": "".join(f"{'    ' * n}if {first}:\n" for n in range(1, 19)) + f"{'    ' * 19}return {first}\n",
        "many elif": f"    if {first} > 1:\n        return 1\n"
        + "".join(f"    elif {first} > {n}:\n        return {n}\n" for n in range(60)),
        "NUL": f"    return {first}\0\n",
        "NUL in a string": "    return '\0'\n",
        "half a surrogate": "    return '\ud800'\n",
        "half a surrogate in a comment": "    # \udfff\n    return 1\n",
        "an escaped surrogate": "    return '\\ud800'\n",
        "form feeds": f"\f    return {first}\f\n\f",
        "a byte-order mark inside": f"    return {first} + '\ufeff'\n",
        "tabs": f"\treturn {first}\n",
        "tabs and spaces": f"    x = 1\n\treturn {first}\n",
        "carriage returns": f"    x = 1\r    return {first}\r",
        "separators that are no line ends": f"    x = 1 # \u2028 \x0b \x1c \x85\n    return {first}\n",
        "a walrus": f"    return (y := {first}) + y\n",
        "a match": f"    match {first}:\n        case [1, *rest, {{'a': b}}] if rest: return b\n        case x | _ : return {first}\n",
        "a match by class": f"    match {first}:\n        case int(real=x) as y: return x + y\n        case {{**rest}}: return rest\n",
        "async": f"    async def f():\n        async with {first} as g:\n            return [x async for x in await g]\n    return f\n",
        "stars": f"    a, *b = [*{first}, *{first}]\n    return f(*b, **{{**{{}}}})\n\ndef f(*a, **b): return a\n",
        "nested f-strings": f"    return f'{{f\"{{{first}!r:>{{3}}}}\"}}' f'{{{first}=}}'\n",
        "an f-string with a format": f"    return f'{{{first}:{{{first}}}.{{1}}f}}{{{{}}}}'\n",
        "del": f"    x = {first}\n    del x\n    return {first}\n",
        "global": f"    global _state, {name}\n    _state = {first}\n    return _state\n",
        "nonlocal": f"    x = 1\n    def f():\n        nonlocal x\n        x += 1\n    f()\n    return {first} + x\n",
        "nonlocal of nothing": "    nonlocal x\n    return x\n",
        "a parameter that is global": f"    global {first}\n    return {first}\n",
        "an assignment to __debug__": "    __debug__ = 1\n    return 1\n",
        "an assignment to None": "    None = 1\n    return 1\n",
        "yield": f"    yield {first}\n    yield from [1]\n",
        "a loop with else": f"    for x in [{first}]:\n        break\n    else:\n        pass\n    while 0: continue\n    return {first}\n",
        "try": f"    try:\n        return {first}\n    except* ValueError as e:\n        pass\n    finally:\n        pass\n",
        "old try": f"    try: return {first}\n    except (A, B) as e: raise C from e\n    else: pass\n    finally: return {first}\n",
        "annotations": f"    x: int = {first}\n    y: 'int'\n    {first}.a: int\n    return x\n",
        "slices": f"    return {first}[::2, ..., None:1, -1:, ()]\n",
        "assertions": f"    assert {first}, 'x'\n    return {first}\n",
        "names with accents": f"    é = ñ = {first}\n    return ｅ + é\n",
        "names of any script": f"    变量 = {first}\n    return 变量\n",
        "a ligature as a name": f"    ﬁ = {first}\n    return fi\n",
        "a backslash at the end": f"    return {first} + \\\n",
        "a line continued for ever": f"    return {first} {chr(92)}{chr(10)}" * 500 + "\n",
        "an open string": '    return """never closed\n',
        "a very long line": f"    return {first}  # {'x' * 90_000}\n",
        "a very long name": f"    {'x' * 5000} = {first}\n    return {'x' * 5000}\n",
        "invalid escapes": "    return '\\d\\8\\N{DIGIT ONE}' + b'\\xff'.hex()\n",
        "an unknown character name": "    return '\\N{NO SUCH THING}'\n",
        "is with a literal": f"    return {first} is 1\n",
        "a call of a number": "    return 1()\n",
        "empty slices of nothing": "    return [][()]\n",
        "names of our own": "    candidate = heuristic = 1\n    return '{0.__class__}' '%10000000000d' '{{ 7 * 7 }}'\n",
        "a template": "    return '{{ cycler.__init__.__globals__ }} {% include \"x\" %} {# #}'\n",
        "terminal sequences": "    return '\x1b[2J\x1b]0;x\x07\u202e'\n",
        "fences": '    """\n```python\n~~~\n"""\n    return 1\n',
        "reasoning": '    """<think></think><think>"""\n    return 1\n',
        "a class": "    class A[T: 1]: pass\n    return A\n",
        "type parameters": "    type X[T] = list[T]\n    return X\n",
        "print as a statement": "    print 1\n",
        "nothing": "",
        "an ellipsis": "    ...\n",
    }
    sources = {what: f"{header}\n{body}" for what, body in bodies.items()}
    sources |= {
        "an encoding cookie": f"# -*- coding: utf-7 -*-\n{header}\n    return '+AGE-'\n",
        "an unknown encoding": f"# coding: no-such-thing\n{header}\n    return 1\n",
        "a byte-order mark": f"\ufeff{header}\n    return 1\n",
        "decorators": f"@(lambda f: f)\n@a.b[0](1)\n{header}\n    return 1\n\nimport a\n",
        "an undefined decorator": f"@nowhere\n{header}\n    return 1\n",
        "defaults": f"def {name}({', '.join(parameters)}, *, key=(x := 1), **rest):\n    return key\n",
        "positional only": f"def {name}({', '.join(parameters)}, /, *more: *tuple[int]):\n    return more\n",
        "equal parameters": f"def {name}({first}, {first}):\n    return 1\n",
        "an async function": f"async {header}\n    return 1\n",
        "a lambda": f"{name} = lambda {', '.join(parameters)}: {first}\n",
        "a function that is defined again": f"{header}\n    return 1\n\n{name} = {name}\n{header}\n    return {name}\n",
        "a class of that name": f"class {name}:\n    def __call__(self): return 1\n",
        "an import of that name": f"from os import path as {name}\n",
        "another name": f"def other({', '.join(parameters)}):\n    return {first}\n\n{name} = other\n",
        "a function that is wrapped": f"import functools\n{header}\n    return {first}\n\n{name} = functools.lru_cache({name})\n",
        "a name given by global": f"def give():\n    global {name}\n    {name} = abs\n\ngive()\n",
        "a name given in a dictionary": f"globals()['{name}'] = abs\n",
        "a name of a loop": f"for {name} in [abs, max]:\n    pass\n",
        "annotations that name nothing": f"def {name}({first}: nowhere.at[all], *more: 1 / 0) -> (x := nobody):\n    return {first}\n",
        "a return outside": f"return 1\n{header}\n    return 1\n",
        "a star import": f"from math import *\n{header}\n    return sin(1)\n",
        "a future that is none": f"from __future__ import braces\n{header}\n    return 1\n",
        "a late future": f"x = 1\nfrom __future__ import annotations\n{header}\n    return 1\n",
        "docstrings and a future": f'"""One."""\nfrom __future__ import annotations\n{header}\n    """Two."""\n',
        "an import without a name": f"from . import x\nfrom .. import y\n{header}\n    return x\n",
        "code that looks at itself": f"{header}\n    return eval(globals()['__name__']) + {name}.__doc__\n",
        "versions": "".join(f"def {name}_v{n}({', '.join(parameters)}):\n    return {n}\n" for n in (0, 1, 999_999)),
        "conditional definitions": f"if 1:\n    {header}\n        return 1\nelse:\n    {name} = 1\n",
        "a name that is deleted": f"{header}\n    return 1\n\ndel {name}\n",
        "a global name that hides a builtin": f"float = range = len = None\n{header}\n    return float(1)\n",
    }
    sources |= {f"chained {shape}": chained(shape, 9000, header) for shape in SHAPES}
    return sources


_CODE = "def f(x):\n    return x\n"

HOSTILE_REPLIES: Mapping[str, str] = {
    "nothing": "",
    "spaces": " \n\t\f\r" * 100,
    "NUL": "\0" * 100,
    "half a surrogate": "\ud800{An idea \udfff of half a character}\n```python\n" + _CODE + "```",
    "many fences": "```python\n" * 3000,
    "fences in turn": "```\n~~~\n" * 3000,
    "fences of any length": "\n".join("`" * n for n in range(3, 300)),
    "many open braces": "{" * 50_000,
    "braces in braces": "{ a b" * 10_000 + "}" * 10_000,
    "many reasoning tags": "<think>" * 5000 + "</think>" * 4999,
    "closing tags": "</think>" * 12_000,
    "lines that begin code": "x = (\n" * 15_000,
    "definitions that are cut": "def f(x):\n    return (\n" * 4000,
    "indentation": "\n".join(" " * n + "if 1:" for n in range(400)),
    "sentences": "Of course. " * 9000,
    "one sentence": "word " * 19_000,
    "backslashes": "\\\n" * 40_000,
    "quotes": "'''\"\"\"" * 15_000,
    "decorators": "@a\n" * 20_000 + _CODE,
    "semicolons": ";" * 50_000,
    "a megabyte": "x" * 2**20,
    "imports": "import a\n" * 10_000 + _CODE,
    "definitions": "\n".join(f"def g{n}(x): return g{n + 1}(x)" for n in range(2500)) + "\n" + _CODE,
    "escape sequences": "\x1b[2J\x1b[31m{An idea \x07 in colour}\n```python\n" + _CODE + "```",
}
"""Replies whose form is odd rather than their code."""
