"""`init`: the document every specialist reads first is begun."""

import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import typer

from director.bootstrap import opened
from director.catalog import Catalog
from director.cli.documents import print_document
from director.cli.terminal import console, say_workspace
from director.files.context import check_place, context_file, read_text, write_context
from director.words.brand import DEFAULT
from director.words.characters import has_visible
from director.words.command import program, with_brand
from director.words.errors import WrongCall
from director.words.own_secrets import own_secrets
from director.words.redaction import blank, distinctive, find
from director.words.settings import Settings, from_env
from skills import context
from skills import notes as sorting
from skills.context import Part

_GREETING: Final = (
    "{} questions, for what every specialist reads first. Answer in as many lines as you like and end with an empty line. An "
    "empty answer skips a section: it is marked unknown. Ctrl-D skips all that is left; Ctrl-C stops. Neither loses an"
    " answer.\n"
)


def begin(notes: Path | None, *, template: bool, force: bool, json: bool) -> None:
    """Write the product context from *notes*, as a template, or from a person's answers."""
    settings = from_env()
    _check(notes, template=template, json=json)
    if settings.brand != DEFAULT:
        with opened(settings):  # which sees that there is such a brand
            pass
    given = None if notes is None else read_text(notes.absolute(), "notes file")
    check_place(settings, replace=force)
    if not json:
        say_workspace(settings)
    parts = Catalog(settings).parts
    if given is not None or template:
        found = sorting.sort(given or "", parts)  # a template is what no notes make
        text = context.compose(found.name, found.said, parts, found.left_over)
        if json:
            print_document({**_written(settings, text, replace=force), "placed": dict(found.placed)})
            return
        _write(settings, text, replace=force)
        for label, title in found.placed.items():
            print(f"  {label} → {title or context.LEFT_OVER}")  # noqa: T201
        if found.left_over:
            print(f"What fits no section is at the end, under “{context.LEFT_OVER}”: move it or take it out.")  # noqa: T201
    else:
        answers = _Answers(parts)
        stopped = answers.ask()
        if not answers.said and not answers.name:
            _say("Nothing was answered, so nothing was written; `init --template` writes it to be filled in.")
            raise typer.Exit(1)
        _write(settings, context.compose(answers.name, answers.said, parts), replace=force)
        if stopped:
            _say("Stopped: what was answered is written, the other sections are marked unknown.")
            raise typer.Exit(1)


def _check(notes: Path | None, *, template: bool, json: bool) -> None:
    if notes is not None and template:
        raise WrongCall("--from fills the sections and --template leaves them open: give one of them.")
    if json and notes is None and not template:
        raise WrongCall("With --json nobody is asked: name notes with --from FILE, or take --template.")
    if notes is None and not template and not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise WrongCall(
            "`init` asks questions, and there is no terminal to answer at: name notes with --from FILE, or take --template."
        )


class _Answers:
    """Answers as they come, so that none is lost however the asking ends."""

    def __init__(self, parts: Sequence[Part]) -> None:
        self.name = ""
        self._parts = parts
        self._lines: dict[str, list[str]] = {}

    @property
    def said(self) -> dict[str, str]:
        """What was answered, by the section's title."""
        return {title: "\n".join(lines) for title, lines in self._lines.items() if lines}

    def ask(self) -> bool:
        """Ask one after the other; whether a person stopped it."""
        with suppress(ImportError):
            # Editing, lines of more than the 4096 bytes a bare terminal takes, and what is pasted is one answer, blank lines
            # and all, where the terminal says that it is pasted.
            import readline  # noqa: PLC0415 - it takes over the terminal, and not every Python has it

            readline.parse_and_bind("set enable-bracketed-paste on")
        out = console()
        try:
            out.print(_GREETING.format(len(self._parts)))
            self.name = _line("What is it called? ")
            for number, part in enumerate(self._parts, 1):
                out.print(f"\n{number}/{len(self._parts)}  {part.title}\n{part.asks}")
                lines = self._lines.setdefault(part.title, [])
                while line := _line("> "):
                    lines.append(line)
        except EOFError:
            out.print()
        except KeyboardInterrupt:
            out.print()
            return True
        return False


def _line(prompt: str) -> str:
    # A terminal may send what is no UTF-8; a file of ours is.
    line = input(prompt).strip().encode("utf-8", "replace").decode()
    return line if has_visible(line) else ""


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr)  # noqa: T201


def _written(settings: Settings, text: str, *, replace: bool) -> dict[str, Any]:
    """Write it; where it is, where the earlier one is kept, and what looked like a secret and was taken out."""
    kept = write_context(settings, text, replace=replace)
    return {
        "context": str(context_file(settings)),
        "kept": None if kept is None else str(kept),
        "taken_out": find(blank(text, distinctive(own_secrets(settings)))),
    }


def _write(settings: Settings, text: str, *, replace: bool) -> None:
    done = _written(settings, text, replace=replace)
    if done["kept"]:
        print(f"The earlier context is kept: {done['kept']}")  # noqa: T201
    if found := done["taken_out"]:
        _say(f"What looks like {', '.join(found)} was taken out: the context is sent to the model with every call.")
    check = f"{program()} context check{with_brand(settings.brand)}"
    print(f"Written: {done['context']}. `{check}` says what is still open.")  # noqa: T201
    if sys.stdout.isatty():
        print(f"Regular work is off until you switch it on: `{program()} schedules` shows it.")  # noqa: T201
