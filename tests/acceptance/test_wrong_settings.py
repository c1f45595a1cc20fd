"""What cannot be used is refused with its place and its remedy; no secret is ever shown."""

from __future__ import annotations

from pathlib import Path

import pytest
from stage import Newsstand, Stage, lost_and_doubled, posts

from alerts.testing.slack import SlackLookalike

GOOD = '[business]\nname = "Acme Coffee"\n'
SECRET = "xoxb-hush-9f8e7d6c5b4a"

WRONG = {
    "unknown key": (GOOD + '[slack]\nchanel = "C0123456789"\n', ["line 4", "slack.chanel", "channel"]),
    "unknown table": (GOOD + "[slak]\nx = 1\n", ["slak", "slack"]),
    "wrong type": (GOOD + '[slack]\nstorm_after = "many"\n', ["line 4", "slack.storm_after"]),
    "impossible": (GOOD + '[delivery]\nlease = "0s"\n', ["line 4", "delivery.lease", "at least"]),
    "no such zone": (GOOD + 'timezone = "Europe/Acme"\n', ["line 3", "business.timezone", "Europe/London"]),
    "channel by name": (GOOD + '[slack]\nchannel = "#complaints"\n', ["slack.channel", "C0123456789"]),
    "no business": ("[scoring]\nmax_chars = 300\n", ["business", "missing"]),
    "not TOML": (GOOD + "[slack\n", ["TOML", "line 3"]),
    "feed too often": (
        GOOD + '[[feeds]]\nname = "n"\nsource = "rss"\nurl = "https://a.example/f"\nevery = "0.5s"\n',
        ["line 7", "every", "at least"],
    ),
    "feed without its option": (GOOD + '[[feeds]]\nname = "n"\nsource = "rss"\n', ["feeds[0].url", "missing"]),
    "feed with a typo": (
        GOOD + '[[feeds]]\nname = "n"\nsource = "rss"\nurl = "https://a.example/f"\nulr = "x"\n',
        ["line 7", "ulr", "url"],
    ),
    "no such source": (GOOD + '[[feeds]]\nname = "n"\nsource = "rrs"\n', ["line 5", "rrs", "rss"]),
    "two of one name": (GOOD + '[[feeds]]\nname = "n"\nsource = "rss"\nurl = "https://a.example/f"\n' * 2, ["'n'"]),
    "a query that ends early": (
        GOOD + "query = 'acme AND (coffee OR'\n",
        ["monitor.toml line 3, business.query: OR has nothing after it, at character 18", "write a word",
         "\n    acme AND (coffee OR\n                     ^\n"],
    ),
    "a feed's wrong query": (
        GOOD + '[[feeds]]\nname = "n"\nsource = "rss"\nurl = "https://a.example/f"\nkeep = "stars:<=9"\n',
        ["monitor.toml line 7, feeds[0].keep: stars: cannot be <=9", "stars:<=2", "\n    stars:<=9\n    ^\n"],
    ),
    "a secret in the file": (GOOD + f'[slack]\nbot_token = "{SECRET}"\n', ["MONITOR_SLACK__BOT_TOKEN"]),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_is_named_with_its_place(stage: Stage, tmp_path: Path, case: str) -> None:
    text, words = WRONG[case]
    del stage.environ["MONITOR_SLACK__BOT_TOKEN"]
    (tmp_path / "monitor.toml").write_text(text, "utf-8")
    ended = stage.do("run", "--once")
    assert ended.code == 78
    assert "Traceback" not in ended.err
    assert all(word in ended.err for word in words), ended.err
    assert SECRET not in ended.out + ended.err


def test_variables_that_are_no_settings_are_refused(stage: Stage) -> None:
    for name in ("MONITOR_SLAK__CHANNEL", "MONITOR_SLACK__CHANEL", "MONITOR_TOKEN"):
        ended = stage.do("status", **{name: SECRET})
        assert ended.code == 78
        assert name in ended.err
        assert SECRET not in ended.err
    stage.well("status", MONITOR_TEST_DATA="/nowhere", MONITOR_BUSINESS__TIMEZONE="UTC")
    missing = stage.do("--config", "elsewhere.toml", "status")
    assert missing.code == 78 and "init" in missing.err


@pytest.mark.parametrize("given", ["variable", "file", "credential"])
def test_the_token_shows_nowhere(
    stage: Stage, slack: SlackLookalike, stand: Newsstand, tmp_path: Path, given: str
) -> None:
    del stage.environ["MONITOR_SLACK__BOT_TOKEN"]
    folder = tmp_path / "secrets"
    folder.mkdir()
    (folder / "slack_bot_token").write_text(SECRET + "\n")
    if given == "variable":
        stage.environ["MONITOR_SLACK__BOT_TOKEN"] = SECRET
    elif given == "file":
        stage.environ["MONITOR_SLACK__BOT_TOKEN_FILE"] = str(folder / "slack_bot_token")
    else:
        stage.environ["CREDENTIALS_DIRECTORY"] = str(folder)
    stage.listen("news", url=f"http://{SECRET}:{SECRET}@{stand.host}/news?key={SECRET}")
    stand.feeds["news"] = posts(1, 1)
    stand.statuses["news"] = (403, {})
    # refused by Slack, refused by the feed, and everything said aloud
    said = [stage.do("-vv", "run", "--once", "--wait", "0s")]
    if given == "variable":
        said += [stage.do("-vv", *words) for words in (["check"], ["status", "--json"], ["digest", "--post"])]
        assert said[1].code == 1
    assert all(SECRET not in ended.out + ended.err for ended in said)
    for file in tmp_path.glob("monitor.db*"):
        assert SECRET.encode() not in file.read_bytes(), file
    # and it was the one that was used
    slack.workspace.tokens[SECRET] = slack.workspace.tokens[slack.token]
    stand.statuses.clear()
    stage.well("-vv", "run", "--once", "--all")
    assert lost_and_doubled(stage.told, [1]) == (0, 0)


@pytest.mark.parametrize("option", ["every=often", "match=perhaps", "feed"])
def test_try_says_which_of_its_options_is_wrong(stage: Stage, option: str) -> None:
    stage.write()
    ended = stage.do("try", "rss", "url=https://a.example/f", option)
    assert ended.code == 2
    assert option.partition("=")[0] in ended.err
    assert "Traceback" not in ended.err
