"""A Slack workspace in memory: what the look-alike's Web API methods do, without any HTTP.

Argument names, answers and error codes are those of https://docs.slack.dev/reference/methods.
"""

from __future__ import annotations

import json
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from alerts.testing import limits

SCOPES = frozenset(
    {"chat:write", "channels:read", "groups:read", "channels:history", "groups:history", "users:read"}
)
TOKEN = "xoxb-look-alike"  # noqa: S105 - opens nothing but the look-alike
BOT = "U0MONITOR"
PER_MINUTE = {
    "chat.update": 50,
    "chat.delete": 50,
    "conversations.history": 50,
    "conversations.replies": 50,
    "conversations.info": 50,
    "conversations.list": 20,
    "users.info": 100,
}


class Refusal(Exception):
    """Slack's `ok: false`. `extra` joins the answer; `retry_after` (seconds) makes it a 429."""

    def __init__(self, code: str, *, retry_after: int | None = None, **extra: str) -> None:
        super().__init__(code)
        self.code = code
        self.retry_after = retry_after
        self.extra = extra


@dataclass(slots=True)
class Channel:
    """A conversation; `messages` by ts, oldest first."""

    id: str
    name: str = "complaints"
    private: bool = False
    archived: bool = False
    member: bool = True
    messages: dict[str, dict[str, Any]] = field(default_factory=dict)


