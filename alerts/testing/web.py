"""The Web API without any HTTP: which method does what, with which token, arguments and limit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from alerts.testing import conversations, messages, users, views
from alerts.testing.call import Call, Refusal
from alerts.testing.workspace import Workspace

Do = Callable[[Workspace, Call], dict[str, Any]]

METHODS: dict[str, tuple[Do, tuple[str, ...]]] = {
    "auth.test": (users.who, ()),
    "chat.delete": (messages.delete, ("channel", "ts")),
    "chat.getPermalink": (messages.permalink, ("channel", "message_ts")),
    "chat.postEphemeral": (messages.post_ephemeral, ("channel", "user")),
    "chat.postMessage": (messages.post, ("channel",)),
    "chat.update": (messages.update, ("channel", "ts")),
    "conversations.history": (conversations.history, ("channel",)),
    "conversations.info": (conversations.info, ("channel",)),
    "conversations.join": (conversations.join, ("channel",)),
    "conversations.list": (conversations.listed, ()),
    "conversations.members": (conversations.members, ("channel",)),
    "conversations.replies": (conversations.replies, ("channel", "ts")),
    "users.conversations": (conversations.of_user, ()),
    "users.info": (users.info, ("user",)),
    "users.list": (users.listed, ()),
    "users.lookupByEmail": (users.by_email, ("email",)),
    "views.open": (views.open_modal, ("view",)),
    "views.publish": (views.publish, ("user_id", "view")),
    "views.push": (views.push, ("view",)),
    "views.update": (views.update, ("view",)),
}
"""Each method with the arguments it cannot do without."""
CONNECT = "apps.connections.open"
WRITES = (
    "chat.postMessage",
    "chat.update",
    "chat.delete",
    "chat.postEphemeral",
    "conversations.join",
    "views.open",
    "views.push",
    "views.update",
    "views.publish",
)


def answer(
    workspace: Workspace, method: str, token: str | None, args: Mapping[str, Any], connect: Callable[[], str]
) -> dict[str, Any]:
    """Do it and give the answer without its `ok`. `connect` makes an address for a socket. Raises Refusal."""
    if method == "api.test":
        return {"args": dict(args)}
    scopes = workspace.admit(token, app=method == CONNECT)
    if method != CONNECT and method not in METHODS:
        raise Refusal("unknown_method", req_method=method)
    if workspace.tiers:
        workspace.meter.admit(method)
    call = Call(args, scopes, workspace.page)
    if method == CONNECT:
        call.needs("connections:write")
        return {"url": connect()}
    do, required = METHODS[method]
    call.requires(required)
    return do(workspace, call)
