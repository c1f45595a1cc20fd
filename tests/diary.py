"""Intents of the desk in a few words, for timetables that a person can check."""

from __future__ import annotations

from monitor.core.duties import BrokenPromise, Duty, Escalate, Nudge, Release, Remind, Wake


def told(duty: Duty) -> str:
    match duty:
        case Wake():
            return "wake"
        case Nudge():
            return f"nudge {duty.stage}"
        case BrokenPromise():
            return "broken"
        case Release():
            return f"release {duty.owner}"
        case Escalate():
            marks = " again" * duty.again + " last" * duty.last
            return f"level {duty.level} {'+'.join(duty.why)}{marks}"
        case Remind():
            return f"remind {duty.owner} {duty.why}" if duty.owner else f"remind {duty.why}"
