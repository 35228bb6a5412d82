"""
What a person's YAML file says, field by field. Where that is not as expected, each function raises WrongField, which whoever
reads the file makes the sentence about it.
"""

from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from pipelines.plan import nearest
from skills.documents import Unreadable, shown, text_of, yaml_in

Word = TypeVar("Word", bound=str)


class WrongField(Exception):
    """A field is not as expected; without one, *expectation* is what there is to say of the file."""

    def __init__(self, field: str, expectation: str) -> None:
        super().__init__(f"{field}: expected {expectation}" if field else expectation.removesuffix("."))

    def of(self, file: Path) -> str:
        """The sentence about the file it is in."""
        return f"{file}: {self}."


def read(file: Path, known: Collection[str]) -> Mapping[Any, Any]:
    """What the file says; *known* is what it may say, and whether it says anything else is not looked at."""
    try:
        document = yaml_in(text_of(file))
    except Unreadable as problem:
        raise WrongField("", str(problem)) from None
    if not isinstance(document, dict):
        raise WrongField("file", f"{', '.join(known)}, found {shown(document)}")
    return document


def see_known(document: Mapping[Any, Any], known: Collection[str]) -> None:
    """See that the file says nothing else."""
    for key in document:
        if key not in known:
            raise WrongField(shown(key), f"only {', '.join(known)}{nearest(shown(key), known)}")


def line(field: str, given: object, *, most: int) -> str:
    """A text of at most so many characters, with its words on one line."""
    if not isinstance(given, str) or not 0 < len(words := " ".join(given.split())) <= most:
        raise WrongField(field, f"a line of at most {most:,} characters, found {shown(given)}")
    return words


def choice(field: str, given: object, known: Iterable[Word]) -> Word:
    """The word of *known* that it is."""
    words = tuple(known)
    for word in words:
        if word == given:
            return word
    raise WrongField(field, f"one of {', '.join(words)}, found {shown(given)}")


def yes_or_no(field: str, given: object) -> bool:
    """Whether it is yes."""
    if not isinstance(given, bool):
        raise WrongField(field, f"true or false, found {shown(given)}")
    return given
