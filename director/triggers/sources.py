"""
Who sends events in a format of its own: a file each in `workspace/sources`, which says how a sender signs, with which secret
(by the name of its variable), and where in what it sends an event's parts stand.

    name: github
    scheme: github
    secret_env: GITHUB_WEBHOOK_SECRET     # or [NEW, OLD], while it is changed
    type:
      header: X-GitHub-Event              # or pointer: /type; or, in place of all of it, a pointer or a type
      pointer: /action                    # beside a header: the word is release.published, or ping where nothing stands there
      map: {release.published: new_feature_shipped} # any other word of the sender's is github.WORD
    id: /hook_id                          # tells deliveries from others: a pointer, or several; most schemes have one
    timestamp: /release/published_at
    data: /release                        # of a word that is not in the map, all of it where nothing stands there
    events: ""                            # a list of which each item is an event; all other pointers begin there
    url: https://…                        # where HubSpot sends to, as it was told
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from director.triggers.incoming import NotAnEvent, Said, delivery_of, moment_of, type_of, wrong
from director.triggers.pointers import NothingThere, is_pointer, is_there, value_at
from director.triggers.signatures import Scheme, key_of
from director.words import sender_secrets
from director.words.brand import DEFAULT, NAMED, brand_name
from director.words.settings import Settings, environment
from pipelines import fields
from pipelines.fields import WrongField
from skills.documents import shown, stamp, yaml_files

_FIELDS: Final = ("name", "scheme", "secret_env", "type", "id", "timestamp", "data", "events", "url", "brand")
_NAME: Final = re.compile("[a-z0-9][a-z0-9_-]{0,62}")

#: Where our own envelope is sent to.
ENVELOPE_ADDRESS: Final = "/webhooks/events"

#: What others tell of under these names: our own envelope, the command line, and the team itself.
_TAKEN: Final = ("events", "cli", "team")

#: Where a delivery's number stands in the body, of senders that do not put it into a header.
_IDS: Final[Mapping[Scheme, str]] = {Scheme.STRIPE: "/id", Scheme.SLACK: "/event_id"}
_WITHOUT_ID: Final = (Scheme.BEARER, Scheme.HUBSPOT)

#: Events in one delivery; HubSpot sends up to a hundred.
_MOST_EVENTS: Final = 100


@dataclass(frozen=True, slots=True)
class TypeFrom:
    """Where the type of an event stands: it is said, or at a pointer, or in a header, where a pointer may add to it."""

    constant: str | None = None
    pointer: str | None = None
    header: str | None = None
    #: Our types, by the sender's words; None: its words are types.
    map: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """A sender."""

    name: str
    scheme: Scheme
    secret_env: tuple[str, ...]
    type: TypeFrom
    id: tuple[str, ...]  #: empty: the scheme's own
    timestamp: str | None
    data: str
    events: str | None
    url: str
    file: Path
    brand: str = DEFAULT  #: whom its events are told to
    keys: tuple[bytes, ...] = field(default=(), repr=False)
    lacks: str = ""  #: a sentence where it has no secret, or one that is none: nothing can be verified

    @property
    def address(self) -> str:
        """Where it sends to."""
        return f"/webhooks/{self.name}"

    @property
    def types(self) -> tuple[str, ...]:
        """The types of events it may tell of, `github.*` for words that are not in its map; empty: whichever it says."""
        if self.type.constant is not None:
            return (self.type.constant,)
        return (*dict.fromkeys(self.type.map.values()), f"{self.name}.*") if self.type.map else ()


@dataclass(frozen=True, slots=True)
class Sources:
    """All senders, by name, and the files that tell of none, each with a sentence."""

    sources: Mapping[str, Source]
    broken: Mapping[Path, str]


def load(settings: Settings) -> Sources:
    """Read every file. One that is broken stops only itself; a folder that does not exist holds none."""
    found: dict[str, Source] = {}
    files, broken = _files(settings)
    environ = environment()
    for file in files:
        try:
            source = _read(file, environ)
        except WrongField as problem:
            broken[file] = problem.of(file)
            continue
        if other := found.get(source.name):
            broken[file] = f"{file}: name: expected a name of its own, found {source.name} again after {other.file}."
        else:
            found[source.name] = source
    return Sources(MappingProxyType(found), MappingProxyType(broken))


class Folder:
    """The sources as they are: read again when a file of theirs was changed, so that nobody has to start anything anew."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._as_of: object = None
        self._read = Sources(MappingProxyType({}), MappingProxyType({}))

    def now(self) -> Sources:
        """What the files say now. Safe in several threads: at worst two read them."""
        files, broken = _files(self._settings)
        stats = broken, [(file, stamp(file)) for file in files]
        if stats != self._as_of:
            self._read, self._as_of = load(self._settings), stats
        return self._read


