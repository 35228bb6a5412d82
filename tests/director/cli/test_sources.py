"""`events sources`: who may send events over HTTP, and what is wrong with their files."""

import json
from collections.abc import Callable

import pytest

from director.office import Office
from tests.director.cli.conftest import Said
from tests.director.cli.test_events import at_a_terminal

Say = Callable[..., Said]

FILES = {
    "github": """
        {name: github, scheme: github, secret_env: [GNOME_NEW, GNOME_OLD], data: /release,
         type: {header: X-GitHub-Event, pointer: /action, map: {release.published: new_feature_shipped}}}
    """,
    "shop": "{name: shop, scheme: shopify, secret_env: GNOME_SHOP, type: gnome_sold}",
    "till": "{name: till, scheme: bearer, secret_env: GNOME_TILL, type: /kind, id: /id}",
    "broken": "{name: broken, scheme: wax, secret_env: GNOME_WAX}",
}


@pytest.fixture
def sources(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """Three that are right, of which one has no secret, and one that is broken."""
    folder = office.settings.workspace_dir / "sources"
    folder.mkdir(parents=True)
    for name, text in FILES.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    monkeypatch.setenv("GNOME_OLD", "hush-hush-4711")
    monkeypatch.setenv("GNOME_TILL", "hush-hush-4712")


@pytest.mark.usefixtures("sources")
def test_each_source_is_listed_with_what_it_may_tell_of(say: Say) -> None:
    """Where it sends to, how it signs, its secret by name, the types; a missing secret and a broken file are said."""
    said = say("events", "sources")

    rows = [" ".join(line.split()) for line in said.out.splitlines()]
    assert (said.code, said.err) == (0, "")
    assert rows[:6] == [
        "source sends to signs as secret may tell of",
        "(our envelope) /webhooks/events bearer a token, or this machine any type",
        "github /webhooks/github github GNOME_NEW or GNOME_OLD new_feature_shipped,",
        "github.*",
        "shop /webhooks/shop shopify GNOME_SHOP (missing) gnome_sold",
        "till /webhooks/till bearer GNOME_TILL any type",
    ]
    assert rows[6] == "The source shop has no secret: set GNOME_SHOP, and start the web app again."
    assert "broken.yaml: scheme: " in rows[7]
    assert len(rows) == 8


@pytest.mark.usefixtures("sources")
def test_the_document_has_the_same_and_no_secret(say: Say, monkeypatch: pytest.MonkeyPatch) -> None:
    """Secrets are named and never shown."""
    monkeypatch.setenv("WEBHOOK_TOKEN", "hush-hush-4713-gnomes")
    said = say("events", "sources", "--json")
    document = json.loads(said.out)

    assert document["envelope"] == {"address": "/webhooks/events", "token": True}
    assert {found["name"]: (found["types"], found["secret_env"]) for found in document["sources"]} == {
        "github": (["new_feature_shipped", "github.*"], ["GNOME_NEW", "GNOME_OLD"]),
        "shop": (["gnome_sold"], ["GNOME_SHOP"]),
        "till": (None, ["GNOME_TILL"]),
    }
    assert [found["name"] for found in document["sources"] if found["lacks"]] == ["shop"]
    assert [found["file"].rpartition("/")[2] for found in document["broken"]] == ["broken.yaml"]
    assert "hush" not in said.out


@pytest.mark.usefixtures("sources")
@pytest.mark.parametrize("width", [80, 120])
def test_it_fits_the_terminal(say: Say, monkeypatch: pytest.MonkeyPatch, width: int) -> None:
    """Names and addresses stay whole."""
    lines = at_a_terminal(say, monkeypatch, width, "events sources")

    assert max(len(line) for line in lines if not line.endswith(".")) <= width
    for whole in ("/webhooks/github", "new_feature_shipped", "GNOME_SHOP"):
        assert whole in " ".join(lines)


def test_without_any_there_is_still_our_envelope(office: Office, say: Say) -> None:
    """And looking makes no workspace."""
    assert say("events", "sources").out.count("\n") == 2
    assert not (office.settings.workspace_dir / "sources").exists()
