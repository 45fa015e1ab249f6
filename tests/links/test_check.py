"""What comes of each way in which a server can answer, from the request to the verdict."""

from __future__ import annotations

import gzip
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from hubkit.links import client
from hubkit.links.addresses import Addresses, NoNameServerError, UnresolvedError
from hubkit.links.check import LinkError, check
from hubkit.links.client import Answer, Client, Failure
from hubkit.links.deadlines import Deadlines
from hubkit.links.options import Limits, LinkOptions
from hubkit.links.verdict import State, Verdict
from tests.links.server import CERTIFICATE, Host, Reply, Script, link_host

# Short waits, and no limit that rows would share.
LIMITS = Limits(
    per_host=64,
    interval_seconds=0,
    connect_seconds=5,
    read_seconds=0.5,
    total_seconds=1.0,
    backoff_seconds=0.01,
    retry_after_seconds=0.02,
    redirects=4,
    max_body_bytes=300_000,
)
OPTIONS = LinkOptions(allowed_private_hosts=frozenset({"127.0.0.1"}), limits=LIMITS)


def to(target: str, status: int = 302) -> Reply:
    return Reply(status, {"Location": target})


def html(body: str, **headers: str) -> Reply:
    return Reply(200, {"Content-Type": "text/html; charset=utf-8", **headers}, body.encode())


@dataclass(frozen=True)
class Row:
    """One way to answer."""

    script: Script
    """What the server does at the link's path."""
    state: State
    """What comes of it."""
    words: str = ""
    """What is said of it."""
    asked: tuple[int, int] | None = None
    """How many HEAD and GET requests that takes."""
    fragment: str = ""
    """The link's fragment."""
    found: bool | None = None
    """Whether the page has it; None where that is not known."""


OK = Reply()
BOMB = gzip.compress(b"0" * 20_000_000)
PLACE = '<h2 id="install">Install</h2>'

