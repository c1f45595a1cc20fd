"""The views methods: opening, pushing and changing modals, publishing Home."""

from __future__ import annotations

from typing import Any

from alerts.testing import limits
from alerts.testing.call import Call, Refusal, invalid_arguments
from alerts.testing.workspace import Workspace


def open_modal(workspace: Workspace, call: Call) -> dict[str, Any]:
    view = checked(call.whole("view", None), "modal")
    trigger = workspace.screens.exchange(_trigger(call))
    return {"view": workspace.screens.open(trigger, view)}


def push(workspace: Workspace, call: Call) -> dict[str, Any]:
    view = checked(call.whole("view", None), "modal")
    trigger = workspace.screens.exchange(_trigger(call))
    if trigger.view is None or workspace.screens.owner(trigger.view) != trigger.user:
        raise Refusal("not_found")
    return {"view": workspace.screens.push(trigger.user, view, trigger)}


def update(workspace: Workspace, call: Call) -> dict[str, Any]:
    view = checked(call.whole("view", None), "modal")
    view_id = call.text("view_id") or workspace.screens.by_external_id(call.text("external_id")) or ""
    unless = call.text("hash") if "hash" in call else None
    return {"view": workspace.screens.update(view_id, view, unless=unless)}


def publish(workspace: Workspace, call: Call) -> dict[str, Any]:
    if not workspace.home_tab:
        raise Refusal("not_enabled")
    if call.text("user_id") not in workspace.users:
        raise invalid_arguments("not a user of this workspace [json-pointer:/user_id]")
    view = checked(call.whole("view", None), "home")
    unless = call.text("hash") if "hash" in call else None
    return {"view": workspace.screens.publish(call.text("user_id"), view, unless=unless)}


def checked(view: Any, kind: str) -> dict[str, Any]:
    """The view, if Slack would take it as a `modal` or a `home`. Raises Refusal."""
    refused = limits.view_refusal(view, kind)
    if refused is None:
        whole: dict[str, Any] = view
        return whole
    code, words = refused
    raise invalid_arguments(words) if code == "invalid_arguments" else Refusal(code)


def _trigger(call: Call) -> str:
    call.requires(["trigger_id"])
    return call.text("trigger_id")
