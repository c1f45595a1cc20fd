"""The chat methods: posting, whispering, drawing anew, deleting, linking."""

from __future__ import annotations

from typing import Any

from alerts.testing import limits
from alerts.testing.call import Call, Refusal
from alerts.testing.workspace import BOT, BOT_ID, Channel, Workspace

ALIKE = {"type": "message", "subtype": "bot_message", "user": BOT, "bot_id": BOT_ID}


def post(workspace: Workspace, call: Call) -> dict[str, Any]:
    call.needs("chat:write")
    channel = _target(workspace, call.text("channel"))
    if not channel.member:
        raise Refusal("not_in_channel")
    if channel.archived:
        raise Refusal("is_archived")
    text, blocks = _taken(workspace, *content(call, updating=False))
    metadata = _metadata(call)
    workspace.meter.pace(channel.id, workspace.pace)
    more = {key: call.text(key) for key in ("thread_ts", "client_msg_id") if key in call}
    if "thread_ts" in more and call.truth("reply_broadcast"):
        more["subtype"] = "thread_broadcast"
    message = workspace.add(channel, {**ALIKE, "text": text[:40_000], "blocks": blocks, **more})
    if metadata is not None:
        message["metadata"] = metadata
    return {"channel": channel.id, "ts": message["ts"], "message": dict(message)}


def post_ephemeral(workspace: Workspace, call: Call) -> dict[str, Any]:
    call.needs("chat:write")
    channel = workspace.visible(call.text("channel"))
    if not channel.member:
        raise Refusal("not_in_channel")
    if channel.archived:
        raise Refusal("is_archived")
    user = call.text("user")
    if user not in workspace.users or not channel.holds(user):
        raise Refusal("user_not_in_channel")
    text, blocks = content(call, updating=False)
    more = {"thread_ts": call.text("thread_ts")} if "thread_ts" in call else {}
    shown = workspace.whisper(channel, user, {"text": text, "blocks": blocks, **more})
    return {"message_ts": shown["ts"]}


def update(workspace: Workspace, call: Call) -> dict[str, Any]:
    call.needs("chat:write")
    channel, message = _own(workspace, call, "cant_update_message")
    if channel.archived:
        raise Refusal("is_inactive")
    text, blocks = _taken(workspace, *content(call, updating=True))
    if limits.has_rich_text(message["blocks"]) and not limits.has_rich_text(blocks):
        raise Refusal("block_mismatch")
    metadata = _metadata(call)
    message.update(text=text, blocks=blocks, edited={"user": BOT, "ts": f"{workspace.now():.6f}"})
    if metadata is not None:
        message["metadata"] = metadata
    return {"channel": channel.id, "ts": message["ts"], "text": text, "message": dict(message)}


def delete(workspace: Workspace, call: Call) -> dict[str, Any]:
    call.needs("chat:write")
    channel, message = _own(workspace, call, "cant_delete_message")
    workspace.remove(channel, message["ts"])
    return {"channel": channel.id, "ts": message["ts"]}


def permalink(workspace: Workspace, call: Call) -> dict[str, Any]:
    channel, ts = workspace.visible(call.text("channel")), call.text("message_ts")
    if ts not in channel.messages:
        raise Refusal("message_not_found")
    return {"channel": channel.id, "permalink": workspace.permalink(channel.id, ts)}


def content(call: Call, *, updating: bool) -> tuple[str, list[dict[str, Any]]]:
    """Text and blocks. Raises Refusal where Slack would."""
    text, blocks = call.text("text"), call.whole("blocks", [])
    code = limits.refusal(blocks, text, updating=updating)
    if code == "invalid_blocks" and (where := limits.amiss(blocks)) is not None:
        words = f"[ERROR] failed to match all allowed schemas [json-pointer:/blocks/{where}]"
        raise Refusal(code, errors=[words], response_metadata={"messages": [words]})
    if code is not None:
        raise Refusal(code)
    return text, blocks


def _taken(workspace: Workspace, text: str, blocks: list[dict[str, Any]]) -> tuple[str, list[dict[str, Any]]]:
    if any(block["type"] in workspace.refuses for block in blocks):
        raise Refusal("invalid_blocks")
    return text, blocks


def _target(workspace: Workspace, wanted: str) -> Channel:
    """By id, by #name, or a person: their direct messages."""
    if wanted in workspace.users:
        return workspace.direct(wanted)
    by_name = (channel.id for channel in workspace.channels.values() if f"#{channel.name}" == wanted)
    return workspace.visible(next(by_name, wanted))


def _own(workspace: Workspace, call: Call, not_mine: str) -> tuple[Channel, dict[str, Any]]:
    channel = workspace.visible(call.text("channel"))
    message = channel.messages.get(call.text("ts"))
    if message is None or message.get("subtype") == "tombstone":
        raise Refusal("message_not_found")
    if message["user"] != BOT:
        raise Refusal(not_mine)
    return channel, message


def _metadata(call: Call) -> dict[str, Any] | None:
    metadata: dict[str, Any] | None = call.whole("metadata", None)
    if not metadata:
        return None
    if (code := limits.metadata_refusal(metadata)) is not None:
        raise Refusal(code)
    return metadata
