"""A link is alive where a mirror has it, and it is said which."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from hubkit.links.addresses import UnresolvedError
from hubkit.links.check import LinkError, check
from hubkit.links.mirrors import has_file
from hubkit.links.options import LinkOptions
from hubkit.links.verdict import State
from tests.links.server import Reply, link_host
from tests.links.test_check import LIMITS, OPTIONS


def test_mirrors_are_asked_in_order_where_the_link_is_dead(tmp_path: Path) -> None:
    (tmp_path / "b.ckpt").write_bytes(b"")
    with link_host({"/a": Reply(), "/c": Reply(500)}) as host, link_host({"/c": Reply()}) as mirror:
        mirrors = {f"{host.url}/": (f"{mirror.url}/", f"{tmp_path.as_uri()}/")}
        links = [f"{host.url}/{name}" for name in ("a", "b.ckpt", "c", "d")]
        verdicts = check(links, replace(OPTIONS, mirrors=mirrors))
    assert [verdicts[link].state for link in links] == [State.ALIVE, State.MIRRORED, State.MIRRORED, State.DEAD]
    assert verdicts[links[1]].mirror == f"{tmp_path.as_uri()}/b.ckpt"
    assert verdicts[links[1]].reason == "is dead: the server answers 404"
    assert verdicts[links[2]].mirror == f"{mirror.url}/c"
    assert mirror.hits["HEAD", "/a"] == 0
    assert verdicts[links[3]].reason == "is dead: the server answers 404"


def test_a_mirror_may_have_a_private_address_and_a_card_may_not() -> None:
    with link_host({"/x": Reply()}) as mirror:
        link = "http://models.example/x"
        options = LinkOptions(mirrors={"http://models.example/": (f"{mirror.url}/",)}, limits=LIMITS)
        verdicts = check([link, f"{mirror.url}/x"], options, resolve=lambda _: ["127.0.0.1"])
    assert verdicts[link].state is State.MIRRORED
    assert verdicts[f"{mirror.url}/x"].state is State.REFUSED
    assert mirror.hits.total() == 1


def test_a_link_cannot_turn_a_mirrors_prefix_into_another_host() -> None:
    with link_host({"/x": Reply()}) as inside:
        port = inside.url.rsplit(":", 1)[1]
        options = LinkOptions(mirrors={"http://models.example": ("http://mirror.example",)}, limits=LIMITS)
        link = f"http://models.example@127.0.0.1:{port}/x"
        verdict = check([link], options, resolve=lambda _: ["127.0.0.1"])[link]
    assert verdict.state is State.REFUSED
    assert inside.connections == 0


@pytest.mark.parametrize(
    ("url", "there"),
    [
        ("{folder}/a%20b.ckpt", True),
        ("{folder}/below/c", True),
        ("{folder}/below", False),
        ("{folder}/missing", False),
        ("{folder}/../secret", False),
        ("{folder}/%2e%2e/secret", False),
        ("{folder}/below/../../secret", False),
        ("{folder}/link", False),
        ("{folder}/a%00b", False),
        ("file://other.example/etc/passwd", False),
    ],
)
def test_a_mirror_on_disk_is_not_left(tmp_path: Path, url: str, there: bool) -> None:
    folder = tmp_path / "mirror"
    (folder / "below").mkdir(parents=True)
    for file in (tmp_path / "secret", folder / "a b.ckpt", folder / "below" / "c"):
        file.write_bytes(b"")
    (folder / "link").symlink_to(tmp_path / "secret")
    prefix = folder.as_uri()
    assert has_file(f"{prefix}/", url.replace("{folder}", prefix)) is there


def test_a_mirror_on_this_machine_is_no_network(tmp_path: Path) -> None:
    def resolve(host: str) -> list[str]:
        raise UnresolvedError(host)

    links = ["https://a.example/x", "https://b.example/y"]
    with link_host({}) as mirror:
        for place in (tmp_path.as_uri(), mirror.url):
            options = replace(OPTIONS, mirrors={"https://a.example/": (f"{place}/",)})
            with pytest.raises(LinkError, match="none of 2 hosts can be resolved"):
                check(links, options, resolve=resolve)
    (tmp_path / "x").touch()
    options = replace(OPTIONS, mirrors={"https://a.example/": (f"{tmp_path.as_uri()}/",)})
    verdicts = check(links, options, resolve=resolve)
    assert [verdicts[link].state for link in links] == [State.MIRRORED, State.DEAD]
