"""From Slack's payloads to gestures. Pure; whatever Slack may send is read, or refused with ValueError."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from alerts.slack import actions
from alerts.slack.blocks import EVENT
from alerts.slack.home import TURN, read_pages
from monitor.core.gestures import Commanded, Pressed, Severed, Spot, Submitted, Turned, Value

Payload = Mapping[str, Any]

TOKENS_GONE = (
    "The bot token was revoked in Slack. Install the app again, copy its new token (xoxb-...) into "
    "MONITOR_SLACK__BOT_TOKEN and restart."
)
UNINSTALLED = (
    "The app was removed from the Slack workspace. Install it again, copy its new tokens (xoxb-... and xapp-...) and "
    "restart."
)


@dataclass(frozen=True, slots=True)
class Asker:
    """Who waits for an answer, and the ways to give it. Empty: there is no such way."""

    person: str
    channel: str = ""
    thread: str = ""
    trigger: str = ""
    """Opens one modal, within three seconds."""
    response_url: str = ""
    view: str = ""
    """The modal that the person acted in."""


def asker(body: Payload) -> Asker:
    """Of an interaction or a command."""
    user = body.get("user") or {}
    view = body.get("view") or {}
    channel, thread = _place(body)
    return Asker(
        person=str(user.get("id") or body.get("user_id") or ""),
        channel=channel,
        thread=thread,
        trigger=str(body.get("trigger_id") or ""),
        response_url=str(body.get("response_url") or ""),
        view=str(view.get("id") or "") if view.get("type") == "modal" else "",
    )


def key_of(body: Payload) -> str:
    """The same thing done by the same person has the same: Slack may send it twice, over two sockets."""
    user = str((body.get("user") or {}).get("id") or body.get("user_id") or "")
    view = body.get("view") or {}
    match body.get("type"):
        case "block_actions":
            done = _action(body)
            return f"press:{user}:{done.get('action_id')}:{done.get('action_ts')}"
        case "view_submission":
            return f"submit:{user}:{view.get('id')}:{view.get('hash')}"
        case "event_callback":
            return f"event:{body.get('event_id')}"
        case _:
            return f"command:{user}:{body.get('trigger_id')}"


def is_link(body: Payload) -> bool:
    """A button that leads elsewhere: Slack tells of it, and nothing follows."""
    done = _action(body)
    return done.get("action_id") == actions.REPLY_AT_SOURCE or bool(done.get("url"))


def pressed(body: Payload) -> Pressed:
    done = _action(body)
    chosen = done.get("selected_option") or {}
    press = actions.read_value(str(chosen.get("value") or done.get("value") or ""))
    return Pressed(
        person=asker(body).person,
        move=press.move,
        case_id=press.case_id,
        revision=press.revision,
        at=str(done.get("action_ts") or ""),
        spot=_spot(body),
    )


def turned(body: Payload) -> Turned | None:
    """A button that only draws Home anew; None for any other."""
    done = _action(body)
    if str(done.get("action_id") or "").split(":")[0] != TURN:
        return None
    return Turned(asker(body).person, read_pages(str(done.get("value") or "")))


def submitted(body: Payload) -> Submitted:
    view = body.get("view") or {}
    origin = actions.unpacked(str(view.get("private_metadata") or ""))
    return Submitted(
        person=asker(body).person,
        move=str(view.get("callback_id") or ""),
        case_id=origin.case_id,
        revision=origin.revision,
        at=f"{view.get('id')}:{view.get('hash')}",
        values=_values((view.get("state") or {}).get("values") or {}),
        spot=Spot(origin.channel, origin.ts),
    )


def commanded(body: Payload) -> Commanded:
    return Commanded(
        person=str(body.get("user_id") or ""),
        text=str(body.get("text") or ""),
        at=str(body.get("trigger_id") or ""),
        channel=str(body.get("channel_id") or ""),
    )


def severed(event: Payload) -> Severed | None:
    """None where only a person's token was revoked, of which we use none."""
    if event.get("type") == "app_uninstalled":
        return Severed("app_uninstalled", UNINSTALLED)
    if (event.get("tokens") or {}).get("bot"):
        return Severed("tokens_revoked", TOKENS_GONE)
    return None


def first_input(view: Payload) -> str:
    """The block under which an error of the form as a whole is shown; empty: there is none."""
    blocks = view.get("blocks") or []
    return next((str(block.get("block_id")) for block in blocks if block.get("type") == "input"), "")


def inputs(view: Payload) -> set[str]:
    return {str(block.get("block_id")) for block in view.get("blocks") or [] if block.get("type") == "input"}


def _action(body: Payload) -> Payload:
    done = body.get("actions") or [{}]
    return done[0] if isinstance(done[0], Mapping) else {}


def _place(body: Payload) -> tuple[str, str]:
    """The channel, and the thread within it. In a modal: of the card it was opened from."""
    view = body.get("view") or {}
    if view.get("private_metadata"):
        try:
            origin = actions.unpacked(str(view["private_metadata"]))
        except ValueError:
            return "", ""
        return origin.channel, ""
    channel = body.get("channel") or {}
    container = body.get("container") or {}
    return (
        str(channel.get("id") or body.get("channel_id") or container.get("channel_id") or ""),
        str(container.get("thread_ts") or ""),
    )


def _spot(body: Payload) -> Spot:
    """The card that was pressed, or that the modal was opened from. A line in its thread is no card."""
    view, container = body.get("view") or {}, body.get("container") or {}
    if view:
        try:
            origin = actions.unpacked(str(view.get("private_metadata") or ""))
        except ValueError:
            return Spot()
        return Spot(origin.channel, origin.ts)
    metadata = (body.get("message") or {}).get("metadata") or {}
    payload = metadata.get("event_payload") or {} if metadata.get("event_type") == EVENT else {}
    ts = str(container.get("message_ts") or "")
    if container.get("is_ephemeral"):
        return Spot(_place(body)[0])
    root = not container.get("thread_ts") or container.get("thread_ts") == ts
    return Spot(_place(body)[0], ts if root else "", str(payload.get("delivery_id") or ""))


def _values(state: Mapping[str, Mapping[str, Payload]]) -> dict[str, Value]:
    """By block id; what was left empty is not there."""
    found: dict[str, Value] = {}
    for block, elements in state.items():
        for element in elements.values():
            value = _value(element)
            if value not in (None, ""):
                found[block] = value
    return found


def _value(element: Payload) -> Value | None:
    match element.get("type"):
        case "datetimepicker":
            seconds = element.get("selected_date_time")
            return _moment(seconds) if seconds is not None else None
        case "checkboxes":
            return bool(element.get("selected_options")) or None
        case "users_select":
            return element.get("selected_user")
        case "static_select" | "radio_buttons" | "external_select":
            return (element.get("selected_option") or {}).get("value")
        case _:
            value = element.get("value")
            return str(value) if value is not None else None


def _moment(seconds: object) -> datetime:
    try:
        return datetime.fromtimestamp(int(str(seconds)), UTC)
    except (OverflowError, OSError) as fault:
        raise ValueError(f"no time: {str(seconds)[:40]}") from fault
