"""What people, models and events write stands on a page as text, whatever it is."""

import json
from collections.abc import Callable

import pytest
from markupsafe import escape

from director.files.context import context_file
from director.goals.submit import submit
from director.office import Office
from director.views.rendered import rendered
from director.words.models import Goal
from tests.web.pages.conftest import Browser, Html

CANARY = "canary"

#: Each would run in a page that shows it as it is.
HOSTILE = [
    "<script>canary()</script>",
    "<ScRiPt src=//canary.example></sCrIpT>",
    "<img src=x onerror=canary()>",
    "<svg onload=canary()>",
    "<svg><script>canary()</script></svg>",
    "<svg><a xlink:href='javascript:canary()'><text y=20>x</text></a></svg>",
    "<svg><animate onbegin=canary() attributeName=x dur=1s>",
    "<body onload=canary()>",
    "<iframe src=javascript:canary()></iframe>",
    "<iframe srcdoc='<script>canary()</script>'></iframe>",
    "<object data=javascript:canary()></object>",
    "<embed src=javascript:canary()>",
    "<a href='javascript:canary()'>x</a>",
    "<form action=javascript:canary()><button>x</button></form>",
    "<button formaction=javascript:canary()>x</button>",
    "<input autofocus onfocus=canary()>",
    "<details open ontoggle=canary()>x</details>",
    "<video><source onerror=canary()></video>",
    "<math href='javascript:canary()'>x</math>",
    "<style>@import '//canary.example'</style>",
    "<link rel=stylesheet href=//canary.example>",
    "<meta http-equiv=refresh content='0;url=javascript:canary()'>",
    "<base href=//canary.example>",
    "<template><script>canary()</script></template>",
    "<noscript><p title='</noscript><img src=x onerror=canary()>'>",
    "<div hx-get=/canary hx-trigger=load>x</div>",
    "<div hx-on:click=canary()>x</div>",
    "<div data-hx-get=/canary data-hx-trigger=load>x</div>",
    "<div hx-sse:connect=/canary>x</div>",
    "\"><script>canary()</script>",
    "'><img src=x onerror=canary()>",
    "' onmouseover='canary()",
    "\" autofocus onfocus=\"canary()",
    "</title><script>canary()</script>",
    "</textarea><script>canary()</script>",
    "</main><script>canary()</script>",
    "<!--><script>canary()</script>-->",
    "{{ canary() }}",
    "{% set x = canary() %}",
    "{{ self.__init__.__globals__ }}",
    "[x](javascript:canary())",
    "[x](JaVaScRiPt:canary())",
    "[x](&#106;avascript:canary())",
    "[x](java\tscript:canary())",
    "[x](data:text/html,<script>canary()</script>)",
    "[x](vbscript:canary())",
    "![x](javascript:canary())",
    "![x\" onerror=\"canary()](x)",
    "[x]: javascript:canary()\n\n[x]",
    "<javascript:canary()>",
    "[x](//canary.example 'a' onmouseover='canary()')",
    "```<script>\ncanary()\n```",
    "| a |\n|---|\n| <img src=x onerror=canary()> |",
    "# <svg onload=canary()>",
]  # fmt: skip

#: What a page of ours may hold.
OURS = {
    "html", "head", "meta", "title", "link", "script", "body", "a", "header",
    "nav", "div", "p", "noscript", "main", "h1", "h2",
    "h3", "h4", "h5", "h6", "section",
    "article", "ul", "ol", "li", "span", "strong", "em", "form", "input", "label", "textarea",
    "button", "code", "time", "details", "summary", "svg", "defs", "marker", "path", "rect", "text", "g", "line", "blockquote",
    "table", "thead", "tbody", "tr", "th", "td", "br", "hr", "q", "kbd", "ins", "del", "s", "pre", "select", "option",
    "mark", "small",
}  # fmt: skip


def runs(page: Html) -> list[str]:
    """What on a page would run, load, or send something that is not ours."""
    found = [tag for tag, _ in page.elements if tag not in OURS]
    for tag, attrs in page.elements:
        for name, value in attrs.items():
            said = (value or "").strip().lower()
            if name.startswith("on") or name in ("style", "srcdoc") or ("hx-" in name and CANARY in said):
                found.append(f"{tag} {name}={value}")
            if name in ("href", "src", "action", "formaction", "xlink:href") and not said.startswith(
                ("/", "#", "http", "mailto")
            ):
                found.append(f"{tag} {name}={value}")
    scripts = [attrs.get("src") or "inline" for attrs in page.all("script")]
    found += [source for source in scripts if not source.startswith("/static/page.js?v=")]
    return found + [
        attrs["href"] or "" for attrs in page.all("link") if not (attrs["href"] or "").startswith("/static/")
    ]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_rendered_text_does_nothing(text: str) -> None:
    """Behind Markdown's wall stands another, and what is left is read as text."""
    page = Html(rendered(f"before\n\n{text}\n\nafter"))

    assert runs(page) == []
    assert "before" in page.text
    assert "after" in page.text


def test_hostile_goals_are_read_and_not_run(office: Office, browser: Browser) -> None:
    """On Today, on the goal's page, in the form that could not be taken."""
    for text in HOSTILE:
        goal = submit(office, text)
        page = browser.read(f"/goals/{goal.id}")
        assert runs(page) == []
        assert "canary" in page.text or "self" in page.text
    today = browser.read("/")
    assert runs(today) == []
    again = browser.send("/goals", key="k", text="<script>canary()</script>", budget='"><img src=x onerror=canary()>')
    assert runs(Html(again.text)) == []
    assert str(escape("<script>canary()</script>")) in again.text


def test_hostile_drafts_findings_and_names_are_read_and_not_run(
    office: Office, browser: Browser, finished: Goal, drain: Callable[..., Goal]
) -> None:
    """Whatever a model wrote: the text, the review, the plan, the report, the question, the journal."""
    everything = "\n\n".join(HOSTILE)
    asked = drain(office, submit(office, "Win back lapsed customers", confirm=True))
    with office.store.write() as tx:
        kept = tx.keep(f"# {HOSTILE[0]}\n\n{everything}")
        tx.conn.exec_driver_sql("update drafts set text_hash = ?", (kept,))
        tx.conn.exec_driver_sql("update tasks set brief = ?", (everything,))
        tx.conn.exec_driver_sql("update approvals set question = ?", (everything,))
        tx.conn.exec_driver_sql("update goals set reason = ?", (everything,))
        quoted = [{"severity": "major", "where": f"“{text}”", "what": text, "change": text} for text in HOSTILE]
        found = json.dumps({"findings": quoted, "summary": everything, "certain": HOSTILE})
        tx.conn.exec_driver_sql("update reviews set document = ?", (found,))
        tx.note(finished.id, finished.id, HOSTILE[0], by=HOSTILE[2], detail=everything)
    file = context_file(office.settings)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"## Personas\n\n{everything}")
    question = browser.read("/questions").links()

    paths = ["/", f"/goals/{finished.id}", f"/goals/{asked.id}", f"/tasks/{finished.id}-1", "/questions"]
    paths += [
        f"/tasks/{finished.id}-1/pieces/1/own",
        "/goals",
        "/goals?q=%22%3E%3Cscript%3E",
        "/business",
        "/business/3",
    ]
    assert browser.read(f"/tasks/{finished.id}-1").all("mark")
    for path in [*paths, *[link for link in question if link.startswith("/questions/")]]:
        page = browser.read(path)
        assert runs(page) == [], path
    assert CANARY in browser.read(f"/tasks/{finished.id}-1").text
