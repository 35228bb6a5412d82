"""The product context of a brand as a file of the workspace: read for a goal, written when there is none."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain, count
from pathlib import Path
from typing import Final

from director.files.writable import obstacle
from director.words.characters import has_visible, without_controls
from director.words.errors import NotFound, WorkspaceError, WrongCall
from director.words.own_secrets import own_secrets
from director.words.redaction import blank, distinctive
from director.words.settings import Settings

#: Bytes of a product context.
LARGEST_CONTEXT: Final = 512 * 1024

#: How files begin that a word processor writes, and that may be UTF-8 all the same.
_BINARY: Final = (b"PK\x03\x04", b"%PDF", b"{\\rtf")

#: Where a brand's product context lies, in its folder.
CONTEXT: Final = Path("context") / "product-marketing-context.md"


def context_file(settings: Settings) -> Path:
    """Where the brand's product context is, or would be."""
    return settings.brand_dir / CONTEXT


def read_context(settings: Settings, named: Path | None) -> str | None:
    """
    The product context: the *named* file, else the brand's, else None.

    Raises:
        WrongCall: the file cannot be read as text, is empty, or is larger than a context can be.
    """
    file = named or context_file(settings)
    if named is None and not os.path.lexists(file):
        return None
    return read_text(file, "context file")


def read_text(file: Path, noun: str) -> str:
    """
    What somebody wrote about a product, trimmed, with `\\n` line ends and no control characters; the *noun* is how complaints
    call the file.

    Raises:
        WrongCall: it cannot be read as text, is empty, or is larger than a context can be.
    """
    try:
        if file.is_dir():
            raise WrongCall(f"The {noun} {file} is a folder: name a Markdown file.")
        if not file.is_file():
            raise NotFound(noun, str(file), "name a Markdown file that exists")
        with file.open("rb") as stream:
            raw = stream.read(LARGEST_CONTEXT + 1)
    except OSError as problem:
        raise WrongCall(f"The {noun} {file} cannot be read: {problem.strerror or problem}.") from problem
    if len(raw) > LARGEST_CONTEXT:
        raise WrongCall(
            f"The {noun} {file} is larger than {LARGEST_CONTEXT // 1024} kB: a product context is a few pages; leave out "
            "what only some tasks need."
        )
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        raise WrongCall(f"The {noun} {file} is not UTF-8 text (byte {problem.start}): {_cure(raw)}.") from problem
    if "\x00" in text or raw.startswith(_BINARY):
        raise WrongCall(f"The {noun} {file} is not text: {_cure(raw)}.")
    text = without_controls(text).strip()
    if not has_visible(text):
        raise WrongCall(f"The {noun} {file} is empty: describe the product in it, or take the file away.")
    return f"{text}\n"


def _cure(raw: bytes) -> str:
    """What to do about a file that is no UTF-8: what it is, where that can be told, and what to save it as."""
    if raw.startswith(b"PK"):
        return "it looks like a .docx, .odt or .zip file; save it as plain text or Markdown (.md), in UTF-8"
    if raw.startswith(b"%PDF"):
        return "it is a PDF file; copy its text into a Markdown file (.md), in UTF-8"
    if raw.startswith((b"{\\rtf", b"\xd0\xcf\x11\xe0")):
        return "it is a document of a word processor; save it as plain text or Markdown (.md), in UTF-8"
    # Of two bytes for a letter one is mostly NUL, and it is always the same of the two.
    nuls = sorted((raw[:200:2].count(0), raw[1:200:2].count(0)))
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")) or 4 * (nuls[1] - 8 * nuls[0]) > len(raw[:200]):
        return "it looks like UTF-16; save it with the encoding UTF-8, as Markdown (.md)"
    if any(nuls):
        return "it looks like a picture, a program or an archive; describe the product in a Markdown file (.md)"
    return "it looks like an encoding of older Windows programs (cp1252); save it with the encoding UTF-8, as Markdown (.md)"


def check_place(settings: Settings, *, replace: bool) -> Path:
    """
    Where the brand's context can be written: looked at before anybody is asked anything.

    Raises:
        WrongCall: there is one, and it is not to be replaced.
        WorkspaceError: its folder cannot be used.
    """
    file = context_file(settings)
    if not replace and os.path.lexists(file):
        raise WrongCall(
            f"There is a product context already, {file}: edit it, or replace it with --force (it is kept beside)."
        )
    with _usable(file):
        what = f"{file} is a folder" if file.is_dir() else obstacle(file.parent)
    if what is not None:
        raise WorkspaceError(f"The product context {file} cannot be written: {what}.")
    return file


def write_context(settings: Settings, text: str, *, replace: bool = False) -> Path | None:
    """
    Write the brand's context whole or not at all, without secrets: every specialist is shown it. Where the one that was
    replaced is kept, None when there was none.

    Raises:
        WrongCall: there is one, and it is not to be replaced; or the text is larger than a context can be.
        WorkspaceError: the file cannot be written; the earlier one stands.
    """
    raw = blank(without_controls(text), distinctive(own_secrets(settings))).encode()
    if len(raw) > LARGEST_CONTEXT:
        raise WrongCall(
            f"The product context would be larger than {LARGEST_CONTEXT // 1024} kB: shorten what it is made from."
        )
    file = check_place(settings, replace=replace)
    kept = _place_to_keep(file) if file.exists() else None
    part = file.with_name(f".{file.name}.{os.getpid()}.part")
    with _usable(file):
        file.parent.mkdir(parents=True, exist_ok=True)
        try:
            part.write_bytes(raw)
            if kept:
                shutil.copy2(file, kept)
            part.replace(file)
        finally:
            part.unlink(missing_ok=True)
    return kept


def _place_to_keep(file: Path) -> Path:
    """Beside *file*, under a name nothing has yet: what was kept before stays."""
    names = chain(("before",), (f"before-{n}" for n in count(2)))
    return next(
        place for name in names if not os.path.lexists(place := file.with_name(f"{file.stem}.{name}{file.suffix}"))
    )


@contextmanager
def _usable(file: Path) -> Iterator[None]:
    try:
        yield
    except OSError as problem:
        raise WorkspaceError(
            f"The product context {file} cannot be written: {problem.strerror or problem}."
        ) from problem
