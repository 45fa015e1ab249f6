"""The server: the site's files and nothing else."""

from __future__ import annotations

import gzip
import http.client
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from hubkit.errors import SiteError
from hubkit.site.folder import MANIFEST
from hubkit.site.serve import SiteServer, make_server, serve
from tests.site.examples import U2NET, Hub


@pytest.fixture
def server(built: Hub) -> Iterator[SiteServer]:
    """A server of a built site, running."""
    with make_server(built.site, port=0) as made:
        thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield made
        made.shutdown()
        thread.join(timeout=10)
        assert not thread.is_alive()


def get(
    server: SiteServer, path: str, method: str = "GET", encodings: str | None = None
) -> tuple[int, dict[str, str], bytes]:
    """Ask without tidying the path, as an attacker would."""
    connection = http.client.HTTPConnection(urlsplit(server.url).netloc, timeout=10)
    try:
        connection.putrequest(method, path, skip_accept_encoding=True)
        if encodings is not None:
            connection.putheader("Accept-Encoding", encodings)
        connection.endheaders()
        answer = connection.getresponse()
        return answer.status, {key.lower(): value for key, value in answer.getheaders()}, answer.read()
    finally:
        connection.close()


@pytest.mark.parametrize(
    ("path", "content_type"),
    [
        ("/", "text/html; charset=utf-8"),
        ("/index.html", "text/html; charset=utf-8"),
        ("/index.json", "application/json; charset=utf-8"),
        (f"/models/{U2NET}.html", "text/html; charset=utf-8"),
        ("/models/lab/1.9/UNet3%2B%20100%25%20%231%3F.html", "text/html; charset=utf-8"),
        (f"/files/{U2NET}/u2net_dutstr.onnx", "application/octet-stream"),
        (f"/files/{U2NET}/u2net_dutstr.mindir", "application/octet-stream"),
    ],
)
def test_files_have_their_types(server: SiteServer, path: str, content_type: str) -> None:
    status, headers, body = get(server, path)
    assert (status, headers["content-type"]) == (200, content_type)
    assert headers["x-content-type-options"] == "nosniff"
    assert len(body) == int(headers["content-length"]) > 0


def test_static_files_have_their_types(server: SiteServer, built: Hub) -> None:
    types = {
        path.suffix: get(server, f"/static/{path.name}")[1]["content-type"]
        for path in (built.site / "static").iterdir()
    }
    assert types == {
        ".css": "text/css; charset=utf-8",
        ".js": "text/javascript; charset=utf-8",
        ".svg": "image/svg+xml",
    }


@pytest.mark.parametrize(
    "path",
    [
        "/nothing.html",
        "/models/",
        "/models",
        "/static/",
        "/files/../../receipts/",
        "/../receipts/mindspore/1.9/u2net_dutstr.json",
        "/..%2freceipts%2fmindspore%2f1.9%2fu2net_dutstr.json",
        "//etc/passwd",
        "/%2fetc/passwd",
        f"/{MANIFEST}",
        "/.git/config",
        "/models/%00",
        "/models/\\..\\..\\x",
        "/%ff",
        "/" + "a" * 5000,
        "/index.html/",
    ],
)
def test_anything_else_is_the_page_for_missing_pages(server: SiteServer, path: str) -> None:
    status, headers, body = get(server, path)
    if status in (301, 302):  # a folder without its slash
        status, headers, body = get(server, headers["location"])
    assert status == 404
    assert headers["content-type"].startswith("text/html")
    assert b"There is no page here" in body
    assert b"root:" not in body


def test_a_link_out_of_the_site_is_not_followed(hub: Hub) -> None:
    hub.add(U2NET)
    hub.build()
    secret = hub.out / "secret.html"
    secret.write_text("secret")
    (hub.site / "link.html").symlink_to(secret)
    with make_server(hub.site, port=0) as made:
        thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            status, _, body = get(made, "/link.html")
        finally:
            made.shutdown()
            thread.join(timeout=10)
    assert status == 404
    assert b"secret" not in body


def test_head_has_no_body(server: SiteServer) -> None:
    assert get(server, "/", "HEAD")[::2] == (200, b"")
    assert get(server, "/nothing", "HEAD")[::2] == (404, b"")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_nothing_can_be_written(server: SiteServer, method: str) -> None:
    assert get(server, "/index.html", method)[0] == 501


def test_no_site_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SiteError, match="no site here") as caught:
        make_server(tmp_path)
    assert "hubkit site build" in caught.value.hint


def test_a_port_in_use_is_an_error(server: SiteServer, built: Hub) -> None:
    with pytest.raises(SiteError, match=r"cannot listen on 127\.0\.0\.1, port") as caught:
        make_server(built.site, port=server.server_address[1])
    assert "--port" in caught.value.hint
    with pytest.raises(SiteError, match="cannot listen"):
        make_server(built.site, port=70_000)
    with pytest.raises(SiteError, match=r"cannot listen on 192\.0\.2\.1") as caught:  # an address of no machine
        make_server(built.site, host="192.0.2.1", port=0)
    assert "--host" in caught.value.hint


def test_serve_tells_its_url_and_ends_at_an_interrupt(built: Hub) -> None:
    told: list[str] = []

    def ready(url: str) -> None:
        told.append(url)
        raise KeyboardInterrupt

    serve(built.site, port=0, ready=ready)
    assert told[0].startswith("http://127.0.0.1:")


@pytest.mark.parametrize(
    ("encodings", "compressed"),
    [
        ("gzip", True),
        ("gzip, deflate, br, zstd", True),
        ("br, GZIP;q=0.8", True),
        ("deflate, *", True),
        ("gzip;q=1.0", True),
        ("gzip;q=0", False),
        ("gzip; q=0.000", False),
        ("x-gzipped", False),
        ("br", False),
        ("", False),
    ],
)
def test_texts_are_compressed_for_who_takes_it(server: SiteServer, encodings: str, compressed: bool) -> None:
    for path in ("/index.html", "/index.json", "/nothing.html"):
        _, _, plain = get(server, path)
        _, headers, body = get(server, path, encodings=encodings)
        assert headers.get("content-encoding") == ("gzip" if compressed else None)
        assert headers["vary"] == "Accept-Encoding"
        assert len(body) == int(headers["content-length"])
        assert (gzip.decompress(body) if compressed else body) == plain


def test_models_are_sent_as_they_are(server: SiteServer) -> None:
    _, headers, body = get(server, f"/files/{U2NET}/u2net_dutstr.onnx", encodings="gzip")
    assert "content-encoding" not in headers
    assert body == f"onnx of {U2NET}".encode()
