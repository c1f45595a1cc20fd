"""Home over real HTTP against the look-alike: published, seen by one person, refused and drawn anew."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from fakes import NOW, Clock

from alerts.slack.home import read_pages
from alerts.slack.send import Slack
from alerts.testing import samples
from alerts.testing.slack import SlackLookalike
from monitor.core.cases import Action
from monitor.core.errors import DeliveryError, Outcome, Remedy
from monitor.core.hours import ALWAYS
from monitor.core.model import Business
from monitor.core.policy import Policy
from monitor.core.ports import HomeTab
from monitor.core.queue import Shelf
from monitor.homes import DEBOUNCE, PARKED, Homes
from monitor.recover import move
from storage.store import SqlStore
from storage.testing import temporary_store
from storage.testing.field import BUSINESS, bad, by, case_of, hear, said

ADA, BEN = "U0ADA", "U0BEN"
REFRESH = "home:refresh"


@pytest.fixture
def world() -> Iterator[SlackLookalike]:
    with SlackLookalike() as world:
        for person in (ADA, BEN):
            world.workspace.person(person)
        yield world


@pytest.fixture
def slack(world: SlackLookalike) -> Slack:
    return Slack(world.token, world.api_url, 0.5)


def shown(world: SlackLookalike, person: str = ADA) -> str:
    return json.dumps(world.home(person), ensure_ascii=False)


def failure(slack: Slack, person: str = ADA, version: str | None = None) -> DeliveryError:
    with pytest.raises(DeliveryError) as caught:
        slack.show(person, samples.queue(), version)
    return caught.value


def test_slack_has_a_home(slack: Slack) -> None:
    assert isinstance(slack, HomeTab)


@pytest.mark.parametrize("attempt", ["ordinary words", *samples.HOSTILE])
def test_every_queue_is_taken(world: SlackLookalike, slack: Slack, attempt: str) -> None:
    words = samples.HOSTILE.get(attempt, samples.WORDS)
    assert slack.show(ADA, samples.queue(words, words), None)
    assert "5,000" in shown(world)
    assert world.home(BEN) is None


def test_what_somebody_else_drew_is_not_painted_over(world: SlackLookalike, slack: Slack) -> None:
    first = slack.show(ADA, samples.queue(lines=0, total=0), None)
    second = slack.show(ADA, samples.queue(), first)
    assert second != first
    fault = failure(slack, version=first)
    assert (fault.code, fault.outcome) == ("hash_conflict", Outcome.REFUSED)
    assert "5,000" in shown(world)


def test_what_is_in_the_way_is_told_with_its_remedy(world: SlackLookalike, slack: Slack) -> None:
    world.workspace.home_tab = False
    fault = failure(slack)
    assert (fault.code, fault.remedy) == ("not_enabled", Remedy.PERSON)
    assert "App Home" in str(fault)
    world.workspace.home_tab = True
    world.fail("429", method="views.publish", retry_after="7")
    assert failure(slack).retry_after == timedelta(seconds=7)
    world.fail("drop", method="views.publish", after=True)
    assert failure(slack).outcome is Outcome.UNKNOWN
    assert failure(slack, "U0NOBODY").outcome is Outcome.REFUSED


# ── kept as the desk is ──────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    store = temporary_store(tmp_path)
    with store.write() as tx:
        hear(tx, *(bad(said(f"c{n}", author=by(f"c{n}"))) for n in range(20)), now=NOW)
    yield store
    store.close()


def test_a_day_at_home(world: SlackLookalike, slack: Slack, store: SqlStore) -> None:
    clock = Clock(NOW)
    business = Business("Acme Coffee", BUSINESS, timezone="Europe/London")
    homes = Homes(store, slack, business, Policy(hours=ALWAYS), now=clock, enabled={})
    homes.opened(ADA)
    assert "*20* unclaimed" in shown(world)
    assert "Fictional C0" in shown(world)

    # she takes the case whose button she sees, and her Home says so
    with store.read() as tx:
        case = case_of(tx, "c0")
    assert f"claim:{case.id}:1" in shown(world)
    move(store, case.id, Action.CLAIM, ADA, clock(), revision=1)
    clock.pass_(DEBOUNCE)
    assert homes.refresh() == 1
    assert "*1* yours" in shown(world)
    assert f"contact:{case.id}:2" in shown(world)

    # the next page, as its button says
    (turn,) = (
        item
        for block in (world.home(ADA) or {})["blocks"]
        for item in block.get("elements", [])
        if item.get("action_id") == "home:unclaimed:next"
    )
    homes.pressed(ADA, read_pages(turn["value"]))
    assert read_pages(turn["value"]) == {Shelf.UNCLAIMED: 2}
    assert "page 2 of 3" in shown(world)

    # an hour without Slack: nothing is lost, and it is drawn once when Slack is back
    world.go_down()
    move(store, case.id, Action.RELEASE, ADA, clock())
    clock.pass_(PARKED)
    assert homes.refresh() == 0
    world.come_back()
    clock.pass_(PARKED)
    assert (homes.refresh(), homes.refresh()) == (1, 0)
    assert "yours" not in shown(world)

    # another hand has drawn it meanwhile: ours, read anew, stands
    slack.show(ADA, replace(samples.queue(), person=ADA), None)
    move(store, case.id, Action.CLAIM, BEN, clock())
    clock.pass_(PARKED)
    assert homes.refresh() == 1
    assert "1 in other hands" in shown(world)
