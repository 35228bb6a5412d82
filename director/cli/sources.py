"""`events sources`: who may send events from outside, where to, and what of it can become which event."""

from director.cli.documents import print_document
from director.cli.terminal import console, fitted
from director.triggers import sources
from director.triggers.sources import Source
from director.views.sources import sources_document
from director.words.brand import DEFAULT
from director.words.characters import visible
from director.words.settings import from_env


def print_sources(*, json: bool) -> None:
    """Our own envelope, every source of the workspace, and the files that are none, each with the reason."""
    settings = from_env()
    found = sources.load(settings)
    has_token = settings.webhook_token is not None
    if json:
        print_document(sources_document(found, has_token=has_token))
        return
    token = "WEBHOOK_TOKEN" if has_token else "a token, or this machine"
    rows = [("(our envelope)", sources.ENVELOPE_ADDRESS, "bearer", token, "any type")]
    rows += [
        (_named(source), source.address, str(source.scheme), _secret(source), ",\n".join(source.types) or "any type")
        for source in found.sources.values()
    ]
    out = console()
    columns = ("source", "sends to", "signs as", "secret", "may tell of")
    out.print(fitted(rows, columns, out.width, text="secret", drop=("signs as",)))
    for sentence in (*(source.lacks for source in found.sources.values() if source.lacks), *found.broken.values()):
        out.print(visible(sentence), soft_wrap=True)


def _named(source: Source) -> str:
    return source.name if source.brand == DEFAULT else f"{source.name} (for {source.brand})"


def _secret(source: Source) -> str:
    return f"{' or '.join(source.secret_env)}{' (missing)' if source.lacks else ''}"
