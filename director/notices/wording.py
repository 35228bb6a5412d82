"""How a notice reads: a title and lines for people, a document for programs. Pure: the same notice reads the same each time."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from director.words.alert import News
from director.words.brand import DEFAULT
from director.words.characters import shortened, visible
from director.words.models import Notice

#: Characters of a title, which is also the subject of a mail.
_TITLE: Final = 120


@dataclass(frozen=True, slots=True)
class Message:
    """A notice as people read it."""

    title: str  #: one line
    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        """The lines below each other."""
        return "\n".join(self.lines)


def message(notice: Notice) -> Message:
    """The notice in words. What came from outside stands in it without controls, and on one line."""
    title, lines = _WORDS[notice.news](notice.data)
    title = title if notice.brand == DEFAULT else f"{notice.brand}: {title}"
    return Message(shortened(_line(title), _TITLE), tuple(_line(line) for line in lines))


def document(notice: Notice) -> dict[str, Any]:
    """The notice as Standard Webhooks has it: type, time, data."""
    return {
        "type": notice.news,
        "timestamp": notice.created_at.isoformat(),
        "data": notice.data if notice.brand == DEFAULT else {**notice.data, "brand": notice.brand},
    }


def _line(text: str) -> str:
    return visible(" ".join(text.split()))


def _raised(data: dict[str, Any]) -> tuple[str, list[str]]:
    return f"Alert: {data['what']}", [
        f"What happened: {data['what']}",
        f"What it costs: {data['costs']}",
        f"What the team does: {data['does']}",
        f"What changes it: {data['command']}",
        *_in_a_browser(data),
        f"({data['alert']}, {data['rule']}, since {_moment(data['raised_at'])})",
    ]


def _resolved(data: dict[str, Any]) -> tuple[str, list[str]]:
    lasted = datetime.fromisoformat(data["resolved_at"]) - datetime.fromisoformat(data["raised_at"])
    return f"Over: {data['what']}", [
        f"It is over since {_moment(data['resolved_at'])}, after {_length(lasted)}.",
        f"What happened: {data['what']}",
        f"({data['alert']}, {data['rule']}, raised {_moment(data['raised_at'])})",
    ]


def _morning(data: dict[str, Any]) -> tuple[str, list[str]]:
    done, questions = data["done"], data["questions"]
    lines = [f"From {_moment(data['since'])} to {_moment(data['until'])}."]
    if done:
        lines.append("Done:")
        lines += [
            f"- {goal['goal']}, {goal['state']}: {goal['text']} ({goal['report'] or 'no report'})" for goal in done
        ]
    if data["more_done"]:
        lines.append(f"- and {data['more_done']} more")
    lines.append(
        f"Spent: {data['spent']}" + (f"; rehearsed, not paid: {data['rehearsed']}." if data["rehearsed"] else ".")
    )
    if questions:
        lines.append("Waits for you:")
        for one in questions:
            lines += [f"- {one['question']} Answer: {one['command']}", *_in_a_browser(one)]
    if data["more_questions"]:
        lines.append(f"- and {data['more_questions']} more")
    if data["alerts"]:
        lines.append(f"Open alerts: {', '.join(data['alerts'])}.")
    finished = len(done) + data["more_done"]
    asked = len(questions) + data["more_questions"]
    return f"{data['day']}: {finished} done, {data['spent']} spent, {asked} waiting for you", lines


def _in_a_browser(asked: dict[str, Any]) -> list[str]:
    return [f"In a browser: {asked['link']}"] if "link" in asked else []


def _test(data: dict[str, Any]) -> tuple[str, list[str]]:
    return "A test notice", [f"This is a test: {data['said']}"]


_WORDS: Final = {
    News.RAISED: _raised,
    News.RESOLVED: _resolved,
    News.MORNING: _morning,
    News.TEST: _test,
}


def _moment(text: str) -> str:
    return f"{datetime.fromisoformat(text):%Y-%m-%d %H:%M} UTC"


def _length(lasted: timedelta) -> str:
    minutes, seconds = divmod(int(lasted.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min" if minutes else f"{seconds} s"
