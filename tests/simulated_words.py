"""What the customers of Pocketbarn say, for `simulated_year`: nobody in it exists."""

from __future__ import annotations

import random
from collections.abc import Sequence

BRANCHES = """
Harbour Lane
Mill Road
Old Quay
Northgate
Plum Street
Riverside
Westfield
Hilltop
""".strip().splitlines()
OPENERS = """
So this happened on Tuesday.
I rarely write these.
Third season with them.
A word to whoever runs this.
My neighbour told me to post this.
Not what I signed up for.
Long story.
I had hoped for better.
This was for my mother's garden.
Half a day gone.
We planned the whole weekend around it.
Somebody there should read this.
Honest opinion after a month.
First and last time.
Well.
I keep giving them chances.
Let me tell you about the hedge trimmer.
Posting here since nobody answers.
""".strip().splitlines()
ENDERS = """
I would like my morning back.
Will try the shop down the road.
What a pity.
Please fix this.
Two stars for the colour.
My sister had the same in {where}.
Never again before {n} days have passed.
The {thing} deserves a better owner.
Anybody else?
I kept the receipt from {where}.
Sad, because the idea is lovely.
The weeds won.
Now I own a {thing} instead.
Do better.
I am {n} and patient, and even so.
You have my number.
Rant over.
""".strip().splitlines()
THINGS = """
hedge trimmer
wheelbarrow
chipper
leaf blower
scarifier
hand tiller
pole saw
pressure washer
lawn roller
post digger
log splitter
seed spreader
rotavator
edging spade
ladder
chain saw
compost sieve
water pump
""".strip().splitlines()
OTHER = """
Anyone tried the {thing} from Pocketbarn yet?
Pocketbarn has a {thing} on offer at {where}.
Picked up a {thing} today, sun is out.
Lovely people at {where}, the {thing} ran all day.
Is {where} open on Sunday?
Borrowed a {thing}, returned a {thing}, all good.
A dark mode would be nice when I look for a {thing}.
Day {n} of the garden: {thing} time.
""".strip().splitlines()
OUTAGE = """
the app says no connection whatever I tap
cannot open the locker, app just spins
booking page is blank since this morning
it logs me out every {n} seconds
every {thing} shows as unavailable and support has no idea
server error on the {thing} page
standing at {where} and the code never arrives
payment hangs, {thing} stuck in the locker
""".strip().splitlines()
PRICE = """
the {thing} went up by {n} per cent overnight
my plan doubled and nobody asked me
{n} more a month for the same {thing}
the new fee at {where} is a joke
they took the free hours out of my plan
paying more for a {thing} than it costs to buy
""".strip().splitlines()
RELEASE = "since the update it closes as soon as I open the map of lockers"
_GRIEVANCES = """
reliability: the {thing} died after {n} minutes and the spare was no better
reliability: the booking for the {thing} vanished from my list
reliability: my {thing} came without its blade and without a word
reliability: the locker at {where} would not open for my {thing}
reliability: the {thing} I reserved was simply not there when I came
promptness: I waited {n} minutes for the {thing} while two people chatted
promptness: nobody rang back about the {thing} in {n} days
promptness: the {thing} arrived {n} hours after the slot they gave me
promptness: still no answer on my {thing} since {where} closed
communication: not one message told me that the {thing} was delayed
communication: I learned from a stranger at {where} that my {thing} was gone
communication: they changed my pickup of the {thing} and kept it to themselves
fairness: they charged me {n} coins extra for a {thing} I returned on time
fairness: the deposit on the {thing} never came back from {where}
fairness: a cleaning fee of {n} for a {thing} that was spotless
respect: the man at {where} laughed when I asked about the {thing}
respect: I was spoken to like a child over a {thing}
respect: rolling eyes at {where} because my {thing} had mud on it
follow_through: they swore the {thing} would be mended by {n} o'clock and it was not
follow_through: the promised voucher for the {thing} never came
follow_through: {n} times they said the {thing} was on its way
clarity: no two pages agree on what a {thing} costs per day
clarity: the rules for returning a {thing} at {where} are a riddle
expertise: nobody at {where} could tell a {thing} from a shovel
expertise: they fitted the wrong chain to my {thing}
alternatives: no {thing} and no offer of anything else either
alternatives: take it or leave it was all {where} had to say on the {thing}
listening: I explained the {thing} {n} times and got the same canned line
authority: the clerk at {where} was not allowed to decide anything about my {thing}
advocacy: all {where} did was defend the firm over one broken {thing}
""".strip().splitlines()
GRIEVANCES: dict[str, list[str]] = {}
for _line in _GRIEVANCES:
    _key, _, _text = _line.partition(": ")
    GRIEVANCES.setdefault(_key, []).append(_text)


class Words:
    """Texts in which no two people say quite the same, unless they mean to."""

    def __init__(self, rng: random.Random, places: Sequence[str]) -> None:
        self._rng = rng
        self._places = places

    def fill(self, text: str) -> str:
        if "{" not in text:
            return text
        pick = self._rng.choice
        return text.format(thing=pick(THINGS), where=pick(self._places), n=self._rng.randint(2, 95))

    def complaint(self, keys: Sequence[str], core: str | None = None) -> str:
        pick = self._rng.choice
        core = core or pick(GRIEVANCES[keys[0]] if keys else GRIEVANCES["listening"])
        more = f" And {pick(GRIEVANCES[keys[1]])}." if len(keys) > 1 else ""
        start = pick(OPENERS) if self._rng.random() < 0.7 else ""
        end = pick(ENDERS) if self._rng.random() < 0.7 else ""
        return self.fill(f"{start} {core}.{more} {end}".strip())

    def other(self) -> str:
        return self.fill(self._rng.choice(OTHER))
