"""The files in workspace/sources: what they may say, and what is said of one that is wrong."""

import os
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from director.triggers.incoming import NotAnEvent
from director.triggers.signatures import Scheme
from director.triggers.sources import Folder, events_in, load
from director.words.own_secrets import own_secrets
from director.words.settings import Settings

GITHUB = """\
name: github
scheme: github
secret_env: GNOME_SECRET
type: {header: X-GitHub-Event, map: {release: new_feature_shipped}}
data: /release
"""

Write = Callable[..., Path]


@pytest.fixture
def write(settings: Settings) -> Write:
    """Write a file of a source: `write(text, "other")`."""

    def write(text: str, name: str = "github") -> Path:
        file = settings.workspace_dir / "sources" / f"{name}.yaml"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        return file

    return write


def complaint(settings: Settings) -> str:
    """What is said of the one file, which is broken."""
    found = load(settings)
    assert found.sources == {}
    [(file, sentence)] = found.broken.items()
    assert sentence.startswith(f"{file}: ")
    assert "\n" not in sentence
    return sentence.removeprefix(f"{file}: ")


def test_without_a_folder_there_are_none(settings: Settings) -> None:
    """Nobody has to have one."""
    assert (load(settings).sources, load(settings).broken) == ({}, {})


def test_a_folder_that_is_none_is_told_of(settings: Settings) -> None:
    """As of triggers and schedules: whoever looks for a source that is not found sees why. Once it is mended, nothing is."""
    sources = Folder(settings)
    assert sources.now().broken == {}
    folder = settings.workspace_dir / "sources"
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.write_text("", encoding="utf-8")

    told = {folder: f"{folder}: expected a folder that can be read (Not a directory)."}
    assert (load(settings).broken, sources.now().broken) == (told, told)

    folder.unlink()
    assert sources.now().broken == {}


