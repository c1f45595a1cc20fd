"""The plainest form for every move: its fields one below the other."""

from __future__ import annotations

from typing import Any

from alerts.slack.actions import packed
from alerts.slack.blocks import section
from alerts.slack.views import TITLE, View, spoken
from monitor.core.gestures import Form
from monitor.core.moves import How

FIELDS: dict[str, tuple[str, ...]] = {
    "contact": ("text", "link"),
    "recover": ("how", "note"),
    "lose": ("note",),
    "dismiss": ("note", "erred"),
    "note": ("note",),
    "snooze": ("until", "happens", "note"),
    "escalate": ("note",),
    "hand_over": ("person", "note"),
    "promise": ("what", "until"),
    "keep": ("promise", "note"),
    "break": ("promise", "note"),
    "withdraw": ("promise", "note"),
    "link": ("other",),
    "draft": ("text",),
}


def plain_form(form: Form) -> View:
    case = form.file.case
    about = section(f"Case {case.id} · {case.state.value}")
    notice = [section(spoken(form.notice))] if form.notice else []
    fields = [_field(name, form) for name in FIELDS.get(form.move, ())]
    view = {
        "type": "modal",
        "callback_id": form.move,
        "private_metadata": packed(case.id, case.revision, form.spot.channel, form.spot.ref),
        "title": _plain(form.move.replace("_", " ").capitalize()[:TITLE]),
        "close": _plain("Cancel"),
        "blocks": [*notice, about, *fields],
    }
    return {**view, "submit": _plain("Save")} if fields else view


def _field(name: str, form: Form) -> View:
    block = {"type": "input", "block_id": name, "optional": True, "label": _plain(name.capitalize())}
    return {**block, "element": {**_element(name, form), "action_id": name}}


def _element(name: str, form: Form) -> View:
    match name:
        case "until":
            return {"type": "datetimepicker"}
        case "happens" | "erred":
            return {"type": "checkboxes", "options": [_option("yes", "Yes")]}
        case "person":
            return {"type": "users_select"}
        case "how":
            return {"type": "static_select", "options": [_option(how.value, how.value) for how in How]}
        case "promise" if form.file.standing:
            options = [_option(str(one.id), f"Promise {one.id}") for one in form.file.standing]
            return {"type": "static_select", "options": options}
        case _:
            return {"type": "plain_text_input", "multiline": name in ("note", "text")}


def _option(value: str, label: str) -> dict[str, Any]:
    return {"value": value, "text": _plain(label)}


def _plain(text: str) -> View:
    return {"type": "plain_text", "text": text}
