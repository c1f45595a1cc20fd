"""The payloads of https://docs.slack.dev/reference/interaction-payloads and of the Events API, as dictionaries."""

from __future__ import annotations

import copy
from typing import Any

from alerts.testing import form
from alerts.testing.screens import Trigger
from alerts.testing.workspace import APP, BOT, TEAM, Channel, Workspace

_TOKEN = "look-alike"  # noqa: S105 - the verification token, which nobody checks any more
_TEAM = {"id": TEAM, "domain": "acme"}


def action(block: dict[str, Any], element: dict[str, Any], value: Any, action_ts: str) -> dict[str, Any]:
    """One entry of `actions`. Raises form.CannotDo."""
    named = {"action_id": element["action_id"], "block_id": block["block_id"], "type": element["type"]}
    return {**named, **form.chosen(element, value), "action_ts": action_ts}


def in_message(
    workspace: Workspace,
    user: str,
    trigger: Trigger,
    channel: Channel,
    message: dict[str, Any],
    done: dict[str, Any],
    response_url: str,
) -> dict[str, Any]:
    """block_actions on a message. Of one that a single person sees, Slack sends no text."""
    whispered = message["ts"] not in channel.messages
    container = {"type": "message", "message_ts": message["ts"], "channel_id": channel.id}
    if "thread_ts" in message:
        container["thread_ts"] = message["thread_ts"]
    payload = _interaction("block_actions", workspace, user, trigger)
    payload |= {"container": {**container, "is_ephemeral": whispered}, "actions": [done]}
    payload |= {"channel": {"id": channel.id, "name": channel.name or "directmessage"}}
    payload |= {"response_url": response_url, "state": {"values": {}}}
    return payload if whispered else {**payload, "message": copy.deepcopy(message)}


def in_view(
    workspace: Workspace, user: str, trigger: Trigger, view: dict[str, Any], done: dict[str, Any]
) -> dict[str, Any]:
    """block_actions in a modal or on Home."""
    payload = _interaction("block_actions", workspace, user, trigger)
    container = {"type": "view", "view_id": view["id"]}
    return {**payload, "container": container, "view": copy.deepcopy(view), "actions": [done]}


def submission(workspace: Workspace, user: str, trigger: Trigger, view: dict[str, Any]) -> dict[str, Any]:
    payload = _interaction("view_submission", workspace, user, trigger)
    return {**payload, "view": copy.deepcopy(view), "response_urls": []}


def closing(workspace: Workspace, user: str, view: dict[str, Any], *, cleared: bool) -> dict[str, Any]:
    payload = _interaction("view_closed", workspace, user, None)
    return {**payload, "view": copy.deepcopy(view), "is_cleared": cleared}


def suggestion(
    workspace: Workspace, user: str, view: dict[str, Any], action_id: str, typed: str
) -> dict[str, Any]:
    """What an external_select asks while somebody types."""
    block, element = form.find(view["blocks"], action_id)
    asked = {"action_id": element["action_id"], "block_id": block["block_id"], "value": typed}
    container = {"type": "view", "view_id": view["id"]}
    payload = _interaction("block_suggestion", workspace, user, None)
    return {**payload, **asked, "container": container, "view": copy.deepcopy(view)}


def command(
    workspace: Workspace,
    user: str,
    trigger: Trigger,
    channel: Channel,
    name: str,
    text: str,
    response_url: str,
) -> dict[str, Any]:
    who = {"user_id": user, "user_name": workspace.person(user)["name"]}
    where = {"channel_id": channel.id, "channel_name": channel.name or "directmessage"}
    team = {"team_id": TEAM, "team_domain": "acme", "token": _TOKEN, "api_app_id": APP}
    typed = {"command": name, "text": text, "is_enterprise_install": "false"}
    return {**team, **where, **who, **typed, "response_url": response_url, "trigger_id": trigger.id}


def event(event: dict[str, Any], number: int, at: float) -> dict[str, Any]:
    """The wrapper around an event; `event_id` stays the same whenever Slack sends it again."""
    bot = {"enterprise_id": None, "team_id": TEAM, "user_id": BOT, "is_bot": True}
    return {
        "token": _TOKEN,
        "team_id": TEAM,
        "api_app_id": APP,
        "event": {"event_ts": f"{at:.6f}", **event},
        "type": "event_callback",
        "event_id": f"Ev{number:08d}",
        "event_time": int(at),
        "authorizations": [{**bot, "is_enterprise_install": False}],
        "is_ext_shared_channel": False,
    }


def _interaction(kind: str, workspace: Workspace, user: str, trigger: Trigger | None) -> dict[str, Any]:
    name = workspace.person(user)["name"]
    who = {"id": user, "username": name, "name": name, "team_id": TEAM}
    payload: dict[str, Any] = {
        "type": kind,
        "user": who,
        "api_app_id": APP,
        "token": _TOKEN,
        "team": dict(_TEAM),
    }
    payload |= {"enterprise": None, "is_enterprise_install": False}
    return payload if trigger is None else {**payload, "trigger_id": trigger.id}