ROWS: dict[str, Row] = {
    "200": Row(OK, State.ALIVE, asked=(1, 0)),
    "204": Row(Reply(204), State.ALIVE, asked=(1, 0)),
    "404": Row(Reply(404), State.DEAD, "is dead: the server answers 404", (1, 1)),
    "410": Row(Reply(410), State.DEAD, "is dead: the server answers 410", (1, 1)),
    "404-to-head-only": Row({"HEAD": Reply(404), "GET": OK}, State.ALIVE, asked=(1, 1)),
    "405-to-head": Row({"HEAD": Reply(405), "GET": OK}, State.ALIVE, asked=(1, 1)),
    "501-to-head": Row({"HEAD": Reply(501), "GET": OK}, State.ALIVE, asked=(1, 1)),
    "403-to-head": Row({"HEAD": Reply(403), "GET": OK}, State.ALIVE, asked=(1, 1)),
    "head-cut": Row({"HEAD": Reply(manner="cut"), "GET": OK}, State.ALIVE),
    "401": Row(Reply(401), State.UNCERTAIN, "asks for a login (status 401)", (1, 1)),
    "403": Row(Reply(403), State.UNCERTAIN, "is not shown to programs (status 403)", (1, 1)),
    "418": Row(Reply(418), State.UNCERTAIN, "is not shown to programs (status 418)", (1, 1)),
    "429-then-200": Row([Reply(429, {"Retry-After": "3600"}), OK], State.ALIVE, asked=(2, 0)),
    "429-by-date": Row([Reply(429, {"Retry-After": "Thu, 01 Jan 2099 00:00:00 GMT"}), OK], State.ALIVE),
    "429-no-word": Row([Reply(429, {"Retry-After": "soon"}), OK], State.ALIVE),
    "429-for-ever": Row(Reply(429), State.UNCERTAIN, "there were too many requests (status 429)", (3, 0)),
    "500-then-200": Row([Reply(500), Reply(500), OK], State.ALIVE, asked=(1, 2)),
    "503-retry-after": Row([Reply(503, {"Retry-After": "1"}), OK], State.ALIVE, asked=(2, 0)),
    "500-for-ever": Row(Reply(500), State.DEAD, "is dead: the server answers 500", (1, 3)),
    "301": Row(to("{host}/ok", 301), State.MOVED, "has moved to {host}/ok"),
    "308": Row(to("/ok", 308), State.MOVED, "has moved to {host}/ok"),
    "302": Row(to("/ok", 302), State.ALIVE),
    "303": Row(to("/ok", 303), State.ALIVE),
    "307": Row(to("/ok", 307), State.ALIVE),
    "relative": Row(to("ok", 301), State.MOVED, "has moved to {host}/ok"),
    "utf-8-location": Row(to("/\xc3\xa9", 301), State.MOVED, "has moved to {host}/\u00e9"),
    "301-then-302": Row(to("/302", 301), State.MOVED, "has moved to {host}/302"),
    "302-then-301": Row(to("/301", 302), State.ALIVE),
    "301-to-404": Row(to("/gone", 301), State.DEAD, "is dead: the server answers 404"),
    "no-location": Row(Reply(302), State.DEAD, "is dead: the server answers 302"),
    "loop": Row(to("/loop-back"), State.DEAD, "its redirects go round in a circle"),
    "loop-on-itself": Row(to("/loop-on-itself"), State.DEAD, "its redirects go round in a circle", (1, 1)),
    "many-0": Row(to("/many-1"), State.DEAD, "it redirects more than 4 times"),
    "few": Row(to("/many-2"), State.ALIVE),
    "to-ftp": Row(to("ftp://127.0.0.1/x"), State.REFUSED, "redirects to ftp:, which is not followed"),
    "to-file": Row(to("file:///etc/passwd"), State.REFUSED, "redirects to file:, which is not followed"),
    "to-private": Row(to("http://169.254.169.254/latest/meta-data"), State.REFUSED, "private address: 169.254.169.254"),
    "to-octal": Row(to("http://0177.0.0.1/"), State.REFUSED, "private address: 0177.0.0.1, where a redirect leads"),
    "to-no-url": Row(to("http://[::1/"), State.DEAD, "redirects to what is no URL"),
    "slow-loris": Row(Reply(manner="drip"), State.DEAD, "was not answered in full within 1 seconds"),
    "slow-loris-in-body": Row(
        Reply(200, {"Content-Type": "text/html"}, announced=10_000, manner="trickle"),
        State.ALIVE,
        asked=(0, 1),
        fragment="install",
        found=None,
    ),
    "silent": Row(Reply(manner="silent"), State.DEAD, "the server was silent for longer than the time limit"),
    "cut": Row(Reply(manner="cut"), State.DEAD, "the connection was cut"),
    "cut-then-200": Row([Reply(manner="cut"), OK], State.ALIVE),  # how often is asked depends on the connection
    "huge-body": Row({"HEAD": Reply(405), "GET": Reply(body=b"x" * 5_000_000)}, State.ALIVE, asked=(1, 1)),
    "body-too-short": Row({"HEAD": Reply(405), "GET": Reply(body=b"x", announced=900)}, State.ALIVE, asked=(1, 1)),
    "body-too-long": Row({"HEAD": Reply(405), "GET": Reply(body=b"x" * 900, announced=1)}, State.ALIVE),
    "length-no-number": Row(
        {"HEAD": Reply(405), "GET": Reply(headers={"Content-Length": "many"})}, State.ALIVE, asked=(1, 1)
    ),
    "place": Row(html(PLACE), State.ALIVE, asked=(0, 1), fragment="install", found=True),
    "place-by-name": Row(html("<a name=install>"), State.ALIVE, fragment="install", found=True),
    "place-of-user": Row(html('<h2 id="user-content-install">'), State.ALIVE, fragment="install", found=True),
    "place-in-script": Row(html('"<h2 id=\\"user-content-install\\">"'), State.ALIVE, fragment="install", found=True),
    "place-encoded": Row(html('<h2 id="简介&amp;x">'), State.ALIVE, fragment="%E7%AE%80%E4%BB%8B&x", found=True),
    "no-place": Row(html(PLACE), State.ALIVE, fragment="instal", found=False),
    "place-late": Row(html("x" * 200_000 + PLACE), State.ALIVE, fragment="install", found=True),
    "place-too-late": Row(html("x" * 5_000_000 + PLACE), State.ALIVE, fragment="install", found=None),
    "place-behind-redirect": Row(to("/page", 301), State.MOVED, fragment="install", found=True),
    "no-html": Row(Reply(headers={"Content-Type": "application/pdf"}), State.ALIVE, fragment="page=3", found=None),
    "lines": Row(html(PLACE), State.ALIVE, asked=(1, 0), fragment="L10-L20", found=None),
    "gzip-bomb": Row(
        Reply(200, {"Content-Type": "text/html", "Content-Encoding": "gzip"}, BOMB),
        State.ALIVE,
        fragment="install",
        found=None,
    ),
    "page-too-short": Row(
        Reply(200, {"Content-Type": "text/html"}, PLACE.encode(), announced=900),
        State.ALIVE,
        fragment="instal",
        found=None,
    ),
}
# Where redirects of the rows lead to.
MORE: dict[str, Script] = {
    "ok": OK,
    "page": html(PLACE),
    "%C3%A9": OK,
    "loop-back": to("/loop"),
    **{f"many-{number}": to(f"/many-{number + 1}") for number in range(1, 5)},
    "many-5": OK,
}


