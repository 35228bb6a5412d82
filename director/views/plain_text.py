"""A text as it is pasted where nobody reads Markdown: into a mail, a post, a field of a form."""

from collections.abc import Iterator

from markdown_it.tree import SyntaxTreeNode

from director.views.rendered import parsed


def plain_text(markdown: str) -> str:
    """
    The words without their marks: lists keep their numbers and dashes, a table's cells are parted by tabs, as spreadsheets take
    them, and a link has its address behind it.
    """
    return "\n".join(_lines(SyntaxTreeNode(parsed(markdown)))).strip() + "\n"


def _lines(node: SyntaxTreeNode) -> Iterator[str]:
    match node.type:
        case "bullet_list" | "ordered_list":
            yield from _of_list(node)
        case "table":
            for row in (row for part in node.children for row in part.children):
                yield "\t".join(_inline(cell).replace("\n", " ") for cell in row.children)
        case "fence" | "code_block":
            yield from node.content.rstrip("\n").split("\n")
        case "hr":
            yield "---"
        case "paragraph" | "heading":
            yield from _inline(node).split("\n")
        case _:
            for number, child in enumerate(node.children):
                if number:
                    yield ""
                yield from _lines(child)


def _of_list(node: SyntaxTreeNode) -> Iterator[str]:
    first = int(node.attrs.get("start", 1))
    is_tight = all(part.hidden for item in node.children for part in item.children if part.type == "paragraph")
    for number, item in enumerate(node.children):
        mark = "- " if node.type == "bullet_list" else f"{first + number}. "
        if number and not is_tight:
            yield ""
        lines = [
            line
            for place, child in enumerate(item.children)
            for line in (*([""] if place and not is_tight else []), *_lines(child))
        ] or [""]
        yield mark + lines[0]
        yield from (f"{' ' * len(mark)}{line}" if line else "" for line in lines[1:])


def _inline(node: SyntaxTreeNode) -> str:
    match node.type:
        case "text" | "code_inline" | "html_inline":
            return node.content
        case "softbreak" | "hardbreak":
            return "\n"
    words = "".join(_inline(child) for child in node.children)
    to = str(node.attrs.get("href", "")) if node.type == "link" else ""
    return f"{words} ({to.removeprefix('mailto:')})" if to and to.removeprefix("mailto:") not in words else words
