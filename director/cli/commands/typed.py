"""The program and its version, and what several commands are typed with."""

import os
import shlex
from collections.abc import Sequence
from typing import Annotated, Final

import typer
from typer._click import core
from typer.core import TyperCommand
from typer.main import get_command

from director.words.brand import NAMED, brand_name
from director.words.command import program
from director.words.errors import WrongCall

app = typer.Typer(
    help="Troupe: a self-operating marketing team. Give it a goal.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


#: Characters of a person's words that are repeated to show where their quotes belong.
_LONGEST_EXAMPLE: Final = 200

Json = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")]
GoalId = Annotated[str, typer.Argument(metavar="GOAL")]


class EndsInWords(TyperCommand):
    """A command whose last argument is a person's words: who left out the quotes around them is shown where they belong."""

    allow_extra_args = True

    def parse_args(self, ctx: core.Context, args: list[str]) -> list[str]:
        """Only what is left over is a complaint of its own; all else is wrong here as it is in other commands."""
        left = super().parse_args(ctx, args)
        if left:
            *before, last = [param for param in self.params if param.param_type_name == "argument"]
            words = " ".join((str(ctx.params[str(last.name)]), *left))
            words = words if len(words) <= _LONGEST_EXAMPLE else f"{words[:_LONGEST_EXAMPLE]}…"
            ahead = [str(ctx.params[str(param.name)]) for param in before] + ["--"] * words.startswith("-")
            example = shlex.join([*ahead, words])
            typed = _typed(ctx)
            raise WrongCall(
                f"{len(left) + 1} arguments came where one was expected: quote the {_WORDS_OF[typed]}, as in "
                f"`{program()} {typed} {example}`."
            )
        return left


def _typed(ctx: core.Context) -> str:
    """A command as it is typed, behind its group's name where it has one."""
    group = ctx.parent
    return (
        f"{group.info_name} {ctx.info_name}" if group is not None and group.parent is not None else str(ctx.info_name)
    )


#: What a person calls the words that end a command.
_WORDS_OF: Final = {
    "goal": "goal", "pipeline": "text", "revise": "instructions", "memory add": "learning", "memory edit": "learning",
}  # fmt: skip


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import PackageNotFoundError, version

        try:
            print(f"troupe {version('troupe')}")  # noqa: T201
        except PackageNotFoundError:
            print("troupe, from a folder it was not installed from")  # noqa: T201
        raise typer.Exit


@app.callback()
def troupe(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Say which version this is.")
    ] = False,
) -> None:
    """Troupe: a self-operating marketing team. Give it a goal."""


#: Commands of the installation, which are for all brands.
_OF_ALL: Final = frozenset({
    "up", "ps", "down", "doctor", "pipelines", "skills", "verify", "brands", "brands list", "brands add",
    "events sources", "alerts test", "context", "skills validate",
})  # fmt: skip


def _say_brand(_context: core.Context, _param: core.Parameter, name: str | None) -> None:
    if name is None:
        return
    try:
        os.environ["BRAND"] = brand_name(name)  # as the setting, which it stands before
    except ValueError as problem:
        raise WrongCall(f"--brand is {NAMED}; {name[:80]!r} is none.") from problem


_branded = typer.Typer(add_completion=False)


@_branded.command()
def _of_a_brand(
    brand: Annotated[
        str | None,
        typer.Option(
            metavar="NAME", callback=_say_brand, expose_value=False, help="Whom it is for; `brands` lists them."
        ),
    ] = None,
) -> None:
    """Never called: what stands here stands at every command that is a brand's."""


def command() -> core.Command:
    """The program, with --brand at every command that is a brand's."""
    made = get_command(app)
    _add_to(made, get_command(_branded).params)
    return made


def _add_to(one: core.Command, options: Sequence[core.Parameter], *before: str) -> None:
    if before and " ".join(before) not in _OF_ALL:
        one.params.extend(options)
    for name, below in getattr(one, "commands", {}).items():
        _add_to(below, options, *before, name)


#: Goals, events or rows that are shown unless all are asked for: a look takes as long on a record of years.
MOST_SHOWN: Final = 50
