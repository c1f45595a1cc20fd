"""A document, or what came in its place."""

from __future__ import annotations

import json

import pytest
from fakes import NOW
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.errors import BadPayload
from monitor.core.payload import decode
from monitor.core.ports import Response


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"", "empty"),
        (b" \r\n\t", "empty"),
        (b"null", "`null`"),
        (b" null\n", "`null`"),
        (b"<!doctype html><p>Log in", "web page"),
        (b"\n  <html>", "web page"),
        (b'{"a": [1, 2', "not whole JSON"),
        (b'{"a": 1} trailing', "not whole JSON"),
        (b"[" * 200_000, "not whole JSON"),
        (b'"\xff\xfe"', "not UTF-8 at byte 1"),
        (b"sorry", "not whole JSON"),
    ],
)
def test_what_is_no_document_is_a_fault_that_says_what_came(body: bytes, told: str) -> None:
    with pytest.raises(BadPayload, match=told):
        decode(body)


@pytest.mark.parametrize("value", [0, False, "", [], {}, {"a": [None]}])
def test_an_empty_document_is_one(value: object) -> None:
    assert decode(json.dumps(value).encode()) == value


def test_a_byte_order_mark_is_no_part_of_the_document() -> None:
    assert decode(b'\xef\xbb\xbf{"a": 1}') == {"a": 1}


@given(st.binary(max_size=200))
def test_any_bytes_are_a_document_or_a_bad_payload(body: bytes) -> None:
    try:
        assert decode(body) is not None
    except BadPayload as fault:
        assert len(str(fault)) > 10


def test_a_response_decodes_its_own_body() -> None:
    answer = Response(200, "https://x.example", {"content-type": "application/json"}, b'{"a": 1}', NOW)
    assert answer.json() == {"a": 1}
    with pytest.raises(BadPayload, match="empty"):
        Response(200, "https://x.example", {}, b"", NOW).json()
