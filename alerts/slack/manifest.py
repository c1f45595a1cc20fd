"""The app's manifest: what Slack makes the app from, https://docs.slack.dev/reference/app-manifest."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from alerts.slack import scopes

NAME = "Complaint Monitor"
LONGEST_NAME = 35
EVENTS = ("app_home_opened", "app_uninstalled", "tokens_revoked")
"""Nothing that people write in channels: it would be more than is needed."""


def manifest(name: str = NAME) -> dict[str, Any]:
    """With everything the desk uses and nothing else. Raises ValueError for a name Slack refuses."""
    name = " ".join(name.split())
    if not 0 < len(name) <= LONGEST_NAME:
        raise ValueError(f"the app's name must have 1 to {LONGEST_NAME} characters; this one has {len(name)}")
    return {
        "display_information": {
            "name": name,
            "description": "Brings public complaints to the people who can answer them",
            "background_color": "#1f2a44",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                # without the tab nobody could be told anything in person; nobody is to write there
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": True,
            },
            "bot_user": {"display_name": _handle(name), "always_online": False},
            "slash_commands": [
                {
                    "command": "/complaints",
                    "description": "Who waits, what is mine, and where a case is",
                    "usage_hint": "queue | mine | find TEXT | status | digest | help",
                    "should_escape": False,
                }
            ],
        },
        "oauth_config": {"scopes": {"bot": list(scopes.BOT)}},
        "settings": {
            "event_subscriptions": {"bot_events": list(EVENTS)},
            "interactivity": {"is_enabled": True},
            "org_deploy_enabled": False,
            "socket_mode_enabled": True,
            "token_rotation_enabled": False,
        },
    }


def written(made: Mapping[str, Any], *, as_json: bool) -> str:
    """As text for Slack's "From a manifest". YAML says beside each scope what it is for."""
    return json.dumps(made, indent=2, ensure_ascii=False) if as_json else "\n".join(_yaml(made))


def _handle(name: str) -> str:
    """How people address the bot. Slack takes small letters, digits, dot, hyphen and underscore."""
    plain = "".join(c if c.isascii() and c.isalnum() else "-" for c in name.lower())
    return "-".join(part for part in plain.split("-") if part) or "complaint-monitor"


def _yaml(value: Mapping[str, Any], indent: str = "") -> Iterator[str]:
    """Tables, lists and JSON's plain values, which are YAML's too: more does not stand in a manifest."""
    for key, one in value.items():
        if isinstance(one, Mapping):
            yield f"{indent}{key}:"
            yield from _yaml(one, indent + "  ")
        elif isinstance(one, list):
            yield f"{indent}{key}:"
            for item in one:
                yield from _item(item, indent + "  ")
        else:
            yield f"{indent}{key}: {json.dumps(one, ensure_ascii=False)}"


def _item(item: Any, indent: str) -> Iterator[str]:
    if isinstance(item, Mapping):
        first, *rest = _yaml(item, indent + "  ")
        yield f"{indent}- {first.strip()}"
        yield from rest
    else:
        why = scopes.BOT.get(item)
        yield f"{indent}- {json.dumps(item)}" + (f"  # {why}" if why else "")
