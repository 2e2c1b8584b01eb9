"""Every command of README and docs is run as it stands, in an empty folder, or says why it cannot be."""

import os
import re
import shlex
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from docs.page_writers.commands import commands
from tests.docs.support.code_blocks import (
    COMMANDS,
    LANGUAGES,
    NEEDS,
    PAGES,
    ROOT,
    Block,
    blocks,
    comments,
    followed_by,
    pattern,
    runnable,
)
from tests.docs.support.given import GIVEN
from tests.end_to_end.support.runs import environment
from tests.end_to_end.support.warm_interpreter import warm_program

_BY_DAY = {"README.md", "docs/first-run.md"}
"""Pages whose commands are run by day though they take long; those of other such pages by night. Their words are looked up by day."""

_TEXTS = {name: path.read_text(encoding="utf-8") for name, path in PAGES.items()}


def _run_here(text: str) -> list[Block]:
    """The blocks of a page whose commands are run by this module."""
    return [] if followed_by(text) else [block for block in blocks(text) if block.language in COMMANDS and not block.needs]


def _takes_long(text: str) -> bool:
    """Whether a page's commands evaluate candidates or textbook rules, which takes seconds each."""
    scripts = "\n".join(block.text for block in _run_here(text))
    return bool(re.search(r"evoheur (?:run|resume|sweep|compare|evaluate|solve|export|doctor|problems)", scripts))


def _prose(text: str) -> str:
    """A page without its blocks."""
    return re.sub(r"^( *)```.*?^\1```$", "", text, flags=re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("name", PAGES)
def test_no_command_escapes(name: str) -> None:
    """Every block has a language that is known, so that none is a command without being seen as one, and comments have known words."""
    text = _TEXTS[name]
    found = list(blocks(text))
    assert len(found) == len(re.findall(r"^ *```", text, re.MULTILINE)) / 2, "a block is not closed"
    assert {block.language.split()[0] for block in found if block.language} <= LANGUAGES
    assert all(block.language for block in found), "a block names no language"
    assert {word for block in found for word in block.needs} <= NEEDS
    assert {word for block in found for word in block.given} <= set(GIVEN)
    said = comments(text)
    assert set(said) <= {"needs", "given", "run by"}
    before_blocks = sum(bool(block.needs) + bool(block.given) for block in found)
    assert len([word for word in said if word != "run by"]) == before_blocks, "a comment does not stand before its block"
    for block in found:
        assert block.language in COMMANDS or not (block.needs or block.given), "a comment stands before a block without commands"
        if block.language == "console":
            assert block.text.startswith("$ "), block.text
    assert not re.search(r"^ {4,}(?:\$ )?evoheur ", _prose(text), re.MULTILINE), "commands belong into a bash or console block"


@pytest.mark.parametrize("name", [name for name, text in _TEXTS.items() if followed_by(text)])
def test_a_page_that_is_followed_elsewhere_is(name: str) -> None:
    """The test that it names exists and reads the page."""
    test = (ROOT / followed_by(_TEXTS[name])).read_text(encoding="utf-8")
    assert Path(name).name in test


@cache
def _options() -> dict[tuple[str, ...], frozenset[str]]:
    return {command.words: command.options for command in commands()}


def _calls(text: str) -> list[list[str]]:
    """Every call of evoheur in a page, in blocks and within sentences, as words."""
    scripts = [block.text for block in blocks(text) if block.language in COMMANDS]
    lines = [line for script in scripts for line in script.splitlines()] + re.findall(r"`([^`\n]+)`", _prose(text))
    named = [re.search(r"(?:^|[\s/])(evoheur [a-z].*)", line) for line in lines]
    return [shlex.split(found[1].replace("…", ""), comments=True) for found in named if found is not None]


@pytest.mark.parametrize("name", PAGES)
def test_what_commands_are_called_with_exists(name: str) -> None:
    """Also those that are not run: the command's words, and every option."""
    known = _options()
    for words in _calls(_TEXTS[name]):
        called = next((tuple(words[:count]) for count in (3, 2) if tuple(words[:count]) in known), None)
        assert called is not None, f"there is no command {' '.join(words[:3])!r}"
        given = {re.split("=", word)[0] for word in words[len(called) :] if re.match(r"--?[a-z]", word)}
        assert given <= known[called], f"{' '.join(words)}: {sorted(given - known[called])} is no option of it"


@pytest.mark.parametrize("name", PAGES)
def test_make_has_the_targets_that_are_named(name: str) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    scripts = "\n".join(block.text for block in blocks(_TEXTS[name]) if block.language in COMMANDS)
    named = re.findall(r"^make ([a-z-]+)", scripts, re.MULTILINE) + re.findall(r"`make ([a-z-]+)[^`]*`", _prose(_TEXTS[name]))
    assert set(named) <= targets


def test_all_that_can_be_given_is_asked_for() -> None:
    assert {word for text in _TEXTS.values() for block in blocks(text) for word in block.given} == set(GIVEN)


@pytest.mark.timeout(900)
@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=[pytest.mark.slow if name in _BY_DAY else pytest.mark.nightly] if _takes_long(text) else [])
        for name, text in _TEXTS.items()
        if _run_here(text)
    ],
)
def test_every_command_does_what_the_page_says(name: str, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Exit code 0, one after the other; where the page shows an output, that one."""
    path = os.pathsep.join([str(warm_program()), str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    for block in _run_here(_TEXTS[name]):
        for word in block.given:
            if not (tmp_path / word).exists():
                GIVEN[word](tmp_path, tmp_path_factory)
        for command in runnable(block):
            done = subprocess.run(
                ["bash", "-euo", "pipefail", "-c", command.script],
                cwd=tmp_path,
                env=environment({"PATH": path, "EVOHEUR_GALLERY": str(tmp_path / "gallery")}),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                timeout=240,
                check=False,
            )
            assert done.returncode == 0, f"{command.script}\n{done.stdout}"
            assert command.output is None or re.fullmatch(pattern(command.output), done.stdout), (
                f"{command.script}\n{done.stdout}"
            )
