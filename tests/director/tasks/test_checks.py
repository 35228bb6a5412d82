"""The certain checks, each both ways: what they find, and what they leave in peace."""

import re
from dataclasses import replace

import pytest

from director.catalog import Catalog
from director.prompting import pieces
from director.prompting.drafting import LONGEST_DRAFT, requirements
from director.tasks.checks import faults, is_empty
from director.words.settings import Settings
from pipelines.plan import PlannedTask, Size
from skills.loader import Skill
from tests.conftest import A_REPORT, A_TASK

SKILLS = Catalog(Settings()).roster.skills

#: A skill with a page's worth of demands.
SKILL = replace(
    SKILLS["copywriting"],
    minimum_words=120,
    required_sections=("Decided", "Page copy", "Assumptions and open facts"),
)

#: Ordinary work of that skill, as a colleague would hand it in.
PAGE = """# Gnomeland: the page of the singing gnome

## Decided

Reader: somebody with a balcony and no garden, who came from a search for "gift for gardeners". The one action is to
order a singing gnome before Mother's Day. The one idea: a gnome that sings when it rains, so that rain is good news.

<piece title="The singing gnome's page">
## 2. **Page copy**

### Rain is when the show begins

Every gnome is fired twice, painted by hand in Thuringia, and tuned to sing in the rain. It survives frost [needs
source] and the neighbours.

**Button:** Order a singing gnome

| objection | answer |
|---|---|
| It will be loud | It sings for nine seconds, then waits an hour. |
| It will crack | It spent a winter on the roof of our workshop. |
</piece>

## Assumptions and open facts:

- Assumption: orders close five working days before the day itself.
- Open: delivery to islands [needs source].
"""

#: One of each kind. Put together here, so that no scanner takes this file for a leak.
KEYS = {
    "an Anthropic key": "sk-" + "ant-api03-" + "hT7bQ2vXw9LmZr4KpYc8NdFs",
    "an OpenAI key": "sk-" + "proj-" + "Zx81kLmQp0vBnY72HsTgRw45",
    "a Stripe key": "sk_" + "live_" + "4eC39HqLyjWDarjtT1zdp7dc",
    "a restricted Stripe key": "rk_" + "test_" + "4eC39HqLyjWDarjtT1zdp7dc",
    "an AWS key": "AKIA" + "IOSFODNN7EXAMPLE",
    "a temporary AWS key": "ASIA" + "IOSFODNN7EXAMPLE",
    "a GitHub token": "ghp_" + "16C7e42F292c6912E7710c838347Ae178B4a",
    "a fine-grained GitHub token": "github_" + "pat_11ABCDEFG0aBcDeFgHiJkL_mNoPqRsTuVwXyZ0123456789abcdef",
    "a Google key": "AIza" + "SyA-1234567890abcdefghijklmnopqrstu",
    "a Slack token": "xoxb-" + "123456789012-abcdefABCDEF",
    "a private key": "-----BEGIN " + "RSA PRIVATE KEY-----",
    "an OpenSSH key": "-----BEGIN " + "OPENSSH PRIVATE KEY-----",
    "a password in an address": "postgresql://gnome:" + "s3cret-garden@db.example.com/gnomes",
    "a signed token": "eyJhbGciOiJIUzI1NiJ9." + "eyJzdWIiOiJnbm9tZSJ9." + "dGhlLXNpZ25hdHVyZS1vZi1nbm9tZXM",
    "a bearer token": "Authorization: Bearer " + "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b",
    "a SendGrid key": "SG." + "ngeVfQFYQlKU0ufo8x5d1A." + "TwL2iGABf9DHoTf-09kqeF8tAmbihYzrnopKc-1s5cr",
    "a Troupe token": "troupe_" + "0bq3Zb_Xw5uXcT1-9gnGkqQm2fE7hVYpRjLsKdAoMiw",
    "a HubSpot token": "pat-" + "na1-" + "1b2c3d4e-5f60-7182-93a4-b5c6d7e8f901",
    "a Mailchimp key": "0123456789abcdef" + "0123456789abcdef" + "-us12",
}

