"""What a person did at the desk, and what they are told: the words between a chat and the moves of a case.

A desk (Slack, say) turns what it hears into a gesture, hands it over, and shows the answer in its own way.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from monitor.core.asking import Reply
from monitor.core.casefile import File
from monitor.core.clocks import Clocks
from monitor.core.finding import Finding
from monitor.core.model import Case, Heard
from monitor.core.playbook import Draft
from monitor.core.queue import Shelf

Value = str | bool | datetime
"""What was filled into one field of a form; a field that was left empty is not there."""


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a card stands, as its receipt says; both empty where the gesture came from no card."""

    channel: str = ""
    ref: str = ""
    delivery: str = ""
    """The delivery id that the card carries, where the desk is told of it."""


NOWHERE = Spot()


# ── gestures ─────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Pressed:
    """A button, or an option of a menu."""

    person: str
    move: str
    case_id: int
    revision: int
    """Of the case, as the person saw it."""
    at: str
    """The instant as the desk dates it: the same press twice has the same."""
    spot: Spot = NOWHERE


@dataclass(frozen=True, slots=True)
class Submitted:
    """A form that was filled in."""

    person: str
    move: str
    case_id: int
    revision: int
    at: str
    values: Mapping[str, Value] = field(default_factory=dict)
    spot: Spot = NOWHERE


@dataclass(frozen=True, slots=True)
class Commanded:
    """A line that was typed for us."""

    person: str
    text: str
    at: str
    channel: str = ""


@dataclass(frozen=True, slots=True)
class HomeOpened:
    """Somebody looks at what is theirs to do."""

    person: str


@dataclass(frozen=True, slots=True)
class Turned:
    """They turn to these pages of it."""

    person: str
    pages: Mapping[Shelf, int]


SEVERED = "severed:"
"""How the code of such a trouble begins. No silence mends it, only a message that goes out."""


@dataclass(frozen=True, slots=True)
class Severed:
    """The desk does not know us any more: its operator must act. `code` is the desk's own word."""

    code: str
    words: str


Gesture = Pressed | Submitted | Commanded | HomeOpened | Turned | Severed


# ── answers ──────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Told:
    """Said to this person alone. People stand in it as the store knows them; each desk shows them its own way."""

    words: str


Candidate = tuple[Case, Heard | None]
"""A case that may be the same customer's, and what they said."""


@dataclass(frozen=True, slots=True)
class Beside:
    """What a form shows beside the file of its case; each is needed by some alone."""

    notice: str = ""
    """To be read before it is filled in (again)."""
    candidates: Sequence[Candidate] = ()
    """Link: whom to choose from."""
    drafted: Draft | None = None
    """Draft: the starting text."""
    text: str = ""
    """Draft: what the person wrote."""
    findings: Sequence[Finding] | None = None
    """Draft: what to look at again in it. None: it was not checked yet."""
    clocks: Clocks | None = None
    """More: as they stand now."""
    rung: str = ""
    """More: the name of the level it was escalated to."""


ALONE = Beside()


@dataclass(frozen=True, slots=True)
class Form:
    """What a move needs to be told, about a case as it stands; `move` may also be "more" or "draft"."""

    move: str
    file: File
    spot: Spot = NOWHERE
    beside: Beside = ALONE


@dataclass(frozen=True, slots=True)
class Opened:
    """A form is put before the person; after a submission: in place of the one they submitted."""

    form: Form


@dataclass(frozen=True, slots=True)
class Replied:
    """What they asked for in a line, for their eyes alone."""

    reply: Reply


@dataclass(frozen=True, slots=True)
class Refused:
    """A form that cannot be taken as it is. By field; the empty name: of the form as a whole."""

    errors: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Nothing:
    """What they did shows by itself."""


Answer = Told | Opened | Replied | Refused | Nothing
Answering = Callable[[Gesture], Answer]
"""May take as long as the database does. Whatever it raises is a fault of ours."""


# ── the line to the desk ─────────────────────────────────────────────────────────────────────────────────


class Link(StrEnum):
    CONNECTED = "connected"
    SILENT = "silent"
    """It is open, and nothing comes from it: not even what always comes."""
    OFF = "off"


@dataclass(frozen=True, slots=True)
class Line:
    """How the line over which gestures come is doing."""

    link: Link
    since: datetime
    renewed: int = 0
    """How often it was made anew because it had broken or gone silent."""
    fault: str = ""
    """Why it is off, in plain words with the remedy."""


@dataclass(frozen=True, slots=True)
class Listener:
    """A process that listens, and its line when it last said so."""

    holder: str
    line: Line
    seen: datetime
