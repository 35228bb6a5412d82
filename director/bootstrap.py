"""Settings in, Office out: the one place that names every real part."""

import os
import secrets
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from director.catalog import catalog_of
from director.claude import environment
from director.claude.client import Claude
from director.claude.rehearsal.script import Script
from director.concurrency.stopping import Stopping
from director.money import prices
from director.office import Office
from director.redis.bus import NAMESPACE, Bus, namespace_of
from director.redis.embedded import EmbeddedServer
from director.store.database import Store
from director.store.opening import is_begun, open_store
from director.words.brand import DEFAULT
from director.words.clock import Clock
from director.words.command import program
from director.words.errors import DirectorError, NotFound
from director.words.reach import Reach
from director.words.settings import Settings


def open_office(
    settings: Settings,
    *,
    clock: Clock | None = None,
    stopping: Stopping | None = None,
    only: str | None = None,
    record: Path | None = None,
) -> Office:
    """
    Every part, ready to use. Connects to the database; Redis and the model are opened when they are first needed.

    *only* is the goal this process works for, "" while that is to come; without it, for all (`Reach`). *record* is a folder
    for a record other than the one the settings name. *stopping* listens to this process's signals; without it nobody does,
    and they do what they do by themselves.

    Raises:
        DirectorError: a part cannot be used; the sentence says which and why.
    """
    book = prices.load()
    if settings.model is not None:
        book.model_for(settings.model, settings.model)
    if settings.rehearses:
        Script.parse(settings.rehearsal)
    else:
        environment.check()
    clock = clock or Clock()
    store = open_store(None if record else settings.database_url, record or settings.state_dir, clock)
    try:
        see_brand(store, settings.brand)
    except DirectorError:
        store.close()
        raise
    return Office(
        settings=settings,
        store=store,
        bus=Bus(redis_url(settings), _namespace(settings, store)),
        claude=Claude(settings),
        prices=book,
        catalog=catalog_of(settings),
        clock=clock,
        # Names this process for ever: a number of another process is not enough, it comes again.
        owner=f"{socket.gethostname()[:24]}:{os.getpid()}:{secrets.token_hex(4)}",
        reach=Reach(settings.rehearses, only),
        stopping=stopping or Stopping(),
    )


def see_brand(store: Store, name: str) -> None:
    """
    See that the brand is there whom this process is to work for.

    Raises:
        NotFound: it is not.
    """
    if name == DEFAULT:
        return
    with store.read() as tx:
        if not tx.brands.is_there(name):
            raise NotFound("brand", name, f"`{program()} brands` lists them, `{program()} brands add {name}` adds it")


@contextmanager
def opened(settings: Settings, *, begins: bool = False) -> Iterator[Office]:
    """
    An office for the length of a command that does no turns. Only one that *begins* something makes a record; to the others,
    where there is none, it is empty, and nothing is left behind.

    It lets turns out to standing workers; where none is, who works for a goal listens elsewhere, and sees by itself what there
    is to do.
    """
    with ExitStack() as stack:
        record = None
        if not begins and not is_begun(settings.database_url, settings.state_dir):
            record = Path(stack.enter_context(TemporaryDirectory(prefix="troupe-")))
        office = open_office(settings, record=record)
        stack.callback(office.close)
        with office.store.read() as tx:
            if not tx.presence.standing_workers(rehearsal=settings.rehearses):
                office.reach.only = ""
        yield office


def redis_url(settings: Settings) -> str:
    """Where the bells ring: the Redis that was named, or the workspace's own."""
    return settings.redis_url or embedded_server(settings).url


def _namespace(settings: Settings, store: Store) -> str:
    """What the keys of these bells start with: those who share a record hear each other, and nobody else does."""
    if settings.redis_namespace is not None or settings.redis_url is None:
        return settings.redis_namespace or NAMESPACE
    with store.read() as tx:
        identity = tx.identity()
    if identity is None:
        with store.write() as tx:
            identity = tx.identify()
    return namespace_of(identity)


def embedded_server(settings: Settings) -> EmbeddedServer:
    """The workspace's own Redis server. Making this value starts nothing."""
    return EmbeddedServer(settings.state_dir)
