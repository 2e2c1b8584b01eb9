"""The HTTP client for endpoints, bounded in what it reads.

It reads so much and no more, and goes nowhere else. A server may send a small body that unpacks to gigabytes, or one without an end; both
are read piece by piece and given up at the limit. It may also answer with a redirect, behind which somebody else would be sent the prompt,
and on the same host the key; none is followed.
"""

from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

import openai

if TYPE_CHECKING:
    import httpx2

__all__ = ["MAX_ANSWER", "AnswerTooLarge", "BoundedClient", "redirect_target"]

MAX_ANSWER = 8 * 2**20
"""Largest answer that is read, in bytes after decompression: ten times what a model writes at its longest, with every character escaped."""

_OF_THE_WIRE = {"content-encoding", "content-length", "transfer-encoding"}


class AnswerTooLarge(openai.OpenAIError):
    """An answer of a server that is longer than is read.

    It is of the library's family of errors, so that the library passes it on as it is.
    """

    def __init__(self) -> None:
        super().__init__(f"the server sent more than {MAX_ANSWER:,} bytes, counted after decompression; nothing of it is used")


class BoundedClient(openai.DefaultAsyncHttpxClient):
    """The library's own client, with bounds.

    It reads at most `MAX_ANSWER` bytes of an answer, but for what is streamed, and follows no redirect.

    Args:
        trust_env: Whether a proxy from the environment is used.
    """

    def __init__(self, *, trust_env: bool) -> None:
        super().__init__(trust_env=trust_env, follow_redirects=False)

    async def send(self, request: "httpx2.Request", **options: Any) -> "httpx2.Response":
        """Send a request and read its answer whole.

        Only an answer of status 200 that is to be streamed is left to be read by whoever asked for it, piece by piece and within
        `MAX_ANSWER`.

        Raises:
            AnswerTooLarge: There is more of it than is read.
        """
        response = await super().send(request, **(options | {"stream": True, "follow_redirects": False}))
        if options.get("stream") and response.is_success:
            return response
        try:
            body = await _read(response)
        finally:
            await response.aclose()
        headers = [(name, value) for name, value in response.headers.multi_items() if name.lower() not in _OF_THE_WIRE]
        return type(response)(response.status_code, headers=headers, content=body, request=request)


async def _read(response: "httpx2.Response") -> bytes:
    body = bytearray()
    async for piece in response.aiter_bytes():  # decoders hand out a mebibyte at a time
        body += piece
        if len(body) > MAX_ANSWER:
            raise AnswerTooLarge
    return bytes(body)


def redirect_target(response: "httpx2.Response") -> str | None:
    """Where a redirect leads, without user, password and query.

    None if the answer is no redirect.
    """
    if not response.has_redirect_location:
        return None
    try:
        target = urlsplit(urljoin(str(response.request.url), response.headers["location"]))
        port = "" if target.port is None else f":{target.port}"
    except ValueError:
        return "an address that is none"
    return f"{target.scheme}://{target.hostname}{port}{target.path}"