def events_in(
    source: Source, document: Any, headers: Mapping[str, str], delivery: str | None, now: datetime
) -> list[Said]:
    """
    The events a sender tells of in one delivery. *headers* are by their names in lower case, *delivery* is the number its
    scheme gave it.

    Raises:
        NotAnEvent: the file's pointers find nothing in it, or what cannot be.
    """
    if source.events is None:
        return [_event(source, document, headers, delivery, now)]
    items = _at("events", source.events, document)
    if not isinstance(items, list) or not 0 < len(items) <= _MOST_EVENTS:
        raise wrong("events", f"a list of 1 to {_MOST_EVENTS} events", items)
    return [
        _event(source, item, headers, delivery and f"{delivery}/{number}", now) for number, item in enumerate(items)
    ]


def _files(settings: Settings) -> tuple[list[Path], dict[Path, str]]:
    """The files of the sources; none, and what is said of their folder, where that cannot be read."""
    folder = settings.workspace_dir / sender_secrets.FOLDER
    try:
        return yaml_files(folder), {}
    except OSError as problem:
        return [], {folder: f"{folder}: expected a folder that can be read ({problem.strerror})."}


def _event(source: Source, item: Any, headers: Mapping[str, str], delivery: str | None, now: datetime) -> Said:
    ids = source.id or (() if delivery is not None else (_IDS[source.scheme],))
    values = [_at("id", pointer, item) for pointer in ids] or [delivery]
    event_type, is_meant = _type(source, item, headers)
    said_at = None
    if source.timestamp is not None and (is_meant or is_there(source.timestamp, item)):
        said_at = moment_of("timestamp", _at("timestamp", source.timestamp, item), now, numbers=True)
    return Said(
        delivery=delivery_of("id", "", *values),
        type=event_type,
        said_at=said_at,
        data=_at("data", source.data, item) if is_meant or is_there(source.data, item) else item,
    )


def _type(source: Source, item: Any, headers: Mapping[str, str]) -> tuple[str, bool]:
    """The type, and whether the file is about such events: its pointers need not find anything in others, as GitHub's ping."""
    wanted = source.type
    if wanted.constant is not None:
        return wanted.constant, True
    if wanted.header is not None:
        word: Any = headers.get(wanted.header.lower())
        if word is None:
            raise NotAnEvent(f"The request has to have the header {wanted.header}; it has none.")
        if wanted.pointer is not None and is_there(wanted.pointer, item):
            more = value_at(wanted.pointer, item)
            word = f"{word}.{more}" if isinstance(more, str) else word
    else:
        word = _at("type", wanted.pointer or "", item)
    if wanted.map is None:
        return type_of("type", word), True
    if isinstance(word, str) and word in wanted.map:
        return wanted.map[word], True
    # A word that was not mapped must not become a type of ours because it is written like one.
    if not isinstance(word, str) or not word.strip():
        raise wrong("type", "a word", word)
    return f"{source.name}.{re.sub('[^A-Za-z0-9_.:/-]', '_', word)}"[:64], False


def _at(name: str, pointer: str, document: Any) -> Any:
    try:
        return value_at(pointer, document)
    except NothingThere:
        raise NotAnEvent(f"The {name} has to stand at {pointer} in the body; nothing stands there.") from None


