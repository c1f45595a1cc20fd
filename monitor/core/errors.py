"""What can go wrong, told apart by what follows from it and not by where it happened.

MonitorError
 ├─ ConfigError          the settings are wrong: nothing starts, exit 78
 ├─ SourceError          one feed's fault: that feed backs off, the others go on
 │   ├─ Unreachable      no answer, or none that can be used now (network, time, size, 5xx)
 │   ├─ RateLimited      asked too often; `retry_after` says when to come back
 │   ├─ Denied           a person must act: token, permission, private address, log-in
 │   ├─ Gone             the place is no longer there (404, 410): a person must look
 │   └─ BadPayload       an answer came, but not in the agreed form
 ├─ DeliveryError        a message did not surely arrive; `outcome` says what is known
 ├─ StoreError           the database failed: said aloud, exit 1
 │   └─ Conflict         somebody else was faster; the stored value is the true one
 └─ CaseError            a person asked for a move the case does not allow: told to that person

Every message is shown to people: it says what happened and what to do, and never holds a secret.
"""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum


class MonitorError(Exception):
    """Any fault the product knows by name."""


class ConfigError(MonitorError):
    """The settings cannot be used. `problems` names each place and its remedy, one a line."""

    def __init__(self, *problems: str) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class SourceError(MonitorError):
    """A feed could not be read now. `retry_after` is the server's wish, where it gave one."""

    def __init__(self, message: str, *, retry_after: timedelta | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Unreachable(SourceError):
    """Nobody answered, or the answer broke off."""


class RateLimited(SourceError):
    """The source asks us to come back later."""


class Denied(SourceError):
    """The source refuses us until a person changes something."""


class Gone(SourceError):
    """What the feed points at does not exist."""


class BadPayload(SourceError):
    """The answer is not in the form the source promises."""


class Outcome(StrEnum):
    """What is known of a message after a failed call."""

    NOT_SENT = "not_sent"
    """Surely not delivered: it may be sent again."""
    REFUSED = "refused"
    """Delivered to nobody, and the receiver said why."""
    UNKNOWN = "unknown"
    """It may have arrived: look before sending again."""


class Remedy(StrEnum):
    """Who or what can mend a refusal."""

    WAIT = "wait"
    """Time: the message stays queued."""
    PERSON = "person"
    """The operator (token, scope, channel): the message stays queued, the operator is told once."""
    NOBODY = "nobody"
    """Nothing: this very message can never be delivered as it is."""


class DeliveryError(MonitorError):
    """A message did not surely arrive.

    `code` is the receiver's own word for it, for logs and for telling faults apart. `here`: the fault is that of
    this one channel, and another would take the message. `gone`: what the message belongs to stands there no more.
    """

    def __init__(
        self,
        message: str,
        *,
        outcome: Outcome,
        remedy: Remedy = Remedy.WAIT,
        retry_after: timedelta | None = None,
        code: str = "",
        here: bool = False,
        gone: bool = False,
    ) -> None:
        super().__init__(message)
        self.here = here
        self.gone = gone
        self.outcome = outcome
        self.remedy = remedy
        self.retry_after = retry_after
        self.code = code


class StoreError(MonitorError):
    """The database failed."""


class Conflict(StoreError):
    """Somebody else changed the same thing first."""


class CaseError(MonitorError):
    """A move that this case does not allow."""
