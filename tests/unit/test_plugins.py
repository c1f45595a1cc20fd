"""Connectors are found by their entry points, and a broken one is named."""

from __future__ import annotations

from importlib.metadata import EntryPoint

import pytest

from monitor import plugins
from monitor.core.errors import ConfigError

GROUP = plugins.SOURCES


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three connectors of a third party that cannot be used."""
    points = {
        name: EntryPoint(name, target, GROUP)
        for name, target in {
            "no_module": "nowhere.at.all:Thing",
            "no_class": "json:NoSuchClass",
            "other_api": "json:JSONDecoder",
        }.items()
    }
    monkeypatch.setattr(plugins, "_points", lambda group: points)


def test_ours_are_registered_like_everybodys() -> None:
    assert {"rss", "appstore", "hackernews", "mastodon", "files"} <= set(plugins.names(GROUP))
    assert {"vader", "stars", "language", "complaint"} <= set(plugins.names(plugins.SCORERS))
    assert {"console", "slack"} <= set(plugins.names(plugins.NOTIFIERS))
    assert plugins.load(GROUP, "files").name == "files"


def test_what_is_not_installed_is_told_with_what_is() -> None:
    with pytest.raises(ConfigError, match=r"no source called 'fax'; installed: .*files.*rss"):
        plugins.load(GROUP, "fax")


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("no_module", "cannot be loaded: No module named 'nowhere'"),
        ("no_class", "cannot be loaded: .*NoSuchClass"),
        ("other_api", "speaks API None, this version speaks 1"),
    ],
)
@pytest.mark.usefixtures("broken")
def test_a_connector_that_cannot_be_used_is_named(name: str, told: str) -> None:
    with pytest.raises(ConfigError, match=f"the source '{name}'.*{told}"):
        plugins.load(GROUP, name)
