"""What is said to a form that was sent: in its acknowledgement, or later, when that was given already. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from alerts.slack import reading, views
from alerts.slack.reading import Payload
from alerts.slack.views import View
from alerts.words import line
from monitor.core.gestures import Answer, Form, Nothing, Opened, Refused, Replied, Told

TITLE = "Complaint Monitor"
BELOW = 500
"""Characters of what is said below an input."""
SLOW = "It took too long to look through what you sent, and it was not taken. Press the button once more."


def response(answer: Answer, view: Payload, view_of: Callable[[Form], View]) -> dict[str, Any]:
    """What the acknowledgement says. Where all went well, every window closes."""
    match answer:
        case Nothing() | Replied():
            return {"response_action": "clear"}
        case Opened(form=form):
            return {"response_action": "update", "view": view_of(form)}
        case Refused(errors=errors) if reading.first_input(view):
            return {"response_action": "errors", "errors": _placed(errors, view)}
        case Refused(errors=errors):
            words = "\n".join(errors.values())
        case Told(words=words):
            pass
    return {"response_action": "update", "view": views.notice(TITLE, words)}


def afterwards(answer: Answer, body: Payload) -> str:
    """For a whisper once the form is closed; what stood in it is given back. Empty: there is nothing to say."""
    match answer:
        case Nothing() | Replied():
            return ""
        case Opened(form=form):
            words = form.beside.notice or SLOW
        case Told(words=words):
            pass
        case Refused(errors=errors):
            words = "\n".join(errors.values())
    written = _written(body)
    return f"{words}\nYou wrote: {' / '.join(written)}" if written else words


def _placed(errors: Mapping[str, str], view: Payload) -> dict[str, str]:
    """Each below its input; what has none, below the first. Slack takes no other."""
    known, placed = reading.inputs(view), dict[str, str]()
    for name, words in errors.items():
        block = name if name in known else reading.first_input(view)
        placed[block] = f"{placed[block]} {words}" if block in placed else words
    return {block: line(words, BELOW) or "…" for block, words in placed.items()}


def _written(body: Payload) -> list[str]:
    try:
        values = reading.submitted(body).values
    except ValueError:
        return []
    return [value for value in values.values() if isinstance(value, str)]