#: What writers leave for later.
LEFT_OVER = (
    "Lorem ipsum dolor sit amet.",
    "Price: TBD",
    "TODO: find a quote",
    "FIXME before Monday",
    "Call us at XXX-XXXX",
    "Dear [Name],",
    "[Company] helps gardeners.",
    "[Company Name] helps gardeners.",
    "Best, [Your name]",
    "Ask [your account manager] for it.",
    "[Insert testimonial]",
    "[insert quote from a customer here]",
    "[placeholder]",
    "See [Product] at work.",
    "Here we insert a customer quote here.",
    "Hello <your name>,",
    "<insert headline>",
    "Hi {{first_name}}, how is your gnome?",
    "[{{first_name}}, this is for you](/gnomes)",
    "[Before you switch]({{}}) is a page.",
    "[Before you switch]({{link to the page}} is a page.",
    "[Before you switch] ({{link to the page}})",
    "[Before you switch](insert link here)",
    "[Before you switch](TBD)",
)

#: Sentences of ordinary marketing work that look a little like them.
ORDINARY = (
    "In the example the broker is amqp://guest:guest@localhost:5672, as a fresh one is.",
    "Open [your dashboard](https://app.example.com/dashboard) and look at the gnomes.",
    "Read [Product tour](https://example.com/tour) first, then [company news](/news).",
    "The link reads [Name your price](/pricing).",
    "See [your invoice][1] for details.\n\n[1]: https://example.com/invoice",
    "A todo list for gardeners, shared with the neighbours.",
    "Todoist and Trello are what they use today.",
    "Sizes from XS to XXL and XXXL.",
    "Insert the battery, close the lid, and it sings.",
    "Your name stands on the base, if you like.",
    "- [ ] Ask three customers\n- [x] Photograph the gnome",
    "As one buyer said: \u201c[The gnome] changed our balcony\u201d [needs source].",
    "The footnote[1] names the source; [2] is the roof test.",
    "Write to hello@example.com or see https://example.com:8443/gnomes?utm_source=mail&utm_medium=email#sing.",
    "Follow us at https://mastodon.example/@gnomeland and on http://localhost:8000/preview.",
    "The event is `sign_up_completed` with the properties `plan_name` and `skill_id`.",
    "The risk-reversal guarantee: send it back within 30 days.",
    "Task-based pricing, pick-and-pay gnomes, desk-sized ones.",
    "The page lives at /blog/sk-sprievodca-darcekmi-pre-zahradkarov for Slovakia.",
    "Experiment id: exp_2026_11_singing_gnome_hero_v2_all_visitors_desktop_mobile.",
    "Commit 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b shipped the page.",
    "The order id 1b2c3d4e-5f60-7182-93a4-b5c6d7e8f901 is a test order.",
    "Tracking id GTM-AB12CD3, property G-1A2B3C4D5E.",
    "Write `Hi {{first_name}},` (fallback: no name).",
    "Read [Before you switch]({{link to the page}}) first.",
    "Read [Before you switch](<{{link to the page}}>), or [stop these mails](https://{{site}}/stop?who={{id}}).",
    "```text\nHi {{first_name}},\n\nyour gnome {{gnome.name}} sings.\n```",
    "~~~\nHi {{first_name}},\n~~~",
    '```json\n{"@type": "Product", "name": "{{product.name}}", "sku": "[sku]"}\n```',
    "```js\nconst field = document.querySelector(\"input[name='email']\");\n```",
    "The selector is `input[name=email]`, the list `items[product]`.",
    "```python\n# TODO list items are counted once\ncount(items)\n```",
)


def found(text: str, skill: Skill = SKILL, task: PlannedTask = A_TASK, *, cut_off: bool = False) -> tuple[str, ...]:
    return faults(text, skill, task, cut_off=cut_off)


def with_line(line: str) -> str:
    return PAGE.replace("**Button:**", f"{line}\n\n**Button:**")