def _read(file: Path, environ: Mapping[str, str]) -> Source:
    document = fields.read(file, _FIELDS)
    fields.see_known(document, _FIELDS)
    name = document.get("name")
    if not isinstance(name, str) or not _NAME.fullmatch(name) or name in _TAKEN:
        raise WrongField(
            "name", f"a word of small letters, digits, '-' and '_' but {', '.join(_TAKEN)}, found {shown(name)}"
        )
    scheme = fields.choice("scheme", document.get("scheme"), Scheme)
    variables = sender_secrets.names(document)
    if not 1 <= len(variables) <= 2:
        raise WrongField(
            "secret_env",
            "the name of the variable that holds the secret, such as GITHUB_WEBHOOK_SECRET, or a list of two, "
            "found something else (not shown, it may be a secret)",
        )
    found = Source(
        name=name,
        scheme=scheme,
        secret_env=variables,
        type=_type_from(document.get("type")),
        id=_ids(scheme, document.get("id")),
        timestamp=_pointer(document, "timestamp", None),
        data=_pointer(document, "data", None) or "",
        events=_pointer(document, "events", None),
        url=_url(scheme, document.get("url")),
        file=file,
        brand=_brand(document.get("brand", DEFAULT)),
    )
    return _with_keys(found, environ)


def _brand(said: object) -> str:
    try:
        return brand_name(said if isinstance(said, str) else "")
    except ValueError:
        raise WrongField("brand", f"a brand's name, {NAMED}, found {shown(said)}") from None


def _with_keys(source: Source, environ: Mapping[str, str]) -> Source:

    keys, lacking = [], []
    for variable in source.secret_env:
        secret = environ.get(variable, "").strip()
        try:
            if not secret:
                lacking.append(f"set {variable}")
            else:
                keys.append(key_of(source.scheme, secret))
        except ValueError:
            lacking.append(f"write {variable} as whsec_ and base64, as its sender shows it")
    # Of two, one is enough: the other is to come, or has gone.
    lacks = (
        "" if keys else f"The source {source.name} has no secret: {' or '.join(lacking)}, and start the web app again."
    )
    return replace(source, keys=tuple(keys), lacks=lacks)


def _type_from(said: object) -> TypeFrom:
    if isinstance(said, str):
        if said.startswith("/"):
            said = {"pointer": said}
        else:
            return TypeFrom(constant=_our_type("type", said))
    if not isinstance(said, dict) or not {"pointer", "header"} & set(said) or set(said) - {"pointer", "header", "map"}:
        raise WrongField(
            "type",
            f"a type, a pointer such as /event, or header:, pointer: or both with map:, found {shown(said)}",
        )
    mapped = said.get("map")
    if mapped is not None:
        if not isinstance(mapped, dict) or not mapped:
            raise WrongField("type.map", f"our types by the sender's words, found {shown(mapped)}")
        mapped = MappingProxyType({str(word): _our_type("type.map", ours) for word, ours in mapped.items()})
    if "header" in said:
        header = said["header"]
        if not isinstance(header, str) or not re.fullmatch("[A-Za-z0-9-]{1,80}", header):
            raise WrongField("type.header", f"the name of a header such as X-GitHub-Event, found {shown(header)}")
        return TypeFrom(header=header, pointer=_pointer(said, "pointer", "type."), map=mapped)
    return TypeFrom(pointer=_pointer(said, "pointer", "type."), map=mapped)


def _our_type(name: str, said: object) -> str:
    try:
        return type_of(name, said)
    except NotAnEvent:
        raise WrongField(name, f"a type such as new_blog_post, found {shown(said)}") from None


def _ids(scheme: Scheme, said: object) -> tuple[str, ...]:
    if said is None:
        if scheme in _WITHOUT_ID:
            raise WrongField("id", f"a pointer such as /id, for {scheme} gives deliveries no number, found nothing")
        return ()
    found = said if isinstance(said, list) else [said]
    if not found or not all(isinstance(pointer, str) and is_pointer(pointer) for pointer in found):
        raise WrongField("id", f"a pointer such as /id, or a list of them, found {shown(said)}")
    return tuple(found)


def _pointer(document: Mapping[Any, Any], name: str, within: str | None) -> str | None:
    said = document.get(name)
    if said is None:
        return None
    if not isinstance(said, str) or not is_pointer(said):
        raise WrongField(f"{within or ''}{name}", f"a JSON pointer such as /data/object, found {shown(said)}")
    return said


def _url(scheme: Scheme, said: object) -> str:
    if scheme is not Scheme.HUBSPOT:
        if said is not None:
            raise WrongField("url", f"nothing, for only {Scheme.HUBSPOT} signs it, found {shown(said)}")
        return ""
    if not isinstance(said, str) or not re.fullmatch(r"https?://[^\s/]\S*+", said):
        raise WrongField("url", f"the https:// address HubSpot sends to, as it was told, found {shown(said)}")
    return said
