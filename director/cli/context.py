"""`init` and `context check`: the document every specialist reads first, begun and looked at."""

import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from director.words.command import program
from director.words.errors import NotFound, WrongCall
from director.words.redaction import blank, distinctive, find

if TYPE_CHECKING:
    from director.words.settings import Settings
    from skills.context import Found, Part, Reader

app = typer.Typer(help="The product context.", no_args_is_help=True, rich_markup_mode=None)

#: Specialists a table shows, and sections it names of each; `--json` has all.
_MOST_SHOWN: Final = 8
_MOST_NAMED: Final = 3

_GREETING: Final = (
    "{} questions, for what every specialist reads first. Answer in as many lines as you like and end with an empty line. An "
    "empty answer skips a section: it is marked unknown. Ctrl-D skips all that is left; Ctrl-C stops. Neither loses an"
    " answer.\n"
)


def init(
    notes: Annotated[
        Path | None,
        typer.Option(
            "--from",
            metavar="NOTES",
            help="Sort these notes by their own headings, without a model: nothing is rewritten, added or left out.",
        ),
    ] = None,
    template: Annotated[
        bool, typer.Option("--template", help="Ask nothing: every section with a line that says what belongs there.")
    ] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Replace a context that is there; every earlier one is kept beside.")
    ] = False,
) -> None:
    """Begin the brand's product context: by questions, from notes, or as a template."""
    from director.catalog import Catalog  # noqa: PLC0415
    from director.files.context import check_place, read_text  # noqa: PLC0415 - as in every command
    from director.words.settings import from_env  # noqa: PLC0415
    from skills import context  # noqa: PLC0415
    from skills import notes as sorting  # noqa: PLC0415

    settings = from_env()
    if notes is not None and template:
        raise WrongCall("--from fills the sections and --template leaves them open: give one of them.")
    if notes is None and not template and not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise WrongCall(
            "`init` asks questions, and there is no terminal to answer at: name notes with --from FILE, or take --template."
        )
    given = None if notes is None else read_text(notes.absolute(), "notes file")
    check_place(settings, replace=force)
    parts = Catalog(settings).parts
    if given is not None:
        found = sorting.sort(given, parts)
        _write(settings, context.compose(found.name, found.said, parts, found.left_over), replace=force)
        for label, title in found.placed.items():
            print(f"  {label} → {title or context.LEFT_OVER}")  # noqa: T201
        if found.left_over:
            print(f"What fits no section is at the end, under “{context.LEFT_OVER}”: move it or take it out.")  # noqa: T201
    elif template:
        _write(settings, context.compose("", {}, parts), replace=force)
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


@app.command()
def check(
    file: Annotated[
        Path | None, typer.Argument(metavar="FILE", help="The context to look at; otherwise the workspace's.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")] = False,
) -> None:
    """
    Which sections are missing, unknown or thin, and who misses them most.

    Exit code 0 when all of them say something, 1 when one is missing or unknown; a thin one is only told.
    """
    from director.catalog import Catalog  # noqa: PLC0415
    from director.cli.documents import print_document  # noqa: PLC0415
    from director.files.context import CONTEXT, read_context  # noqa: PLC0415
    from director.views.context import context_document  # noqa: PLC0415
    from director.words.settings import from_env  # noqa: PLC0415
    from skills.context import WRITER, judge, readers_of  # noqa: PLC0415

    settings = from_env()
    text = read_context(settings, file.absolute() if file else None)
    place = file or settings.workspace_dir / CONTEXT
    if text is None:
        raise NotFound("product context", str(place), f"begin one with `{program()} init`")
    catalog = Catalog(settings)
    skills = catalog.roster.skills
    found = judge(text, catalog.parts, skills[WRITER])
    readers = readers_of(found, skills.values())
    gaps = [one for one in found if one.standing.is_gap]
    if json:
        print_document(context_document(place, found, readers))
    else:
        _show(found, readers)
        print(f"{len(found) - len(gaps)} of {len(found)} sections say something: {place}")  # noqa: T201
    if gaps:
        raise typer.Exit(1)


class _Answers:
    """Answers as they come, so that none is lost however the asking ends."""

    def __init__(self, parts: "Sequence[Part]") -> None:
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
            import readline  # noqa: PLC0415

            readline.parse_and_bind("set enable-bracketed-paste on")
        from director.cli.tables import console  # noqa: PLC0415

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
    return input(prompt).strip().encode("utf-8", "replace").decode()


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr)  # noqa: T201


def _write(settings: "Settings", text: str, *, replace: bool) -> None:
    from director.files.context import CONTEXT, write_context  # noqa: PLC0415

    kept = write_context(settings, text, replace=replace)
    if kept:
        print(f"The earlier context is kept: {kept}")  # noqa: T201
    if found := find(blank(text, distinctive(settings.secrets))):
        _say(f"What looks like {', '.join(found)} was taken out: the context is sent to the model with every call.")
    print(f"Written: {settings.workspace_dir / CONTEXT}. `{program()} context check` says what is still open.")  # noqa: T201


def _show(found: "Sequence[Found]", readers: "Sequence[Reader]") -> None:
    from director.cli.tables import console, fitted  # noqa: PLC0415

    out = console()
    rows = []
    for one in found:
        hint = f"is it “{one.perhaps}”? Name it “{one.part.title}”" if one.perhaps else ""
        reading = sum(1 for reader in readers if one in reader.reads)
        rows.append((one.part.title, one.standing.value, str(one.words), str(reading), hint))
    columns, numbers = ("section", "state", "words", "read by", ""), ("words", "read by")
    out.print(fitted(rows, columns, out.width, text="", right=numbers, drop=("read by", "words")))
    out.print()
    suffering = [reader for reader in readers if reader.lacks or reader.thin]
    if not suffering:
        return
    lacking = []
    for reader in suffering[:_MOST_SHOWN]:
        names = [one.part.title for one in reader.lacks] + [f"{one.part.title} (thin)" for one in reader.thin]
        more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
        share = f"{len(reader.lacks)} of {len(reader.reads)}"
        lacking.append((reader.skill, share, ", ".join(names[:_MOST_NAMED]) + more))
    head = ("specialist", "lacks", "of what it reads first")
    out.print(fitted(lacking, head, out.width, text=head[-1], right=("lacks",)))
    if len(suffering) > _MOST_SHOWN:
        out.print(f"and {len(suffering) - _MOST_SHOWN} more specialists; --json lists all.")
    out.print()