def test_ordinary_work_has_no_faults() -> None:
    """
    Numbered and bold titles, a colon behind one, tables, `[needs source]`: all of it is fine.
    """
    assert found(PAGE) == ()


@pytest.mark.parametrize("line", ORDINARY)
def test_ordinary_marketing_text_raises_no_alarm(line: str) -> None:
    """
    A false alarm sends good work back for nothing and costs a draft.
    """
    assert found(with_line(line)) == ()


def test_a_text_that_was_cut_off_is_found() -> None:
    """
    A draft that ran out of room goes back, however good it looks.
    """
    (fault,) = found(PAGE, cut_off=True)

    assert fault.startswith("The document stops before its end")


@pytest.mark.parametrize(
    "end",
    [
        "Then it sings and",
        "It sings,",
        "It has a hat (",
        "What it costs:",
        "- It sings\n-",
        "1. It sings\n2.",
        "It wears a",
    ],
)
def test_a_text_that_ends_in_the_middle_is_found(end: str) -> None:
    """
    Also where the service did not say that it was cut off.
    """
    (fault,) = found(f"{PAGE.rstrip()}\n\n{end}\n")

    assert fault.startswith("The document stops before its end")


@pytest.mark.parametrize(
    "end", ["Begin with variant A", "- A/B test: plan A", "Its hat", "| a | b |\n|---|---|\n| 1 | 2 |"]
)
def test_a_text_that_ends_without_a_full_stop_is_whole(end: str) -> None:
    """
    The last line of a handover is often a name.
    """
    assert found(f"{PAGE.rstrip()}\n\n{end}\n") == ()


def test_too_few_words_are_found() -> None:
    """
    The skill's minimum itself is enough; a word less is not, and both numbers are said.
    """
    words = pieces.words(PAGE)

    assert found(PAGE, replace(SKILL, minimum_words=words)) == ()
    (fault,) = found(PAGE, replace(SKILL, minimum_words=words + 1))
    assert f"{words} words" in fault
    assert str(words + 1) in fault


def test_a_text_without_a_heading_is_found() -> None:
    """
    Bold lines and hashtags are no headings.
    """
    skill = replace(SKILL, minimum_words=1, required_sections=())

    assert found("# Gnomes\n\nThey sing.", skill, A_REPORT) == ()
    assert found("###### Gnomes ######\n\nThey sing.", skill, A_REPORT) == ()
    for text in ("**Gnomes**\n\nThey sing.", "#gnomes sing", "Gnomes\n\nare # one."):
        (fault,) = found(text, skill, A_REPORT)
        assert fault.startswith("The document has no heading")


@pytest.mark.parametrize("title", SKILL.required_sections)
def test_a_missing_section_is_found_by_name(title: str) -> None:
    """
    Each section the skill requires is asked for by its title.
    """
    (fault,) = found(re.sub(rf"(?m)^## .*{re.escape(title)}.*$", "## Something else", PAGE))

    assert fault.startswith(f"Required sections are missing: {title}.")


@pytest.mark.parametrize(
    "heading",
    ["## page COPY", "## 2. Page copy", "## 2) Page copy", "### **Page copy**", "## Page copy:", "## Page copy ##"],
)
def test_a_section_is_known_however_it_is_dressed(heading: str) -> None:
    """
    Case, numbers, bold type, a colon and closing marks do not make another section.
    """
    assert found(PAGE.replace("## 2. **Page copy**", heading)) == ()


@pytest.mark.parametrize("heading", ["## Page copy, first part", "## The Page copy", "**Page copy**", "Page copy\n---"])
def test_another_title_is_another_section(heading: str) -> None:
    """
    Others look for the exact title.
    """
    assert len(found(PAGE.replace("## 2. **Page copy**", heading))) == 1


