"""Trains what a post is that is no complaint: `python -m training.kinds`.

    own text + kinds.jsonl -> five held-out parts -> from which likelihood on a kind is named -> table of topics

Complaints are shown too, as a label of their own. No other data is read, and the same weights come out every time.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from monitor.scoring.kind import COMPLAINT, likeliest
from monitor.scoring.topics import WEIGHTS, Table
from training import threads
from training.rows import Row, own, read
from training.topics import fit, odds

MORE = Path(__file__).parent / "kinds.jsonl"
"""Text of kinds that own text has little of; the complaint judge is not trained on it."""
ROWS = 12_000
STRENGTH = 20.0
AMONG_COMPLAINTS = 0.3
"""What a complaint counts beside a text of another kind: a good judge of complaints was asked before."""
RIGHT = 0.76
"""Of the held-out texts that are named a kind, at least so many must be of it: a little over three quarters."""
FEWEST = 15
"""Texts that must have been named a kind before it can be said how often that is right."""
PARTS = 5
THREADS = 1

KINDS: Mapping[str, str] = {
    # as they are called
    "wish": "wish", "question": "question", "bystander": "bystander", "news": "news", "own": "own", "job": "job",
    "spam": "spam", "resolved": "resolved", "praise": "praise", "thanks": "thanks", "chat": "chat", "irony": "irony",
    "info": "info",
    # what cannot be told apart from these, under the names that several writers gave it
    "neutral": "info", "helpful": "info", "thirdparty": "chat", "opinion": "chat", "denial": "praise",
    "review": "praise", "praise_wish": "wish", "kept": "praise", "ontime": "praise", "quickrefund": "praise",
    "update": "praise", "company": "own", "howto": "info", "joke": "chat", "chore": "chat", "ownmistake": "chat",
    "presale": "question", "release": "bystander", "stock": "news", "brand_neutral": "bystander",
    "ironic_life": "irony", "suggestion": "wish", "tech_statement": "info",
    # reviews, which begin with what is reviewed
    "happy": "praise", "mixed_ok": "praise", "notes_ok": "praise",
    # a stream of posts on a brand of phones, ...
    "s1_casual_mention": "bystander", "s1_compare_opinion": "chat", "s1_developer_event": "bystander",
    "s1_joke": "chat", "s1_launch_hype": "bystander", "s1_question": "question", "s1_rumour_news": "news",
    "s1_stock_business": "news", "s1_tip_share": "info",
    # ... of a forum for makers of apps, ...
    "s2_explanation": "info", "s2_feature_request": "wish", "s2_technical_statement": "info",
    # ... and of everything else
    "s3_everyday_neutral": "chat", "s3_film_celebrity": "chat", "s3_football_sport": "chat", "s3_irony_life": "irony",
    "s3_motivation": "chat", "s3_politics_news": "chat", "s3_song_lines": "chat",
}  # fmt: skip
"""The kinds that own text names -> those that are told apart."""
FILES: Mapping[tuple[str, str], str] = {("local", "own"): "chat", ("mild_b", "thanks"): "praise"}
"""Where a file means something else by a kind: the writer's own fault; praise of others."""


ALSO_RIGHT = ("irony", "chat")
"""Irony about life is talk about something else: it is not wrong to call it so."""


def kind_of(row: Row) -> str | None:
    """What is to be learned of a text of own text; None where its kind has no place in the table."""
    if row.label:
        return COMPLAINT
    file = row.id.split("-")[1]
    kind = row.kind.partition("_")[2] if file == "reviews" else row.kind
    return FILES.get((file, kind)) or KINDS.get(kind)


def shown() -> tuple[list[str], list[str]]:
    """Texts and their kinds. Says which kinds it does not know."""
    rows = [(row.text, kind_of(row)) for row in own()]
    unknown = {row.kind for row in own() if kind_of(row) is None}
    if unknown:
        print(f"left out, not in KINDS: {', '.join(sorted(unknown))}")
    rows += [(row["text"], KINDS[row["kind"]]) for row in read(MORE)]
    known = [(text, kind) for text, kind in rows if kind]
    return [text for text, _ in known], [kind for _, kind in known]


