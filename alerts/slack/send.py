"""Posting to Slack, asking whether a post arrived, and checking that posting can work.

The outbox is the only one that tries again: the SDK's own retries would post twice where an answer got lost.
Each post carries its delivery id as metadata, so that history can be asked for it.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, ClassVar

from alerts.slack import errors
from alerts.slack.blocks import EVENT, Level, render
from alerts.slack.client import web_client
from monitor.core.errors import DeliveryError, Outcome
from monitor.core.message import Kind, Message, Note, Receipt, Unusable
from monitor.core.ports import Finding

if TYPE_CHECKING:
    from slack_sdk.web import WebClient

    from monitor.core.queue import Queue

API_URL = "https://slack.com/api/"
PAGE = 200
TOMBSTONE = "tombstone"
"""What Slack leaves in the place of a deleted message that has a thread."""
PAGES = 500
"""More pages than this for one look means that the server leads us in circles."""


class Slack:
    """One workspace, by its bot token. `timeout` is in seconds and holds for each wait of a call."""

    name: ClassVar[str] = "slack"
    api: ClassVar[int] = 1

    def __init__(self, token: str, api_url: str = API_URL, timeout: float = 10.0) -> None:
        self._token = token
        self._api_url = api_url
        self._timeout = timeout
        self._made: WebClient | None = None
        self._us: dict[str, str] = {}
        """Of the workspace and our bot, what `auth.test` says."""
        self._stale: set[str] = set()
        # now, and not within the lease of the first message: loading the SDK may take a second
        self._client()

    def __repr__(self) -> str:
        return f"Slack(api_url={self._api_url!r})"

    # ── the port ─────────────────────────────────────────────────────────────────────────────────────────

    def send(self, message: Message, previous: Receipt | None) -> Receipt:
        """Post, or draw `previous` anew in place. A drawing that Slack finds too rich is made simpler at once:
        such a refusal is certain, so nothing can double. Raises DeliveryError."""
        for level in Level:
            try:
                answer = self._write(message, previous, level)
                break
            except DeliveryError as fault:
                if fault.code in errors.STALE_ID:
                    self._stale.add(message.delivery_id)
                if fault.code not in errors.TOO_MUCH or level is Level.MINIMAL:
                    raise
        channel, ts = answer.get("channel"), answer.get("ts")
        if not isinstance(channel, str) or not isinstance(ts, str) or not re.fullmatch(r"\d+\.\d+", ts):
            raise errors.of_answer(200, {}, {})
        return _receipt(channel, ts, self._archive())

    def find(self, message: Message, since: datetime) -> Receipt | None:
        """Look for this delivery in the channel, or in its thread, from `since` on."""
        return self.find_all([message], since).get(message.delivery_id)

    def find_all(self, messages: Sequence[Message], since: datetime) -> dict[str, Receipt]:
        """Look for deliveries of one channel, or of one thread: one page of history shows 200 messages.

        A redrawing in place is harmless to repeat and keeps the metadata of the first post: it is never
        found, and never asked for. Raises DeliveryError: UNKNOWN where it cannot be known, and `gone` where it surely
        did not arrive and the card it hangs under was deleted.
        """
        wanted = {message.delivery_id for message in messages if message.kind is not Kind.UPDATE}
        found: dict[str, Receipt] = {}
        if not wanted:
            return found
        channel, thread = messages[0].channel, messages[0].thread
        place, deleted = thread.channel if thread else channel, False
        try:
            for row in self._history(messages[0], since):
                told = _delivery(row)
                if told in wanted:
                    found[told] = _receipt(place, str(row["ts"]), self._archive())
                    if len(found) == len(wanted):
                        return found
                deleted = deleted or (thread is not None and row.get("subtype") == TOMBSTONE)
        except DeliveryError as fault:
            if fault.gone:
                raise
            raise DeliveryError(
                f"Whether the message arrived cannot be seen now. {fault}",
                outcome=Outcome.UNKNOWN,
                remedy=fault.remedy,
                retry_after=fault.retry_after,
                code=fault.code,
            ) from None
        if deleted and not found:
            raise errors.of_answer(200, {"error": "thread_not_found"}, {})
        return found

    def check(self, channel: str) -> Sequence[Finding]:
        """Token, scopes, channel and history, each with its remedy. Posts nothing."""
        from alerts.slack.check import findings

        return findings(self.read, {channel: "slack.channel"})

    def show(self, person: str, queue: Queue, version: str | None) -> str | None:
        """Publish this person's Home, in place of `version` where one is given: if something else stands there by
        now, DeliveryError with the code `hash_conflict`. To publish twice does no harm."""
        from alerts.slack.home import home

        body = {"user_id": person, "view": home(queue), **({"hash": version} if version else {})}
        told = (self._call("views.publish", json=body)[0].get("view") or {}).get("hash")
        return told if isinstance(told, str) else None

    # ── the calls ────────────────────────────────────────────────────────────────────────────────────────

    def _write(self, message: Message, previous: Receipt | None, level: Level) -> dict[str, Any]:
        if isinstance(message.content, Unusable):
            message = replace(message, content=replace(message.content, bot=self._named()))
        body = render(message, level)
        if previous is not None:
            # Metadata left out is kept: the card stays to be found under the id it was posted with.
            del body["metadata"]
            place = {"channel": previous.channel, "ts": previous.ref}
            return self._call("chat.update", json={**place, **body, "parse": "none"})[0]
        body |= {"channel": message.channel, "unfurl_links": False, "unfurl_media": False}
        if message.thread is not None:
            body |= {"channel": message.thread.channel, "thread_ts": message.thread.ref}
            if isinstance(message.content, Note) and message.content.loud:
                body["reply_broadcast"] = True
        if message.delivery_id not in self._stale:
            body["client_msg_id"] = str(uuid.uuid5(uuid.NAMESPACE_OID, message.delivery_id))
        return self._call("chat.postMessage", json=body)[0]

    def _history(self, message: Message, since: datetime) -> Iterator[dict[str, Any]]:
        args: dict[str, Any] = {"channel": message.channel, "limit": PAGE, "include_all_metadata": True}
        args |= {"oldest": f"{since.timestamp():.6f}", "inclusive": True}
        method = "conversations.history"
        if message.thread is not None:
            args |= {"channel": message.thread.channel, "ts": message.thread.ref}
            method = "conversations.replies"
        for _ in range(PAGES):
            answer, _ = self._call(method, params=args)
            rows = answer.get("messages")
            if not isinstance(rows, list):
                raise errors.of_answer(200, {}, {})
            yield from rows
            cursor = (answer.get("response_metadata") or {}).get("next_cursor")
            if not cursor and not answer.get("has_more"):
                return
            if not cursor or cursor == args.get("cursor"):
                break
            args["cursor"] = cursor
        raise DeliveryError(
            "Slack's history could not be read to its end, so we cannot know whether the message arrived.",
            outcome=Outcome.UNKNOWN,
            code="endless_history",
        )

    def _archive(self) -> str | None:
        """The workspace's address, asked once. Links are a comfort: without one, messages go out all the same."""
        return self._told_of_us().get("url") or None

    def _named(self) -> str:
        """The bot's name in this workspace, which an invitation needs."""
        return self._told_of_us().get("user") or Unusable("", "").bot

    def _told_of_us(self) -> dict[str, str]:
        if not self._us:
            try:
                answer = self._call("auth.test", params={})[0]
            except DeliveryError:
                return {}
            self._us = {key: str(answer.get(key) or "") for key in ("url", "user")}
        return self._us

    def read(self, method: str, **params: Any) -> tuple[dict[str, Any], dict[str, str]]:
        """Ask any method: the answer, and its headers in small letters. Raises DeliveryError."""
        return self._call(method, params=params)

    def ask(self, method: str, **body: Any) -> dict[str, Any]:
        """Call any method with a JSON body: for answers to a person, which no outbox keeps. Raises DeliveryError."""
        return self._call(method, json=body)[0]

    def _call(self, method: str, **arguments: Any) -> tuple[dict[str, Any], dict[str, str]]:
        """The answer and its headers. Everything that goes wrong leaves as a DeliveryError that was made
        without the text of the fault: that may hold the token."""
        from slack_sdk.errors import SlackApiError

        client = self._client()
        try:
            response = client.api_call(method, **arguments)
            data = response.data
            headers = {name.lower(): str(value) for name, value in response.headers.items()}
        except SlackApiError as fault:
            raise of_api_error(fault) from None
        except Exception as fault:  # noqa: BLE001 - whatever broke the call, the message may have arrived
            raise errors.of_exception(fault) from None
        if not isinstance(data, dict):
            raise errors.of_answer(200, {}, headers)
        return data, headers

    def _client(self) -> WebClient:
        if self._made is None:
            self._made = web_client(self._token, self._api_url, self._timeout)
        return self._made


def _delivery(row: dict[str, Any]) -> str | None:
    """Whose message this is; None for anybody else's. Our mark without its id means that ids are hidden."""
    metadata = row.get("metadata") or {}
    if metadata.get("event_type") != EVENT:
        return None
    payload = metadata.get("event_payload")
    if not isinstance(payload, dict):
        raise errors.of_answer(200, {}, {})
    return str(payload.get("delivery_id"))


def of_api_error(fault: Any) -> DeliveryError:
    """From the SDK's own fault."""
    response = fault.response
    data = getattr(response, "data", response)
    return errors.of_answer(
        int(getattr(response, "status_code", 200)),
        data if isinstance(data, dict) else {},
        {name: str(value) for name, value in getattr(response, "headers", {}).items()},
    )


def _receipt(channel: str, ts: str, site: str | None) -> Receipt:
    """`site`: the workspace's own address, which the link for people begins with; without it there is none."""
    link = f"{site.rstrip('/')}/archives/{channel}/p{ts.replace('.', '')}" if site else None
    return Receipt(channel, ts, datetime.fromtimestamp(float(ts), UTC), link)
