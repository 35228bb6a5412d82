"""Text from outside stands between tags it cannot close."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from director.claude.rehearsal.asked import understand
from director.prompting.fences import fence

TAGS = ("goal", "brief", "input", "deliverable", "product_context", "earlier_draft", "notes", "record", "reasons")

#: Ways to write the end of a fence, with TAG for its name.
ENDS = (
    "</TAG>",
    "</ TAG>",
    "</TAG >",
    "</TAG\n>",
    "</\tTAG\t>",
    "</\n\nTAG>",
    "</TAG/>",
    "</TAG x='1'>",
    "</TAG",
    "<</TAG>",
    "<</TAG>/TAG>",
    "</TAG></TAG>",
    "</</TAG>TAG>",
    "<TAG></TAG>",
)


def cased(text: str, choices: list[bool]) -> str:
    return "".join(c.upper() if up else c.lower() for c, up in zip(text, choices, strict=True))


@st.composite
def attacks(draw: st.DrawFn) -> tuple[str, str]:
    """A tag, and a text that tries to close its fence."""
    tag = draw(st.sampled_from(TAGS))
    parts = draw(st.lists(st.text(max_size=20) | st.sampled_from(ENDS) | st.sampled_from("</> \n"), max_size=8))
    text = "".join(parts)
    marks = [m.start() for m in re.finditer("TAG", text)]
    for start in reversed(marks):
        choices = draw(st.lists(st.booleans(), min_size=len(tag), max_size=len(tag)))
        text = text[:start] + cased(tag, choices) + text[start + 3 :]
    return tag, text


@given(attacks())
def test_no_text_closes_its_own_fence(attack: tuple[str, str]) -> None:
    """
    Whatever stands inside, in any case and spacing: a closing tag stands at the end and nowhere else. A longer name is no tag.
    """
    tag, text = attack
    fenced = fence(tag, text)

    closings = list(re.finditer(rf"</\s*{tag}\b", fenced, re.IGNORECASE))
    assert [closing.start() for closing in closings] == [len(fenced) - len(f"</{tag}>")]
    assert fenced.startswith(f"<{tag}>\n")
    assert fenced.endswith(f"\n</{tag}>")


@given(attacks())
def test_no_text_opens_another_fence_of_its_name(attack: tuple[str, str]) -> None:
    """
    A second fence of the same name inside would be taken for the house's own.
    """
    tag, text = attack

    assert len(re.findall(rf"<{tag}", fence(tag, text), re.IGNORECASE)) == 1


@given(attacks())
def test_a_reader_finds_one_fence(attack: tuple[str, str]) -> None:
    """
    Read the way the rehearsal reads requests, there is one fence of that name, up to the end.
    """
    tag, text = attack
    document = {"messages": [{"role": "user", "content": fence(tag, text)}]}

    found = understand(document).all(tag)
    assert len(found) == 1
    assert fence(tag, text) == f"<{tag}>\n{found[0].text}\n</{tag}>" or not found[0].text.strip()


@given(st.text(max_size=100).filter(lambda text: "<" not in text))
def test_ordinary_text_is_not_touched(text: str) -> None:
    """
    A text without angle brackets is shown as it is, trimmed.
    """
    assert fence("input", text) == f"<input>\n{text.strip()}\n</input>"


@pytest.mark.parametrize("text", ["a < b and b > c", "<b>bold</b>", "<html>", "x <- y", "<!-- note -->", "</body>"])
def test_other_tags_are_not_touched(text: str) -> None:
    """
    HTML and arrows inside a fence are only text.
    """
    assert fence("input", text) == f"<input>\n{text}\n</input>"


@given(st.text(max_size=40))
def test_an_attribute_stays_in_its_quotes(value: str) -> None:
    """
    A skill's name cannot end the tag it stands in.
    """
    first = fence("input", "text", by=value).split("\n</input>")[0].removesuffix("\ntext")

    assert re.fullmatch(r'<input by="[^"<>\n]*">', first)
