"""Showing a site while it is worked on."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from hubkit.errors import SiteError
from hubkit.site import live
from hubkit.site.live import EVENTS_PATH, SCRIPT_PATH, Changes, keep_building, make_live_server, serve_live
from hubkit.site.render import CONTENT_SECURITY_POLICY
from hubkit.site.serve import SiteServer
from tests.site.examples import U2NET, Hub


@contextmanager
def running(site: Path, changes: Changes) -> Iterator[SiteServer]:
    with make_live_server(site, changes, port=0) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join(timeout=10)


def ask(server: SiteServer, path: str) -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection(urlsplit(server.url).netloc, timeout=10)
    connection.request("GET", path)
    return connection.getresponse()


@pytest.mark.parametrize("path", ["/", "/index.html", f"/models/{U2NET}.html", "/zh/", "/nothing"])
def test_pages_load_the_script_and_nothing_that_is_published_does(built: Hub, path: str) -> None:
    with running(built.site, Changes()) as server:
        answer = ask(server, path)
        content = answer.read()
        assert int(answer.headers["Content-Length"]) == len(content)
        assert content.count(f'<script src="{SCRIPT_PATH}" defer></script>'.encode()) == 1
        assert ask(server, SCRIPT_PATH).headers["Content-Type"] == "text/javascript; charset=utf-8"
        assert EVENTS_PATH.encode() in ask(server, SCRIPT_PATH).read()
        assert b"reload" not in ask(server, "/index.json").read()
    for page in built.site.rglob("*.html"):
        assert ".hubkit/" not in page.read_text(encoding="utf-8")


def test_the_policy_allows_the_script_and_its_stream() -> None:
    assert "script-src 'self'" in CONTENT_SECURITY_POLICY
    assert "connect-src 'self'" in CONTENT_SECURITY_POLICY


def test_a_folder_without_its_slash_is_not_shown_under_a_wrong_url(built: Hub) -> None:
    with running(built.site, Changes()) as server:
        answer = ask(server, "/zh")
        assert (answer.status, urlsplit(answer.headers["Location"]).path) == (301, "/zh/")


def test_the_stream_tells_of_a_change(built: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "_SIGN_OF_LIFE_SECONDS", 0.05)
    changes = Changes()
    with running(built.site, changes) as server:
        answer = ask(server, EVENTS_PATH)
        assert answer.headers["Content-Type"] == "text/event-stream; charset=utf-8"
        assert answer.readline() == b":\n"
        changes.tell()
        lines = [answer.readline() for _ in range(20)]
        assert b"event: reload\n" in lines
        answer.close()


def test_it_is_built_again_when_a_card_changes(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "_POLL_SECONDS", 0.01)
    monkeypatch.setattr(live, "_SHARE_OF_TIME", 1)
    hub.add(U2NET)
    hub.build()
    changes, stop, said = Changes(), threading.Event(), list[str]()
    loop = threading.Thread(
        target=keep_building, args=(hub.build, changes, stop, partial(live._say_new, said.append), [])
    )
    loop.start()
    try:
        hub.add(U2NET, title="Another title")
        assert changes.after(0, 120) == 1
        assert "Another title" in hub.page(U2NET)
        hub.add("a/1.9/bad", "---\na: [\n---\n")
        hub.add(U2NET, title="A third title")
        assert changes.after(1, 120) >= 2
        count = changes.count
        (hub.site / "index.html").unlink()
        assert changes.after(count, 120) > count
    finally:
        stop.set()
        loop.join()
    assert [("bad.md" in problem) for problem in said] == [True], "a problem is said once"


def test_an_error_does_not_end_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "_POLL_SECONDS", 0.001)
    stop, said = threading.Event(), list[str]()
    calls = 0

    def fails() -> None:
        nonlocal calls
        calls += 1
        if calls == 3:
            stop.set()
        raise SiteError("a template is wrong")

    keep_building(fails, Changes(), stop, partial(live._say_new, said.append), [])
    assert (calls, said) == (3, ["a template is wrong"])


def test_it_serves_until_it_is_interrupted(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    hub.add(U2NET)
    hub.add("a/1.9/bad", "---\na: [\n---\n")
    urls, said = list[str](), list[str]()

    def interrupt(*args: object) -> None:
        with ask_url(urls[0]) as answer:
            assert answer.status == 200
        raise KeyboardInterrupt

    monkeypatch.setattr(live, "keep_building", interrupt)
    serve_live(hub.cards, hub.site, port=0, ready=urls.append, say=said.append)
    assert len(said) == 1
    assert hub.page(U2NET)


def ask_url(url: str) -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=10)
    connection.request("GET", "/")
    return connection.getresponse()
