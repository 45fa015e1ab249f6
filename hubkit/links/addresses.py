"""Which addresses may be connected to.

A card is text from anyone, and whoever checks its links may well stand inside a network: without a guard, a card could
make a pipeline call on its cloud's metadata service (169.254.169.254) or on a router. A host's name is resolved once,
what it stands for is filtered here, and the connection goes to exactly an address that is left: a name server that
gives another answer the next time (DNS rebinding) is not asked again.

Sources: RFC 6890 and the IANA special-purpose address registries (by way of ``ipaddress``), RFC 6052 and RFC 3056 for
IPv4 addresses inside IPv6 ones, the URL Standard (WHATWG) for the spellings of an IPv4 address.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Callable, Collection, Sequence
from threading import Lock
from typing import TypeAlias

IPAddress: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolve: TypeAlias = Callable[[str], Sequence[str]]

_GLOBAL_UNICAST = ipaddress.ip_network("2000::/3")
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_NOT_PUBLIC = (
    ipaddress.ip_network("192.0.0.0/24"),  # not in the tables of every Python 3.11
    ipaddress.ip_network("3fff::/20"),  # documentation (RFC 9637), in the tables of no Python 3.11
    ipaddress.ip_network("168.63.129.16/32"),  # public by its number, and yet in one cloud the platform's own
)
_ENDS_IN_A_NUMBER = re.compile(r"(?:.*\.)?(?:\d+|0[xX][0-9a-fA-F]*)\.?")


class RefusedAddressError(Exception):
    """A host has no address that may be connected to."""


class UnresolvedError(Exception):
    """A host's name stands for no address."""


class NoNameServerError(Exception):
    """No name server gave an answer; the name may well stand for an address."""


def resolve(host: str) -> list[str]:
    """The addresses of a host's name, as the system has them. Raises UnresolvedError, NoNameServerError."""
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except socket.gaierror as error:
        kind = NoNameServerError if error.errno == socket.EAI_AGAIN else UnresolvedError
        raise kind(host) from error
    except UnicodeError as error:
        raise UnresolvedError(host) from error
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


class Addresses:
    """The addresses of hosts: each name is resolved once, and only what may be connected to is kept."""

    def __init__(self, resolve: Resolve = resolve) -> None:
        self._resolve = resolve
        self._found: dict[str, tuple[str, ...] | Exception] = {}
        self._locks: dict[str, Lock] = {}
        self._lock = Lock()

    def of(self, host: str, allowed_private: Collection[str]) -> tuple[str, ...]:
        """The addresses of ``host`` that may be connected to, in the order to try them; at least one.

        ``allowed_private`` are hosts whose private addresses will do. Raises RefusedAddressError, UnresolvedError,
        NoNameServerError.
        """
        host = host.strip("[]").lower()
        with self._lock:
            lock = self._locks.setdefault(host, Lock())
        with lock:  # of several that ask for a host at the same time, one resolves it
            if host not in self._found:
                try:
                    self._found[host] = tuple(_literal(host) or self._resolve(host))
                except (UnresolvedError, NoNameServerError) as error:
                    self._found[host] = error  # may have taken long; it is not asked for again in this run
            found = self._found[host]
        if isinstance(found, Exception):
            raise type(found)(host)
        if host in allowed_private:
            return found
        public = tuple(address for address in found if is_public(address))
        if not public:
            raise RefusedAddressError(host)
        return public


def is_public(text: str) -> bool:
    """Whether an address is one of the Internet's: not private, loopback, link-local, multicast or reserved."""
    try:
        address: IPAddress = ipaddress.ip_address(text)
    except ValueError:
        return False
    inner = _inner(address)
    if inner is not None:
        return is_public(str(inner))
    if isinstance(address, ipaddress.IPv6Address) and address not in _GLOBAL_UNICAST:
        return False
    special = address.is_multicast or address.is_reserved or any(address in network for network in _NOT_PUBLIC)
    return address.is_global and not special


def _inner(address: IPAddress) -> ipaddress.IPv4Address | None:
    """The IPv4 address that an IPv6 one leads to: mapped, translated (NAT64) or tunnelled (6to4, Teredo)."""
    if isinstance(address, ipaddress.IPv4Address):
        return None
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)


def _literal(host: str) -> list[str]:
    """The address that ``host`` spells, in whatever way (127.1, 0x7f000001, 2130706433); empty where it is a name."""
    try:
        return [str(ipaddress.ip_address(host))]
    except ValueError:
        pass
    if not _ENDS_IN_A_NUMBER.fullmatch(host):
        return []
    try:
        return [str(ipaddress.IPv4Address(socket.inet_aton(host.removesuffix("."))))]
    except OSError as error:
        raise UnresolvedError(host) from error
