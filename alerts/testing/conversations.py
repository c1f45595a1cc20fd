"""The conversations methods: which channels there are, who is in them, and what was said."""

from __future__ import annotations

from typing import Any

from alerts.testing.call import Call, Refusal
from alerts.testing.workspace import BOT, Channel, Workspace

KINDS = {"public_channel": "channels", "private_channel": "groups", "im": "im", "mpim": "mpim"}


def info(workspace: Workspace, call: Call) -> dict[str, Any]:
    channel = workspace.visible(call.text("channel"))
    call.needs(channel.scopes("read"))
    shown = public(channel)
    if call.truth("include_num_members"):
        shown["num_members"] = len(workspace.members(channel))
    return {"channel": shown}


def listed(workspace: Workspace, call: Call) -> dict[str, Any]:
    kinds = _kinds(call)
    for kind in kinds:
        call.needs(f"{KINDS[kind]}:read")
    return _rows(
        workspace, call, [c for c in workspace.channels.values() if c.member or not c.private], kinds
    )


def of_user(workspace: Workspace, call: Call) -> dict[str, Any]:
    """users.conversations: those that a person, or the bot itself, is in."""
    kinds, user = _kinds(call), call.text("user") or BOT
    for kind in kinds:
        call.needs(f"{KINDS[kind]}:read")
    if user != BOT and user not in workspace.users:
        raise Refusal("user_not_found")
    known = (c for c in workspace.channels.values() if c.member or not c.private)
    return _rows(workspace, call, [c for c in known if c.holds(user)], kinds)


def members(workspace: Workspace, call: Call) -> dict[str, Any]:
    channel = workspace.visible(call.text("channel"))
    call.needs(channel.scopes("read"))
    part, cursor = call.part(workspace.members(channel))
    return {"members": part, "response_metadata": {"next_cursor": cursor}}


def join(workspace: Workspace, call: Call) -> dict[str, Any]:
    call.needs("channels:join")
    channel = workspace.visible(call.text("channel"))
    if channel.private:
        raise Refusal("method_not_supported_for_channel_type")
    if channel.archived:
        raise Refusal("is_archived")
    already = {"warning": "already_in_channel"} if channel.member else {}
    channel.member = True
    return {"channel": public(channel), **already}


def history(workspace: Workspace, call: Call) -> dict[str, Any]:
    channel = _readable(workspace, call)
    rows = [
        message
        for message in reversed(_settled(workspace, channel))
        if message.get("thread_ts", message["ts"]) == message["ts"]
        or message.get("subtype") == "thread_broadcast"
    ]
    return _messages(channel, call, [m for m in rows if _within(call, m)])


def replies(workspace: Workspace, call: Call) -> dict[str, Any]:
    channel, root = _readable(workspace, call), call.text("ts")
    if root not in channel.messages:
        raise Refusal("thread_not_found")
    rows = [m for m in _settled(workspace, channel) if root in (m["ts"], m.get("thread_ts"))]
    return _messages(channel, call, [m for m in rows if m["ts"] == root or _within(call, m)])


def public(channel: Channel) -> dict[str, Any]:
    """A channel as the API shows it."""
    if channel.user is not None:
        return {"id": channel.id, "is_im": True, "user": channel.user, "is_archived": channel.archived}
    return {
        "id": channel.id,
        "name": channel.name,
        "is_channel": not channel.private,
        "is_private": channel.private,
        "is_archived": channel.archived,
        "is_member": channel.member,
    }


def _readable(workspace: Workspace, call: Call) -> Channel:
    channel = workspace.visible(call.text("channel"))
    call.needs(channel.scopes("history"))
    if not channel.member:
        raise Refusal("not_in_channel")
    return channel


def _settled(workspace: Workspace, channel: Channel) -> list[dict[str, Any]]:
    """What history shows by now."""
    latest = workspace.now() - workspace.lag
    return [message for ts, message in channel.messages.items() if float(ts) <= latest]


def _within(call: Call, message: dict[str, Any]) -> bool:
    oldest, latest = call.moment("oldest", 0.0), call.moment("latest", float("inf"))
    at = float(message["ts"])
    return oldest < at < latest or (call.truth("inclusive") and at in (oldest, latest))


def _messages(channel: Channel, call: Call, rows: list[dict[str, Any]]) -> dict[str, Any]:
    part, cursor = call.part(rows)
    whole = call.truth("include_all_metadata")
    answer: dict[str, Any] = {
        "messages": [_shown(channel, m, whole) for m in part],
        "has_more": cursor != "",
    }
    if cursor:
        answer["response_metadata"] = {"next_cursor": cursor}
    return answer


def _shown(channel: Channel, message: dict[str, Any], whole: bool) -> dict[str, Any]:
    """A row of history: without `include_all_metadata` only the type of the event is told."""
    shown = dict(message)
    if "metadata" in message and not whole:
        shown["metadata"] = {"event_type": message["metadata"]["event_type"]}
    below = [m["ts"] for m in channel.messages.values() if m.get("thread_ts") == message["ts"] != m["ts"]]
    if below:
        shown |= {"thread_ts": message["ts"], "reply_count": len(below), "latest_reply": below[-1]}
    return shown


def _kinds(call: Call) -> list[str]:
    kinds = (call.text("types") or "public_channel").split(",")
    if not set(kinds) <= set(KINDS):
        raise Refusal("invalid_types")
    return kinds


def _rows(workspace: Workspace, call: Call, channels: list[Channel], kinds: list[str]) -> dict[str, Any]:
    rows = [
        public(channel)
        for channel in channels
        if _kind(channel) in kinds and not (channel.archived and call.truth("exclude_archived"))
    ]
    part, cursor = call.part(rows)
    return {"channels": part, "response_metadata": {"next_cursor": cursor}}


def _kind(channel: Channel) -> str:
    return "im" if channel.user else "private_channel" if channel.private else "public_channel"
