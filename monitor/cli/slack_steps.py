"""What a newcomer does in Slack, step by step, as `slack setup` says it."""

from __future__ import annotations

from typing import NamedTuple


class Step(NamedTuple):
    """`lines` are wrapped one by one; what begins with two spaces is to be typed or opened as it stands."""

    title: str
    lines: tuple[str, ...]


PAGES = "https://api.slack.com/apps"
MAKE = Step(
    "1. Make the app",
    (
        "In a second terminal, print what Slack makes it from:",
        "  complaint-monitor slack manifest",
        "Then open this page:",
        f"  {PAGES}?new_app=1",
        "Choose 'From a manifest' and your workspace, paste what was printed, press 'Next' and 'Create'.",
    ),
)
INSTALL = Step(
    "2. Install it",
    (
        "On the app's page press 'Install to Workspace', then 'Allow'. If the workspace wants it, an "
        "administrator is asked first; come back when they agreed.",
    ),
)
BOT = Step(
    "3. Give us the bot token",
    ("Open 'OAuth & Permissions' and copy the 'Bot User OAuth Token'. It begins with xoxb-.",),
)
APP = Step(
    "4. Give us the app-level token",
    (
        "Open 'Basic Information', go to 'App-Level Tokens' and press 'Generate Token and Scopes'. Any name "
        "will do; add the scope connections:write and press 'Generate'. Copy the token. It begins with xapp-.",
        "With it we hear the buttons. No address of yours needs to be public.",
    ),
)
CHANNEL = Step(
    "5. Let the bot into a channel",
    (
        "In Slack, make a channel for the cards or go to the one you have, and write there:",
        "  /invite @{bot}",
    ),
)
BY_HAND = {
    BOT.title: (
        "Put it into a file that only you can read, and name the file in monitor.toml:",
        '  slack.bot_token_file = "slack-token"',
        "or set the variable MONITOR_SLACK__BOT_TOKEN.",
    ),
    APP.title: (
        "Put it into another such file:",
        '  slack.app_token_file = "slack-app-token"',
        "or set the variable MONITOR_SLACK__APP_TOKEN.",
    ),
    CHANNEL.title: (
        "Name the channel by its ID, which stands at the foot of its About tab:",
        '  slack.channel = "C0123456789"',
    ),
}
"""What to do with what a step brings where nobody is asked for it."""
CHECK = Step("6. Check", ("When all is done, this tries everything:", "  complaint-monitor check"))
