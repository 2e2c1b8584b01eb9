"""The image that isolation level docker needs."""

from collections.abc import Sequence

from evoheur.errors import ConfigError, ExecutorError
from evoheur.sandbox.docker.image_contents import Contents, NotInstalled, contents
from evoheur.sandbox.interface import SandboxUnavailable

__all__ = ["build_image", "image_contents"]


def image_contents(packages: Sequence[str] = ()) -> Contents:
    """The contents of the image, and its name.

    The name depends on the contents. Nothing is built.

    Args:
        packages: Installed packages that problems need inside, too.

    Raises:
        ConfigError: One is not installed.
        ExecutorError: No image can be made of this Python.
    """
    try:
        return contents(list(packages))
    except NotInstalled as error:
        raise ConfigError(str(error)) from error
    except SandboxUnavailable as error:
        raise ExecutorError(str(error)) from error


def build_image(packages: Sequence[str] = (), tag: str | None = None, *, again: bool = False) -> bool:
    """Build the image from this Python's own files, with the daemon that DOCKER_HOST names.

    Args:
        packages: Installed packages that problems need inside, too.
        tag: One more name for it.
        again: Build it even if it is there already.

    Returns:
        False if it was there already.

    Raises:
        ConfigError: The Docker SDK or a package is not installed.
        ExecutorError: No daemon answers, or it cannot build.
    """
    try:
        from evoheur.sandbox.docker.build import build  # noqa: PLC0415 - the Docker SDK is an optional extra
    except ModuleNotFoundError as error:
        raise ConfigError(
            f"The Docker SDK for Python is needed, but {error.name!r} is not installed: pip install 'evoheur[docker]'."
        ) from error
    try:
        return build(list(packages), alias=tag, again=again).fresh
    except NotInstalled as error:
        raise ConfigError(str(error)) from error
    except SandboxUnavailable as error:
        raise ExecutorError(str(error)) from error
