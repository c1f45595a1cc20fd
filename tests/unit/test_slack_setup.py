"""The app's manifest, its tokens, scopes, socket, and the probe: each over a Slack look-alike that lacks something."""

from __future__ import annotations

import json
import stat
import time
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import jsonschema
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from alerts.slack import scopes, socket_check, tokens
from alerts.slack.access import Access
from alerts.slack.manifest import EVENTS, manifest, written
from alerts.slack.probe import Probe
from alerts.slack.send import Slack
from alerts.testing import samples, workspace
from alerts.testing.slack import SlackLookalike
from alerts.testing.workspace import Channel
from monitor.core.errors import ConfigError
from monitor.core.message import Kind, Message
from monitor.core.ports import Finding
from monitor.settings.editing import set_keys, with_keys
from monitor.settings.token_files import open_to_others, write_token


@pytest.fixture
def slack() -> Iterator[SlackLookalike]:
    with SlackLookalike() as found:
        yield found


# ── the manifest ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", ["Complaint Monitor", 'Ärger: "Büro" # 7', "x" * 35])
def test_the_manifest_passes_slacks_own_schema(test_data: Path, name: str) -> None:
    schema = json.loads((test_data / "slack-judge" / "manifest.schema.2.0.0.json").read_text("utf-8"))
    made = manifest(name)
    jsonschema.validate(made, schema)
    assert yaml.safe_load(written(made, as_json=False)) == json.loads(written(made, as_json=True)) == made


def test_the_manifest_asks_for_scopes_and_events_that_exist(test_data: Path) -> None:
    known = {"commands"}  # no method asks for it: Slack does, for the slash command
    for file in (test_data / "slack-judge" / "methods").glob("*.json"):
        asked = json.loads(file.read_text("utf-8")).get("scopes") or {}
        known |= {scope["name"] for scope in asked.get("bot", ())}
    assert set(manifest()["oauth_config"]["scopes"]["bot"]) <= known
    assert set(EVENTS) == workspace.EVENTS, "the look-alike sends no others"


def test_the_manifest_has_what_the_desk_uses() -> None:
    made = manifest()
    assert set(made["oauth_config"]["scopes"]["bot"]) == set(scopes.BOT) == workspace.SCOPES
    assert made["settings"]["socket_mode_enabled"]
    assert made["settings"]["interactivity"] == {"is_enabled": True}
    assert made["features"]["app_home"]["home_tab_enabled"]
    assert [one["command"] for one in made["features"]["slash_commands"]] == ["/complaints"]
    assert "http" not in json.dumps(made), "Socket Mode needs no address"


@pytest.mark.parametrize("name", ["", "   ", "x" * 36])
def test_a_name_that_slack_refuses_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="1 to 35"):
        manifest(name)


@pytest.mark.parametrize(
    ("name", "handle"), [("Acme  Care!", "acme-care"), ("苦情", "complaint-monitor"), ("A.B_c", "a-b-c")]
)
def test_the_bot_is_addressed_by_plain_letters(name: str, handle: str) -> None:
    assert manifest(name)["features"]["bot_user"]["display_name"] == handle


# ── tokens ───────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("token", "said"),
    [
        ("xapp-1-hush", "an app-level token"),
        ("xoxp-hush", "a user token"),
        ("xoxe.xoxb-hush", "token rotation"),
        ("xoxc-hush", "browser"),
        ("hush", "does not begin with xoxb-"),
        ("xoxb-", "not whole"),
        ("xoxb-hush xoxb-hush", "holds more"),
        ("xoxb-hüsh", "holds more"),
    ],
)
def test_the_wrong_token_is_named_and_never_sent(slack: SlackLookalike, token: str, said: str) -> None:
    finding = Access(slack.api_url).bot_token(token)
    assert not finding.ok
    assert said in finding.detail
    assert "Bot User OAuth Token" in finding.remedy
    assert "hush" not in str(finding)
    assert slack.calls == []


def test_the_right_tokens_are_told_by_whom_they_are(slack: SlackLookalike) -> None:
    access = Access(slack.api_url)
    assert access.bot_token(slack.token) == Finding(
        "Slack token", True, "works: @complaint-monitor in Acme Coffee"
    )
    assert access.app_token(slack.app_token).ok
    assert not access.app_token(slack.token).ok
    assert [call["method"] for call in slack.calls] == ["auth.test", "apps.connections.open"]


