"""Unpacking piece by piece: the same bytes however they are cut, and never more than allowed."""

from __future__ import annotations

import gzip
import zlib

import pytest

from monitor.core.errors import BadPayload, Unreachable
from sources.inflate import Inflate

WORDS = b"Still waiting for the call. " * 50


def bare(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


PACKED = {
    "": WORDS,
    "identity": WORDS,
    "gzip": gzip.compress(WORDS),
    "x-gzip": gzip.compress(WORDS[:700]) + gzip.compress(WORDS[700:]),
    "deflate": zlib.compress(WORDS),
    " DEFLATE ": bare(WORDS),
}


@pytest.mark.parametrize("encoding", PACKED)
@pytest.mark.parametrize("size", [2, 7, 100_000])
def test_what_was_packed_comes_out(encoding: str, size: int) -> None:
    inflate = Inflate(encoding, 10_000)
    packed = PACKED[encoding]
    for at in range(0, len(packed), size):
        inflate.feed(packed[at : at + size])
    assert inflate.whole() == WORDS


def test_a_server_that_only_says_it_packed_is_believed_its_words() -> None:
    inflate = Inflate("gzip", 10_000)
    inflate.feed(b"<rss/>")
    inflate.feed(b"\n")
    assert inflate.whole() == b"<rss/>\n"


def test_nothing_packed_is_nothing() -> None:
    assert Inflate("gzip", 10).whole() == b""


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
def test_a_missing_end_is_noticed(encoding: str) -> None:
    inflate = Inflate(encoding, 10_000)
    inflate.feed(PACKED[encoding][:-9])
    with pytest.raises(Unreachable):
        inflate.whole()


@pytest.mark.parametrize("size", [10, 1000])
def test_the_limit_counts_unpacked_bytes(size: int) -> None:
    for encoding, pack in (("gzip", gzip.compress), ("deflate", zlib.compress), ("", bytes)):
        Inflate(encoding, size).feed(pack(b"x" * size))
        with pytest.raises(BadPayload, match="larger"):
            Inflate(encoding, size).feed(pack(b"x" * (size + 1)))


@pytest.mark.parametrize("encoding", ["br", "zstd", "gzip, gzip", "nonsense"])
def test_what_was_not_asked_for_is_refused(encoding: str) -> None:
    with pytest.raises(BadPayload):
        Inflate(encoding, 10)
