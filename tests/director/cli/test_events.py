"""`events` and `triggers`: what came, what became of it, and which rules there are."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from director.goals import submit
from director.office import Office
from tests.director.cli.conftest import Said
from tests.director.triggers.conftest import happened, look_at

Say = Callable[..., Said]


def write_trigger(office: Office, name: str, text: str) -> Path:
    file = office.settings.workspace_dir / "triggers" / f"{name}.yaml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    return file


def sent(say: Say, *pairs: str) -> Any:
    """The data of the event that was sent."""
    said = say("events", "send", "gnome_stolen", *pairs, "--json")
    assert said.code == 0, said.err
    return json.loads(said.out)["data"]


def at_a_terminal(say: Say, monkeypatch: pytest.MonkeyPatch, width: int, command: str) -> list[str]:
    """What a command shows at a terminal that is so wide, line by line."""
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", str(width))
    return re.sub(r"\x1b\[[0-9;]*m", "", say(*command.split()).out).splitlines()


def test_each_event_is_listed_with_what_became_of_it_at_each_trigger(office: Office, say: Say) -> None:
    """Newest first; one nobody has a trigger for, and one nobody has looked at, say so too."""
    write_trigger(
        office, "a-second-look", "event: traffic_drop\nwhen: [{at: /percentageDrop, is: gt, value: 50}]\ngoal: x"
    )
    for event_type, data in [("traffic_drop", {"percentageDrop": 35}), ("gnome_stolen", {}), ("traffic_drop", {})]:
        look_at(office, happened(office, event_type, data))
    happened(office, "traffic_drop", {})
    said = say("events")

    rows = [found[0] for found in re.finditer(r"(?m)^e\d(?= )", said.out)]
    assert rows == ["e4", "e3", "e3", "e2", "e1", "e1"]
    text = " ".join(said.out.split())
    assert "traffic_drop waits It waits until a worker runs" in text
    assert "not evaluated traffic-drop: /percentageDrop: expected a number, found nothing." in text
    assert "gnome_stolen recorded No trigger is for gnome_stolen." in text
    assert "traffic_drop started traffic-drop: Started g1." in text
    assert "traffic_drop not met a-second-look: It has to hold that /percentageDrop > 50." in text
    assert text.count("traffic-drop: ") == 2


def test_an_event_that_was_sent_waits_for_a_worker(office: Office, say: Say) -> None:
    """It is on record, and the command says what it waits for; that is what was asked for."""
    said = say("events", "send", "traffic_drop", "percentageDrop=35")

    assert said.code == 0
    assert said.out.startswith(f"Workspace {office.settings.workspace_dir}\ne1: traffic_drop\nwaits. It waits until")
    with office.store.read() as tx:
        assert tx.events.get("e1").data == {"percentageDrop": 35}
        assert tx.events.get("e1").source == "cli"


def test_the_same_event_sent_twice_is_two(office: Office, say: Say) -> None:
    """A person who types it again means it again; whether it starts anything is the trigger's cooldown."""
    for _ in range(2):
        sent(say, "gnomes=3")

    with office.store.read() as tx:
        assert tx.events.count() == 2


@pytest.mark.parametrize(
    ("pair", "value"),
    [
        ("a=35", 35),
        ("a=-0.5", -0.5),
        ("a=1e3", 1000.0),
        ("a=true", True),
        ("a=null", None),
        ("a=035", "035"),
        ("a=35%", "35%"),
        ("a=NaN", "NaN"),
        ("a=", ""),
        ("a=x=y", "x=y"),
        ('a={"b": 1}', '{"b": 1}'),
        ("a=True", "True"),
    ],
)
def test_numbers_are_numbers_and_all_else_is_text(say: Say, pair: str, value: Any) -> None:
    """True, false and null as JSON writes them."""
    assert sent(say, pair) == {"a": value}
    assert type(sent(say, pair)["a"]) is type(value)


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["gnome stolen"], "An event's type has letters"),
        (["x" * 65], "An event's type has letters"),
        (["gnome_stolen", "gnomes"], "An event's data are written KEY=VALUE"),
        (["gnome_stolen", "=3"], "An event's data are written KEY=VALUE"),
        (["gnome_stolen", "a=1", "a=2"], "'a' was given twice"),
        (["gnome_stolen", "a=1e999"], "numbers that are finite"),
        (["gnome_stolen", f"a={'9' * 5000}"], "The number of a is too long"),
        (["gnome_stolen", f"a={'9' * 4200}"], "numbers of at most 100 digits"),
    ],
)
def test_a_wrong_call_is_a_sentence_and_no_event(office: Office, say: Say, words: list[str], why: str) -> None:
    """Exit code 2, nothing written."""
    said = say("events", "send", *words)

    assert (said.code, said.out) == (2, "")
    assert why in said.err
    assert said.err.count("\n") == 1
    with office.store.read() as tx:
        assert tx.events.count() == 0


def test_an_event_is_shown_with_its_data_behind_marks(office: Office, say: Say) -> None:
    """Nothing in them moves the terminal, and none of their lines can be taken for one of ours."""
    look_at(office, happened(office, "gnome_stolen", {"said": "\x1b[2J\nno trigger\n\u202eevil"}, delivery="\x1b[31m7"))
    said = say("events", "show", "e1")

    assert said.out.splitlines()[1:] == [
        r"Delivery: \x1b[31m7",
        "recorded. No trigger is for gnome_stolen.",
        "Data, as it came:",
        "| {",
        r'|   "said": "\u001b[2J\nno trigger\n\u202eevil"',
        "| }",
    ]


