"""Who may come in over HTTP, and the page."""

import os
from typing import Annotated

import typer

from director.cli.commands.typed import Json, app
from director.cli.starting import say_it_starts_or_is_up
from director.words.errors import WrongCall

_tokens = typer.Typer(
    help="Who may come in over HTTP: programs by tokens, browsers by sessions.",
    invoke_without_command=True,
    rich_markup_mode=None,
)


@app.command("open")
def open_page(json: Json = False) -> int:
    """Print a link that lets one browser in, and open it; where nothing runs yet, start the team as `up` does."""
    if os.name == "nt":
        raise WrongCall("The team stays up on Linux and macOS; on Windows start it in WSL.")
    if not json:
        say_it_starts_or_is_up()
    from director.cli.open import open_page

    return open_page(json=json)


TokenId = Annotated[str, typer.Argument(metavar="ID", help="`tokens` lists them: k1, k2, …")]


@_tokens.callback()
def tokens(context: typer.Context, json: Json = False) -> None:
    """Who may come in over HTTP: programs by tokens, browsers by sessions."""
    if context.invoked_subcommand is None:
        from director.cli.tokens import print_tokens

        print_tokens(json=json)


@_tokens.command("list")
def list_tokens(json: Json = False) -> None:
    """The tokens and sessions there are; the same as `tokens`."""
    from director.cli.tokens import print_tokens

    print_tokens(json=json)


@_tokens.command("create")
def create_token(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Whose it is; it stands beside what they do.")],
    role: Annotated[
        str,
        typer.Option(
            metavar="ROLE",
            help="viewer reads; marketer gives goals and answers questions too; admin changes caps, schedules and tokens too.",
        ),
    ],
    days: Annotated[int | None, typer.Option(metavar="N", help="It expires after so many days.")] = None,
    json: Json = False,
) -> None:
    """Make a token. Its secret is shown once; with the first one nobody sees a page or asks the interface without any more."""
    from director.cli.tokens import create

    create(name, role, days, json=json)


@_tokens.command("revoke")
def revoke_token(ident: TokenId, json: Json = False) -> None:
    """End a token, or a browser's session, at once."""
    from director.cli.tokens import revoke

    revoke(ident, json=json)


@_tokens.command("uses")
def token_uses(ident: TokenId, json: Json = False) -> None:
    """What was done with one, when and from which address."""
    from director.cli.tokens import print_uses

    print_uses(ident, json=json)


app.add_typer(_tokens, name="tokens")

_brands = typer.Typer(help="Whom the team works for.", invoke_without_command=True, rich_markup_mode=None)


@_brands.callback()
def brands(context: typer.Context, json: Json = False) -> None:
    """Whom the team works for: each brand has a context, caps, schedules, triggers, tokens and a memory of its own."""
    if context.invoked_subcommand is None:
        from director.cli.brands import print_brands

        print_brands(json=json)


@_brands.command("list")
def list_brands(json: Json = False) -> None:
    """The brands there are; the same as `brands`."""
    from director.cli.brands import print_brands

    print_brands(json=json)


@_brands.command("add")
def add_brand(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Small letters, digits and '-'; its folder's name too.")],
    json: Json = False,
) -> None:
    """Let the team work for one more; its folder is `brands/NAME` in the workspace."""
    from director.cli.brands import add

    add(name, json=json)


app.add_typer(_brands, name="brands")
