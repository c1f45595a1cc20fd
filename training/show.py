"""What the judge makes of sixty posts, beside what is right: `python -m training.show`.

Judges `tests/judged/shown.jsonl` with the judge as shipped, and writes the table in `docs/judgement.md` anew. Nothing
was trained on these posts, and none is taken out for being judged wrongly: they are there to show how it errs.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from alerts.words import line
from monitor.connectors import judge_of
from monitor.core.model import Mention, Rating, Verdict
from monitor.core.triage import THRESHOLDS, Sensitivity, figure, verdict
from training.rows import read

ROOT = Path(__file__).parents[1]
POSTS = ROOT / "tests" / "judged" / "shown.jsonl"
DOCUMENT = ROOT / "docs" / "judgement.md"
BEGINS = "<!-- sixty posts: written by `python -m training.show` -->"
ENDS = "<!-- the end of the sixty posts -->"
HEAD = (
    "| | what it is | the post | figure | verdict | on which words, or what was heard | reasons | but |\n"
    "|---|---|---|---|---|---|---|---|"
)
MOST = 280
"""Characters of a post that are shown."""
MARKUP = re.compile(r"[\\`*_{}\[\]<>#|~&$]")
"""Signs by which Markdown, or HTML in it, could take a customer's words for something else."""


@dataclass(frozen=True, slots=True)
class Post:
    """A post with the right verdict, as its author meant it. `kind` says in a word or two what it is an example of."""

    text: str
    label: bool
    kind: str
    stars: float | None = None
    expected: tuple[str, ...] = ()
    """Of a complaint: the expectations that may rightly be named first."""
    false_reasons: tuple[str, ...] = ()
    """Reasons that a reader found untrue of it, as they are told."""

    @property
    def mention(self) -> Mention:
        rating = Rating(self.stars) if self.stars is not None else None
        return Mention("shown", "", self.text, rating=rating)


def main() -> None:
    argparse.ArgumentParser(
        prog="python -m training.show", description=__doc__.partition("\n")[0]
    ).parse_args()
    block = shown(posts())
    DOCUMENT.write_text(put(DOCUMENT.read_text("utf-8"), block), "utf-8")
    print(re.sub(r"\*\*", "", block.partition("\n\n")[0]))


def posts(path: Path = POSTS) -> list[Post]:
    return [
        Post(
            row["text"],
            bool(row["label"]),
            row["kind"],
            row.get("stars"),
            tuple(row.get("expected", ())),
            tuple(row.get("false_reasons", ())),
        )
        for row in read(path)
    ]


def shown(of: Sequence[Post]) -> str:
    """The count and the table, as Markdown."""
    verdicts = judged(of)
    rows = [row(number, *pair) for number, pair in enumerate(zip(of, verdicts, strict=True), 1)]
    return "\n".join([count(of, verdicts), "", HEAD, *rows])


def judged(of: Sequence[Post]) -> list[Verdict]:
    """With no settings: the judge as it comes, at normal sensitivity."""
    mentions = [post.mention for post in of]
    normal = THRESHOLDS[Sensitivity.NORMAL]
    return [
        verdict(mention, opinions, threshold=normal)
        for mention, opinions in zip(mentions, judge_of(None).judge(mentions), strict=True)
    ]


def count(of: Sequence[Post], verdicts: Sequence[Verdict]) -> str:
    pairs = list(zip(of, verdicts, strict=True))
    found = [(post, said) for post, said in pairs if post.label and said.is_complaint]
    missed = sum(post.label and not said.is_complaint for post, said in pairs)
    alarms = sum(said.is_complaint and not post.label for post, said in pairs)
    named = sum(names_rightly(post, said) for post, said in found)
    untruly = sum(bool(untrue(post, said)) for post, said in pairs)
    return (
        f"**Right in {len(pairs) - missed - alarms} of {len(pairs)}.** Of {len(found) + missed} complaints it"
        f" found {len(found)} and missed {missed}; of the other {len(pairs) - len(found) - missed} it took"
        f" {alarms} for complaints. Of the {len(found)} found, the expectation it names first is a"
        f" right one in {named}. A reason is untrue of {untruly} of all."
    )


def row(number: int, post: Post, said: Verdict) -> str:
    kind = f"{post.kind}, {post.stars:g} of 5 stars" if post.stars is not None else post.kind
    told = (
        f"**complaint**, {said.severity}" if said.is_complaint else f"no: {said.kind}" if said.kind else "no"
    )
    cells = [
        str(number),
        kind,
        safe(post.text, MOST),
        figure(said.complaint),
        told,
        words(said),
        "; ".join(map(escaped, reasons(said))),
        otherwise(post, said),
    ]
    return f"| {' | '.join(cells)} |"


def words(said: Verdict) -> str:
    """Of a complaint the broken expectations; else the first that was heard, for a complaint or against."""
    items = said.expectations if said.is_complaint else [item for item in said.evidence if item.words][:1]
    told = "; ".join(f"`{item.signal}` “{safe(item.words, MOST)}”" for item in items)
    return f"heard: {told}" if told and not said.is_complaint else told


def reasons(said: Verdict) -> list[str]:
    praise = ["praise"] if said.praise else []
    staff = [f"names {' and '.join(said.staff)}"] if said.staff else []
    return [*said.reasons, *praise, *staff]


def names_rightly(post: Post, said: Verdict) -> bool:
    return bool(said.expectations) and said.expectations[0].signal in post.expected


def untrue(post: Post, said: Verdict) -> list[str]:
    """Of the reasons that are told, those that a reader found untrue."""
    return [reason for reason in reasons(said) if reason in post.false_reasons]


def otherwise(post: Post, said: Verdict) -> str:
    """What is wrong with the verdict, and with its reasons."""
    wrong = []
    if post.label and not said.is_complaint:
        wrong.append("✗ **missed**")
    elif said.is_complaint and not post.label:
        wrong.append("✗ **false alarm**")
    elif post.label and not names_rightly(post, said):
        wrong.append(f"✗ {' or '.join(f'`{key}`' for key in post.expected)}")
    wrong += [f"✗ untrue: {escaped(reason)}" for reason in untrue(post, said)]
    return "; ".join(wrong)


def safe(text: str, limit: int) -> str:
    """A customer's words as words, whatever signs stand in them: on one line, at most `limit` characters."""
    return escaped(line(text, limit))


def escaped(text: str) -> str:
    return MARKUP.sub(r"\\\g<0>", text)


def put(document: str, block: str) -> str:
    """`document` with `block` between the two marks. Raises SystemExit where they do not stand there once each."""
    before, begins, rest = document.partition(BEGINS)
    _, ends, after = rest.partition(ENDS)
    if not (begins and ends) or BEGINS in rest or ENDS in before + after:
        raise SystemExit(
            f"docs/judgement.md: the table belongs between two lines, each there once: put\n{BEGINS}\n{ENDS}"
        )
    return f"{before}{BEGINS}\n\n{block}\n\n{ENDS}{after}"


if __name__ == "__main__":
    main()
