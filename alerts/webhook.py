"""Another program as a receiver: every change of a case as a signed CloudEvent.

At least once: nobody can ask a program what it has taken, so what may not have arrived is sent again, under the same
id, by which the receiver knows it. What each status means is decided in `_fault` alone.
"""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import ClassVar
from urllib.parse import urlsplit

from alerts.cloudevent import cloud_event, trial
from alerts.signing import keys_of, signature
from monitor.core.errors import ConfigError, DeliveryError, Denied, Outcome, Remedy, SourceError
from monitor.core.message import Message, Receipt
from monitor.core.model import Json
from monitor.core.ports import Finding, Post, Response

REST = timedelta(seconds=30)
"""How long a receiver that is ill is left alone, with everything that waits for it."""
LONGEST = timedelta(hours=1)
"""One that asks for more is not obeyed further than this."""
LATER = frozenset({408, 425, 429})
PERSON = frozenset({401, 403, 404, 405, 407, 410})
"""Every message would meet with the same: the address or the secret is wrong, or nobody listens any more."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One receiver."""

    url: str
    secret: Callable[[], str]
    """Read for every message, so that a new one counts at once. Raises ConfigError."""
    words: bool = False
    """With the customer's name and words."""

    @property
    def host(self) -> str:
        """All of its address that may be shown: often the rest is a secret."""
        return urlsplit(self.url).netloc.rpartition("@")[2]


def _now() -> datetime:
    return datetime.now(UTC)


class Webhook:
    """Posts to `endpoints`, which are the channels of its messages, by name."""

    name: ClassVar[str] = "webhook"
    api: ClassVar[int] = 1

    def __init__(
        self, endpoints: Mapping[str, Endpoint], http: Post, now: Callable[[], datetime] = _now
    ) -> None:
        self._endpoints = endpoints
        self._http = http
        self._now = now

    def send(self, message: Message, previous: Receipt | None) -> Receipt:
        """Post it; of a redrawing a further one. Raises DeliveryError."""
        endpoint = self._endpoint(message.channel)
        event = cloud_event(message, self._now(), words=endpoint.words)
        self._post(endpoint, event)
        return previous or Receipt(message.channel, str(event["id"]), self._now())

    def find(self, message: Message, since: datetime) -> Receipt | None:
        """Always None: see the module. A repetition does no harm."""
        return None

    def check(self, channel: str) -> Sequence[Finding]:
        """Secret and address; nothing is sent."""
        what = f"webhook {channel}"
        try:
            endpoint = self._endpoint(channel)
            _keys(endpoint)
            self._http.may_post(endpoint.url)
        except (DeliveryError, SourceError) as fault:
            return [Finding(what, False, str(fault), f"Mend it, then `check --probe webhook:{channel}`.")]
        return [Finding(what, True, f"may post to {endpoint.host}")]

    def probe(self, channel: str) -> Finding:
        """Send a test event, of a type of its own."""
        what = f"webhook {channel}, test event"
        try:
            endpoint = self._endpoint(channel)
            self._post(endpoint, trial(channel, str(uuid.uuid4()), self._now()))
        except DeliveryError as fault:
            return Finding(what, False, str(fault), "Mend what it says and try again; nothing is queued.")
        return Finding(what, True, f"{endpoint.host} took it")

    def _endpoint(self, channel: str) -> Endpoint:
        endpoint = self._endpoints.get(channel)
        if endpoint is None:
            raise DeliveryError(
                f"the settings have no webhook called {channel} any more",
                outcome=Outcome.NOT_SENT,
                remedy=Remedy.PERSON,
                code="no_such_webhook",
            )
        return endpoint

    def _post(self, endpoint: Endpoint, event: dict[str, Json]) -> None:
        keys, ident, at = _keys(endpoint), str(event["id"]), int(self._now().timestamp())
        # what lies beyond ASCII is escaped: the body steers no terminal of the receiver's either
        body = json.dumps(event, separators=(",", ":"), allow_nan=False).encode()
        headers = {
            "content-type": "application/cloudevents+json; charset=utf-8",
            "webhook-id": ident,
            "webhook-timestamp": str(at),
            "webhook-signature": signature(keys, ident, at, body),
        }
        try:
            answer = self._http.post(endpoint.url, body=body, headers=headers)
        except Denied as fault:
            raise DeliveryError(
                str(fault), outcome=Outcome.NOT_SENT, remedy=Remedy.PERSON, code="address"
            ) from None
        except SourceError as fault:
            raise DeliveryError(
                f"{fault}; it is sent again",
                outcome=Outcome.UNKNOWN,
                retry_after=REST,
                code="unreachable",
            ) from None
        if not 200 <= answer.status < 300:
            raise _fault(answer, endpoint.host)


def _keys(endpoint: Endpoint) -> list[bytes]:
    try:
        return keys_of(endpoint.secret())
    except (ConfigError, ValueError) as fault:
        raise DeliveryError(
            f"{fault}. docs/webhook.md says how to make one",
            outcome=Outcome.NOT_SENT,
            remedy=Remedy.PERSON,
            code="secret",
        ) from None


def _fault(answer: Response, host: str) -> DeliveryError:
    status, code = answer.status, str(answer.status)
    if status >= 500 or status in LATER:
        # it may have failed after it had taken the message: what was taken twice is known by its id
        return DeliveryError(
            f"{host} cannot take it now ({status}); it is sent again",
            outcome=Outcome.UNKNOWN,
            retry_after=_wish(answer) or REST,
            code=code,
        )
    if status in PERSON or status < 400:
        why = {
            410: "nobody listens there any more (410): give the webhook another address, or take it out",
            401: "it does not accept the signature (401): both sides must have the same secret",
        }.get(status, f"the answer is {status}: check the webhook's address")
        if status < 400:
            why = f"it sends us elsewhere ({status}), which is not followed: put the final address into the settings"
        return DeliveryError(f"{host}: {why}", outcome=Outcome.REFUSED, remedy=Remedy.PERSON, code=code)
    return DeliveryError(
        f"{host} refused this one event ({status}); `export events` still has it",
        outcome=Outcome.REFUSED,
        remedy=Remedy.NOBODY,
        code=code,
    )


def _wish(answer: Response) -> timedelta | None:
    """Retry-After, in seconds or as a date; at least a second, so that nobody is asked in a circle."""
    said = answer.headers.get("retry-after", "").strip()
    if re.fullmatch(r"[0-9]{1,9}", said):
        span = timedelta(seconds=int(said))
    else:
        try:
            moment = parsedate_to_datetime(said)
        except (ValueError, OverflowError):  # of a year with twenty digits
            return None
        span = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - answer.now
    return min(max(span, timedelta(seconds=1)), LONGEST)
