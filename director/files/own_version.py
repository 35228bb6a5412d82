"""A person's own version of a deliverable, of one piece or of all of it: read from a file, or as it was typed."""

import re
from pathlib import Path
from typing import Final

from director.files.places import notes_path, places_of
from director.prompting.drafting import LONGEST_DRAFT
from director.prompting.pieces import plain, take_apart, with_piece
from director.words.characters import has_visible, unreadable, with_line_feeds
from director.words.command import program
from director.words.errors import NotFound, WrongCall
from director.words.models import Task

#: The front matter of a copy that Troupe wrote of a document without pieces.
_FRONT: Final = re.compile(r"\A---\ngoal: [^\n]*+\nskill: [^\n]*+\n(?:[a-z]++: [^\n]*+\n)*+---\n++")


#: What sentences call a version that was typed and stands in no file.
TYPED: Final = "Your version"


def read_own(file: Path) -> str:
    """
    What a person wrote, with `\\n` line ends; else byte for byte.

    Raises:
        WrongCall: it cannot be read as text, is empty, or longer than a deliverable can be.
    """
    try:
        if not file.is_file():
            raise NotFound("file", str(file), "name the Markdown file with your own version")
        with file.open("rb") as stream:
            raw = stream.read(4 * LONGEST_DRAFT + 1)
        text = raw.decode("utf-8-sig")
    except OSError as problem:
        raise WrongCall(f"{file} cannot be read: {problem.strerror or problem}.") from problem
    except UnicodeDecodeError as problem:
        raise WrongCall(
            f"{file} is not UTF-8 text (byte {problem.start}): save it as plain text, in UTF-8."
        ) from problem
    return own_words(text, str(file))


def own_words(given: str, named: str = TYPED) -> str:
    """
    What a person wrote, which sentences call *named*, with `\n` line ends.

    Raises:
        WrongCall: it holds what is no text, is empty, or longer than a deliverable can be.
    """
    text = with_line_feeds(given)
    if (found := unreadable(text)) is not None:
        raise WrongCall(f"{named} holds {found!r}, which is no text: save it as plain text, in UTF-8.")
    if not has_visible(text):
        raise WrongCall(f"{named} is empty: write your own version in it.")
    if len(text) > LONGEST_DRAFT:
        raise WrongCall(f"{named} has {len(text):,} characters; a deliverable has at most {LONGEST_DRAFT:,}.")
    return text


def whole_with(task: Task, text: str, file: Path | None, own: str, piece: str | None) -> str:
    """
    The deliverable *text* of *task* with a person's *own* words: in place of the *piece* of that title, else of the piece that
    *file* is a copy of, else of the only one; in place of all where they have pieces themselves, or the deliverable has none.

    Raises:
        WrongCall: it cannot be told which piece they are; or they hold lines that begin or end one.
    """
    made = take_apart(text)
    if take_apart(own).pieces and piece is None:
        return own.strip()
    if not made.pieces:
        return _FRONT.sub("", own, count=1).strip()
    number = _piece_of(task, text, file, piece)
    changed = with_piece(text, number, own)
    if changed is None:
        raise WrongCall(
            f"{file or TYPED} cannot be put in the place of “{made.pieces[number].title}”: a line of it begins or ends a "
            f"piece, or is a fence that stays open. `{program()} show {task.id}` has the whole, which you can change and "
            "accept."
        )
    return changed


def _piece_of(task: Task, text: str, file: Path | None, piece: str | None) -> int:
    places = places_of(task, text)
    named = ", ".join(f"“{place.title}” ({Path(place.path).name})" for place in places)
    if piece is not None:
        found = [number for number, place in enumerate(places) if plain(place.title) == plain(piece)]
        if not found:
            raise WrongCall(f"{task.id} has no piece “{piece}”; it has {named}.")
        return found[0]
    if file is None:
        if len(places) > 1:
            raise WrongCall(f"Which piece of {task.id} is it? It has {named}.")
        return 0
    found = [number for number, place in enumerate(places) if Path(place.path).name == file.name]
    # Of one piece the notes can have the name.
    if file.name == Path(notes_path(task)).name and (not found or file.parent.name == "notes"):
        raise WrongCall(f"{file} is named as the notes behind the pieces; {task.id} has {named}.")
    if not found and len(places) > 1:
        raise WrongCall(f"Which piece of {task.id} is {file}? Say it with --piece; it has {named}.")
    return found[0] if found else 0