@pytest.mark.parametrize("kind", KEYS)
def test_a_key_is_found(kind: str) -> None:
    """
    A secret must not leave the house, in prose, in code or in a link; the note does not repeat it.
    """
    key = KEYS[kind]
    for line in (f"Use {key} for the export.", f"```\nKEY={key}\n```", f"It is `{key}`."):
        alarms = found(with_line(line))
        assert alarms, line
        assert all(alarm.endswith("leave it out.") for alarm in alarms)
        assert key not in " ".join(alarms)


@pytest.mark.parametrize("line", LEFT_OVER)
def test_placeholder_text_is_found(line: str) -> None:
    """
    What was left for later is named, so that its author finds it.
    """
    (fault,) = found(with_line(line))

    assert fault.startswith("Placeholder text was left in: ")


@pytest.mark.parametrize(
    "line", ["Lorem ipsum dolor sit amet.", "Subject: TBD", "Best,\n[Your name]", "[Insert offer here]"]
)
def test_placeholder_text_in_a_fenced_letter_is_found(line: str) -> None:
    """
    Emails stand in fenced blocks exactly as they are sent; there only merge fields may stay open.
    """
    assert len(found(with_line(f"```text\nHi {{{{first_name}}}},\n\n{line}\n```"))) == 1


def test_a_whole_document_in_a_fence_hides_nothing() -> None:
    """
    Models like to wrap what they write; what was left open in it is still found.
    """
    wrapped = f"```markdown\n{with_line('Price: TBD')}```\n"

    assert any("TBD" in fault for fault in found(wrapped))


def test_all_faults_are_named_at_once() -> None:
    """
    An author who gets one fault at a time needs a revision for each.
    """
    text = f"Price: TBD. The key is {KEYS['a Stripe key']}."
    kinds = [fault.split()[0:2] for fault in found(text, cut_off=True)]

    assert len(kinds) == 7


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n\t\n",
        "#",
        "# \n\n## \n",
        "---",
        "> \n> ",
        "- \n* ",
        "``` \n```",
        "**  **",
        "_",
        "# \u200b\n\u2060",
        '<piece title="A">\n</piece>',
        "<!-- later -->",
        "&nbsp;\n\n<br>",
        "| | |\n|---|---|",
        "+\n1.\n",
    ],
)
def test_a_text_that_says_nothing_is_empty(text: str) -> None:
    """
    Markup alone is nothing to judge.
    """
    assert is_empty(text)


@pytest.mark.parametrize("text", ["No.", "# Gnomes", "| a |", "1", "…", "ツ"])
def test_a_text_that_says_anything_is_not_empty(text: str) -> None:
    """
    However little it is, somebody can judge it.
    """
    assert not is_empty(text)


def examples(skill: Skill) -> list[str]:
    """Snippets a writer would copy: fenced blocks with their fences, inline code, quoted words, list items and table rows."""
    text = skill.text
    blocks = re.findall(r"(?ms)^```.*?^```", text)
    prose = re.sub(r"(?ms)^```.*?^```", "", text)
    rows = [line for line in prose.splitlines() if line.lstrip().startswith(("|", ">"))]
    return [*blocks, *re.findall(r"`[^`\n]+`", prose), *re.findall(r"[\"“][^\"”\n]{3,200}[\"”]", prose), *rows]


@pytest.mark.parametrize("name", SKILLS)
def test_what_a_skill_shows_as_an_example_may_be_written(name: str) -> None:
    """
    A specialist that follows its own SKILL.md to the letter is not sent back for it.
    """
    skill = replace(SKILLS[name], minimum_words=1, required_sections=())
    alarms = {snippet: found(f"# Work\n\n{snippet}\n", skill, A_REPORT) for snippet in examples(skill)}

    assert {snippet: alarm for snippet, alarm in alarms.items() if alarm} == {}


def test_a_heading_in_code_is_no_heading() -> None:
    """
    A section that is only shown as an example is missing.
    """
    page = PAGE.replace("## Decided\n", "```markdown\n## Decided\n```\n", 1)

    assert "Required sections are missing: Decided. Use exactly these `## ` titles." in faults(
        page, SKILL, A_TASK, cut_off=False
    )


