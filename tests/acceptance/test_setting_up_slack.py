"""`slack setup` at a real terminal, and `check`, as the real command over the Slack look-alike."""

from __future__ import annotations

import os
import pty
import re
import select
import stat
import subprocess
import time
import tomllib
from collections.abc import Sequence
from pathlib import Path

import pytest
from stage import COMMAND, PATIENCE, Ended, Stage

from alerts.testing import workspace
from alerts.testing.slack import SlackLookalike
from alerts.testing.workspace import Channel

APP = "MONITOR_SLACK__APP_TOKEN"
BARE = '[business]\nname = "Acme Coffee"\n\n[slack]\n# channel = "C0123456789"\n'
ASKS = re.compile(r"(is not shown; Enter: later: |q: later: )")


@pytest.fixture
def newcomer(stage: Stage, slack: SlackLookalike) -> Stage:
    """Settings without a token and without a channel."""
    del stage.environ["MONITOR_SLACK__BOT_TOKEN"]
    (stage.folder / "monitor.toml").write_text(f'{BARE}api_url = "{slack.api_url}"\n', "utf-8")
    stage.stand.feeds["news"] = []
    stage.environ["MONITOR_HTTP__ALLOW_PRIVATE_HOSTS"] = f'["{stage.stand.host}"]'
    stage.environ["MONITOR_FEEDS"] = (
        f'[{{"name": "news", "source": "rss", "url": "{stage.stand.url("news")}"}}]'
    )
    return stage


