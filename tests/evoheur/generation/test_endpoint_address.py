"""Addresses of endpoints: what is refused with the address that is meant, and what needs no key."""

import pytest

from evoheur.generation.endpoint_address import address_hint, checked_address, is_nearby
from evoheur.generation.key_guard import SecretGiven


@pytest.mark.parametrize(
    "url",
    [
        "http://localhost:8000/v1",
        "https://api.example.org/v1/",
        "https://example.openai.azure.com/openai/deployments/mine",
        "https://gateway.example.org/organisations-of-the-whole-world/openai/v1",
        "http://[::1]:8080",
    ],
)
def test_a_root_is_taken_as_it_is(url: str) -> None:
    assert checked_address(url) == url


@pytest.mark.parametrize(
    ("url", "root"),
    [
        ("https://api.example.org/v1/chat/completions", "https://api.example.org/v1"),
        ("https://api.example.org/v1/chat/completions/", "https://api.example.org/v1"),
        ("http://localhost:8000/v1/models", "http://localhost:8000/v1"),
        ("https://api.example.org/v1/responses", "https://api.example.org/v1"),
    ],
)
def test_the_address_of_a_method_is_told_its_root(url: str, root: str) -> None:
    with pytest.raises(ValueError, match=f"is the address of a method; the API's root is {root}$"):
        checked_address(url)


@pytest.mark.parametrize(
    "url",
    [
        "https://user:hush@example.org/v1",
        "https://hush@example.org/v1",
        "https://example.org/v1?key=hush",
        "https://example.org/v1#hush",
        "https://example.org/sk-hush0123456789abcdefghij/v1",
    ],
)
def test_what_may_be_a_key_is_refused_and_not_repeated(url: str) -> None:
    with pytest.raises(SecretGiven) as caught:
        checked_address(url)
    assert "hush" not in str(caught.value)
    assert "environment" in str(caught.value)


@pytest.mark.parametrize("url", ["localhost:8000", "ftp://example.org/v1", "http://", ""])
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match=r"write it like http://localhost:8000/v1"):
        checked_address(url)


@pytest.mark.parametrize(
    ("url", "hint"),
    [
        ("http://localhost:8000", "try generator.base_url: http://localhost:8000/v1."),
        ("http://localhost:8000/", "try generator.base_url: http://localhost:8000/v1."),
        ("https://example.org/api", "try generator.base_url: https://example.org/api/v1."),
    ],
)
def test_an_address_without_a_version_gets_a_hint(url: str, hint: str) -> None:
    assert address_hint(url).endswith(hint)


@pytest.mark.parametrize("url", ["http://localhost:8000/v1", "https://g.example.org/v1beta/openai"])
def test_an_address_with_a_version_gets_none(url: str) -> None:
    assert address_hint(url) == ""


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://localhost:8000/v1", True),
        ("http://127.0.0.1/v1", True),
        ("http://[::1]:8000/v1", True),
        ("http://0.0.0.0:8000/v1", True),
        ("http://192.168.1.20:11434/v1", True),
        ("http://10.0.0.7/v1", True),
        ("http://gpu-box:8000/v1", True),
        ("http://gpu.local/v1", True),
        ("http://gpu.lan./v1", True),
        ("https://api.openai.com/v1", False),
        ("http://8.8.8.8/v1", False),
        ("http://local.example.org/v1", False),
        ("http://127.0.0.1.example.org/v1", False),
        ("", False),
    ],
)
def test_servers_nearby_need_no_key(url: str, expected: bool) -> None:
    assert is_nearby(url) is expected