def test_a_revoked_bot_token(slack: SlackLookalike) -> None:
    slack.people.revoke(slack.token)
    finding = Access(slack.api_url).bot_token(slack.token)
    assert not finding.ok
    assert "token_revoked" in finding.detail
    assert slack.token not in str(finding)


# ── scopes ───────────────────────────────────────────────────────────────────────────────────────────────


def examined(slack: SlackLookalike, **channels: str) -> dict[str, list[Finding]]:
    found: dict[str, list[Finding]] = {}
    named = channels or {slack.channel: "slack.channel"}
    for finding in Access(slack.api_url).examine(slack.token, slack.app_token, named):
        assert finding.ok or finding.remedy
        found.setdefault(finding.what, []).append(finding)
    assert not any(call["method"].startswith("chat.") for call in slack.calls)
    return found


@pytest.mark.parametrize("scope", sorted(scopes.BOT))
def test_each_missing_scope_is_named_with_what_it_is_for(slack: SlackLookalike, scope: str) -> None:
    slack.workspace.tokens[slack.token] = workspace.SCOPES - {scope}
    slack.workspace.channels["G0SECRET"] = Channel("G0SECRET", name="secret", private=True)
    (finding,) = examined(slack, **{slack.channel: "slack.channel", "G0SECRET": "slack.routes[0].channel"})[
        "Slack scopes"
    ]
    assert finding.detail == f"missing: {scope} ({scopes.BOT[scope]})"
    assert "OAuth & Permissions" in finding.remedy


def test_what_no_channel_needs_may_be_missing(slack: SlackLookalike) -> None:
    slack.workspace.tokens[slack.token] = workspace.SCOPES - {"groups:read", "groups:history"}
    (finding,) = examined(slack)["Slack scopes"]
    assert finding == Finding("Slack scopes", True, "all that is needed; not groups:read, groups:history")


def test_without_the_desk_less_is_needed() -> None:
    assert scopes.missing({"chat:write", "channels:read", "channels:history"}, ["channels"], desk=False) == []


# ── channels ─────────────────────────────────────────────────────────────────────────────────────────────


def test_every_channel_is_looked_at_and_told_by_its_setting(slack: SlackLookalike) -> None:
    place = slack.workspace.channels
    place["C0CLOSED0"] = Channel("C0CLOSED0", name="closed", archived=True)
    place["C0OUTSIDE"] = Channel("C0OUTSIDE", name="outside", member=False)
    found = examined(
        slack,
        C0CLOSED0="slack.routes[0].channel",
        C0OUTSIDE="desk.ladder[1].channel",
        C0NOWHERE="digest.channel",
        **{slack.channel: "slack.channel"},
    )
    closed, outside, nowhere, well = found["Slack channel"]
    assert closed.detail == "#closed (slack.routes[0].channel) is archived"
    assert outside.detail == "the bot is not in #outside (desk.ladder[1].channel)"
    assert outside.remedy == "Type `/invite @complaint-monitor` in #outside."
    assert "C0NOWHERE (digest.channel)" in nowhere.detail
    assert "Set digest.channel" in nowhere.remedy
    assert well.ok


def test_the_channels_the_bot_is_in_are_listed(slack: SlackLookalike) -> None:
    slack.workspace.page = 2
    place = slack.workspace.channels
    for number in range(5):
        place[f"C0MORE{number}"] = Channel(f"C0MORE{number}", name=f"more-{number}")
    place["G0SECRET"] = Channel("G0SECRET", name="a-secret", private=True)
    place["C0OUTSIDE"] = Channel("C0OUTSIDE", name="outside", member=False)
    place["C0CLOSED0"] = Channel("C0CLOSED0", name="closed", archived=True)
    bot, places = Access(slack.api_url).places(slack.token)
    assert bot == "complaint-monitor"
    assert [one.name for one in places] == ["a-secret", "complaints", *(f"more-{n}" for n in range(5))]
    assert [one.private for one in places] == [True, *[False] * 6]
    slack.workspace.tokens[slack.token] = workspace.SCOPES - {"groups:read"}
    assert len(Access(slack.api_url).places(slack.token)[1]) == 6


# ── Socket Mode ──────────────────────────────────────────────────────────────────────────────────────────


def opened(slack: SlackLookalike, token: str | None = None, patience: float = 0.3) -> Finding:
    token = token or slack.app_token
    return socket_check.socket_mode(Slack(token, slack.api_url).read, token, patience)