def table(texts: Sequence[str], kinds: Sequence[str], labels: Sequence[str]) -> Table:
    goal = np.array([[float(kind == label) for label in labels] for kind in kinds])
    weights = np.where(np.array(kinds) == COMPLAINT, AMONG_COMPLAINTS, 1.0)
    return fit(texts, labels, goal, weights, rows=ROWS, strength=STRENGTH, pieces=False)


def held_out(texts: Sequence[str], kinds: Sequence[str], labels: Sequence[str]) -> NDArray[np.float64]:
    """Log-odds of each text, shape (texts, labels), from a table that was not shown it."""
    part = np.random.default_rng(1).permutation(len(texts)) % PARTS
    found = np.zeros((len(texts), len(labels)))
    for left_out in range(PARTS):
        kept, other = np.flatnonzero(part != left_out), np.flatnonzero(part == left_out)
        learned = table([texts[row] for row in kept], [kinds[row] for row in kept], labels)
        found[other] = odds(learned, [texts[row] for row in other])
    return found


def line(right: NDArray[np.bool_], likely: NDArray[np.float64]) -> float:
    """The lowest likelihood from which on at least `RIGHT` of those named a kind are of it, in steps of .01.

    More than 1 where there is none: the kind is never named.
    """
    for least in np.arange(0.25, 1.0, 0.01).round(2):
        named = likely >= least
        if named.sum() >= FEWEST and right[named].mean() >= RIGHT:
            return float(least)
    return 2.0


def agree(truth: NDArray[np.str_], told: NDArray[np.str_]) -> NDArray[np.bool_]:
    called, said = ALSO_RIGHT
    return (truth == told) | ((truth == called) & (told == said))


def report(
    labels: Sequence[str], truth: NDArray[np.str_], told: NDArray[np.str_], named: NDArray[np.bool_]
) -> None:
    """Prints how often each kind is named, how often rightly, and how many of its texts are found."""
    other = truth != COMPLAINT
    print("| kind | texts | named | right | found |\n|---|---|---|---|---|")
    for label in labels:
        if label != COMPLAINT:
            here, so_named = truth == label, named & other & (told == label)
            count, found = so_named.sum(), (here & so_named).sum() / here.sum()
            right = agree(truth, told)[so_named].sum() / max(count, 1)
            print(f"| {label} | {here.sum()} | {count} | {right:.2f} | {found:.2f} |")
    right = agree(truth, told) & named & other
    count = (named & other).sum()
    print(f"| all | {other.sum()} | {count} | {right.sum() / count:.2f} | {right.sum() / other.sum():.2f} |")
    print(f"of {(~other).sum()} complaints {named[~other].mean():.2f} would be named, were they judged none")


def main() -> None:
    asked = argparse.ArgumentParser(prog="python -m training.kinds", description=__doc__.partition("\n")[0])
    asked.add_argument("--out", type=Path, default=WEIGHTS / "kind.npz", help="where the weights go")
    given = asked.parse_args()
    threads.hold(THREADS)
    texts, kinds = shown()
    labels = sorted(set(kinds))
    best, likely = likeliest(held_out(texts, kinds, labels))
    told, truth = np.array(labels)[best], np.array(kinds)
    other, right = truth != COMPLAINT, agree(truth, told)
    told_so = [other & (told == label) for label in labels]
    lines = np.array([line(right[here], likely[here]) for here in told_so])
    report(labels, truth, told, (told != COMPLAINT) & (likely >= lines[best]))
    print("named from:", ", ".join(f"{label} {least:g}" for label, least in zip(labels, lines, strict=True)))
    given.out.parent.mkdir(exist_ok=True)
    np.savez_compressed(given.out, **table(texts, kinds, labels).written(), lines=lines)
    print(f"{given.out}: {given.out.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
