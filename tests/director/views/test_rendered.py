"""A text as HTML that can do nothing; the hostile ones are in `tests/web/pages/test_hostile.py`."""

import re

from director.views.rendered import rendered


def test_headings_leave_no_level_out() -> None:
    """Whatever levels the text has, they stand below the page's, one after the other."""
    html = rendered("# One\n\n#### Two\n\n## Three\n\n# Four")

    assert re.findall(r"<(h\d)>", html) == ["h3", "h4", "h4", "h3"]


def test_a_table_can_be_moved_and_its_empty_head_names_nothing() -> None:
    """Also with the keyboard; without inline style."""
    html = rendered("| | b |\n|---|--:|\n| 1 | 2 |")

    assert '<div class="wide" tabindex="0"' in html
    assert html.count("<th>") == 1
    assert "style" not in html


def test_a_link_to_a_file_leads_to_its_page_or_nowhere() -> None:
    """A browser has no workspace."""
    html = rendered(
        "[a](../outputs/a.md) [b](../outputs/b.md) [c](https://c.example)", pages={"../outputs/a.md": "/tasks/a"}
    )

    assert re.findall(r'href="([^"]*)"', html) == ["/tasks/a", "https://c.example"]


def test_a_link_that_is_none_is_a_word() -> None:
    """An address that cannot be read stops no page."""
    assert "a" in rendered("[a](http://[x)")
