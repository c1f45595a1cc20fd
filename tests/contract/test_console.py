"""The console keeps the notifier's contract, and what it prints can be read by people and by pipes."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from rich.console import Console as Terminal

from alerts.console import Console, render_card, render_digest, terminal_for
from alerts.phrases import where
from alerts.testing import samples
from alerts.testing.contract import NotifierContract
from monitor.core.errors import DeliveryError, Outcome, Remedy
from monitor.core.message import Kind
from monitor.core.model import Severity


class TestConsole(NotifierContract):
    exactly_once = False

    @pytest.fixture
    def stream(self) -> io.StringIO:
        return io.StringIO()

    @pytest.fixture
    def notifier(self, stream: io.StringIO) -> Console:
        return Console(stream)

    @pytest.fixture
    def shown(self, stream: io.StringIO) -> Callable[[], str]:
        return stream.getvalue


def printed(message: object, **more: object) -> str:
    stream = io.StringIO()
    Console(stream).send(message, None)  # type: ignore[arg-type]
    return stream.getvalue()


def test_the_first_line_of_a_card_tells_severity_who_where_stars_and_words() -> None:
    first = printed(samples.message(samples.card(), Kind.CARD)).strip().splitlines()[0]
    assert first == "HIGH Fictional Fred · App Store 1★ · DE  “Third time I ask. They promised to"


@pytest.mark.parametrize("name", ["Fred", "F" * 60, "フレッド" * 15, "x"])
@pytest.mark.parametrize(
    "words", ["short", "still waiting " * 100, "x" * 1_000, "待っている" * 100, "😡" * 300]
)
def test_no_line_but_an_address_is_wider_than_eighty_columns(words: str, name: str) -> None:
    for message in samples.every(words, name):
        for row in printed(message).splitlines():
            if not row.strip().startswith("https://"):
                assert Terminal(width=200).measure(row).maximum <= 80
            assert row == row.rstrip()


@pytest.mark.parametrize("length", range(1, 90))
def test_no_word_is_lost_where_the_quote_flows_on(length: int) -> None:
    words = " ".join(f"w{n}" for n in range(length))
    text = printed(samples.message(samples.card(words), Kind.CARD))
    quote = text[text.index("“") + 1 : text.index("”")]
    assert " ".join(quote.split()) == words


def test_a_title_does_not_run_into_its_text() -> None:
    content = samples.card()
    mention = replace(content.quoted.mention, title="No grinder", text="Ordered weeks ago.\n\nStill waiting.")
    titled = replace(content, mentions=(replace(content.quoted, mention=mention),))
    text = " ".join(printed(samples.message(titled, Kind.CARD)).split())
    assert "“No grinder / Ordered weeks ago. / Still waiting.”" in text
    assert "posted 2 Mar 2026 11:05 GMT · opened 2 Mar 2026 14:05 GMT" in text


@pytest.mark.parametrize(
    ("source", "feed", "name"),
    [
        ("appstore", "reviews", "App Store"),
        ("rss", "notice board", "notice board (rss)"),
        ("files", "", "imported file"),
        ("homemade", "x", "homemade"),
    ],
)
def test_places_have_the_names_people_know(source: str, feed: str, name: str) -> None:
    assert where(source, feed) == name


def test_markup_and_terminal_commands_are_dead() -> None:
    text = printed(samples.message(samples.card(samples.HOSTILE["terminal"]), Kind.CARD))
    assert "[bold red]live[/]" in " ".join(text.split())
    assert "\x1b" not in text
    address = "https://reviews.example/[bold]1[/bold]"
    content = samples.card()
    mention = replace(content.quoted.mention, url=address)
    linked = replace(content, mentions=(replace(content.quoted, mention=mention),))
    assert f"\n{address}\n" in printed(samples.message(linked, Kind.CARD))


def test_colours_only_on_a_terminal() -> None:
    screen = io.StringIO()
    terminal = Terminal(file=screen, force_terminal=True, color_system="standard", width=80)
    render_card(samples.card(samples.HOSTILE["controls"]), terminal)
    text = screen.getvalue()
    assert re.findall("\x1b.", text)
    assert not re.sub("\x1b\\[[0-9;]*m", "", text).count("\x1b")


def test_a_terminal_of_few_letters_gets_the_card_all_the_same() -> None:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="ascii")
    Console(stream).send(samples.message(samples.card("Ärger 😡"), Kind.CARD), None)
    assert b"?rger ?" in raw.getvalue()


def test_a_broken_pipe_keeps_the_message_queued() -> None:
    class Broken(io.StringIO):
        def write(self, text: str) -> int:
            raise BrokenPipeError(32, "Broken pipe")

    with pytest.raises(DeliveryError) as caught:
        Console(Broken()).send(samples.message(samples.card(), Kind.CARD), None)
    assert (caught.value.outcome, caught.value.remedy) == (Outcome.NOT_SENT, Remedy.WAIT)


def test_says_when_the_output_is_closed() -> None:
    stream = io.StringIO()
    stream.close()
    findings = Console(stream).check("")
    assert [finding.ok for finding in findings] == [False]
    assert findings[0].remedy


def test_marks_a_possible_repeat_a_deletion_and_an_ending() -> None:
    texts = [" ".join(printed(message).split()) for message in samples.every()]
    assert "Possible repeat" in texts[1]
    assert "Backlog" in texts[2]
    assert "Deleted at the source on 2 Mar 2026" in texts[2]
    assert "words were removed" in texts[3]
    assert "promised to call" not in texts[3]
    assert any(text.strip().startswith("RECOVERED Fictional Fred") for text in texts)


def test_the_digest_names_numbers_waiting_praise_and_deaf_feeds() -> None:
    stream = io.StringIO()
    render_digest(samples.digest(), terminal_for(stream))
    text = stream.getvalue()
    assert "19 new complaints" in text
    assert "17 opened, 5 closed (3 won back" in text
    assert "and 21 more in the report" in text
    assert text.index("news (rss): failing") < text.index("reviews (appstore): 40 posts")
    assert "forum (mastodon): silent" in text
    assert Severity.CRITICAL.value in text
