"""What stands before all that the built-in model wrote, so that nobody takes it for work; of the work it says nothing."""

from typing import Final

#: How it begins, as a quotation or by itself.
LABEL: Final = "Rehearsal: written by the built-in model, not by Claude."


def without_label(text: str) -> str:
    """The text without the lines that only say that it was rehearsed."""
    return "\n".join(line for line in text.split("\n") if not line.lstrip("> ").startswith(LABEL))
