"""What the desk teaches: what was missed, and which dismissals repeat themselves."""

from __future__ import annotations

import getpass
from contextlib import closing
from typing import TYPE_CHECKING, Annotated, Any

import typer

from monitor.cli.app import Json, emit, say, shared
from monitor.cli.cases import By, Text
from monitor.cli.verdicts import judged

if TYPE_CHECKING:
    from monitor.core.model import Heard

EXAMPLES = 3

rules = typer.Typer(help="Rules that hold back what was dismissed again and again.", no_args_is_help=True)

Key = Annotated[str, typer.Argument(help="The rule's id, as in `rules list`.", show_default=False)]


def mentions(
    ctx: typer.Context,
    find: Annotated[str, typer.Option(help="Only those with these words in title or text.")] = "",
    quiet: Annotated[
        bool, typer.Option("--not-complaints", help="Only what made no case: there the missed ones are.")
    ] = False,
    limit: Annotated[int, typer.Option(min=1, help="At most this many.")] = 20,
    as_json: Json = False,
) -> None:
    """What was heard, the newest first, with its id for `missed`.

    Example: complaint-monitor mentions --not-complaints --find refund
    """
    from monitor.wiring import open_database

    settings = shared(ctx).settings()
    with closing(open_database(settings)) as store, store.read() as tx:
        found = tx.recent(settings.business.key, find=find, quiet=quiet, limit=limit)
    if as_json:
        emit([_facts(heard) for heard in found])
        return
    from monitor.cli.show import mention_table

    mention_table(found)


def missed(
    ctx: typer.Context,
    which: Annotated[
        str, typer.Argument(help="The post's id, as in `mentions`, or its address.", show_default=False)
    ],
    by: By = None,
    note: Text = "",
    as_json: Json = False,
) -> None:
    """Say that a post is a complaint although it was not taken for one: it gets a case, and the error is kept.

    Dismissing the case takes it back. A copy in somebody else's case is parted from it, and gets its own.

    Example: complaint-monitor missed 4711 --note "They wait for their refund"
    """
    from monitor.collect.missed import bring_in
    from monitor.wiring import open_app

    with open_app(shared(ctx).settings()) as app:
        app.prepare()
        case = bring_in(app.ingest, which, by or getpass.getuser(), app.now(), note=note)
    if as_json:
        emit({"case": case.id, "state": case.state, "severity": case.severity})
    else:
        typer.echo(f"Case {case.id} has it now; `run` delivers its card. Thank you: this is how it learns.")


@rules.command("list")
def list_rules(ctx: typer.Context, as_json: Json = False) -> None:
    """Rules in force and rules that your dismissals propose, with what each would have held back.

    Example: complaint-monitor rules list
    """
    from monitor.health import iso
    from monitor.rules import survey
    from monitor.wiring import open_database

    settings = shared(ctx).settings()
    with closing(open_database(settings)) as store:
        found = survey(store, settings.business.key)
    if not as_json:
        from monitor.cli.show import rule_page

        rule_page(found)
        return
    emit(
        [
            {
                "id": tried.rule.key,
                "rule": str(tried.rule),
                "ground": tried.rule.ground,
                "in_force": tried.in_force is not None,
                "by": tried.in_force.by if tried.in_force else None,
                "since": iso(tried.in_force.at) if tried.in_force else None,
                "dismissals": tried.dismissals,
                "would_have_held": len(tried.would_hold),
                "holds": len(tried.held),
                "examples": [_facts(heard) for heard in tried.would_hold[:EXAMPLES]],
            }
            for tried in found
        ]
    )


@rules.command()
def accept(ctx: typer.Context, rule_id: Key, by: By = None, as_json: Json = False) -> None:
    """Put a proposed rule in force: what it covers is stored and counted, and alerts nobody.

    Never held back: critical ones, danger, discrimination, vulnerable people, threats of law or
    press.

    Example: complaint-monitor rules accept 3fa2c1
    """
    from monitor.rules import accept as put_in_force
    from monitor.wiring import open_database, utc_now

    settings = shared(ctx).settings()
    with closing(open_database(settings)) as store:
        rule = put_in_force(store, settings.business.key, rule_id, by or getpass.getuser(), utc_now())
    if as_json:
        emit({"id": rule.key, "rule": str(rule)})
    else:
        say(f"Rule {rule.key} is in force: it holds back {rule}. `rules withdraw {rule.key}` ends it.")


@rules.command()
def withdraw(ctx: typer.Context, rule_id: Key, by: By = None, as_json: Json = False) -> None:
    """End a rule: from now on such posts alert again. Lists what it had held back.

    Example: complaint-monitor rules withdraw 3fa2c1
    """
    from monitor.rules import withdraw as end
    from monitor.wiring import open_database, utc_now

    settings = shared(ctx).settings()
    with closing(open_database(settings)) as store:
        held = end(store, settings.business.key, rule_id, by or getpass.getuser(), utc_now())
    if as_json:
        emit({"id": rule_id, "held": [_facts(heard) for heard in held]})
        return
    from monitor.cli.show import mention_table

    say(f"Rule {rule_id} is withdrawn. It had held back {len(held)}; `missed ID` alerts one after all.")
    if held:
        mention_table(held)


def register(app: typer.Typer) -> None:
    app.command()(mentions)
    app.command()(missed)
    app.add_typer(rules, name="rules")


def _facts(heard: Heard) -> dict[str, Any]:
    from monitor.health import iso

    mention, verdict = heard.mention, heard.verdict
    return {
        "id": heard.id,
        "native_id": mention.native_id,
        "feed": heard.feed,
        "source": mention.source,
        "author": mention.author.name or None,
        "published": iso(mention.published),
        "first_seen": iso(heard.first_seen),
        "url": mention.url,
        "words": mention.words,
        **judged(verdict),
        "case": heard.case_id,
        "held_back": verdict.is_complaint and heard.case_id is None,
    }
