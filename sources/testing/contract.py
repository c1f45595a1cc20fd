"""What every source keeps to, as tests a connector's author takes over in three lines:

    class TestMyPlace(SourceContract):
        source = MyPlace
        recordings = Path(__file__).parent / "recordings"

The recordings (`sources.testing.recording`) are replayed over real HTTP on loopback; then the server
misbehaves in every way we have met, and nothing may be lost, leak, or end in an unknown exception.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar

import pytest
from pydantic import ValidationError

from monitor.core.errors import (
    BadPayload,
    Denied,
    Gone,
    RateLimited,
    SourceError,
    Unreachable,
)
from monitor.core.model import Json, Mention
from monitor.core.ports import Http, Source
from sources.http import HttpClient
from sources.testing.recording import Listened, Recording, listen, recordings
from sources.testing.replay import Answer, ReplayServer

_KINDS: dict[type[SourceError], Mapping[str, Answer]] = {
    BadPayload: {
        "a web page": Answer.text("<!doctype html><html><title>Log in</title><p>Please log in.</p></html>"),
        "nothing": Answer.text("", "application/json"),
        "null": Answer.text("null", "application/json"),
    },
    Unreachable: {
        "a reset": Answer(reset=True),
        "half of what was promised": Answer(headers={"content-type": "application/json"}, body=b"{} ", cut=1),
    },
}
BAD_ANSWERS = {name: (kind, answer) for kind, answers in _KINDS.items() for name, answer in answers.items()}


class SourceContract:
    """Subclass it as `Test...` and set `source` and `recordings`."""

    source: ClassVar[type[Any]]
    recordings: ClassVar[Path]
    statuses: ClassVar[Mapping[int, type[SourceError]]] = {
        401: Denied,
        403: Denied,
        404: Gone,
        410: Gone,
        429: RateLimited,
        500: Unreachable,
        503: Unreachable,
    }
    """The fault each status is; a source whose server means something else by one overrides it."""

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        cls = metafunc.cls
        if cls is None or not hasattr(cls, "recordings"):
            return
        found = recordings(cls.recordings)
        assert found, f"there is no recording in {cls.recordings}"
        whole = [recording for recording in found if not recording.expected.get("error")]
        if "recording" in metafunc.fixturenames:
            metafunc.parametrize("recording", found, ids=lambda recording: recording.name)
        if "whole" in metafunc.fixturenames:
            metafunc.parametrize("whole", whole, ids=lambda recording: recording.name)
        if "status" in metafunc.fixturenames:
            metafunc.parametrize("status", sorted(cls.statuses))
        if "bad" in metafunc.fixturenames:
            metafunc.parametrize("bad", sorted(BAD_ANSWERS))

    @pytest.fixture
    def server(self) -> Iterator[ReplayServer]:
        with ReplayServer() as server:
            yield server

    @pytest.fixture
    def http(self, server: ReplayServer) -> Iterator[Http]:
        client = HttpClient(now=_now, deadline=10, spacing=0, allow_private_hosts=[server.host])
        yield client
        client.close()

    # ── what it is ───────────────────────────────────────────────────────────────────────────────────────

    def test_names_itself_and_the_version_of_the_port_it_implements(self) -> None:
        assert re.fullmatch(r"[a-z][a-z0-9_]*", self.source.name)
        assert self.source.api == 1
        assert isinstance(self.source.searches, bool)

    def test_an_option_it_does_not_know_is_refused_by_name(
        self, whole: Recording, server: ReplayServer
    ) -> None:
        known = whole.feed(self.source(), server, None).options.model_dump(exclude_unset=True)
        with pytest.raises(ValidationError, match="no_such_option"):
            self.source.Options(**known, no_such_option="x")

    # ── what it brings ───────────────────────────────────────────────────────────────────────────────────

    def test_a_recording_becomes_exactly_what_stands_beside_it(
        self, recording: Recording, server: ReplayServer, http: Http, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        recording.play(server)
        brought = self._listen(recording, server, http, monkeypatch).summary()
        assert {name: brought[name] for name in recording.expected} == recording.due(server)
        assert server.unexpected == []

    def test_every_mention_is_well_formed(
        self, recording: Recording, server: ReplayServer, http: Http, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        recording.play(server)
        for page in self._listen(recording, server, http, monkeypatch).pages:
            ids = [mention.native_id for mention in page.mentions]
            assert len(ids) == len(set(ids)), "the same id twice on one page"
            for mention in page.mentions:
                well_formed(mention, self.source.name)

    def test_the_cursor_survives_the_database_and_holds_no_secret(
        self, recording: Recording, server: ReplayServer, http: Http, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        recording.play(server)
        for page in self._listen(recording, server, http, monkeypatch).pages:
            stored = json.dumps(page.cursor, allow_nan=False)
            assert json.loads(stored) == page.cursor, "the cursor changes when it is stored"
            assert len(stored) < 100_000
            assert not any(secret in stored for secret in recording.secrets.values())

    def test_reading_again_from_its_cursor_brings_nothing_new(
        self, whole: Recording, server: ReplayServer, http: Http, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        whole.play(server)
        first = self._listen(whole, server, http, monkeypatch)
        whole.play(server)
        again = listen(self.source(), whole.feed(self.source(), server, first.cursor), http)
        assert again.error is None
        assert again.ids <= first.ids

    # ── what it does when the server does not ────────────────────────────────────────────────────────────

    def test_a_status_is_the_fault_it_stands_for_and_loses_nothing(
        self, status: int, whole: Recording, server: ReplayServer, http: Http, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        answer = Answer.text("<h1>No</h1>", status=status, headers={"retry-after": "120"})
        error = self._survives(answer, whole, server, http, monkeypatch)
        assert type(error) is self.statuses[status]
        if status in (429, 503):
            assert error.retry_after == timedelta(seconds=120)

    def test_a_status_200_that_is_no_document_is_a_fault_and_loses_nothing(
        self, bad: str, whole: Recording, server: ReplayServer, http: Http, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        kind, answer = BAD_ANSWERS[bad]
        assert type(self._survives(answer, whole, server, http, monkeypatch)) is kind

    def test_a_document_cut_in_half_loses_nothing(
        self, whole: Recording, server: ReplayServer, http: Http, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        half = {
            **whole.said,
            "exchanges": [
                {
                    **{key: value for key, value in exchange.items() if key not in ("json", "file", "body")},
                    "body": text,
                }
                for exchange in whole.said["exchanges"]
                for text in [_half(whole, exchange)]
            ],
        }
        Recording(whole.name, whole.folder, half).play(server)
        torn = self._listen(whole, server, http, monkeypatch)
        self._finds_all(torn, whole, server, http)

    def _survives(
        self,
        answer: Answer,
        whole: Recording,
        server: ReplayServer,
        http: Http,
        monkeypatch: pytest.MonkeyPatch,
    ) -> SourceError:
        """The fault `answer` ends in; afterwards the server is well again, and nothing may be missing."""
        server.forget()
        server.add("*", answer)
        failed = self._listen(whole, server, http, monkeypatch)
        assert failed.error is not None, "a failing server was taken for one with nothing new"
        for said in (str(failed.error), repr(failed.error), repr(failed.error.__cause__)):
            assert not any(secret in said for secret in whole.secrets.values()), "a secret stands in an error"
        assert len(str(failed.error)) > 20, "the message does not say enough"
        self._finds_all(failed, whole, server, http)
        return failed.error

    def _finds_all(self, failed: Listened, whole: Recording, server: ReplayServer, http: Http) -> None:
        whole.play(server)
        due = listen(self.source(), whole.feed(self.source(), server, whole.cursor), http).ids
        whole.play(server)
        cursor = failed.cursor if failed.pages else whole.cursor
        after = listen(self.source(), whole.feed(self.source(), server, cursor), http)
        assert after.error is None
        assert due <= failed.ids | after.ids, "mentions were lost over a fault"

    def _listen(
        self, recording: Recording, server: ReplayServer, http: Http, monkeypatch: pytest.MonkeyPatch
    ) -> Listened:
        for name, secret in recording.secrets.items():
            monkeypatch.setenv(name, secret)
        source: Source = self.source()
        return listen(source, recording.feed(source, server, recording.cursor), http)


def well_formed(mention: Mention, source: str) -> None:
    """Fails on anything the application could not store, compare or show."""
    assert mention.source == source
    assert isinstance(mention.native_id, str)
    assert 0 < len(mention.native_id) <= 1000
    assert isinstance(mention.text, str)
    assert isinstance(mention.title, str)
    for moment in (mention.published, mention.edited, mention.reply.published if mention.reply else None):
        assert moment is None or moment.utcoffset() == timedelta(0), "times are aware and in UTC"
    for address in (mention.url, mention.author.url):
        assert address is None or re.match(r"https?://[^\s/]+", address), f"no web address: {address}"
    assert mention.author.key is None or mention.author.key.strip()
    assert mention.language is None or re.fullmatch(r"[a-z]{2}", mention.language)
    assert mention.rating is None or 0.0 <= mention.rating.value <= 1.0


def _half(recording: Recording, exchange: Mapping[str, Json]) -> str:
    body = recording.answer(exchange).body
    return body[: len(body) // 2].decode("utf-8", "ignore")


def _now() -> datetime:
    return datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
