"""What people have open before them: modals in stacks, and the Home tab. Triggers open modals, once each."""

from __future__ import annotations

import copy
import hashlib
import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from alerts.testing import form
from alerts.testing.call import Refusal

STACK = 3
"""The most modals on top of one another."""
TRIGGER_LIFE = 3.0
"""Seconds."""

View = dict[str, Any]


@dataclass(slots=True)
class Trigger:
    """The right to open one modal for one person. `opened` fills with the ids of the views it opened."""

    id: str
    user: str
    born: float
    view: str | None = None
    """The modal that the person acted in; only from there can one be pushed."""
    opened: list[str] = field(default_factory=list)
    spent: bool = False


@dataclass(slots=True)
class Screens:
    """All views of the workspace. `ticks` gives seconds that only grow; triggers age by it."""

    ticks: Callable[[], float]
    now: Callable[[], float]
    app: str
    bot: str
    team: str
    homes: dict[str, View] = field(default_factory=dict)
    """By user, as last published."""
    views: dict[str, View] = field(default_factory=dict)
    """Every view there ever was, by its id, closed ones too."""
    triggers: dict[str, Trigger] = field(default_factory=dict)
    _stacks: dict[str, list[str]] = field(default_factory=dict)
    _numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    # ── triggers ─────────────────────────────────────────────────────────────────────────────────────────

    def trigger(self, user: str, view: str | None = None) -> Trigger:
        number = next(self._numbers)
        secret = hashlib.sha256(f"{user}{number}".encode()).hexdigest()[:32]
        made = Trigger(f"{1_000_000 + number}.{7_890_123}.{secret}", user, self.ticks(), view)
        self.triggers[made.id] = made
        return made

    def exchange(self, trigger_id: str) -> Trigger:
        """Raises Refusal when it is unknown, too old, or was used."""
        trigger = self.triggers.get(trigger_id)
        if trigger is None:
            raise Refusal("invalid_trigger_id")
        if trigger.spent:
            raise Refusal("exchanged_trigger_id")
        if self.ticks() - trigger.born > TRIGGER_LIFE:
            raise Refusal("expired_trigger_id")
        trigger.spent = True
        return trigger

    # ── modals ───────────────────────────────────────────────────────────────────────────────────────────

    def stack(self, user: str) -> list[View]:
        """The modals this person has open, the one in sight last."""
        return [self.views[view_id] for view_id in self._stacks.get(user, ())]

    def owner(self, view_id: str) -> str | None:
        """Who has this modal open; None once it is closed."""
        return next((user for user, stack in self._stacks.items() if view_id in stack), None)

    def open(self, trigger: Trigger, view: View) -> View:
        """In place of whatever this person had open."""
        made = self._made(view)
        self._stacks[trigger.user] = [made["id"]]
        trigger.opened.append(made["id"])
        return made

    def push(self, user: str, view: View, trigger: Trigger | None = None) -> View:
        stack = self._stacks.get(user) or []
        if not stack:
            raise Refusal("not_found")
        if len(stack) >= STACK:
            raise Refusal("push_limit_reached")
        made = self._made(view, root=stack[0], previous=stack[-1])
        stack.append(made["id"])
        if trigger is not None:
            trigger.opened.append(made["id"])
        return made

    def update(self, view_id: str, view: View, *, unless: str | None = None) -> View:
        """What was filled in stays where the input stays. `unless`: only if this is the hash still."""
        if self.owner(view_id) is None:
            raise Refusal("not_found")
        before = self.views[view_id]
        if unless is not None and unless != before["hash"]:
            raise Refusal("hash_conflict")
        made = self._made(
            view, root=before["root_view_id"], previous=before["previous_view_id"], same=view_id
        )
        for block_id, values in made["state"]["values"].items():
            kept = before["state"]["values"].get(block_id, {})
            values.update({action: kept[action] for action in values if action in kept})
        return made

    def close(self, user: str) -> View | None:
        """The modal in sight; the one below it, if any, comes into sight."""
        stack = self._stacks.get(user)
        return self.views[stack.pop()] if stack else None

    def clear(self, user: str) -> None:
        self._stacks.pop(user, None)

    # ── Home ─────────────────────────────────────────────────────────────────────────────────────────────

    def publish(self, user: str, view: View, *, unless: str | None = None) -> View:
        before = self.homes.get(user)
        if unless is not None and before is not None and unless != before["hash"]:
            raise Refusal("hash_conflict")
        made = self._made(view, same=before["id"] if before else None)
        self.homes[user] = made
        return made

    def by_external_id(self, external_id: str) -> str | None:
        known = (view for view in self.views.values() if view["external_id"] == external_id)
        return next((view["id"] for view in known if self.owner(view["id"])), None)

    def _made(
        self, view: View, *, root: str | None = None, previous: str | None = None, same: str | None = None
    ) -> View:
        number = next(self._numbers)
        view_id = same or f"V0VIEW{number:06d}"
        external = view.get("external_id", "")
        if external and self.by_external_id(external) not in (None, view_id):
            raise Refusal("duplicate_external_id")
        blocks = form.named(copy.deepcopy(view["blocks"]))
        made: View = {"title": None, "submit": None, "close": None} if view["type"] == "modal" else {}
        made |= {"private_metadata": "", "callback_id": "", "clear_on_close": False, "notify_on_close": False}
        made |= {**copy.deepcopy(view), "external_id": external, "id": view_id, "blocks": blocks}
        made |= {"team_id": self.team, "app_id": self.app, "bot_id": self.bot}
        made |= {"root_view_id": root or view_id, "previous_view_id": previous}
        made |= {"hash": f"{int(self.now())}.{number:08x}", "state": {"values": form.blank(blocks)}}
        self.views[view_id] = made
        return made
