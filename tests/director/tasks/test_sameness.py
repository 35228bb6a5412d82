"""Variants that say the same in other words are found by counting; what only shares a topic, or is meant to repeat, is not."""

from pathlib import Path
from typing import Any

import pytest

from director.prompting.pieces import take_apart
from director.tasks.sameness import pairs
from director.tasks.variants import MOST, Variant, variants
from skills.documents import yaml_in

ROOT = Path(__file__).parents[3]
PACKAGES = Path(__file__).with_name("packages")
CORPUS: Any = yaml_in(Path(__file__).with_name("sameness.yaml").read_text(encoding="utf-8"))


def finds(pair: dict[str, str]) -> bool:
    first, second = (Variant(pair["kind"], pair[side], "Gnomes") for side in ("a", "b"))
    return bool(pairs([first, second], topic=pair["goal"]))


def said(*pieces: tuple[str, str]) -> str:
    return "# Gnomes\n\n" + "\n\n".join(f'<piece title="{title}">\n{text}\n</piece>' for title, text in pieces)


def test_recall_and_false_alarms_on_the_corpus() -> None:
    """
    Of 30 pairs that say the same 29 are found, of 30 that only share a topic, or are meant to repeat, none.
    """
    assert len(CORPUS["same"]) == len(CORPUS["different"]) == 30
    missed = [pair for pair in CORPUS["same"] if not finds(pair)]
    alarms = [pair for pair in CORPUS["different"] if finds(pair)]

    assert len(missed) <= 1, missed
    assert alarms == []


def test_recall_and_false_alarms_on_what_it_was_not_set_by() -> None:
    """
    Of 20 pairs that say the same 16 are found, of 20 that share a topic and most of their words one.
    """
    found = [finds(pair) for pair in CORPUS["unseen_same"]]
    alarms = [pair for pair in CORPUS["unseen_different"] if finds(pair)]

    assert len(found) == len(CORPUS["unseen_different"]) == 20
    assert sum(found) >= 16
    assert len(alarms) <= 1, alarms


@pytest.mark.parametrize("which", ["same", "different"])
def test_the_order_of_two_makes_no_difference(which: str) -> None:
    """
    Whichever of a pair stands first.
    """
    for pair in CORPUS[which]:
        assert finds(pair) is finds({**pair, "a": pair["b"], "b": pair["a"]})


def variants_of(package: Path) -> list[Variant]:
    """
    The variants of the pieces in a folder, each under its file's title.
    """
    return [
        one
        for file in sorted(package.glob("*.md"))
        for one in variants(said((file.stem.partition("-")[2].replace("-", " "), file.read_text(encoding="utf-8"))))
    ]


@pytest.mark.parametrize("package", sorted(PACKAGES.iterdir()), ids=lambda folder: folder.name)
def test_texts_of_one_goal_for_several_groups_raise_no_alarm(package: Path) -> None:
    """
    Letters to two groups and posts for three communities, as a model wrote them, have a call to action and a signature in
    common.
    """
    found = variants_of(package)

    assert len({one.piece for one in found}) >= 2
    assert pairs(found) == ()


@pytest.mark.parametrize(
    "package", sorted(ROOT.glob("examples/*/played/outputs/g1")), ids=lambda folder: folder.parts[-4]
)
def test_a_package_that_was_played_raises_no_alarm(package: Path) -> None:
    """
    What a stranger is shown as an example of the work says nothing twice.
    """
    found = variants_of(package)

    assert found
    assert pairs(found) == ()


DELIVERABLE = said(
    ("Headlines", "1. “Never pay for a surprise repair”\n2. **Punctures mended while you wait**\n3. Ride on"),
    (
        "Mail 1",
        "**Subject:** We miss you at the gym\n**Preview:** We miss you at the gym, really\n\nHello Anna, you left in spring "
        "because the evening classes were full.\n\n- three more on Tuesday\n- two on Thursday",
    ),
    (
        "Ads for search",
        "| Headline | Description | CTA |\n|---|---|---|\n"
        "| Get paid without chasing | For sole traders at home | Start now for free |",
    ),
    (
        "Sequence",
        f"## Mail 2\n\nSubject B: The gym misses you\n\n{'Come back. ' * 8}\n\n## Post for Tuesday\n\n{'We sing. ' * 8}",
    ),
    ("Counter script", "1. Ask what they ride.\n2. Say what it costs.\n3. Ask again what they ride."),
)


def test_variants_are_lines_of_a_kind_and_texts_of_a_kind() -> None:
    """
    Items of a list that is called so, what stands behind a label, cells of a column, sections and pieces that are each a mail
    or a post. Previews, calls to action, steps and items within a mail are none.
    """
    assert [(one.kind, one.text.partition("\n")[0][:32]) for one in variants(DELIVERABLE)] == [
        ("headline", "Never pay for a surprise repair"),
        ("headline", "Punctures mended while you wait"),
        ("subject", "We miss you at the gym"),
        ("mail", "Hello Anna, you left in spring b"),
        ("headline", "Get paid without chasing"),
        ("description", "For sole traders at home"),
        ("subject", "The gym misses you"),
        ("mail", "Come back. Come back. Come back."),
        ("post", "We sing. We sing. We sing. We si"),
    ]


def test_only_what_is_of_one_kind_is_compared() -> None:
    """
    A subject line and the headline of the page it leads to say the same on purpose.
    """
    text = "No more surprise repair bills"

    assert pairs([Variant("subject", text, "Mail"), Variant("headline", text, "Page")]) == ()
    assert len(pairs([Variant("subject", text, "Mail"), Variant("subject", text, "Mail")])) == 1


def test_of_the_others_only_the_own_ones_partners_are_told() -> None:
    """
    Two of another deliverable that say the same are not this author's.
    """
    other = Variant("headline", "No more surprise repair bills", "Page")

    assert pairs([Variant("headline", "Punctures mended while you wait", "Mine")], [other, other]) == ()
    (found,) = pairs([Variant("headline", "Never pay for a surprise repair again", "Mine")], [other])
    assert (found.first.piece, found.second.piece) == ("Mine", "Page")


def test_of_many_variants_the_first_are_looked_at() -> None:
    """
    Each is compared with each, so there is a bound.
    """
    many = said(("Headlines", "\n".join(f"- Gnome number {n} sings" for n in range(4 * MOST))))

    assert len(variants(many)) == MOST


def test_notes_hold_no_variants() -> None:
    """
    What stands behind the pieces is for colleagues.
    """
    assert take_apart(DELIVERABLE).notes == ""
    assert variants("# Gnomes\n\n## Headlines\n\n- Come back without a fee\n- Return and pay no fee") == ()
