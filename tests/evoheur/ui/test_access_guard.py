"""Who is let into the view, and what every answer carries."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import Headers

from evoheur.ui.access_guard import SAFE_HEADERS, refusal_of, same_secret
from tests.evoheur.ui.support.client import COOKIE, TOKEN, stranger, viewer

PLACES = ("/", "/compare", "/run/tiny", "/delete?run=tiny", "/data/runs", "/static/view.css", "/plotly.min.js", "/nowhere")


def url(archive: Path) -> str:
    return f"sqlite:///{archive}"


@pytest.mark.parametrize("place", PLACES)
def test_without_the_token_there_is_nothing_to_see(watched: Path, place: str) -> None:
    answer = stranger(url(watched)).get(place)
    assert answer.status_code == 403
    assert answer.text == "This view does not know you: open the address with the token that `evoheur ui` printed."


@pytest.mark.parametrize("wrong", ["", "x", TOKEN[:-1], TOKEN + "x", TOKEN.upper(), "tok\u00e9n"])
def test_a_wrong_token_lets_nobody_in(watched: Path, wrong: str) -> None:
    client = stranger(url(watched))
    assert client.get("/", params={"token": wrong}).status_code == 403
    client.cookies.set(COOKIE, wrong.encode("ascii", "replace").decode())
    assert client.get("/").status_code == 403


def test_the_token_is_exchanged_for_a_cookie_that_no_script_reads_and_no_other_site_sends(watched: Path) -> None:
    client = stranger(url(watched))
    answer = client.get("/run/tiny", params={"token": TOKEN})
    assert answer.status_code == 200
    words = {word.strip().lower() for word in answer.headers["set-cookie"].split(";")}
    assert {"httponly", "samesite=strict", "path=/", f"{COOKIE}={TOKEN}".lower()} <= words
    assert "url=/run/tiny" in answer.text
    assert TOKEN not in answer.text
    assert client.get("/").status_code == 200  # by the cookie


@pytest.mark.parametrize("place", ["//elsewhere.example", "/\\elsewhere.example", '/"><script>'])
def test_the_way_in_leads_to_no_other_site_and_holds_no_markup(watched: Path, place: str) -> None:
    answer = stranger(url(watched)).get("http://127.0.0.1:8000" + place, params={"token": TOKEN})
    assert 'url="' not in answer.text
    assert "url=//" not in answer.text
    assert "<script" not in answer.text


@pytest.mark.parametrize("place", PLACES)
def test_every_answer_forbids_inline_scripts_foreign_sources_frames_and_guessed_types(watched: Path, place: str) -> None:
    for client in (viewer(url(watched)), stranger(url(watched))):
        headers = client.get(place).headers
        assert {name: headers[name] for name in SAFE_HEADERS} == dict(SAFE_HEADERS)
    policy = dict(part.strip().split(" ", 1) for part in SAFE_HEADERS["content-security-policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == "'self'"
    assert all("http" not in sources and "*" not in sources for sources in policy.values())
    assert SAFE_HEADERS["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("place", ["/", "/data/runs", "/nowhere"])
def test_data_are_kept_by_no_cache(watched: Path, place: str) -> None:
    assert viewer(url(watched)).get(place).headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "host",
    [
        "elsewhere.example",
        "127.0.0.1.elsewhere.example",
        "192.168.0.7:8000",
        "localhost.elsewhere.example",
        "",
        "[::2]:8000",
        "[::1].elsewhere.example",
    ],
)
def test_another_name_is_not_answered_whoever_asks(watched: Path, host: str) -> None:
    """Another site's name can be made to lead to this machine; the browser would hold the answer for that site's."""
    answer = viewer(url(watched)).get("/", headers={"host": host})
    assert answer.status_code == 400
    assert "127.0.0.1 and localhost only" in answer.text


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost:8000", "localhost:9999", "[::1]:8000", "127.0.0.1"])
def test_this_machine_s_own_names_are_answered_behind_any_port(watched: Path, host: str) -> None:
    """As where `ssh -L` brings the view to another machine."""
    assert viewer(url(watched)).get("/", headers={"host": host}).status_code == 200


@pytest.mark.parametrize("place", ["/delete", "/stop", "/tag", "/note"])
@pytest.mark.parametrize(
    "origin", ["http://elsewhere.example", "http://127.0.0.1:9999", "https://127.0.0.1:8000", "null", "", None]
)
def test_another_site_changes_nothing(watched: Path, place: str, origin: str | None) -> None:
    client = viewer(url(watched))
    del client.headers["origin"]
    headers = {} if origin is None else {"origin": origin}
    form = {"run": "tiny", "sure": "yes", "tags": "a", "note": "b"}
    answer = client.post(place, data=form, headers=headers)
    assert answer.status_code == 403
    assert answer.text == "This request came from another site and was refused; nothing was changed."
    assert "tiny" in client.get("/").text


def test_a_site_that_claims_our_origin_is_given_away_by_the_browser(watched: Path) -> None:
    answer = viewer(url(watched)).post("/delete", data={"run": "tiny", "sure": "yes"}, headers={"sec-fetch-site": "cross-site"})
    assert answer.status_code == 403


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT"])
def test_no_other_method_is_known(watched: Path, method: str) -> None:
    assert viewer(url(watched)).request(method, "/delete").status_code == 405


@pytest.mark.parametrize("place", ["/stop", "/tag", "/note"])
def test_following_a_link_changes_nothing(watched: Path, place: str) -> None:
    """Only forms of our own pages do; a GET of these is no page."""
    assert viewer(url(watched)).get(place, params={"run": "tiny"}).status_code == 405


@given(name=st.text(max_size=40))
def test_no_host_but_loopback_passes_whatever_it_is(name: str) -> None:
    known = {"localhost", "127.0.0.1", "[::1]"}
    host = name.encode("latin-1", "replace").decode("latin-1")
    allowed = refusal_of("GET", Headers({"host": host})) is None
    assert not allowed or host.partition(":")[0] in known or host.startswith(("127.", "[", "::"))


@given(given_token=st.one_of(st.none(), st.text()))
def test_only_the_token_itself_is_the_token(given_token: str | None) -> None:
    assert same_secret(given_token, TOKEN) == (given_token == TOKEN)