@dataclass(frozen=True)
class Outcome:
    """All rows, checked in one run."""

    host: Host
    verdicts: Mapping[str, Verdict]


@pytest.fixture(scope="module")
def outcome() -> Iterator[Outcome]:
    script = {f"/{name}": row.script for name, row in ROWS.items()} | {f"/{name}": more for name, more in MORE.items()}
    with link_host(script) as host:
        links = [f"{host.url}/{name}" + (f"#{row.fragment}" if row.fragment else "") for name, row in ROWS.items()]
        yield Outcome(host, check(links, OPTIONS))


@pytest.mark.parametrize("name", ROWS)
def test_what_comes_of_an_answer(outcome: Outcome, name: str) -> None:
    row, verdict = ROWS[name], outcome.verdicts[f"{outcome.host.url}/{name}"]
    assert verdict.state is row.state, verdict
    assert row.words.replace("{host}", outcome.host.url) in verdict.reason
    assert bool(verdict.reason) == (row.state is not State.ALIVE)
    assert verdict.fragments.get(row.fragment) is row.found
    if row.asked:
        assert tuple(outcome.host.hits[method, f"/{name}"] for method in ("HEAD", "GET")) == row.asked


def test_a_page_is_asked_for_once_whatever_fragments_links_have() -> None:
    with link_host({"/page": html(PLACE)}) as host:
        links = [f"{host.url}/page{fragment}" for fragment in ("", "#install", "#instal", "", "#install")]
        verdicts = check(links, OPTIONS)
    assert verdicts[f"{host.url}/page"].fragments == {"install": True, "instal": False}
    assert host.hits == {("GET", "/page"): 1}


def test_connections_are_kept() -> None:
    with link_host({f"/{number}": OK for number in range(30)}) as host:
        check([f"{host.url}/{number}" for number in range(30)], replace(OPTIONS, limits=replace(LIMITS, per_host=2)))
    assert host.hits.total() == 30
    assert host.connections <= 2


@pytest.mark.parametrize("method", ["HEAD", "GET"])
def test_what_a_server_did_not_see_because_it_had_kept_the_connection_long_enough_is_asked_again(method: str) -> None:
    with link_host({"/a": Reply(manner="last"), "/b": Reply(manner="last")}) as host, Deadlines(1) as deadlines:
        asking = Client(LIMITS, Addresses(lambda _: ["127.0.0.1"]), deadlines)
        answers = [asking.ask(method, host.url + path, (), {"127.0.0.1"}) for path in ("/a", "/b", "/a")]
    assert answers == [Answer(200)] * 3
    assert host.hits == {(method, "/a"): 2, (method, "/b"): 1}
    assert host.connections == 3


def test_a_new_connection_that_is_cut_is_told_and_not_asked_again_at_once() -> None:
    with link_host({"/cut": [Reply(manner="cut"), OK]}) as host, Deadlines(1) as deadlines:
        asking = Client(LIMITS, Addresses(lambda _: ["127.0.0.1"]), deadlines)
        answer = asking.ask("HEAD", f"{host.url}/cut", (), {"127.0.0.1"})
    assert isinstance(answer, Failure)
    assert answer.reason == "was not answered: the connection was cut"
    assert host.hits == {("HEAD", "/cut"): 1}


def test_what_is_cut_on_a_new_connection_is_asked_for_in_the_other_way() -> None:
    with link_host({"/cut": [Reply(manner="cut"), OK]}) as host:
        assert check([f"{host.url}/cut"], OPTIONS)[f"{host.url}/cut"].state is State.ALIVE
    assert host.hits == {("HEAD", "/cut"): 1, ("GET", "/cut"): 1}


def test_connections_to_hosts_of_long_ago_are_closed() -> None:
    limits = replace(LIMITS, in_total=4)
    names = [f"models{number}.example" for number in range(40)]
    with link_host({"/x": OK}) as host, Deadlines(1) as deadlines:
        port = host.url.rsplit(":", 1)[1]
        asking = Client(limits, Addresses(lambda _: ["127.0.0.1"]), deadlines)
        answers = [asking.ask("HEAD", f"http://{name}:{port}/x", (), names) for name in names]
        assert answers == [Answer(200)] * 40
        for _ in range(1000):  # the server sees them close a moment later
            if host.open <= 4:
                break
            time.sleep(0.01)
        assert (host.open, host.connections) == (4, 40)


