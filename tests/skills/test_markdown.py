"""What counts as a heading and as code: the same for whoever asks."""

import pytest
from markdown_it import MarkdownIt

from skills.markdown import Fence, as_line, as_paragraphs, fences, heading, headings, unwrapped


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("# Gnomes", (1, "Gnomes")),
        ("###### \tSinging  gnomes \t", (6, "Singing  gnomes")),
        ("##\tGnomes", (2, "Gnomes")),
        ("## Gnomes ##", (2, "Gnomes")),
        ("## Gnomes # #####  ", (2, "Gnomes #")),
        ("## Gnomes in C#", (2, "Gnomes in C#")),
        ("####### Gnomes", None),
        ("#Gnomes", None),
        (" # Gnomes", None),
        ("##", None),
        ("## ", None),
        ("## ##", None),
        ("Gnomes", None),
        ("", None),
    ],
)
def test_a_heading_is_one_to_six_hashes_a_blank_and_a_title(line: str, found: tuple[int, str] | None) -> None:
    """
    Hashes behind a blank at the end belong to the form, not to the title.
    """
    assert found == heading(line)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a\n```json title=x\nb\n```\nc", [Fence(1, 3, "json", closed=True)]),
        ("```{Python}\n```", [Fence(0, 1, "", closed=True)]),
        ("~~~ YAML{1,2}\n```\n~~~~ \nc", [Fence(0, 2, "yaml", closed=True)]),
        ("````\n```\n````", [Fence(0, 2, "", closed=True)]),
        ("- a\n\n  ```\n  b\n  ```", [Fence(2, 4, "", closed=True)]),
        ("```\na\n```python\nb\n```", [Fence(0, 4, "", closed=True)]),
        ("```a\nb\n", [Fence(0, 2, "a", closed=False)]),
        ("```a``` b\nc", []),
        ("``\na\n``", []),
        ("", []),
    ],
)
def test_a_fence_ends_with_its_own_marks_or_with_the_text(text: str, found: list[Fence]) -> None:
    """
    The same character, at least as often, and nothing behind it. Its language is the first word behind the opening marks.
    """
    assert found == fences(text.split("\n"))


def test_what_looks_like_a_heading_in_code_is_none() -> None:
    """
    Whether the fence is closed or not; the others are told with the number of their line.
    """
    text = "# A\n```sh\n# b\n```\n## C\n~~~\n# d"

    assert [(0, 1, "A"), (4, 2, "C")] == list(headings(text))


@pytest.mark.parametrize(
    ("text", "content"),
    [
        ("```markdown\n# A\n\nb\n```\n", "# A\n\nb"),
        ("```md\n# A\n```", "# A"),
        ("\n```\n# A\n```", "# A"),
        ("~~~\n# A\n~~~", "# A"),
        ("````markdown\n# A\n```\nb\n```\n````", "# A\n```\nb\n```"),
        ("```markdown\n# A\n```json\n{}\n```\n## B\n```", "# A\n```json\n{}\n```\n## B"),
        ("```markdown\n# A\nnot ended", "# A\nnot ended"),
        ("```markdown\n```", ""),
    ],
)
def test_a_text_that_is_one_fence_is_its_content(text: str, content: str) -> None:
    """Whatever stands in it; fences of its own too."""
    assert content == unwrapped(text)


@pytest.mark.parametrize(
    "text",
    [
        "# A\n```\nb\n```",
        "```\na\n```\n# B\n```\nc\n```",
        "```python\n# a\n```",
        "```md\n# A\n```\n# B\n## C\n```\nd\n```",
        "a",
        "",
    ],
)
def test_any_other_text_stays_as_it_is(text: str) -> None:
    """Code, and documents in which fences stand."""
    assert text == unwrapped(text)


def test_others_words_make_no_structure() -> None:
    """No heading, fence, quotation, HTML, link or image, also where a backslash stands before its sign."""
    said = "a\u2028# b\n```\n> c\n<b> \\<i> [l](u) [m\\](u) ![n][r]\n[r]: u\n| t |"

    assert as_paragraphs(said) == ("a\n\\# b\n\\```\n\\> c\n\\<b> \\<i> [l\\](u) [m\\](u) ![n\\][r]\n[r\\]: u\n\\| t |")
    assert as_line("a\n## b\n<b>") == "a ## b \\<b>"


def structure(text: str) -> set[str]:
    """The blocks a reader of Markdown finds, but paragraphs and lists."""
    blocks = {token.type.removesuffix("_open") for token in MarkdownIt().enable("table").parse(text)}
    return blocks & {"heading", "table", "blockquote", "fence", "hr", "html_block", "code_block"}


@pytest.mark.parametrize("line", ["-", " - ", "---", "=", "-|-", ":-: | --"])
def test_what_stands_below_others_words_makes_no_heading_and_no_table_of_them(line: str) -> None:
    """One dash is enough for a heading, and a table needs no bar at its edge."""
    said = f"What it cost{' | when' * ('|' in line)}\n{line}\nNothing"

    assert structure(said)
    assert structure(as_paragraphs(said)) == set()


@pytest.mark.parametrize("said", ["## Approved by", "> Approved", "- # Approved", "```approved", "***"])
def test_others_words_make_no_structure_within_an_item_either(said: str) -> None:
    """An item of a list may hold a heading, a quotation or a fence."""
    assert structure(f"1. {said}")
    assert structure(f"1. {as_line(said)}") == set()
