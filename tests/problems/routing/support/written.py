"""Keyword files written in all the ways that people and programs write them."""

from collections.abc import Mapping
from pathlib import Path

from hypothesis import strategies as st


@st.composite
def written(draw: st.DrawFn, entries: Mapping[str, str], sections: Mapping[str, list[str]]) -> bytes:
    """A file that says the same whatever is drawn: cases, separators, line ends, encodings, the order of sections, an end or none."""
    lines = [_entry(draw, key, value) for key, value in draw(st.permutations(list(entries.items())))]
    if draw(st.booleans()):
        lines.append("COMMENT : Stra\u00dfe: 5 trucks")
    for key, rows in draw(st.permutations(list(sections.items()))):
        lines.append(_cased(draw, key) + draw(st.sampled_from(["", " ", ":", " :", "\t"])))
        gap = draw(st.sampled_from([" ", "\t", "   "]))
        lines += [draw(st.sampled_from(["", " ", "\t"])) + gap.join(row.split()) for row in rows]
        if draw(st.booleans()):
            lines.append(draw(st.sampled_from(["", "# a remark"])))
    lines += draw(st.sampled_from([[], ["EOF"], ["eof"], ["EOF", "what follows is not read"]]))
    text = draw(st.sampled_from(["\n", "\r\n", " \n"])).join(lines) + draw(st.sampled_from(["", "\n"]))
    return text.encode(draw(st.sampled_from(["utf-8", "utf-8-sig", "latin-1", "utf-16"])))


def _entry(draw: st.DrawFn, key: str, value: str) -> str:
    word = value if key == "NAME" else draw(st.sampled_from([value, value.lower()]))
    return _cased(draw, key) + draw(st.sampled_from([" : ", ":", ": ", " :", "\t:\t", " = ", " "])) + word


def _cased(draw: st.DrawFn, key: str) -> str:
    return draw(st.sampled_from([key, key.lower(), key.capitalize()]))


def saved(folder: Path, name: str, data: bytes) -> Path:
    """The file with these bytes."""
    file = folder / name
    file.write_bytes(data)
    return file
