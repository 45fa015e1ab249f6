"""No card makes hubkit connect to a private network: not by an address, its spellings, a redirect, or a name server."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from hubkit.links import addresses
from hubkit.links.addresses import Addresses, NoNameServerError, RefusedAddressError, UnresolvedError, is_public
from hubkit.links.check import check
from hubkit.links.options import LinkOptions
from hubkit.links.verdict import State
from tests.links.server import Reply, link_host
from tests.links.test_check import LIMITS, OPTIONS

PRIVATE = (
    "0.0.0.0",
    "0.1.2.3",
    "10.0.0.1",
    "100.64.0.1",
    "100.100.100.200",
    "127.0.0.1",
    "127.255.0.1",
    "168.63.129.16",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.192",
    "192.0.2.1",
    "192.168.1.1",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:169.254.169.254",
    "::ffff:a00:1",
    "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::1",
    "100::1",
    "2001:db8::1",
    "3fff::1",
    "2002:7f00:1::",
    "2002:a9fe:a9fe::1",
    "2001:0:4136:e378:8000:63bf:5601:5601",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
    "nonsense",
)
PUBLIC = (
    "1.1.1.1",
    "93.184.215.14",
    "172.32.0.1",
    "2606:4700::1111",
    "::ffff:1.1.1.1",
    "64:ff9b::101:101",
    "2002:101:101::1",
)


@pytest.mark.parametrize("address", PRIVATE)
def test_an_address_of_no_public_network(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_an_address_of_the_internet(address: str) -> None:
    assert is_public(address)


# Ways to write 127.0.0.1 that the C library, and so every client, takes for it; and hosts that are addresses.
SPELLINGS = (
    "127.0.0.1",
    "127.0.0.1.",
    "127.1",
    "127.0.1",
    "2130706433",
    "0x7f000001",
    "0x7f.0.0.1",
    "0x7F.1",
    "0177.0.0.1",
    "017700000001",
    "00000177.0.0.1",
    "0",
    "0.0.0.0",
    "[::1]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[0:0:0:0:0:0:0:1]",
    "[::]",
    "[fe80::1]",
    "[64:ff9b::7f00:1]",
)


@pytest.fixture
def connected(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The addresses that connections are made to; those outside of this machine fail."""
    found: list[str] = []
    connect = socket.socket.connect

    def recorded(self: socket.socket, address: Any) -> None:
        found.append(address[0])
        if not address[0].startswith("127."):
            raise ConnectionRefusedError
        connect(self, address)

    def numeric(host: str, port: int, *_: Any, **__: Any) -> Any:
        return [(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", (host, port))]

    monkeypatch.setattr(socket.socket, "connect", recorded)
    monkeypatch.setattr(socket, "getaddrinfo", numeric)
    return found


def closed(host: str) -> list[str]:
    """A resolver that must not be asked."""
    raise AssertionError(f"{host} is an address, and was resolved")


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_a_private_address_is_not_connected_to_however_it_is_written(spelling: str, connected: list[str]) -> None:
    link = f"http://{spelling}:9/x"
    verdict = check([link], LinkOptions(limits=LIMITS), resolve=closed)[link]
    assert verdict.state is State.REFUSED
    assert "leads to a private address" in verdict.reason
    assert connected == []


@pytest.mark.parametrize("spelling", ["1.2.3.999", "0x1ffffffff", "1.2.3.4.5", "08.1.1.1"])
def test_what_is_no_address_although_it_ends_in_a_number_is_not_resolved(spelling: str, connected: list[str]) -> None:
    link = f"http://{spelling}/x"
    assert check([link], LinkOptions(limits=LIMITS), resolve=closed)[link].state is State.DEAD
    assert connected == []


@pytest.mark.parametrize("link", ["http://exa mple/", "http://[::1", "http://a:99999/", "http://%zz/", "http:///x"])
def test_a_broken_url_is_connected_to_nowhere(link: str, connected: list[str]) -> None:
    assert check([link], LinkOptions(limits=LIMITS))[link].state in (State.DEAD, State.REFUSED)
    assert connected == []


@pytest.mark.parametrize("later", ["127.0.0.1", "169.254.169.254"])
def test_a_name_that_leads_elsewhere_the_second_time_is_not_asked_again(later: str, connected: list[str]) -> None:
    """DNS rebinding: what was looked at is what is connected to, in all three tries."""
    asked: list[str] = []

    def resolve(host: str) -> list[str]:
        asked.append(host)
        return ["93.184.215.14"] if len(asked) == 1 else [later]

    with link_host({}) as host:
        port = host.url.rsplit(":", 1)[1]
        link = f"http://models.example:{port}/x"
        verdict = check([link, f"http://models.example:{port}/y"], LinkOptions(limits=LIMITS), resolve=resolve)[link]
    assert verdict.state is State.DEAD
    assert asked == ["models.example"]
    assert set(connected) == {"93.184.215.14"}
    assert len(connected) == 6
    assert host.connections == 0


def test_of_several_addresses_the_private_ones_are_left_out(connected: list[str]) -> None:
    link = "http://models.example:9/x"
    found = ["127.0.0.1", "93.184.215.14", "10.0.0.1", "::1"]
    assert check([link], LinkOptions(limits=LIMITS), resolve=lambda _: found)[link].state is State.DEAD
    assert set(connected) == {"93.184.215.14"}


def test_a_redirect_is_looked_at_like_a_link() -> None:
    with link_host({"/x": Reply()}) as inside:
        target = inside.url.replace("127.0.0.1", "localhost")
        with link_host({"/x": Reply(302, {"Location": f"{target}/x"})}) as host:
            link = f"{host.url}/x"
            refused = check([link], OPTIONS)[link]
            allowed = check([link], replace(OPTIONS, allowed_private_hosts=frozenset({"127.0.0.1", "localhost"})))[link]
    assert refused.state is State.REFUSED
    assert refused.reason == "leads to a private address: localhost, where a redirect leads"
    assert allowed.state is State.ALIVE
    assert inside.hits == {("HEAD", "/x"): 1}  # by the run that may


def test_proxies_of_the_environment_do_not_undo_the_guard(monkeypatch: pytest.MonkeyPatch) -> None:
    with link_host({}) as proxy:
        for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url)
        link = "http://169.254.169.254/latest/meta-data"
        assert check([link], LinkOptions(limits=LIMITS))[link].state is State.REFUSED
    assert proxy.connections == 0


@pytest.mark.parametrize(
    ("number", "kind"), [(socket.EAI_AGAIN, NoNameServerError), (socket.EAI_NONAME, UnresolvedError)]
)
def test_what_a_resolver_says(monkeypatch: pytest.MonkeyPatch, number: int, kind: type[Exception]) -> None:
    def resolve(*_: Any, **__: Any) -> Any:
        raise socket.gaierror(number, "")

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    with pytest.raises(kind):
        addresses.resolve("models.example")


def test_a_name_without_addresses_is_refused() -> None:
    with pytest.raises(RefusedAddressError):
        Addresses(lambda _: []).of("models.example", ())