def test_a_file_makes_a_source(settings: Settings, write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    """With its secret from the environment, which showing it does not show."""
    monkeypatch.setenv("GNOME_SECRET", "hush-hush-4711")
    write(GITHUB)

    source = load(settings).sources["github"]

    assert (source.scheme, source.keys, source.lacks) == (Scheme.GITHUB, (b"hush-hush-4711",), "")
    assert "hush" not in repr(source)


def test_a_secret_may_stand_in_the_file_of_settings(
    settings: Settings, write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As all settings may; the environment goes before it."""
    (tmp_path / ".env").write_text("GNOME_SECRET=from-the-file\nGNOME_OTHER=other\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("WORKSPACE_DIR", raising=False)
    write(GITHUB.replace("GNOME_SECRET", "[GNOME_SECRET, GNOME_OTHER]"))
    assert load(settings).sources["github"].keys == (b"from-the-file", b"other")

    monkeypatch.setenv("GNOME_SECRET", "from-the-environment")

    assert load(settings).sources["github"].keys == (b"from-the-environment", b"other")


def test_a_secret_is_one_of_ours(settings: Settings, write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is taken out of all that is kept, shown and logged; a file that is broken otherwise still names its secret."""
    monkeypatch.setenv("GNOME_SECRET", "hush-hush-4711")
    assert "hush-hush-4711" not in own_secrets(settings, os.environ)

    for text in (GITHUB, GITHUB.replace("name: github", "name: 7")):
        write(text)
        assert "hush-hush-4711" in own_secrets(settings, os.environ)


def test_of_two_secrets_one_is_enough(settings: Settings, write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    """The other is to come, or has gone; without either nothing can be verified, and both are named."""
    write(GITHUB.replace("GNOME_SECRET", "[GNOME_NEW, GNOME_OLD]"))
    lacks = load(settings).sources["github"].lacks
    assert lacks == "The source github has no secret: set GNOME_NEW or set GNOME_OLD, and start the web app again."

    monkeypatch.setenv("GNOME_OLD", "x")

    assert (load(settings).sources["github"].keys, load(settings).sources["github"].lacks) == ((b"x",), "")


def test_a_secret_its_scheme_cannot_have_is_not_shown(
    settings: Settings, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Standard Webhooks has them in base64."""
    monkeypatch.setenv("GNOME_SECRET", "no*base64")
    write(GITHUB.replace("scheme: github", "scheme: standard"))

    lacks = load(settings).sources["github"].lacks

    assert "write GNOME_SECRET as whsec_ and base64" in lacks
    assert "no*base64" not in lacks


def test_one_that_is_broken_stops_only_itself(settings: Settings, write: Write) -> None:
    """The others are there."""
    broken = write("name: [", "a-broken-one")
    write(GITHUB)

    found = load(settings)

    assert set(found.sources) == {"github"}
    assert set(found.broken) == {broken}


def test_a_name_is_one_sources(settings: Settings, write: Write) -> None:
    """The second of two is broken."""
    first, second = write(GITHUB, "a"), write(GITHUB, "b")

    found = load(settings)

    assert found.sources["github"].file == first
    assert f"a name of its own, found github again after {first}" in found.broken[second]


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (GITHUB, "", "file: expected name, scheme, "),
        (GITHUB, "- github", "file: expected name, scheme, "),
        (GITHUB, "name: {", "expected YAML, found a mistake"),
        ("data:", "dat:", "'dat': expected only name, scheme"),
        ("data:", "dat:", "events, url, brand; nearest: data."),
        ("name: github", "", "name: expected a word of small letters"),
        ("name: github", "name: Git Hub", "found 'Git Hub'"),
        ("name: github", "name: events", "but events, cli, team, found 'events'"),
        ("name: github", "name: ../x", "found '../x'"),
        ("name: github", "name: github\nname: github", "the key 'name' stands there twice"),
        ("scheme: github", "", "scheme: expected one of bearer, standard, github,"),
        ("scheme: github", "scheme: gitlab", "found 'gitlab'"),
        ("scheme: github", "scheme: [github]", "found ['github']"),
        ("secret_env: GNOME_SECRET", "", "secret_env: expected the name of the variable"),
        ("GNOME_SECRET", "hush-hush-4711", "found something else (not shown, it may be a secret)"),
        ("GNOME_SECRET", "whsec_hush4711", "found something else (not shown, it may be a secret)"),
        ("GNOME_SECRET", "[A, B, C]", "or a list of two"),
        ("GNOME_SECRET", "[A, hush4711]", "found something else (not shown"),
        ("GNOME_SECRET", "[]", "secret_env: expected"),
        ("{header: X-GitHub-Event, map: {release: new_feature_shipped}}", "", "type: expected a type, a pointer"),
        ("{header: X-GitHub-Event, map: {release: new_feature_shipped}}", "new post", "type: expected a type such as"),
        ("header: X-GitHub-Event,", "", "type: expected a type, a pointer"),
        ("header: X-GitHub-Event,", "header: X-GitHub-Event, pointer: a,", "type.pointer: expected a JSON pointer"),
        ("header: X-GitHub-Event,", "header: 'X GitHub',", "type.header: expected the name of a header"),
        ("header: X-GitHub-Event,", "pointer: a,", "type.pointer: expected a JSON pointer"),
        ("{release: new_feature_shipped}", "release", "type.map: expected our types by the sender's words"),
        ("{release: new_feature_shipped}", "{release: new feature}", "type.map: expected a type"),
        ("data: /release", "data: release", "data: expected a JSON pointer such as /data/object, found 'release'"),
        ("data: /release", "data: /a~2", "data: expected a JSON pointer"),
        ("data: /release", "timestamp: 7", "timestamp: expected a JSON pointer"),
        ("data: /release", "events: items", "events: expected a JSON pointer"),
        ("data: /release", "id: id", "id: expected a pointer such as /id"),
        ("data: /release", "id: []", "id: expected a pointer such as /id"),
        ("data: /release", "id: [/a, b]", "id: expected a pointer such as /id"),
        ("data: /release", "url: https://gnomes.example", "url: expected nothing, for only hubspot signs it"),
        (
            "scheme: github",
            "scheme: bearer",
            "id: expected a pointer such as /id, for bearer gives deliveries no number",
        ),
        ("scheme: github", "scheme: hubspot\nid: /id", "url: expected the https:// address"),
        ("scheme: github", "scheme: hubspot\nid: /id\nurl: gnomes.example", "found 'gnomes.example'"),
    ],
)
def test_what_is_wrong_is_named(settings: Settings, write: Write, before: str, after: str, said: str) -> None:
    """The file, the field, what was expected and what came, in a sentence; a secret in the wrong place is not shown."""
    assert before in GITHUB
    write(GITHUB.replace(before, after, 1))

    sentence = complaint(settings)

    assert said in sentence
    assert "4711" not in sentence


def test_a_word_that_is_not_mapped_is_no_type_of_ours(settings: Settings, write: Write) -> None:
    """Else a sender's word that is written like one would start what it was not meant for."""
    write(GITHUB.replace("data: /release\n", ""))
    source = load(settings).sources["github"]

    found = [
        events_in(source, {}, {"x-github-event": word}, "1", datetime.now(UTC))[0].type
        for word in ("release", "ping", "new_blog_post", "a b", "x" * 99)
    ]

    assert found == ["new_feature_shipped", "github.ping", "github.new_blog_post", "github.a_b", f"github.{'x' * 57}"]


def test_all_of_an_event_that_is_not_mapped_is_its_data(settings: Settings, write: Write) -> None:
    """
    The file's pointers are for what it maps; GitHub's first delivery, a ping, is recorded whole, and what is mapped still has
    to be as the file says.
    """
    write(GITHUB + "timestamp: /release/published_at\n")
    source = load(settings).sources["github"]
    now = datetime.now(UTC)

    [ping] = events_in(source, {"zen": "Gnomes."}, {"x-github-event": "ping"}, "1", now)
    [other] = events_in(source, {"release": {"id": 1}}, {"x-github-event": "other"}, "2", now)

    assert (ping.type, ping.data, ping.said_at) == ("github.ping", {"zen": "Gnomes."}, None)
    assert (other.type, other.data) == ("github.other", {"id": 1})
    with pytest.raises(NotAnEvent, match="timestamp has to stand at /release/published_at"):
        events_in(source, {"zen": "Gnomes."}, {"x-github-event": "release"}, "3", now)


def test_a_pointer_adds_to_the_word_of_a_header(settings: Settings, write: Write) -> None:
    """GitHub says in the header what an event is about, and in the body what was done: a release that is deleted is none."""
    write(GITHUB.replace("map: {release:", "pointer: /action, map: {release.published:"))
    source = load(settings).sources["github"]
    bodies = [{"action": "published", "release": {}}, {"action": "deleted", "release": {}}, {"action": {}}, {}]

    found = [events_in(source, body, {"x-github-event": "release"}, "1", datetime.now(UTC))[0].type for body in bodies]

    assert found == ["new_feature_shipped", "github.release.deleted", "github.release", "github.release"]


def test_the_readmes_source_is_one(settings: Settings, write: Write) -> None:
    """Who copies it has a source, which takes GitHub's ping and starts nothing but by what is published."""
    readme = (Path(__file__).parents[3] / "README.md").read_text(encoding="utf-8")
    (text,) = (found for found in re.findall(r"(?s)```yaml\n(.*?)```", readme) if "scheme:" in found)
    write(text)
    source = load(settings).sources["github"]
    now = datetime.now(UTC)

    [ping] = events_in(source, {"zen": "Gnomes."}, {"x-github-event": "ping"}, "1", now)
    release = {"action": "published", "release": {"name": "1.0"}}
    [published] = events_in(source, release, {"x-github-event": "release"}, "2", now)
    [deleted] = events_in(source, release | {"action": "deleted"}, {"x-github-event": "release"}, "3", now)

    assert [ping.type, published.type, deleted.type] == ["github.ping", "new_feature_shipped", "github.release.deleted"]
    assert published.data == {"name": "1.0"}


def test_a_folder_is_read_again_when_it_changed_and_only_then(settings: Settings, write: Write) -> None:
    """Every delivery asks."""
    folder = Folder(settings)
    assert folder.now() is folder.now()
    write(GITHUB)

    assert set(folder.now().sources) == {"github"}
    assert folder.now() is folder.now()
