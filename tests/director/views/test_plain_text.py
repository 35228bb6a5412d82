"""A text without the marks of Markdown."""

import pytest

from director.views.plain_text import plain_text


@pytest.mark.parametrize(
    ("markdown", "plain"),
    [
        ("# Come **back**\n\nDear *Ann*,\nwe `miss` you.", "Come back\n\nDear Ann,\nwe miss you.\n"),
        ("- one\n- two\n  - three", "- one\n- two\n  - three\n"),
        ("3. one\n4. two", "3. one\n4. two\n"),
        ("- one\n\n- two\n\n  more", "- one\n\n- two\n\n  more\n"),
        ("> quoted\n> twice", "quoted\ntwice\n"),
        ("| a | b |\n|---|---|\n| 1 | **2** |", "a\tb\n1\t2\n"),
        ("[Book](https://shop.example/book) or <https://shop.example>", "Book (https://shop.example/book) or https://shop.example\n"),
        ("[ann@shop.example](mailto:ann@shop.example)", "ann@shop.example\n"),
        ("```\nas *it* is\n```", "as *it* is\n"),
        ("<b>no HTML</b> 1 < 2", "<b>no HTML</b> 1 < 2\n"),
        ("", "\n"),
    ],
)  # fmt: skip
def test_what_is_pasted_has_no_marks(markdown: str, plain: str) -> None:
    """Lists keep their order, tables their columns, links their address."""
    assert plain_text(markdown) == plain
