"""What people do in Slack, one method each; the app is told of it over its sockets.

Each answer is an Envelope: `wait()` for it, then ask when it was acknowledged and what came of it. Whatever a
person could not do, for want of such a button or with an empty input, raises CannotDo and sends nothing.
"""

from __future__ import annotations

import copy
import itertools
import threading
from collections.abc import Callable, Mapping
from typing import Any

from alerts.testing import form, payloads, views
from alerts.testing.call import Refusal
from alerts.testing.envelopes import COMMANDS, EVENTS, INTERACTIVE, Envelope
from alerts.testing.form import CannotDo
from alerts.testing.hooks import Hook, Hooks
from alerts.testing.sockets import Sockets
from alerts.testing.workspace import BOT, Channel, Workspace

__all__ = ["CannotDo", "People"]


class People:
    """`user` is always an id; whoever acts for the first time is added to the workspace."""

    def __init__(
        self,
        workspace: Workspace,
        sockets: Sockets,
        hooks: Hooks,
        lock: threading.RLock,
        url: Callable[[str], str],
    ) -> None:
        self._workspace = workspace
        self._screens = workspace.screens
        self._sockets = sockets
        self._hooks = hooks
        self._lock = lock
        self._url = url
        self._events = itertools.count(1)

    # ── clicking, choosing, typing ───────────────────────────────────────────────────────────────────────

    def click(self, place: str, action_id: str, user: str, value: Any = None) -> Envelope:
        """A button, a menu or another element, in `place`: a message's ts or a view's id.

        `value` is what is chosen, in the plain forms of `form`. For a button it takes the place of its value,
        as when somebody clicks on an older drawing of it.
        """
        with self._lock:
            self._workspace.person(user)
            envelope = Envelope(INTERACTIVE, {}, user)
            if place in self._screens.views:
                self._in_view(envelope, self._in_sight(user, place), action_id, value)
            else:
                self._in_message(envelope, place, action_id, value)
            return self._sockets.send(envelope)

    def suggest(self, user: str, action_id: str, typed: str) -> Envelope:
        """Type into a menu whose options the app gives: they stand in the `answer`."""
        with self._lock:
            payload = payloads.suggestion(self._workspace, user, self._in_sight(user), action_id, typed)
            return self._sockets.send(Envelope(INTERACTIVE, payload, user))

    def submit(
        self,
        user: str,
        values: Mapping[str, Any] | None = None,
        *,
        view_id: str | None = None,
        stale: str = "",
    ) -> Envelope:
        """Fill in `values` (by action_id or block_id) and submit the modal in sight. `stale` is a hash of long
        ago, sent in place of the true one."""
        with self._lock:
            view = self._in_sight(user, view_id)
            if view.get("type") != "modal" or not view.get("submit"):
                raise CannotDo("this view has nothing to submit")
            form.fill(view["blocks"], view["state"]["values"], values or {})
            if missing := form.empty_inputs(view["blocks"], view["state"]["values"]):
                raise CannotDo(f"these inputs are required and empty: {', '.join(missing)}")
            trigger = self._screens.trigger(user, view["id"])
            payload = payloads.submission(self._workspace, user, trigger, view)
            payload["view"]["hash"] = stale or view["hash"]
            envelope = Envelope(INTERACTIVE, payload, user, trigger)
            envelope.then = lambda answer: self._submitted(envelope, view, answer)
            return self._sockets.send(envelope)

    def dismiss(self, user: str, *, clear: bool = False) -> Envelope | None:
        """Close the modal in sight, or with `clear` all of them. None when the app did not ask to be told."""
        with self._lock:
            view = self._in_sight(user)
            if clear or view.get("clear_on_close"):
                self._screens.clear(user)
            else:
                self._screens.close(user)
            if not view.get("notify_on_close"):
                return None
            payload = payloads.closing(self._workspace, user, view, cleared=clear)
            return self._sockets.send(Envelope(INTERACTIVE, payload, user))

    def command(self, name: str, text: str, user: str, channel: str | None = None) -> Envelope:
        """Type `/name text` in a channel (the first one by default)."""
        with self._lock:
            self._workspace.person(user)
            where = self._channel(channel)
            trigger = self._screens.trigger(user)
            envelope = Envelope(COMMANDS, {}, user, trigger)
            url = self._url(self._hooks.issue(envelope, where, user))
            envelope.payload = payloads.command(self._workspace, user, trigger, where, name, text, url)
            envelope.then = lambda answer: self._replied(envelope, where, answer)
            return self._sockets.send(envelope)

    def open_home(self, user: str, tab: str = "home") -> Envelope | None:
        """None when the app did not subscribe to it."""
        self._workspace.person(user)
        home = self._screens.homes.get(user)
        seen = {} if home is None else {"view": home}
        channel = self._workspace.direct(user).id
        return self.happens({"type": "app_home_opened", "user": user, "channel": channel, "tab": tab, **seen})

    # ── what befalls channels and tokens ─────────────────────────────────────────────────────────────────

    def write(self, text: str, user: str, channel: str | None = None, thread_ts: str | None = None) -> str:
        """Say something; the answer is its ts."""
        self._workspace.person(user)
        where = self._channel(channel)
        said = {"type": "message", "user": user, "text": text, "blocks": []}
        with self._lock:
            ts = str(self._workspace.add(where, said | ({"thread_ts": thread_ts} if thread_ts else {}))["ts"])
        self.happens({**said, "ts": ts, "channel": where.id})
        return ts

    def delete(self, ts: str) -> None:
        """Delete a message by hand, whoever wrote it."""
        with self._lock:
            channel, _ = self._message(ts)
            self._workspace.remove(channel, ts)
        gone = {"type": "message", "subtype": "message_deleted", "deleted_ts": ts}
        self.happens({**gone, "channel": channel.id})

    def archive(self, channel: str | None = None) -> None:
        self._befalls(channel, "archived", True, "channel_archive")

    def unarchive(self, channel: str | None = None) -> None:
        self._befalls(channel, "archived", False, "channel_unarchive")

    def invite_bot(self, channel: str | None = None) -> None:
        self._befalls(channel, "member", True, "member_joined_channel")

    def remove_bot(self, channel: str | None = None) -> None:
        self._befalls(channel, "member", False, "member_left_channel")

    def revoke(self, token: str) -> None:
        with self._lock:
            self._workspace.revoked |= {token}
        if token.startswith("xapp-"):
            self._sockets.disconnect("link_disabled")
        else:
            self.happens({"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [BOT]}})

    def uninstall(self) -> None:
        """Take the app away: no token is good any more."""
        with self._lock:
            self._workspace.revoked |= set(self._workspace.tokens)
        self.happens({"type": "app_uninstalled"})

    def happens(self, event: dict[str, Any]) -> Envelope | None:
        """Any event, by its inner part; None when the app did not subscribe to its type."""
        if event["type"] not in self._workspace.events:
            return None
        with self._lock:
            payload = payloads.event(event, next(self._events), self._workspace.now())
            return self._sockets.send(Envelope(EVENTS, payload, str(event.get("user", ""))))

    # ── how it is done ───────────────────────────────────────────────────────────────────────────────────

    def _in_message(self, envelope: Envelope, ts: str, action_id: str, value: Any) -> None:
        channel, message = self._message(ts, envelope.user)
        drawn = {**message, "blocks": form.named(copy.deepcopy(message["blocks"]))}
        done = payloads.action(*form.find(drawn["blocks"], action_id), value, self._workspace.stamp())
        envelope.trigger = self._screens.trigger(envelope.user)
        url = self._url(self._hooks.issue(envelope, channel, envelope.user, ts))
        envelope.payload = payloads.in_message(
            self._workspace, envelope.user, envelope.trigger, channel, drawn, done, url
        )

    def _in_view(self, envelope: Envelope, view: dict[str, Any], action_id: str, value: Any) -> None:
        block, element = form.find(view["blocks"], action_id)
        done = payloads.action(block, element, value, self._workspace.stamp())
        if action_id in view["state"]["values"].get(block["block_id"], {}):
            form.fill([block], view["state"]["values"], {action_id: value})
        modal = view["id"] if view["type"] == "modal" else None
        envelope.trigger = self._screens.trigger(envelope.user, modal)
        envelope.payload = payloads.in_view(self._workspace, envelope.user, envelope.trigger, view, done)

    def _submitted(self, envelope: Envelope, view: dict[str, Any], answer: dict[str, Any]) -> None:
        """The modal may have been closed meanwhile; an answer that Slack cannot read is shown as an error."""
        user, view_id = envelope.user, view["id"]
        try:
            match answer.get("response_action"):
                case None if not answer:
                    envelope.effect = "closed"
                    if self._screens.owner(view_id) == user:
                        self._screens.close(user)
                case "clear":
                    envelope.effect = "cleared"
                    self._screens.clear(user)
                case "update":
                    self._screens.update(view_id, views.checked(answer.get("view"), "modal"))
                    envelope.effect = "updated"
                case "push":
                    self._screens.push(user, views.checked(answer.get("view"), "modal"))
                    envelope.effect = "pushed"
                case "errors" if answer.get("errors"):
                    inputs = {b["block_id"] for b in view["blocks"] if b["type"] == "input"}
                    envelope.errors = {key: str(words) for key, words in answer["errors"].items()}
                    envelope.effect = "errors" if set(envelope.errors) <= inputs else "invalid"
                case _:
                    envelope.effect = "invalid"
        except Refusal:
            envelope.effect = "invalid"

    def _replied(self, envelope: Envelope, channel: Channel, answer: dict[str, Any]) -> None:
        if not answer:
            return
        try:
            self._hooks.show(Hook(envelope, channel, envelope.user, None, 0.0), answer)
            envelope.replies.append(answer)
        except Refusal:
            envelope.effect = "invalid"

    def _in_sight(self, user: str, view_id: str | None = None) -> dict[str, Any]:
        """The uppermost modal, or this view if the person has it before them."""
        home, stack = self._screens.homes.get(user), self._screens.stack(user)
        if home is not None and home["id"] == view_id:
            return home
        if not stack or (view_id is not None and stack[-1]["id"] != view_id):
            raise CannotDo(f"{user} does not have {view_id or 'a modal'} in sight")
        return stack[-1]

    def _message(self, ts: str, reader: str = "") -> tuple[Channel, dict[str, Any]]:
        for channel in self._workspace.channels.values():
            if ts in channel.messages and (not reader or channel.holds(reader)):
                return channel, channel.messages[ts]
        for shown in self._workspace.ephemerals:
            if shown["ts"] == ts and shown["user"] == reader:
                return self._workspace.channels[shown["channel"]], shown
        raise CannotDo(f"there is no message {ts} to be seen")

    def _channel(self, wanted: str | None) -> Channel:
        return self._workspace.channels[wanted or next(iter(self._workspace.channels))]

    def _befalls(self, wanted: str | None, what: str, value: bool, event: str) -> None:
        channel = self._channel(wanted)
        with self._lock:
            setattr(channel, what, value)
        self.happens({"type": event, "channel": channel.id, "user": BOT})