def test_no_host_sees_more_than_ten_at_a_time() -> None:
    script = {f"/{number}": OK for number in range(35)}
    with link_host(script, hold_until=10) as host:
        verdicts = check([host.url + path for path in script], replace(OPTIONS, limits=Limits()))
    assert {verdict.state for verdict in verdicts.values()} == {State.ALIVE}
    assert host.most_at_once == 10


def test_a_self_signed_certificate_is_refused() -> None:
    with link_host({"/x": OK}, tls=True) as host:
        verdict = check([f"{host.url}/x"], OPTIONS)[f"{host.url}/x"]
    assert verdict.state is State.DEAD
    assert "has a TLS certificate that cannot be verified (self-signed certificate)" in verdict.reason
    assert host.hits.total() == 0


@pytest.fixture
def trusted(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The certificate of the test's server is trusted."""
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(CERTIFICATE))
    client._tls.cache_clear()
    yield
    client._tls.cache_clear()


def test_tls_is_verified_for_the_name_in_the_url_and_not_for_the_address(trusted: None) -> None:
    with link_host({"/x": OK}, tls=True) as host:
        port = host.url.rsplit(":", 1)[1]
        hosts = ("models.example", "other.example", "127.0.0.1")
        options = replace(OPTIONS, allowed_private_hosts=frozenset(hosts))
        links = [f"https://{name}:{port}/x" for name in hosts]
        verdicts = check(links, options, resolve=lambda _: ["127.0.0.1"])
    assert [verdicts[link].state for link in links] == [State.ALIVE, State.DEAD, State.ALIVE]
    assert "not valid for 'other.example'" in verdicts[links[1]].reason
    assert host.hits["HEAD", "/x"] == 2


def test_a_redirect_from_https_down_to_http_is_not_followed(trusted: None) -> None:
    with link_host({"/ok": OK}) as plain, link_host({"/x": to(f"{plain.url}/ok")}, tls=True) as host:
        verdict = check([f"{host.url}/x"], OPTIONS)[f"{host.url}/x"]
    assert verdict.state is State.REFUSED
    assert verdict.reason == "redirects from https down to http, which is not followed"
    assert plain.hits.total() == 0


def test_the_host_header_is_the_urls(trusted: None) -> None:
    with link_host({"/x": OK}) as host:
        port = host.url.rsplit(":", 1)[1]
        options = replace(OPTIONS, allowed_private_hosts=frozenset({"models.example"}))
        check([f"http://user:secret@models.example:{port}/x"], options, resolve=lambda _: ["127.0.0.1"])
    assert f"Host: models.example:{port}" in host.headers["/x"]
    assert not any(line.startswith("Authorization") for line in host.headers["/x"])


def test_the_next_address_of_a_host_is_tried_where_one_does_not_answer() -> None:
    with link_host({"/x": OK}) as host:
        port = host.url.rsplit(":", 1)[1]
        options = replace(OPTIONS, allowed_private_hosts=frozenset({"models.example"}))
        link = f"http://models.example:{port}/x"
        assert check([link], options, resolve=lambda _: ["127.0.0.9", "127.0.0.1"])[link].state is State.ALIVE


@pytest.mark.parametrize("error", [UnresolvedError, NoNameServerError])
def test_without_a_network_nothing_is_found_out(tmp_path: Path, error: type[Exception]) -> None:
    def resolve(host: str) -> list[str]:
        raise error(host)

    cache = tmp_path / "links.json"
    with pytest.raises(LinkError, match="none of 2 hosts can be resolved"):
        check(["https://a.example/", "https://b.example/"], OPTIONS, cache, resolve=resolve)
    assert not cache.exists()


def test_a_host_that_has_gone_is_dead_and_one_that_could_not_be_asked_for_is_uncertain() -> None:
    def resolve(host: str) -> list[str]:
        raise UnresolvedError(host) if host == "gone.example" else NoNameServerError(host)

    with link_host({"/x": OK}) as host:
        links = ["https://gone.example/", "https://later.example/", f"{host.url}/x"]
        verdicts = check(links, OPTIONS, resolve=resolve)
    assert [verdicts[link].state for link in links] == [State.DEAD, State.UNCERTAIN, State.ALIVE]
    assert verdicts[links[0]].reason == "names a host that does not exist: gone.example"
