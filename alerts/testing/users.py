"""The users methods, and whose token it is."""

from __future__ import annotations

from typing import Any

from alerts.testing.call import Call, Refusal
from alerts.testing.workspace import BOT, BOT_ID, TEAM, Workspace


def who(workspace: Workspace, call: Call) -> dict[str, Any]:
    names = {"url": workspace.url, "team": "Acme Coffee", "user": "complaint-monitor", "team_id": TEAM}
    return {**names, "user_id": BOT, "bot_id": BOT_ID, "is_enterprise_install": False}


def info(workspace: Workspace, call: Call) -> dict[str, Any]:
    call.needs("users:read")
    if call.text("user") not in workspace.users:
        raise Refusal("user_not_found")
    return {"user": workspace.users[call.text("user")]}


def listed(workspace: Workspace, call: Call) -> dict[str, Any]:
    call.needs("users:read")
    part, cursor = call.part(list(workspace.users.values()))
    return {"members": part, "response_metadata": {"next_cursor": cursor}}


def by_email(workspace: Workspace, call: Call) -> dict[str, Any]:
    call.needs("users:read.email")
    for user in workspace.users.values():
        if user.get("profile", {}).get("email", "").lower() == call.text("email").lower():
            return {"user": user}
    raise Refusal("users_not_found")