def test_a_fence_that_is_not_closed_hides_nothing() -> None:
    """
    It is a slip, and the rest of the document would otherwise be taken for code that may say TODO.
    """
    (*_, last) = faults(f"{PAGE}\n```json\nTODO\n", SKILL, A_TASK, cut_off=False)

    assert last == "Placeholder text was left in: 'TODO'. Write what belongs there."


def test_of_a_draft_that_is_too_long_nothing_else_is_said() -> None:
    """
    It is not read, so what else is wrong with it is not known; one of the longest allowed length is.
    """
    assert faults("[your " * (LONGEST_DRAFT // 6 + 1), SKILL, A_TASK, cut_off=True) == (
        "The document has 128,004 characters, and at most 128,000 are read: shorten it.",
    )
    assert len(faults("# a" + " " * (LONGEST_DRAFT - 3), SKILL, A_TASK, cut_off=True)) > 1


def test_a_document_that_is_used_as_a_whole_has_no_pieces() -> None:
    """
    A product context is copied from by section: its skill requires no `Decided`, so nothing is asked to stand in pieces.
    """
    context = SKILLS["product-marketing-context"]
    text = "# Gnomes\n\n" + "\n\n".join(f"## {title}\n\n{'It sings. ' * 40}" for title in context.required_sections)
    told = requirements(context, A_TASK)

    assert context.is_one_document
    assert not SKILLS["copywriting"].is_one_document
    assert "one document that is used as a whole" in told
    assert faults(text, context, A_TASK, cut_off=False) == ()
    assert "at least 900 and at most 2700 do this job" in faults("# Gnomes", context, A_TASK, cut_off=False)[0]
    assert "at least 900 and at most 2700 do this job" in faults(text * 4, context, A_TASK, cut_off=False)[0]


#: Pieces and notes of a task that is a sheet, with room to lengthen either.
SHEET = """# Gnomes

<piece title="Letter">
Dear gnome.{piece}
</piece>

## Decided

One letter each.{notes} {reason}

## Page copy

None.

## Assumptions and open facts

Gnomes read.
"""


def sheet(*titles: str, piece: int = 0, notes: int = 0, reason: str = "") -> tuple[str, ...]:
    """The faults of such a draft with so many words more, of a task whose plan names these pieces."""
    task = replace(A_TASK, size=Size.SHEET, pieces=titles)
    text = SHEET.format(piece=" gnome" * piece, notes=" gnome" * notes, reason=reason)
    return faults(text, replace(SKILL, minimum_words=10), task, cut_off=False)


def test_a_ceiling_is_held_as_a_minimum_is() -> None:
    """
    Of a sheet 1,000 words in its pieces and 500 in the notes behind them; a little more, as others count, is not sent back.
    """
    assert sheet(piece=900, notes=400) == ()
    assert sheet(piece=1_050, notes=520) == ()
    assert sheet(piece=1_200) == (
        "The pieces have 1202 words together; a sheet has at most 1000: cut what would not be missed.",
    )
    [notes] = sheet(notes=600)
    assert notes.endswith(" words; at most 500: keep what others need to build on.")


def test_a_piece_of_the_plan_is_there_or_its_absence_has_a_reason() -> None:
    """
    By the title the plan gave it, however it is dressed; one that does not apply is named under `## Decided`.
    """
    assert sheet("letter") == ()
    assert sheet("Letter", "Tally sheet", reason="No Tally sheet: nothing is counted.") == ()
    assert sheet("Letter", "Tally sheet") == (
        "Pieces of the plan are missing: Tally sheet. Use exactly these titles, or say under `## Decided` by its title why one "
        "does not apply.",
    )


def test_a_draft_without_pieces_is_told_how_they_are_marked() -> None:
    """
    All of it would be notes, and nothing could be used alone.
    """
    text = SHEET.replace('<piece title="Letter">', "").replace("</piece>", "").format(piece="", notes="", reason="")

    assert any("There is no piece: put what is used" in fault for fault in faults(text, SKILL, A_TASK, cut_off=False))
