"""`demo`: the product on bundled sample feeds, without settings and without a network."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING

import typer

from monitor.cli.app import FAILED, shared

if TYPE_CHECKING:
    from monitor.collect.ingest import Reading
    from monitor.core.store import Account
    from monitor.deliver import Delivered

WIDTH = 80


class Terminal:
    """The stage of the demo: everything on standard output, readable at 80 columns."""

    def __init__(self) -> None:
        from monitor.cli.show import screen

        self.out = screen()

    def scene(self, title: str, words: str) -> None:
        self.out.print()
        if title:
            self.out.print(f"── {title} ".ljust(WIDTH, "─"), style="bold cyan")
        for line in textwrap.wrap(words, WIDTH):
            self.out.print(line, style="italic")

    def read(self, readings: Sequence[Reading]) -> None:
        from monitor.cli.show import table

        self.out.print()
        table(
            "feed",
            "new",
            "complaints",
            "edited",
            "not about us",
            "fault",
            rows=[(r.feed, r.added, r.complaints, r.updated, r.unmatched, r.error) for r in readings],
        )

    def delivered(self, delivered: Delivered) -> None:
        for fault in (*delivered.troubles, *delivered.failed):
            self.out.print(f"! {fault}")

    def account(self, account: Account) -> None:
        from monitor.cli.show import account_page

        self.out.print()
        account_page(account)


def demo(ctx: typer.Context) -> None:
    """See it work in seconds: sample feeds of an invented business, real everything else.

    Needs no settings and no network, and leaves nothing behind.
    """
    from monitor import logs
    from monitor.demo.play import play

    logs.configure(shared(ctx).verbosity, told=True)
    stage = Terminal()
    stage.out.print("Acme Coffee and its customers are invented; all else is the real thing.")
    account = play(stage)
    stage.scene(
        "Yours next",
        "`complaint-monitor init` writes settings, `check` tests them, `run --once` listens once. "
        "The README leads to a first Slack alert in ten minutes.",
    )
    if account.unaccounted:
        raise typer.Exit(FAILED)


def register(app: typer.Typer) -> None:
    app.command()(demo)
