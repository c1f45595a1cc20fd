"""Which addresses on the network a feed may lead to.

Feeds are configured by people and redirected by strangers: without this, a stranger could have the service
read pages of the machine's own network (SSRF). Everything here is a pure decision; `sources.http` resolves
names and connects to the very address that was decided on.
"""

from __future__ import annotations

import socket
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network

Address = IPv4Address | IPv6Address

_METADATA = frozenset(
    ip_address(text) for text in ("169.254.169.254", "fd00:ec2::254", "100.100.100.200", "168.63.129.16")
)
"""Where clouds hand their machines' credentials out."""
_INSIDE = tuple(map(ip_network, ("192.0.0.0/24", "fec0::/10", "2001:db8::/32", "100::/64")))
"""Special too, though not every version of Python knows."""
_NAT64 = ip_network("64:ff9b::/96")
_IPV4_IN_IPV6 = ip_network("::/96")


def objection(address: Address) -> str | None:
    """Why `address` is not on the open internet, in words that follow "is a ... address"; None when it is."""
    if address in _METADATA:
        return "cloud metadata"
    inner = _inner(address)
    if inner is not None:
        return objection(inner)
    if address.is_unspecified:
        return "unspecified"
    if address.is_loopback:
        return "loopback"
    if address.is_link_local:
        return "link-local"
    if address.is_multicast:
        return "multicast"
    if address.is_reserved or not address.is_global or any(address in net for net in _INSIDE):
        return "private"
    return None


def _inner(address: Address) -> IPv4Address | None:
    """The IPv4 address an IPv6 address carries: mapped, 6to4, Teredo, NAT64 or the old compatible form."""
    if isinstance(address, IPv4Address):
        return None
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    if address.teredo is not None:
        return address.teredo[1]
    for net in (_NAT64, _IPV4_IN_IPV6):
        if isinstance(net, IPv6Network) and address in net and int(address) & 0xFFFFFFFF > 1:
            return IPv4Address(int(address) & 0xFFFFFFFF)
    return None


def literal(host: str) -> Address | None:
    """The address that `host` writes out as a number in any form the system understands (`127.1`,
    `0x7f000001`, `[::1]`), or None for a name that must be looked up. `localhost` counts as loopback.
    """
    name = _bare(host)
    if name == "localhost" or name.endswith(".localhost"):
        return ip_address("127.0.0.1")
    try:
        return ip_address(name.partition("%")[0])
    except ValueError:
        pass
    if not name[:1].isdigit() or not name.isascii():
        return None
    try:
        return IPv4Address(socket.inet_aton(name))
    except OSError:
        return None


@dataclass(frozen=True, slots=True)
class Allowed:
    """The private hosts a person has named, each as `host` (any port) or `host:port`."""

    entries: frozenset[str]

    @classmethod
    def of(cls, entries: Sequence[str]) -> Allowed:
        return cls(frozenset(_entry(text) for text in entries if text.strip()))

    def __contains__(self, place: tuple[str, int]) -> bool:
        """Is (host, port) named? The host as written in the address, not what it resolves to."""
        host, port = _bare(place[0]), place[1]
        return host in self.entries or f"{host}:{port}" in self.entries


def _bare(host: str) -> str:
    return host.strip().lower().strip("[]").rstrip(".")


def _entry(text: str) -> str:
    text = text.strip()
    if text.startswith("["):  # [::1] or [::1]:8080
        host, _, port = text[1:].partition("]")
        return _bare(host) + (port if port.startswith(":") else "")
    host, colon, port = text.rpartition(":")
    if colon and ":" not in host and port.isdigit():
        return f"{_bare(host)}:{int(port)}"
    return _bare(text)
