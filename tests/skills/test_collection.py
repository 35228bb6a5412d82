"""Our own 26 skills, and what adding one takes."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipelines import template
from skills.loader import OWN, Skill, load, validate

SKILLS = load([OWN]).skills

#: Who uses whose deliverable first hand.
CONSUMERS = {
    "product-marketing-context": {"all"},
    "content-strategy": {"copywriting", "programmatic-seo", "social-content"},
    "pricing-strategy": {"copywriting", "page-cro"},
    "launch-strategy": {"email-sequence", "social-content", "paid-ads", "page-cro"},
    "competitor-alternatives": {"copywriting", "programmatic-seo"},
    "marketing-ideas": set(),
    "marketing-psychology": set(),
    "copywriting": {"page-cro", "copy-editing"},
    "copy-editing": {"page-cro"},
    "social-content": set(),
    "cold-email": set(),
    "paid-ads": set(),
    "programmatic-seo": set(),
    "schema-markup": set(),
    "page-cro": {"copywriting", "form-cro", "popup-cro"},
    "signup-flow-cro": {"onboarding-cro"},
    "form-cro": set(),
    "popup-cro": set(),
    "free-tool-strategy": set(),
    "onboarding-cro": {"email-sequence"},
    "email-sequence": {"analytics-tracking"},
    "referral-program": {"analytics-tracking"},
    "paywall-upgrade-cro": set(),
    "seo-audit": {"content-strategy", "programmatic-seo"},
    "analytics-tracking": set(),
    "ab-test-setup": set(),
}

SQUADS = {
    "foundation": {"product-marketing-context"},
    "strategy": {
        "content-strategy",
        "pricing-strategy",
        "launch-strategy",
        "competitor-alternatives",
        "marketing-ideas",
        "marketing-psychology",
    },
    "creative": {
        "copywriting",
        "copy-editing",
        "social-content",
        "cold-email",
        "paid-ads",
        "programmatic-seo",
        "schema-markup",
    },
    "convert": {"page-cro", "signup-flow-cro", "form-cro", "popup-cro", "free-tool-strategy"},
    "activate": {"onboarding-cro", "email-sequence", "referral-program", "paywall-upgrade-cro"},
    "measure": {"seo-audit", "analytics-tracking", "ab-test-setup"},
}


def test_our_own_collection_has_no_faults() -> None:
    """
    Every folder keeps every rule.
    """
    assert [str(fault) for fault in validate([OWN])] == []


def test_our_own_collection_is_the_consumer_graph() -> None:
    """
    26 specialists, each with the consumers the system was designed with.
    """
    found = {name: set(consumers) for name, consumers in load([OWN]).consumers.items()}

    assert found == CONSUMERS


def test_every_skill_is_in_its_squad() -> None:
    """
    No skill of ours is a guest.
    """
    skills = load([OWN]).skills.values()

    assert {
        squad: {skill.name for skill in skills if skill.squad == squad} for squad in {s.squad for s in skills}
    } == SQUADS


def test_every_skill_of_ours_says_how_it_is_judged() -> None:
    """
    A writer has an outline to follow, a reviewer has criteria to judge by.
    """
    for skill in load([OWN]).skills.values():
        assert "Assumptions and open facts" in skill.required_sections, skill.name
        assert skill.required_sections[-1] == "Handover", skill.name
        assert skill.rubric.criteria, skill.name
        assert skill.rubric.faults, skill.name
        assert (skill.folder / "evals.yaml").is_file(), skill.name


def quoted(skill: Skill, part: str) -> Iterator[tuple[Skill, str]]:
    """The *section titles* in a part of SKILL.md, each with the skill that was named last before it, else its own."""
    names = "|".join(sorted(SKILLS, key=len, reverse=True))
    mark = re.compile(rf"(?<!\*)\*([A-Z][^*]*)\*(?!\*)|(?<![\w-])({names})(?![\w-])")
    body = skill.text.partition(f"\n## {part}\n")[2].partition("\n## ")[0]
    for item in re.split(r"\n(?:[-*] |\n)", f"\n{body}"):
        named = skill
        for found in mark.finditer(" ".join(item.split())):
            if found[2]:
                named = SKILLS[found[2]]
            else:
                yield named, found[1]


def titles(skill: Skill) -> set[str]:
    return {section.title for section in skill.outline}


@pytest.mark.parametrize("skill", SKILLS.values(), ids=list(SKILLS))
def test_what_a_skill_reads_in_anothers_work_stands_there(skill: Skill) -> None:
    """
    *Read first* says where a thing is found: a title behind another skill's name is a section of that skill's deliverable.
    """
    assert [(named.name, title) for named, title in quoted(skill, "Read first") if title not in titles(named)] == []


@pytest.mark.parametrize("skill", SKILLS.values(), ids=list(SKILLS))
def test_what_a_skill_hands_over_stands_in_its_deliverable(skill: Skill) -> None:
    """
    *Handover* says who gets what from which section, and all of these are its own.
    """
    assert [title for _, title in quoted(skill, "Handover") if title not in titles(skill)] == []


def test_in_a_conversion_sprint_each_says_what_it_takes_from_the_one_before() -> None:
    """
    By the sections where it stands, which the one before always delivers.
    """
    tasks = {task.key: task for task in template.load([template.OWN], SKILLS).find("Conversion Sprint").plan().tasks}
    pairs = [(tasks[need].skill, task.skill) for task in tasks.values() for need in task.needs]

    assert len(pairs) == 3
    for before, after in pairs:
        taken = {title for named, title in quoted(SKILLS[after], "Read first") if named.name == before}
        assert taken, f"{after} does not say what it takes from {before}"
        assert taken <= set(SKILLS[before].required_sections), (before, after)


def test_a_27th_specialist_is_a_folder(tmp_path: Path) -> None:
    """
    No code and no second list: the folder is the registration.
    """
    before = load([OWN])
    (tmp_path / "gnome-naming").mkdir()
    (tmp_path / "gnome-naming" / "SKILL.md").write_text(
        "---\nname: gnome-naming\ndescription: Names gnomes. Use when one has no name.\n"
        "metadata:\n  squad: creative\n  consumers: copywriting\n  minimum-words: '200'\n---\nName it.\n"
    )

    after = load([OWN, tmp_path])

    assert set(before.skills) | {"gnome-naming"} == set(after.skills)
    assert before.faults == after.faults
    assert after.consumers["gnome-naming"] == ("copywriting",)
    assert after.skills["gnome-naming"].squad == "creative"