@dataclass(slots=True)
class Workspace:
    """State and rules. `now` gives Unix seconds; `pace` is the least span between posts to one channel
    (seconds, None for no limit); `lag` hides fresh messages from history (seconds); `tiers` enforces the
    documented calls per minute."""

    now: Callable[[], float] = time.time
    url: str = "https://acme.slack.example/"
    tokens: dict[str, frozenset[str]] = field(default_factory=lambda: {TOKEN: SCOPES})
    channels: dict[str, Channel] = field(default_factory=dict)
    users: dict[str, dict[str, Any]] = field(default_factory=dict)
    pace: float | None = None
    tiers: bool = False
    lag: float = 0.0
    page: int = 100
    """The most rows of one answer, whatever the caller asks for."""
    revoked: frozenset[str] = frozenset()
    _last_ts: int = 0
    _paced: dict[str, float] = field(default_factory=dict)
    _recent: dict[str, deque[float]] = field(default_factory=dict)

    def call(self, method: str, token: str | None, args: Mapping[str, Any]) -> dict[str, Any]:
        """Do it and give the answer without its `ok`. Raises Refusal."""
        if method == "api.test":
            return {"args": dict(args)}
        scopes = self._admit(token)
        if self.tiers and method in PER_MINUTE:
            self._tier(method)
        match method:
            case "auth.test":
                return self._who()
            case "chat.postMessage":
                _needs(scopes, "chat:write")
                return self._post(args)
            case "chat.update":
                _needs(scopes, "chat:write")
                return self._update(args)
            case "chat.delete":
                _needs(scopes, "chat:write")
                return self._delete(args)
            case "chat.getPermalink":
                channel, ts = self._visible(args), str(args.get("message_ts", ""))
                if ts not in channel.messages:
                    raise Refusal("message_not_found")
                return {"channel": channel.id, "permalink": self.permalink(channel.id, ts)}
            case "conversations.info":
                channel = self._visible(args)
                _needs(scopes, "groups:read" if channel.private else "channels:read")
                return {"channel": _public(channel)}
            case "conversations.list":
                _needs(scopes, "channels:read")
                return self._list(args)
            case "conversations.history" | "conversations.replies":
                channel = self._visible(args)
                _needs(scopes, "groups:history" if channel.private else "channels:history")
                if not channel.member:
                    raise Refusal("not_in_channel")
                return self._read(channel, args, thread=method.endswith("replies"))
            case "users.info":
                _needs(scopes, "users:read")
                if args.get("user") not in self.users:
                    raise Refusal("user_not_found")
                return {"user": self.users[str(args["user"])]}
        raise Refusal("unknown_method", req_method=method)

    def permalink(self, channel: str, ts: str) -> str:
        return f"{self.url}archives/{channel}/p{ts.replace('.', '')}"

    # ── who may ──────────────────────────────────────────────────────────────────────────────────────────

    def _admit(self, token: str | None) -> frozenset[str]:
        if not token:
            raise Refusal("not_authed")
        if token in self.revoked:
            raise Refusal("token_revoked")
        if token not in self.tokens:
            raise Refusal("invalid_auth")
        return self.tokens[token]

    def _who(self) -> dict[str, Any]:
        names = {"url": self.url, "team": "Acme Coffee", "user": "complaint-monitor", "team_id": "T0ACME"}
        return {**names, "user_id": BOT, "bot_id": "B0MONITOR", "is_enterprise_install": False}

    def _tier(self, method: str) -> None:
        recent = self._recent.setdefault(method, deque())
        while recent and recent[0] <= self.now() - 60:
            recent.popleft()
        if len(recent) >= PER_MINUTE[method]:
            raise Refusal("ratelimited", retry_after=max(1, int(recent[0] + 60 - self.now()) + 1))
        recent.append(self.now())

    def _visible(self, args: Mapping[str, Any]) -> Channel:
        channel = self.channels.get(str(args.get("channel", "")))
        if channel is None or (channel.private and not channel.member):
            raise Refusal("channel_not_found")
        return channel

    # ── writing ──────────────────────────────────────────────────────────────────────────────────────────

    def _post(self, args: Mapping[str, Any]) -> dict[str, Any]:
        wanted = str(args.get("channel", ""))
        by_name = next((c.id for c in self.channels.values() if f"#{c.name}" == wanted), wanted)
        channel = self._visible({"channel": by_name})
        if not channel.member:
            raise Refusal("not_in_channel")
        if channel.archived:
            raise Refusal("is_archived")
        text, blocks = str(args.get("text") or ""), _decoded(args.get("blocks"), [])
        if (code := limits.refusal(blocks, text, updating=False)) is not None:
            raise Refusal(code)
        metadata = self._metadata(args)
        self._keep_pace(channel.id)
        ts = self._stamp()
        message = {"type": "message", "subtype": "bot_message", "user": BOT, "bot_id": "B0MONITOR"}
        channel.messages[ts] = {**message, "ts": ts, "text": text[:40_000], "blocks": blocks}
        for key in ("thread_ts", "client_msg_id"):
            if args.get(key):
                channel.messages[ts][key] = str(args[key])
        if metadata is not None:
            channel.messages[ts]["metadata"] = metadata
        return {"channel": channel.id, "ts": ts, "message": dict(channel.messages[ts])}

    def _update(self, args: Mapping[str, Any]) -> dict[str, Any]:
        channel, message = self._own(args, "cant_update_message")
        if channel.archived:
            raise Refusal("is_inactive")
        text, blocks = str(args.get("text") or ""), _decoded(args.get("blocks"), [])
        if (code := limits.refusal(blocks, text, updating=True)) is not None:
            raise Refusal(code)
        if limits.has_rich_text(message["blocks"]) and not limits.has_rich_text(blocks):
            raise Refusal("block_mismatch")
        metadata = self._metadata(args)
        message.update(text=text, blocks=blocks, edited={"user": BOT, "ts": f"{self.now():.6f}"})
        if metadata is not None:
            message["metadata"] = metadata
        return {"channel": channel.id, "ts": message["ts"], "text": text, "message": dict(message)}

    def _delete(self, args: Mapping[str, Any]) -> dict[str, Any]:
        channel, message = self._own(args, "cant_delete_message")
        del channel.messages[message["ts"]]
        return {"channel": channel.id, "ts": message["ts"]}

    def _own(self, args: Mapping[str, Any], not_mine: str) -> tuple[Channel, dict[str, Any]]:
        channel = self._visible(args)
        message = channel.messages.get(str(args.get("ts", "")))
        if message is None:
            raise Refusal("message_not_found")
        if message["user"] != BOT:
            raise Refusal(not_mine)
        return channel, message

    def _metadata(self, args: Mapping[str, Any]) -> dict[str, Any] | None:
        if not args.get("metadata"):
            return None
        metadata: dict[str, Any] = _decoded(args["metadata"], None)
        if (code := limits.metadata_refusal(metadata)) is not None:
            raise Refusal(code)
        return metadata

    def _keep_pace(self, channel: str) -> None:
        now, last = self.now(), self._paced.get(channel)
        if self.pace is not None and last is not None and now - last < self.pace:
            raise Refusal("ratelimited", retry_after=max(1, round(self.pace - (now - last) + 0.5)))
        self._paced[channel] = now

    def _stamp(self) -> str:
        """A ts no other message has, later than all before it."""
        self._last_ts = max(self._last_ts + 1, int(self.now() * 1_000_000))
        return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"

    # ── reading ──────────────────────────────────────────────────────────────────────────────────────────

    def _read(self, channel: Channel, args: Mapping[str, Any], *, thread: bool) -> dict[str, Any]:
        seen = {ts: m for ts, m in channel.messages.items() if float(ts) <= self.now() - self.lag}
        if thread:
            root = str(args.get("ts", ""))
            if root not in channel.messages:
                raise Refusal("thread_not_found")
            rows = [m for m in seen.values() if m["ts"] == root or m.get("thread_ts") == root]
        else:
            rows = [m for m in reversed(seen.values()) if m.get("thread_ts", m["ts"]) == m["ts"]]
        oldest, latest = _moment(args, "oldest", 0.0), _moment(args, "latest", float("inf"))
        edges = _truth(args.get("inclusive"))
        rows = [
            m
            for m in rows
            if oldest < float(m["ts"]) < latest
            or (edges and float(m["ts"]) in (oldest, latest))
            or (thread and m["ts"] == str(args["ts"]))
        ]
        part, cursor = self._paged(rows, args)
        whole = _truth(args.get("include_all_metadata"))
        answer: dict[str, Any] = {
            "messages": [_shown(m, whole) for m in part],
            "has_more": cursor != "",
        }
        if cursor:
            answer["response_metadata"] = {"next_cursor": cursor}
        return answer

    def _list(self, args: Mapping[str, Any]) -> dict[str, Any]:
        kinds = str(args.get("types") or "public_channel").split(",")
        rows = [
            _public(c)
            for c in self.channels.values()
            if ("private_channel" if c.private else "public_channel") in kinds
            and (c.member or not c.private)
            and not (c.archived and _truth(args.get("exclude_archived")))
        ]
        part, cursor = self._paged(rows, args)
        return {"channels": part, "response_metadata": {"next_cursor": cursor}}

    def _paged(self, rows: list[Any], args: Mapping[str, Any]) -> tuple[list[Any], str]:
        try:
            start = int(str(args.get("cursor") or "at:0").removeprefix("at:"))
            size = min(int(args.get("limit") or 100), self.page)
        except ValueError:
            raise Refusal("invalid_cursor") from None
        end = start + max(1, size)
        return rows[start:end], f"at:{end}" if end < len(rows) else ""


def _needs(scopes: frozenset[str], needed: str) -> None:
    if needed not in scopes:
        raise Refusal("missing_scope", needed=needed, provided=",".join(sorted(scopes)))


def _decoded(value: Any, nothing: Any) -> Any:
    """Form bodies carry JSON as text."""
    if value is None or value == "":
        return nothing
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value


def _truth(value: Any) -> bool:
    return str(value).lower() in ("1", "true")


def _moment(args: Mapping[str, Any], name: str, default: float) -> float:
    if args.get(name) in (None, ""):
        return default
    try:
        return float(args[name])
    except ValueError:
        raise Refusal(f"invalid_ts_{name}") from None


def _public(channel: Channel) -> dict[str, Any]:
    return {
        "id": channel.id,
        "name": channel.name,
        "is_channel": not channel.private,
        "is_private": channel.private,
        "is_archived": channel.archived,
        "is_member": channel.member,
    }


def _shown(message: dict[str, Any], whole: bool) -> dict[str, Any]:
    """A row of history: without `include_all_metadata` only the type of the event is told."""
    if "metadata" not in message or whole:
        return message
    return {**message, "metadata": {"event_type": message["metadata"]["event_type"]}}
