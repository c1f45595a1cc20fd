"""Slack's blocks as a page that looks about as Slack shows them: to look at, not to measure."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from chart import chart

Block = dict[str, Any]
EMOJI = {
    "alarm_clock": "⏰",
    "ear": "👂",
    "sunny": "☀️",
    "rotating_light": "🚨",
    "red_circle": "🔴",
    "large_orange_circle": "🟠",
    "large_yellow_circle": "🟡",
    "white_check_mark": "✅",
    "black_circle": "⚫",
    "white_circle": "⚪",
    "handshake": "🤝",
    "zzz": "💤",
    "arrow_double_up": "⏫",
    "warning": "⚠️",
    "bulb": "💡",
    "no_entry": "⛔",
    "newspaper": "📰",
    "telephone_receiver": "📞",
    "speech_balloon": "💬",
    "tada": "🎉",
    "sunflower": "🌻",
    "round_pushpin": "📍",
    "fire": "🔥",
    "bar_chart": "📊",
    "chart_with_upwards_trend": "📈",
    "seedling": "🌱",
    "thread": "🧵",
    "arrows_counterclockwise": "🔄",
}
STYLE = """
body { margin: 0; padding: 1px 0; background: #fff; font: 15px/1.46 Lato, sans-serif;
  color: #1d1c1d; width: fit-content; }
.post { display: flex; gap: 8px; padding: 10px 20px; width: 700px; }
.thread { padding-left: 46px; width: 674px; }
.face { flex: none; width: 36px; height: 36px; border-radius: 4px; background: #4a154b; color: #fff;
  font-weight: 900; text-align: center; line-height: 36px; }
.post > div:last-child { flex: 1; min-width: 0; }
.name { font-weight: 900; } .app { background: #e8e8e8; color: #616061; border-radius: 2px; font-size: 10px;
  font-weight: 700; padding: 1px 3px; margin: 0 4px; vertical-align: 2px; } .at { color: #616061; font-size: 12px; }
.home { padding: 14px 24px; width: 692px; } aside { float: right; margin: 2px 0 0 16px; }
section { margin: 8px 0; overflow: hidden; } .context { color: #616061; font-size: 13px; margin: 6px 0; }
blockquote { margin: 8px 0; padding-left: 16px; border-left: 4px solid #ddd; white-space: pre-wrap; }
.fields { display: grid; grid-template-columns: 1fr 1fr; gap: 8px 16px; margin-top: 8px; max-width: 560px; }
a { color: #1264a3; text-decoration: none; }
.user { background: #e8f5fa; color: #1264a3; border-radius: 3px; padding: 0 2px; }
.buttons { display: flex; flex-wrap: wrap; align-items: flex-start; gap: 8px; margin: 8px 0; position: relative; }
.button { border: 1px solid #bbb; border-radius: 4px; font-weight: 700; padding: 3px 12px; font-size: 14px; }
.primary { background: #007a5a; border-color: #007a5a; color: #fff; }
.menu { border: 1px solid #ddd; border-radius: 6px; box-shadow: 0 4px 12px #0002; padding: 8px 0; width: 220px;
  font-size: 14px; } .menu div { padding: 3px 20px; }
.modal { width: 520px; border-radius: 8px; border: 1px solid #ccc; margin: 20px; box-shadow: 0 8px 30px #0003; }
.modal header { font-size: 22px; font-weight: 900; padding: 18px 24px; border-bottom: 1px solid #ddd; }
.modal main { padding: 10px 24px; } .modal footer { display: flex; justify-content: flex-end; gap: 10px;
  padding: 14px 24px; border-top: 1px solid #ddd; }
label { font-weight: 700; display: block; margin: 14px 0 4px; } label i { color: #616061; font-weight: 400; }
.input { border: 1px solid #999; border-radius: 4px; padding: 8px 12px; min-height: 22px; white-space: pre-wrap; }
ul { margin: 4px 0; padding-left: 26px; } li { margin: 2px 0; } p { margin: 8px 0 4px; }
.chart { border: 1px solid #ddd; border-radius: 8px; padding: 12px 16px; margin: 8px 0; }
.chart b { display: block; margin-bottom: 6px; } .keys { font-size: 12px; color: #616061; }
.keys span { margin-right: 16px; } .keys i { display: inline-block; width: 10px; height: 10px;
  border-radius: 2px; margin-right: 5px; }
.lines { min-height: 66px; } .hint { color: #616061; font-size: 13px; margin: 4px 0; }
"""


def page(*parts: str) -> str:
    """Its title tells how high it is."""
    tall = "<script>document.title = Math.ceil(document.body.getBoundingClientRect().height)</script>"
    return f"<!doctype html><meta charset=utf-8><style>{STYLE}</style><body>{''.join(parts)}{tall}"


def post(
    blocks: list[Block], at: str, people: Mapping[str, str], *, thread: bool = False, menu: bool = False
) -> str:
    inside = "".join(_block(block, people, menu) for block in blocks)
    name = f"<span class=name>Complaint Monitor</span><span class=app>APP</span><span class=at>{at}</span>"
    place = "post thread" if thread else "post"
    return f'<div class="{place}"><div class=face>C</div><div>{name}{inside}</div></div>'


def home(view: Block, people: Mapping[str, str]) -> str:
    return f"<div class=home>{''.join(_block(block, people, False) for block in view['blocks'])}</div>"


def modal(view: Block, people: Mapping[str, str]) -> str:
    inside = "".join(_block(block, people, False) for block in view["blocks"])
    feet = [f"<span class=button>{_plain(view['close'])}</span>"]
    if "submit" in view:
        feet.append(f'<span class="button primary">{_plain(view["submit"])}</span>')
    return (
        f"<div class=modal><header>{_plain(view['title'])}</header><main>{inside}</main>"
        f"<footer>{''.join(feet)}</footer></div>"
    )


def _block(block: Block, people: Mapping[str, str], menu: bool) -> str:
    match block["type"]:
        case "section":
            words = _mrkdwn(block["text"]["text"], people) if "text" in block else ""
            fields = "".join(f"<div>{_mrkdwn(one['text'], people)}</div>" for one in block.get("fields", ()))
            grid = f"<div class=fields>{fields}</div>" if fields else ""
            beside = f"<aside>{_control(block['accessory'], False)}</aside>" if "accessory" in block else ""
            return f"<section>{beside}{words}{grid}</section>"
        case "context":
            return f"<div class=context>{_mrkdwn(block['elements'][0]['text'], people)}</div>"
        case "rich_text":
            return "".join(_rich(part, people) for part in block["elements"])
        case "data_visualization":
            return chart(block)
        case "actions":
            return f"<div class=buttons>{''.join(_control(one, menu) for one in block['elements'])}</div>"
        case "input":
            optional = " <i>(optional)</i>" if block["optional"] else ""
            hint = f"<div class=hint>{_plain(block['hint'])}</div>" if "hint" in block else ""
            return f"<label>{_plain(block['label'])}{optional}</label>{_input(block['element'])}{hint}"
    raise ValueError(f"no picture of {block['type']}")


def _input(element: Block) -> str:
    match element["type"]:
        case "checkboxes":
            box = "☑" if element.get("initial_options") else "☐"
            return f"<div>{box} {_plain(element['options'][0]['text'])}</div>"
        case "datetimepicker":
            at = datetime.fromtimestamp(element["initial_date_time"], ZoneInfo("Europe/London"))
            return f"<div class=input>📅 {at:%d %B %Y} &nbsp; 🕘 {at:%H:%M}</div>"
        case "static_select":
            chosen = element.get("initial_option")
            return f"<div class=input>{_plain(chosen['text']) if chosen else 'Select an item'} ▾</div>"
        case "users_select":
            return "<div class=input>Select a person ▾</div>"
        case _:
            lines = " lines" if element.get("multiline") else ""
            return f'<div class="input{lines}">{html.escape(element.get("initial_value", ""))}</div>'


def _control(one: Block, menu: bool) -> str:
    if one["type"] == "overflow":
        options = "".join(f"<div>{_plain(option['text'])}</div>" for option in one["options"])
        return "<span class=button>⋯</span>" + (f"<div class=menu>{options}</div>" if menu else "")
    return f'<span class="button {one.get("style", "")}">{_plain(one["text"])}</span>'


def _rich(part: Block, people: Mapping[str, str]) -> str:
    if part["type"] == "rich_text_list":
        items = "".join(f"<li>{_inline(item, people)}</li>" for item in part["elements"])
        return f"<ul>{items}</ul>"
    tag = "blockquote" if part["type"] == "rich_text_quote" else "p"
    return f"<{tag}>{_inline(part, people)}</{tag}>"


def _inline(part: Block, people: Mapping[str, str]) -> str:
    return "".join(_piece(element, people) for element in part["elements"])


def _piece(element: Block, people: Mapping[str, str]) -> str:
    match element["type"]:
        case "emoji":
            return EMOJI[element["name"]]
        case "user":
            return f"<span class=user>@{people.get(element['user_id'], element['user_id'])}</span>"
        case "link":
            words = f"<a href='{html.escape(element['url'])}'>{html.escape(element['text'])}</a>"
        case _:
            words = html.escape(element["text"])
    return f"<b>{words}</b>" if element.get("style", {}).get("bold") else words


def _plain(text: Block) -> str:
    return str(text["text"])


def _mrkdwn(text: str, people: Mapping[str, str]) -> str:
    def entity(found: re.Match[str]) -> str:
        inside = found[1]
        if inside.startswith("@"):
            return f"<span class=user>@{people.get(inside[1:], inside[1:])}</span>"
        if inside.startswith("!date"):
            at = datetime.fromtimestamp(int(inside.split("^")[1]), ZoneInfo("Europe/London"))
            return f"{at:%b} {at.day} at {at:%H:%M}"
        url, _, label = inside.partition("|")
        return f"<a href='{url}'>{label or url}</a>"

    shown = re.sub(r"<([^<>]+)>", entity, text)
    shown = re.sub(r":([a-z_]+):", lambda found: EMOJI.get(found[1], found[0]), shown)
    shown = re.sub(r"\*([^*\n]+)\*", r"<b>\1</b>", shown)
    shown = re.sub(r"`([^`\n]+)`", r"<code>\1</code>", shown)
    shown = re.sub(r"(?<!\w)_([^_\n]+)_(?!\w)", r"<i>\1</i>", shown)
    return shown.replace("\n", "<br>")
