"""Which addresses are inside, in all the ways to write them."""

from __future__ import annotations

from ipaddress import ip_address

import pytest

from sources.address import Allowed, literal, objection

INSIDE = {
    "127.0.0.1": "loopback",
    "127.255.255.254": "loopback",
    "::1": "loopback",
    "::ffff:127.0.0.1": "loopback",
    "::127.0.0.1": "loopback",
    "64:ff9b::127.0.0.1": "loopback",
    "2002:7f00:1::": "loopback",
    "0.0.0.0": "unspecified",
    "::": "unspecified",
    "10.0.0.1": "private",
    "172.16.0.1": "private",
    "172.31.255.255": "private",
    "192.168.0.1": "private",
    "::ffff:192.168.0.1": "private",
    "100.64.0.1": "private",
    "192.0.0.8": "private",
    "198.18.0.1": "private",
    "203.0.113.7": "private",
    "240.0.0.1": "private",
    "255.255.255.255": "private",
    "fc00::1": "private",
    "fd12:3456::1": "private",
    "fec0::1": "private",
    "2001:db8::1": "private",
    "100::1": "private",
    "169.254.1.1": "link-local",
    "fe80::1": "link-local",
    "169.254.169.254": "cloud metadata",
    "::ffff:169.254.169.254": "cloud metadata",
    "fd00:ec2::254": "cloud metadata",
    "100.100.100.200": "cloud metadata",
    "168.63.129.16": "cloud metadata",
    "224.0.0.1": "multicast",
    "239.255.255.250": "multicast",
    "ff02::1": "multicast",
    "ff0e::1": "multicast",
}


@pytest.mark.parametrize("address", INSIDE)
def test_the_inside_is_known(address: str) -> None:
    assert objection(ip_address(address)) == INSIDE[address]


@pytest.mark.parametrize(
    "address",
    [
        "1.1.1.1",
        "8.8.8.8",
        "172.32.0.1",
        "2606:4700::1111",
        "::ffff:8.8.8.8",
        "64:ff9b::8.8.8.8",
        "2002:808:808::",
    ],
)
def test_the_outside_is_left_alone(address: str) -> None:
    assert objection(ip_address(address)) is None


@pytest.mark.parametrize(
    ("host", "due"),
    [
        ("127.0.0.1", "127.0.0.1"),
        ("127.1", "127.0.0.1"),
        ("0x7f.1", "127.0.0.1"),
        ("017700000001", "127.0.0.1"),
        ("2130706433", "127.0.0.1"),
        ("127.0.0.1.", "127.0.0.1"),
        ("[::1]", "::1"),
        ("fe80::1%eth0", "fe80::1"),
        ("LOCALHOST", "127.0.0.1"),
        ("feeds.localhost", "127.0.0.1"),
        ("example.com", None),
        ("1.example.com", None),
        ("", None),
        ("٣.1", None),
    ],
)
def test_an_address_written_as_a_number_is_read(host: str, due: str | None) -> None:
    assert literal(host) == (ip_address(due) if due else None)


@pytest.mark.parametrize(
    ("entry", "place", "allowed"),
    [
        ("127.0.0.1", ("127.0.0.1", 80), True),
        ("127.0.0.1:80", ("127.0.0.1", 80), True),
        ("127.0.0.1:80", ("127.0.0.1", 81), False),
        ("Mastodon.Internal", ("mastodon.internal", 443), True),
        ("mastodon.internal", ("evil.mastodon.internal", 443), False),
        ("mastodon.internal", ("mastodon.internal.", 443), True),
        ("[::1]:8080", ("[::1]", 8080), True),
        ("[::1]:8080", ("::1", 80), False),
        ("[::1]", ("[::1]", 80), True),
        ("::1", ("[::1]", 80), True),
        ("localhost", ("127.0.0.1", 80), False),
        ("", ("", 80), False),
    ],
)
def test_a_named_host_is_that_host_alone(entry: str, place: tuple[str, int], allowed: bool) -> None:
    assert (place in Allowed.of([entry])) is allowed
