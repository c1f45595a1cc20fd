"""response_url: five answers within half an hour to whoever clicked or typed a command."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from alerts.testing.call import Call, Refusal
from alerts.testing.envelopes import Envelope
from alerts.testing.messages import ALIKE, content
from alerts.testing.workspace import Channel, Workspace

LIFE = 1_800.0
USES = 5


@dataclass(slots=True)
class Hook:
    """`ts` is the message that was clicked; None after a command."""

    envelope: Envelope
    channel: Channel
    user: str
    ts: str | None
    born: float
    uses: int = 0


@dataclass(slots=True)
class Hooks:
    workspace: Workspace
    _known: dict[str, Hook] = field(default_factory=dict)
    _numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    def issue(self, envelope: Envelope, channel: Channel, user: str, ts: str | None = None) -> str:
        """The path of a new address."""
        path = f"T0ACME/{next(self._numbers)}/look-alike"
        self._known[path] = Hook(envelope, channel, user, ts, self.workspace.now())
        return path

    def post(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """Raises Refusal."""
        hook = self._known.get(path)
        if hook is None or self.workspace.now() - hook.born > LIFE:
            raise Refusal("expired_url")
        if hook.uses >= USES:
            raise Refusal("used_url")
        self.show(hook, body)
        hook.uses += 1
        hook.envelope.replies.append(dict(body))
        return {}

    def show(self, hook: Hook, body: Mapping[str, Any]) -> None:
        """What the answer does before the person's eyes. Raises Refusal."""
        call = Call(body, frozenset())
        if call.truth("delete_original"):
            self._delete(hook)
            return
        text, blocks = content(call, updating=False)
        told = {"text": text, "blocks": blocks}
        original = self._original(hook)
        if call.truth("replace_original") and original is not None:
            original.update(told)
            return
        if "thread_ts" in call:
            told["thread_ts"] = call.text("thread_ts")
        if call.text("response_type") == "in_channel":
            self.workspace.add(hook.channel, {**ALIKE, **told})
        else:
            self.workspace.whisper(hook.channel, hook.user, told)

    def _original(self, hook: Hook) -> dict[str, Any] | None:
        if hook.ts is None:
            return None
        whispered = (shown for shown in self.workspace.ephemerals if shown["ts"] == hook.ts)
        return hook.channel.messages.get(hook.ts) or next(whispered, None)

    def _delete(self, hook: Hook) -> None:
        if hook.ts in hook.channel.messages:
            self.workspace.remove(hook.channel, hook.ts)
        self.workspace.ephemerals[:] = [m for m in self.workspace.ephemerals if m["ts"] != hook.ts]
