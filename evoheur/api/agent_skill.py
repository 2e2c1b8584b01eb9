"""A skill file for coding agents: when and how to use evoheur."""

from pathlib import Path

from evoheur.errors import ConfigError

__all__ = ["skill_text", "write_skill"]

_NAME = "SKILL.md"


def skill_text() -> str:
    """The text of the skill file.

    Markdown with the front matter that agents look for: name and description.
    """
    return Path(__file__).with_suffix(".md").read_text(encoding="utf-8")


def write_skill(path: Path, *, replace: bool = False) -> Path:
    """Write the skill file.

    Args:
        path: A file that ends in .md, or the folder that holds an agent's skills, such as .claude/skills; it gets evoheur/SKILL.md.
        replace: Whether a file that is there already is replaced.

    Returns:
        Where it was written.

    Raises:
        ConfigError: The file exists already, or cannot be written.
    """
    file = path if path.suffix == ".md" else path / "evoheur" / _NAME
    text = skill_text()
    if file.exists() and not replace and file.read_text(encoding="utf-8", errors="replace") != text:
        raise ConfigError(
            f"{str(file)!r} exists already and says something else; pass --force to replace it, or name another place."
        )
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise ConfigError(
            f"{str(file)!r} cannot be written ({error.strerror}); name a file or folder that you may write."
        ) from error
    return file
