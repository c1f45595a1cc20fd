"""`init`: the first settings, with every key explained where it stands."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from monitor.cli.app import FAILED, say, shared
from monitor.core.triage import MEANING, Sensitivity

FIRST_OPTION = {
    "rss": "url",
    "appstore": "app_id",
    "hackernews": "query",
    "mastodon": "tags",
    "files": "path",
}
LISTS = {"tags"}


def init(
    ctx: typer.Context,
    name: Annotated[str | None, typer.Option(help="The business's name, as customers write it.")] = None,
    feed: Annotated[
        list[str] | None,
        typer.Option(help="What to listen to: an address of a feed, or SOURCE:VALUE (repeatable)."),
    ] = None,
    timezone: Annotated[str | None, typer.Option(help="Such as Europe/London.")] = None,
    channel: Annotated[str | None, typer.Option(help="Slack channel ID, such as C0123456789.")] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Ask nothing.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Overwrite a settings file that is there.")] = False,
) -> None:
    """Write a commented settings file.

    Example: complaint-monitor init --yes --name "Acme Coffee" --feed https://example.com/feed.xml --feed appstore:12345
    """
    from monitor.settings import FILE, load

    path = shared(ctx).config or Path(FILE)
    if path.exists() and not force:
        say(f"{path} is there already; nothing was changed. --force overwrites it, --config names another.")
        raise typer.Exit(FAILED)
    ask = not yes and sys.stdin.isatty()
    if ask:
        name, feed, timezone, channel = _ask(name, feed, timezone, channel)
    if not name:
        raise typer.BadParameter('--name is needed, such as --name "Acme Coffee"')
    text = settings_text(name, feed or [], timezone or "UTC", channel)
    path.parent.mkdir(parents=True, exist_ok=True)
    before = path.read_text("utf-8") if path.exists() else None
    path.write_text(text, "utf-8")
    try:
        load(path, {})
    except Exception:
        # what cannot be read again must not stay behind
        path.write_text(before, "utf-8") if before is not None else path.unlink()
        raise
    typer.echo(f"Wrote {path}. Next: `complaint-monitor check`, then `complaint-monitor run --once`.")


def _ask(
    name: str | None, feeds: list[str] | None, timezone: str | None, channel: str | None
) -> tuple[str, list[str], str, str | None]:
    """What the options left open, one question at a time; a wrong answer is asked for again."""
    from monitor.settings.tables import BusinessSection, SlackSection

    name = name or _answer("What do customers call the business?", lambda one: BusinessSection(name=one).name)
    feeds = list(feeds or [])
    if not feeds:
        say(
            "What shall be listened to? The address of an RSS or Atom feed (a Google Alert, say), or "
            "appstore:APP_ID, hackernews:WORDS, mastodon:TAG. One a line; an empty line ends."
        )
        while told := _answer(
            "Feed", lambda one: (_feed_text(one, 0, [one]) if one else "", one)[1], default=""
        ):
            feeds.append(told)
    timezone = timezone or _answer(
        "Time zone", lambda one: BusinessSection(name="-", timezone=one).timezone, "UTC"
    )
    channel = channel or _answer(
        "Slack channel ID (empty: alerts on the console)",
        lambda one: SlackSection(channel=one or None).channel or "",
        "",
    )
    return name, feeds, timezone, channel or None


def _answer(question: str, read: Callable[[str], str], default: str | None = None) -> str:
    from pydantic import ValidationError

    while True:
        told: str = typer.prompt(question, default=default, show_default=bool(default))
        try:
            return read(told.strip())
        except ValidationError as fault:
            say(fault.errors()[0]["msg"].removeprefix("Value error, "))
        except typer.BadParameter as fault:
            say(fault.message)


def settings_text(name: str, feeds: list[str], timezone: str, channel: str | None) -> str:
    """The file's text. Everything optional stands there as a comment with its default."""
    slack = f"channel = {_quoted(channel)}" if channel else '# channel = "C0123456789"'
    meanings = "\n".join(f"#   {level.value + ':':8}{MEANING[level]}" for level in Sensitivity)
    listening = "\n".join(_feed_text(one, index, feeds) for index, one in enumerate(feeds)) or _NO_FEED
    return _TEMPLATE.format(
        name=_quoted(name), timezone=_quoted(timezone), slack=slack, feeds=listening, meanings=meanings
    )


def register(app: typer.Typer) -> None:
    app.command()(init)


def _feed_text(told: str, index: int, all_feeds: list[str]) -> str:
    source, sign, value = told.partition(":")
    if not sign or source not in FIRST_OPTION or value.startswith("//"):
        source, value = "rss", told
    if source == "rss" and not re.match(r"https?://", value):
        raise typer.BadParameter(
            f"--feed {told!r}: write an address (https://…) or SOURCE:VALUE; sources are {', '.join(FIRST_OPTION)}"
        )
    key = FIRST_OPTION[source]
    shown = f"[{_quoted(value)}]" if key in LISTS else _quoted(value)
    same = [one for one in all_feeds[:index] if _source_of(one) == source]
    feed_name = source if not same else f"{source}-{len(same) + 1}"
    return f'[[feeds]]\nname = "{feed_name}"\nsource = "{source}"\nevery = "15m"\n{key} = {shown}\n'


def _source_of(told: str) -> str:
    source, sign, value = told.partition(":")
    return source if sign and source in FIRST_OPTION and not value.startswith("//") else "rss"


def _quoted(text: str) -> str:
    """A TOML string. JSON's escapes are TOML's, but for DEL."""
    import json

    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


_NO_FEED = """# [[feeds]]
# name = "news"                 # the feed's identity: renaming it starts a new reading
# source = "rss"                # rss, appstore, hackernews, mastodon, files
# every = "15m"
# url = "https://example.com/feed.xml"
"""