def test_socket_mode_opens_and_is_left_again(slack: SlackLookalike) -> None:
    finding = opened(slack, patience=10)
    assert finding.ok
    assert finding.detail.startswith("opens and says hello")
    slack.until(lambda: not slack.sockets.open)


def test_the_socket_of_a_service_is_told(slack: SlackLookalike) -> None:
    from websockets.sync.client import connect

    with slack._lock:
        address = slack.sockets.address()
    with connect(address) as service:
        assert json.loads(service.recv())["type"] == "hello"
        assert "1 other socket is open already" in opened(slack, patience=10).detail


def test_too_many_sockets(slack: SlackLookalike) -> None:
    slack.sockets.most = 0
    finding = opened(slack, patience=10)
    assert (finding.what, finding.ok) == ("Slack Socket Mode", False)
    assert "Slack allows no more" in finding.detail


def test_a_socket_that_says_nothing(slack: SlackLookalike) -> None:
    slack.sockets.silent = True
    finding = opened(slack)
    assert (finding.what, finding.ok) == ("Slack Socket Mode", False)
    assert "no hello" in finding.detail
    assert "firewall" in finding.remedy


@pytest.mark.parametrize(
    ("how", "what", "said"),
    [
        ("error:token_revoked", "Slack app token", "does not accept it (token_revoked)"),
        ("error:invalid_auth", "Slack app token", "does not accept it (invalid_auth)"),
        ("error:missing_scope", "Slack app token", "connections:write"),
        ("500", "Slack Socket Mode", "could not be checked"),
        ("drop", "Slack Socket Mode", "could not be checked"),
        ("html", "Slack Socket Mode", "could not be checked"),
    ],
)
def test_a_socket_that_is_refused(slack: SlackLookalike, how: str, what: str, said: str) -> None:
    slack.fail(how, method="apps.connections.open")
    finding = opened(slack)
    assert (finding.what, finding.ok) == (what, False)
    assert said in finding.detail
    assert finding.remedy
    assert slack.app_token not in str(finding)


def test_an_address_where_nobody_listens(slack: SlackLookalike) -> None:
    slack.answer_with('{"ok": true, "url": "ws://127.0.0.1:9/"}', method="apps.connections.open")
    assert "no hello" in opened(slack).detail


def test_without_an_app_token_the_buttons_are_dead(slack: SlackLookalike) -> None:
    *_, last = Access(slack.api_url).examine(slack.token, None, {slack.channel: "slack.channel"})
    assert (last.what, last.ok) == ("Slack app token", False)
    assert "buttons" in last.detail
    assert "slack setup" in last.remedy


# ── the probe ────────────────────────────────────────────────────────────────────────────────────────────


def a_card(slack: SlackLookalike) -> Message:
    return Message("probe-1", Kind.CARD, slack.channel, samples.card())


def probed(slack: SlackLookalike) -> tuple[dict[str, Finding], list[float]]:
    pauses: list[float] = []
    probe = Probe(
        Slack(slack.token, slack.api_url, timeout=1), a_card(slack), datetime.now(UTC), pauses.append
    )
    return {finding.what.removeprefix("Probe: "): finding for finding in probe.findings()}, pauses


def test_a_probe_goes_all_the_way_and_leaves_nothing(slack: SlackLookalike) -> None:
    found, _ = probed(slack)
    assert {what: finding.ok for what, finding in found.items()} == dict.fromkeys(
        ("post", "read back", "update", "client_msg_id", "delete"), True
    )
    assert "not kept unique here" in found["client_msg_id"].detail
    assert slack.messages() == []
    assert {"chat.postMessage", "conversations.history", "chat.update", "chat.delete"} <= {
        call["method"] for call in slack.calls
    }


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("how", ["drop", "500", "html", "error:internal_error", "error:fatal_error"])
@pytest.mark.parametrize(
    ("method", "step"), [("chat.postMessage", "post"), ("chat.update", "update"), ("chat.delete", "delete")]
)
def test_a_probe_at_faults_says_which_step_and_leaves_nothing(
    slack: SlackLookalike, method: str, step: str, how: str, after: bool
) -> None:
    slack.fail(how, method=method, after=after)
    found, _ = probed(slack)
    assert slack.messages() == []
    assert found.get("delete", Finding("", True)).ok
    if step != "delete":  # which is tried twice
        assert not found[step].ok
        assert found[step].remedy


def test_a_probe_that_cannot_delete_says_so(slack: SlackLookalike) -> None:
    slack.fail("500", method="chat.delete", times=2)
    found, _ = probed(slack)
    assert not found["delete"].ok
    assert "by hand" in found["delete"].remedy
    assert slack.messages(), "or it would be no fault"