def at_terminal(stage: Stage, answers: Sequence[str], *arguments: str) -> Ended:
    """Run the command at a terminal of its own, and give one answer to each question."""
    terminal, theirs = pty.openpty()
    process = subprocess.Popen(
        [COMMAND, *arguments],
        cwd=stage.folder,
        env={**stage.environ, "TERM": "dumb", "COLUMNS": "80"},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    left, said, seen = list(answers), "", 0
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if select.select([terminal], [], [], 1)[0]:
            try:
                said += os.read(terminal, 4096).decode("utf-8", "replace")
            except OSError:
                break
        asked = ASKS.search(said, seen)
        if asked and left and _quiet(terminal):
            seen = len(said)
            os.write(terminal, f"{left.pop(0)}\n".encode())
    os.close(terminal)
    code = process.wait(PATIENCE)
    assert left == [], f"these were never asked for: {len(left)}; it said {said}"
    return Ended(code, said.replace("\r", ""), "")


def _quiet(terminal: int) -> bool:
    return not select.select([terminal], [], [], 0.1)[0]


def no_secret(ended: Ended, slack: SlackLookalike, *more: str) -> None:
    for secret in (slack.token, slack.app_token, *more):
        assert secret not in ended.out + ended.err


def test_from_no_token_to_a_check_that_is_well(newcomer: Stage, slack: SlackLookalike) -> None:
    slack.workspace.channels["C0OTHER"] = Channel("C0OTHER", name="aside")
    wrong = ["xoxp-hush-1", slack.app_token, "xoxb-hush-2"]
    ended = at_terminal(
        newcomer, [*wrong, slack.token, "hush-3", slack.app_token, "", "7", "2"], "slack", "setup"
    )
    assert ended.code == 0, ended.out
    assert "All is well." in ended.out
    for said in (
        "this is a user token",
        "this is an app-level token",
        "invalid_auth",
        "does not begin with xapp-",
    ):
        assert said in re.sub(r"\s+", " ", ended.out)
    no_secret(ended, slack, "hush")
    settings = newcomer.folder / "monitor.toml"
    assert tomllib.loads(settings.read_text("utf-8"))["slack"] == {
        "channel": slack.channel,
        "bot_token_file": "slack-token",
        "app_token_file": "slack-app-token",
        "api_url": slack.api_url,
    }
    for name, token in (("slack-token", slack.token), ("slack-app-token", slack.app_token)):
        file = newcomer.folder / name
        assert file.read_text("utf-8").strip() == token
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert _holders(newcomer.folder, slack) == {"slack-token", "slack-app-token"}
    assert not any(call["method"].startswith("chat.") for call in slack.calls)


def _holders(folder: Path, slack: SlackLookalike) -> set[str]:
    """In which files a token stands."""
    secrets = (slack.token.encode(), slack.app_token.encode())
    return {
        path.name
        for path in folder.iterdir()
        if path.is_file() and any(secret in path.read_bytes() for secret in secrets)
    }


def test_what_is_right_is_skipped_and_the_rest_goes_on(newcomer: Stage, slack: SlackLookalike) -> None:
    first = at_terminal(newcomer, [slack.token, "", "q"], "slack", "setup")
    assert first.code == 1
    assert "Not all is done yet" in first.out
    second = at_terminal(newcomer, [slack.app_token, "1"], "slack", "setup")
    assert second.code == 0, second.out
    for title in ("1. Make the app", "2. Install it", "3. Give us the bot token"):
        assert f"{title}: done" in second.out
    (newcomer.folder / "slack-token").chmod(0o644)
    third = at_terminal(newcomer, [], "slack", "setup")
    assert third.code == 0
    assert "now only you can" in re.sub(r"\s+", " ", third.out)
    assert stat.S_IMODE((newcomer.folder / "slack-token").stat().st_mode) == 0o600
    assert "5. Let the bot into a channel: done" in third.out
    no_secret(third, slack)


def test_a_revoked_token_is_asked_for_again(newcomer: Stage, slack: SlackLookalike) -> None:
    at_terminal(newcomer, [slack.token, slack.app_token, "1"], "slack", "setup")
    slack.people.revoke(slack.token)
    slack.workspace.tokens["xoxb-fresh"] = workspace.SCOPES
    ended = at_terminal(newcomer, ["xoxb-fresh"], "slack", "setup")
    assert ended.code == 0, ended.out
    assert "token_revoked" in ended.out
    assert (newcomer.folder / "slack-token").read_text("utf-8") == "xoxb-fresh\n"
    no_secret(ended, slack, "xoxb-fresh")


def test_a_token_file_that_is_gone_is_mended(newcomer: Stage, slack: SlackLookalike) -> None:
    at_terminal(newcomer, [slack.token, slack.app_token, "1"], "slack", "setup")
    (newcomer.folder / "slack-token").unlink()
    assert newcomer.do("status").code == 78
    ended = at_terminal(newcomer, [slack.token], "slack", "setup")
    assert ended.code == 0, ended.out
    assert "cannot be read" in ended.out


def test_a_variable_that_holds_a_wrong_token_is_named(newcomer: Stage, slack: SlackLookalike) -> None:
    newcomer.environ["MONITOR_SLACK__BOT_TOKEN"] = "xoxp-hush"
    ended = at_terminal(newcomer, [""], "slack", "setup")
    assert ended.code == 1
    assert "MONITOR_SLACK__BOT_TOKEN, which wins over a file" in re.sub(r"\s+", " ", ended.out)
    no_secret(ended, slack, "hush")


def test_without_a_terminal_the_steps_are_printed(newcomer: Stage, slack: SlackLookalike) -> None:
    for words in (["slack", "setup"], ["slack", "setup", "--no-input"]):
        ended = newcomer.well(*words)
        assert re.findall(r"^\d\. ", ended.out, re.M) == [f"{n}. " for n in range(1, 7)]
        assert max(map(len, ended.out.splitlines())) <= 80
        for key in ("slack.bot_token_file", "slack.app_token_file", "slack.channel = "):
            assert key in ended.out, "nobody asks for it, so it says where it goes"
    newcomer.environ |= {"MONITOR_SLACK__BOT_TOKEN": slack.token, APP: slack.app_token}
    ended = newcomer.well("slack", "setup", "--no-input")
    assert "3. Give us the bot token: done" in ended.out
    assert f"#complaints ({slack.channel})" in ended.out
    no_secret(ended, slack)


def test_the_steps_need_no_settings(newcomer: Stage) -> None:
    (newcomer.folder / "monitor.toml").unlink()
    del newcomer.environ["MONITOR_FEEDS"], newcomer.environ["MONITOR_HTTP__ALLOW_PRIVATE_HOSTS"]
    assert "1. Make the app" in newcomer.well("slack", "setup", "--no-input").out
    assert '"/complaints"' in newcomer.well("slack", "manifest").out
    assert (
        newcomer.well("slack", "manifest", "--json", "--name", "Acme Desk").json["display_information"][
            "name"
        ]
        == "Acme Desk"
    )
    refused = newcomer.do("slack", "manifest", "--name", "x" * 36)
    assert refused.code == 2
    assert "35 characters" in re.sub(r"[\s│]+", " ", refused.err)


# ── check ────────────────────────────────────────────────────────────────────────────────────────────────


def checked(
    stage: Stage, slack: SlackLookalike, *more: str, **environ: str
) -> tuple[int, dict[str, dict[str, str]]]:
    """Its exit code, and what is amiss by its name."""
    stage.listen("news")
    ended = stage.do("-vv", "check", "--json", *more, **{APP: slack.app_token, **environ})
    assert "Traceback" not in ended.err
    no_secret(ended, slack, "hush")
    amiss = {one["what"]: one for one in ended.json if not one["ok"]}
    assert all(one["remedy"] for one in amiss.values())
    return ended.code, amiss


def test_check_of_what_is_well(stage: Stage, slack: SlackLookalike) -> None:
    assert checked(stage, slack, "--probe", slack.channel) == (0, {})
    assert slack.messages() == []


@pytest.mark.parametrize(
    ("environ", "what", "said"),
    [
        ({"MONITOR_SLACK__BOT_TOKEN": "xoxp-hush"}, "Slack token", "user token"),
        ({"MONITOR_SLACK__BOT_TOKEN": "xapp-hush"}, "Slack token", "app-level token"),
        ({"MONITOR_SLACK__BOT_TOKEN": "xoxb-hush"}, "Slack token", "could not be checked"),
        ({APP: "xoxb-hush"}, "Slack app token", "a bot token"),
        ({APP: "xapp-hush"}, "Slack app token", "invalid_auth"),
        ({APP: ""}, "Slack app token", "there is none"),
    ],
)
def test_check_of_a_wrong_token(
    stage: Stage, slack: SlackLookalike, environ: dict[str, str], what: str, said: str
) -> None:
    code, amiss = checked(stage, slack, **environ)
    assert code == 1
    assert list(amiss) == [what]
    assert said in amiss[what]["detail"]


def test_check_looks_at_every_channel_of_the_settings(stage: Stage, slack: SlackLookalike) -> None:
    slack.workspace.channels["C0ASIDE"] = Channel("C0ASIDE", name="aside", member=False)
    stage.settings["digest"] = {"channel": "C0ASIDE"}
    code, amiss = checked(stage, slack)
    assert code == 1
    assert amiss["Slack channel"]["remedy"] == "Type `/invite @complaint-monitor` in #aside."


def test_check_without_a_scope(stage: Stage, slack: SlackLookalike) -> None:
    slack.workspace.tokens[slack.token] = workspace.SCOPES - {"users:read"}
    code, amiss = checked(stage, slack)
    assert code == 1
    assert "users:read (to show people's names)" in amiss["Slack scopes"]["detail"]


def test_a_probe_without_a_token_or_a_channel(stage: Stage, slack: SlackLookalike) -> None:
    assert stage.do("check", "--probe", "#complaints").code == 2
    del stage.environ["MONITOR_SLACK__BOT_TOKEN"]
    code, amiss = checked(stage, slack, "--probe", slack.channel)
    assert code == 1
    assert list(amiss) == ["Probe"]
