"""Unpacking an answer piece by piece, so that a small packet can never become a full memory."""

from __future__ import annotations

import zlib

from monitor.core.errors import BadPayload, Unreachable


class Inflate:
    """Collects a body sent in `encoding` (gzip, deflate or none), refusing more than `limit` bytes of it."""

    def __init__(self, encoding: str, limit: int) -> None:
        coding = encoding.strip().lower()
        if coding not in ("", "identity", "gzip", "x-gzip", "deflate"):
            raise BadPayload(f"the answer is packed in a way nobody asked for ({coding[:30]!r})")
        self._coding = "" if coding == "identity" else coding
        self._limit = limit
        self._size = 0
        self._parts: list[bytes] = []
        self._unpacker: zlib._Decompress | None = None

    def feed(self, data: bytes) -> None:
        """Take the next bytes as they came. Raises BadPayload when they break the limit or cannot be unpacked."""
        if not self._coding:
            self._keep(data)
            return
        if self._unpacker is None and data:
            self._unpacker = self._begin(data)
            if self._unpacker is None:
                self._keep(data)
                return
        while data and self._unpacker is not None:
            try:
                self._keep(self._unpacker.decompress(data, self._limit + 1 - self._size))
            except zlib.error:
                raise BadPayload("the answer cannot be unpacked: its compression is broken") from None
            if self._unpacker.eof and self._unpacker.unused_data[:2] == b"\x1f\x8b":
                data = self._unpacker.unused_data  # gzip may hold several members in a row
                self._unpacker = zlib.decompressobj(31)
            else:
                data = self._unpacker.unconsumed_tail

    def whole(self) -> bytes:
        """The body. Raises Unreachable when its end is missing."""
        if self._unpacker is not None and not self._unpacker.eof:
            raise Unreachable("the answer broke off in the middle")
        return b"".join(self._parts)

    def _begin(self, data: bytes) -> zlib._Decompress | None:
        """The unpacker these first bytes want; None (and plain from here on) when nothing is packed at all."""
        if self._coding == "deflate":  # with zlib's own head by the standard, without it in practice
            head = len(data) > 1 and data[0] & 0x0F == 8 and (data[0] << 8 | data[1]) % 31 == 0
            return zlib.decompressobj(15 if head else -15)
        if data[:1] == b"\x1f":
            return zlib.decompressobj(31)
        self._coding = ""
        return None

    def _keep(self, data: bytes) -> None:
        self._size += len(data)
        if self._size > self._limit:
            raise BadPayload(f"the answer is larger than {self._limit / 1e6:g} MB, which no feed needs to be")
        if data:
            self._parts.append(data)