_TEMPLATE = """# Complaint Monitor. Every key can also be set as MONITOR_SECTION__KEY.
# Spans of time have a unit: 90s, 15m, 24h, 30d.

[business]
name = {name}
# aliases = ["AcmeCoffee"]              # other spellings
# handles = ["@acme"]                   # how people address it; other @names are somebody else then
# own_accounts = ["@acme@example.social"]   # their posts are never complaints
# exclude = ["acme anvils"]             # phrases that mean somebody else
# query = 'acme AND (coffee OR cafe) NOT jobs'   # instead of the names: see docs/query.md
timezone = {timezone}

[storage]
url = "sqlite:///monitor.db"            # relative to this file; or postgresql+psycopg://user@host/name
# retention = {{ mastodon = "30d" }}      # how long customers' words are kept, by source

[triage]
baseline_window = "24h"                 # a feed's first reading alerts only what is younger than this

[scoring]
sensitivity = "normal"                  # fewer alerts, surer (low), or rather one too many (high); measured:
{meanings}
# max_chars = 20000                     # longer texts are judged by head and tail

# [scoring.transformer]                 # a second opinion; pip install 'complaint-monitor[transformer]'
# model = "owner/name"                  # a model of the Hugging Face hub, or a folder with model.onnx
# revision = "main"                     # of a hub model: pin it to a commit; default: main
# label = ["NEGATIVE"]                  # which of its labels mean a complaint; default: guessed from their names
# weight = 0.5                          # its share beside our own opinion, 0 to 1
# languages = ["en"]                    # which languages it reads
# batch = 16                            # texts read at once
# max_tokens = 256                      # how much of a text it reads, in word pieces
# threads = 0                           # 0: as many as there are cores

[slack]
{slack}
# The token goes into MONITOR_SLACK__BOT_TOKEN, or into a file:
# bot_token_file = "slack-token"
# app_token_file = "slack-app-token"    # `complaint-monitor slack setup` keeps both
# api_url = "https://slack.com/api/"
# post_interval = "1.1s"                # per channel
# update_interval = "1.3s"              # per workspace
# storm_after = 20                      # more waiting cards become one summary; 0: never
# storm_age = "60s"                     # so do more than three, when one has waited longer than this
# verify_after = ["2s", "8s", "30s"]    # when to look for a message of unknown fate
# mask_staff = true                     # names of staff become "N…" in the complaints that channels show

# praise_channel = "C0123456789"         # kind words are passed on there
# owner = "U0123456789"                  # who is told when a channel is unusable
# [[slack.routes]]                      # cases that go to another channel; the first route that fits wins
# channel = "C0123456789"
# severity = ["high", "critical"]       # also: source, place, expectation, language, business

[desk]                                  # all spans are business time: docs/clocks.md
# playbooks = "playbooks.toml"          # starting texts of your own (docs/playbooks.md)
# timezone = "Europe/London"            # default: the business's
# hours = ["mon-fri 09:00-17:00"]       # or "always"; several lines, several times in a line
# holidays = ["2026-12-25", "2026-12-28 to 2027-01-01"]
# around_the_clock = ["critical"]       # severities whose clocks never stand
# first_response = {{ critical = "1h", high = "2h", medium = "4h", low = "8h" }}
# resolution = {{ critical = "24h", high = "16h", medium = "24h", low = "40h" }}
# soon = 75                             # percent of a target from which its end is near
# unclaimed_after = "1h"                # nobody took it: remind the channel
# idle_after = "4h"                     # claimed, nothing happened: remind its owner
# release_after = "4h"                  # after that it is anybody's again; "0": never
# follow_up_after = "16h"               # answered, nothing happened since: remind its owner
# standing_after = "24h"                # waits or sleeps without an end: remind its owner
# promise_lead = "1h"                   # how long before its time a promise calls
# promise_grace = "30m"                 # how long after its time it is broken
# quiet = ["mon-sun 20:00-08:00"]       # nothing but the critical is said then; []: never quiet
# starts = {{ safety = 3, legal_threat = 2, ignored_twice = 1 }}   # the rung on which such a case begins

# [[desk.ladder]]                       # who is told beyond the owner; this is the first of three
# name = "lead"
# wait = "2h"                           # until the next one is told
# people = []                           # member IDs, such as "U0123456789"
# channel = "C0123456789"               # default: the case's channel

[digest]
at = "08:30"                            # when `run` posts yesterday's digest
# weekly = "monday"                     # on this day that of the last week, too; default: none
# channel = "C0123456789"               # default: slack.channel

[incidents]                             # many complaints with one cause are told together: docs/incidents.md
# enabled = true
# over_after = "4h"                     # it is over when all was as usual for so long

[http]
# allow_private_hosts = ["127.0.0.1"]   # private hosts for feeds and webhooks
# deadline = "30s"                      # the longest one request may take
# max_bytes = 10000000                  # the largest answer, unpacked

[collect]
# lease = "5m"                          # how long a process may hold a feed without a sign of life
# workers = 16                          # feeds fetched at once

[delivery]
# lease = "60s"                         # how long a process may hold a message while sending it

# [[webhooks]]                          # a program that follows the cases: docs/webhook.md
# name = "desk"
# url = "https://desk.example.com/hook"
# secret_env = "DESK_SECRET"            # the variable that holds its secret
# secret_file = "desk.secret"           # or the file
# events = ["opened", "recovered"]      # default: all
# words = false                         # true: with the customer's name and words

# Of searches and streams only posts that name the business are kept; match = false keeps all of a feed.
# A feed may also have a query of its own, such as keep = 'stars:<=3 OR refund*': it keeps only what matches.
{feeds}"""