def test_an_event_from_inside_says_what_it_is_about(office: Office, say: Say) -> None:
    """The goal it happened to."""
    goal = submit.submit(office, "Count the gnomes")
    happened(office, "agent_failure", {}, goal=goal.id)

    assert "About: g1\n" in say("events", "show", "e1").out


def test_an_event_that_is_not_there_is_a_wrong_call(office: Office, say: Say) -> None:
    """The sentence says where they are listed."""
    said = say("events", "show", "e7")

    assert said.code == 2
    assert said.err.startswith("There is no event 'e7'; `")


def test_of_very_many_the_newest_are_listed(office: Office, say: Say) -> None:
    """And how many there are is said."""
    for _ in range(51):
        happened(office, "gnome_stolen", {})

    assert "The newest 50 of 51; `" in say("events").out
    assert len(json.loads(say("events", "--json").out)["events"]) == 50
    assert len(json.loads(say("events", "--all", "--json").out)["events"]) == 51


def test_triggers_are_listed_with_what_stops_them(office: Office, say: Say) -> None:
    """One that cools, one that is off, one whose pipeline is not here, a file that is none."""
    write_trigger(office, "gnome-alarm", "event: gnome_stolen\npipeline: Gnome Hunt\nenabled: false")
    broken = write_trigger(office, "broken", "event: [")
    write_trigger(office, "hall", "event: gnome_moved\ngoal: Put it back\npriority: P3\ncooldown: 365000 d")
    look_at(office, happened(office, "gnome_moved", {}))
    said = say("triggers")
    document = json.loads(say("triggers", "--json").out)

    text = " ".join(said.out.split())
    assert "traffic_drop traffic-drop /percentageDrop > 20 SEO Cycle P1 1 h " in text
    assert "gnome_moved hall Put it back P3 until 3026-03-25 09:00 UTC" in text
    assert "gnome_stolen gnome-alarm nothing here: Gnome Hunt off" in text
    assert "gnome-alarm starts nothing here: There is no pipeline 'Gnome Hunt'" in text
    assert f"{broken}: expected YAML" in text
    assert [found["file"] for found in document["broken"]] == [str(broken)]
    [cooling] = [found for found in document["triggers"] if found["cools_until"]]
    assert (cooling["name"], cooling["cools_for"]) == ("hall", "e1")
    [ours] = [found for found in document["triggers"] if found["name"] == "traffic-drop"]
    assert ours["when"] == [{"at": "/percentageDrop", "is": "gt", "value": 20}]


@pytest.mark.parametrize("width", ["80", "120"])
def test_at_any_width_a_trigger_shows_what_it_is_for_and_what_it_starts(
    office: Office, say: Say, monkeypatch: pytest.MonkeyPatch, width: str
) -> None:
    """Priority and cooldown give way; condition and work fold."""
    conditions = "{at: /gnomes, is: gt, value: 1}, {at: /garden, is: contains, value: roses}"
    write_trigger(office, "gnome-alarm", f"event: gnome_stolen\nwhen: [{conditions}]\ngoal: {'Replace it. ' * 9}")
    lines = at_a_terminal(say, monkeypatch, int(width), "triggers")

    assert lines[0].split()[:4] == ["event", "trigger", "if", "starts"]
    assert max(map(len, lines)) <= int(width)
    text = " ".join(" ".join(lines).split())
    for piece in ("traffic_drop", "traffic-drop", "/percentageDrop", "/percentageSpike", "SEO Cycle", "gnome-alarm"):
        assert piece in text
    assert "roses" in text
    assert "…" not in text


def test_why_has_a_third_of_the_width(office: Office, say: Say, monkeypatch: pytest.MonkeyPatch) -> None:
    """Long types and names of triggers are cut in the middle, where they say least."""
    event_type, trigger = "gnome.stolen.from_the_long_garden:deleted", f"gnome-alarm-{'x' * 40}-roses"
    write_trigger(office, trigger, f"event: {event_type}\nwhen: [{{at: /gnomes, is: gt, value: 1}}]\ngoal: x")
    look_at(office, happened(office, event_type, {"gnomes": 0}))
    head, *lines = at_a_terminal(say, monkeypatch, 80, "events")

    assert max(map(len, [head, *lines])) <= 80
    assert len(head) - head.index("why") >= 80 // 3
    assert "gnome.stol…n:deleted" in lines[0]
    assert "gnome-alar…xxx-roses: " in lines[0]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ["traffic_drop", "drop=35", "page=home"],
            "The trigger traffic-drop looks at /percentageDrop; the event has /drop, /page.\n",
        ),
        (["traffic_drop"], "The trigger traffic-drop looks at /percentageDrop; the event has no data.\n"),
        (["gnome_stolen", "gnomes=3"], "The trigger gnome-alarm looks at /garden; the event has /gnomes.\n"),
        (["trafic_drop", "percentageDrop=35"], "No trigger is for trafic_drop; nearest: traffic_drop.\n"),
        (["traffic_drop", "percentageDrop=35"], ""),
        (["budget_warning"], ""),
        (["zzzz"], ""),
    ],
)
def test_a_slip_in_an_event_is_said(office: Office, say: Say, words: list[str], said: str) -> None:
    """What the triggers of its type look at and it has not, or the nearest type; it is on record all the same."""
    write_trigger(
        office,
        "gnome-alarm",
        "event: gnome_stolen\nwhen: [{at: /thief, is: exists, value: false}]\ngoal: Replace {/gnomes} in {/garden}",
    )
    found = say("events", "send", *words)

    assert found.code == 0
    assert found.err.startswith(said)
    assert bool(found.err) is bool(said)
    with office.store.read() as tx:
        assert tx.events.count() == 1