def test_a_probe_of_a_channel_without_the_bot(slack: SlackLookalike) -> None:
    slack.workspace.channels[slack.channel].member = False
    found, pauses = probed(slack)
    assert list(found) == ["post"]
    assert "/invite" in found["post"].detail
    assert pauses == [], "a refusal is certain: nothing is looked for"


def test_a_probe_where_history_cannot_be_read(slack: SlackLookalike) -> None:
    slack.workspace.tokens[slack.token] = workspace.SCOPES - {"channels:history"}
    found, _ = probed(slack)
    assert not found["read back"].ok
    assert "channels:history" in found["read back"].detail
    assert found["delete"].ok
    assert slack.messages() == []


def test_a_probe_waits_for_a_slow_history() -> None:
    shift = [0.0]
    with SlackLookalike(lag=6.0, now=lambda: time.time() + shift[0]) as slack:
        probe = Probe(
            Slack(slack.token, slack.api_url),
            a_card(slack),
            datetime.now(UTC),
            lambda pause: shift.__setitem__(0, shift[0] + pause),
        )
        found = {finding.what: finding.ok for finding in probe.findings()}
        assert found["Probe: read back"]
        assert slack.messages() == []


# ── settings and token files ─────────────────────────────────────────────────────────────────────────────

PLAIN = '[business]\nname = "Acme"\n\n[slack]\n# channel = "C0123456789"  # ours\npost_interval = "2s"\n\n[digest]\n'


def test_a_key_takes_the_place_of_its_comment() -> None:
    made = with_keys(PLAIN, "slack", {"channel": "C0NEW"})
    assert made == PLAIN.replace('# channel = "C0123456789"  # ours', 'channel = "C0NEW"')
    assert with_keys(made, "slack", {"channel": "C0NEW"}) == made
    assert 'channel = "C0OTHER"' in with_keys(made, "slack", {"channel": "C0OTHER"})


@pytest.mark.parametrize(
    "text",
    [
        "",
        '[business]\nname = "Acme"',
        '[[slack.routes]]\nchannel = "C0R"\nsource = "rss"\n',
        '[slack]\n[[slack.routes]]\nchannel = "C0R"\n',
        '[ slack ] # ours\nchannel="C0OLD"\n[digest]\nchannel = "C0D"\n',
    ],
)
def test_all_else_stays_as_it_was(text: str) -> None:
    before, after = tomllib.loads(text), tomllib.loads(with_keys(text, "slack", {"channel": "C0NEW"}))
    assert after.pop("slack") == {**before.pop("slack", {}), "channel": "C0NEW"}
    assert after == before


@pytest.mark.parametrize("text", ['slack = { channel = "C0OLD" }\n', 'slack.channel = "C0OLD"\n', "[slack\n"])
def test_what_is_not_understood_is_left_and_told(tmp_path: Path, text: str) -> None:
    path = tmp_path / "monitor.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(ConfigError, match='channel = "C0NEW"'):
        set_keys(path, "slack", {"channel": "C0NEW"})
    assert path.read_text("utf-8") == text
    assert list(tmp_path.iterdir()) == [path]


@given(st.text(st.characters(codec="utf-8", exclude_characters="\x7f"), max_size=40))
def test_any_value_is_read_back_as_it_was(value: str) -> None:
    assert tomllib.loads(with_keys(PLAIN, "slack", {"channel": value}))["slack"]["channel"] == value


def test_a_token_is_kept_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "new" / "slack-token"
    for token in ("xoxb-hush", "xoxb-hush-2"):
        write_token(path, token)
        assert path.read_text("utf-8") == f"{token}\n"
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert list(path.parent.iterdir()) == [path]
    assert not open_to_others(path)
    path.chmod(0o640)
    assert open_to_others(path)
    write_token(path, "xoxb-hush-3")
    assert not open_to_others(path)


def test_a_token_that_cannot_be_kept_is_told_without_it(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    with pytest.raises(ConfigError) as fault:
        write_token(tmp_path / "file" / "slack-token", "xoxb-hush")
    assert "hush" not in str(fault.value)


def test_prefixes_are_known_for_both_kinds() -> None:
    assert tokens.amiss("xoxb-1", tokens.BOT) is None
    assert tokens.amiss("xapp-1", tokens.APP) is None
    assert tokens.amiss("xoxb-1", tokens.APP) == "this is a bot token"
