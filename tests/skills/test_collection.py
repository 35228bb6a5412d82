"""Our own skills: what each folder is held to, and who has to be there."""

import re
from collections.abc import Iterator

import pytest

from pipelines import loader
from skills.loader import GUEST, OWN, Skill, load, validate

SKILLS = load([OWN]).skills

#: What the team was designed with, the one place where the specialists stand in a list: `skill → who uses its deliverable
#: first hand`, by squad. There may be more.
DESIGNED = {
    "foundation": """
        product-marketing-context → all
    """,
    "strategy": """
        content-strategy → copywriting programmatic-seo social-content
        pricing-strategy → copywriting page-cro
        launch-strategy → email-sequence social-content paid-ads page-cro
        competitor-alternatives → copywriting programmatic-seo
        marketing-ideas →
        marketing-psychology →
    """,
    "creative": """
        copywriting → page-cro copy-editing
        copy-editing → page-cro
        social-content →
        cold-email →
        paid-ads →
        programmatic-seo →
        schema-markup →
    """,
    "convert": """
        page-cro → copywriting form-cro popup-cro
        signup-flow-cro → onboarding-cro
        form-cro →
        popup-cro →
        free-tool-strategy →
    """,
    "activate": """
        onboarding-cro → email-sequence
        email-sequence → analytics-tracking
        referral-program → analytics-tracking
        paywall-upgrade-cro →
    """,
    "measure": """
        seo-audit → content-strategy programmatic-seo
        analytics-tracking →
        ab-test-setup →
    """,
}


def test_our_own_collection_has_no_faults() -> None:
    """
    Every folder keeps every rule.
    """
    assert [str(fault) for fault in validate([OWN])] == []


def test_everybody_the_team_was_designed_with_is_there() -> None:
    """
    In the squad and with the consumers of the design. More may come: a folder added, a consumer added.
    """
    lines = [(squad, line) for squad, text in DESIGNED.items() for line in text.strip().splitlines()]

    for squad, line in lines:
        name, _, consumers = (part.strip() for part in line.partition("→"))
        assert name in SKILLS, f"there is no {name}"
        assert SKILLS[name].squad == squad, name
        assert set(consumers.split()) <= set(SKILLS[name].consumers), name


def test_no_skill_of_ours_is_a_guest() -> None:
    """
    A folder of our own says which squad it belongs to.
    """
    assert [skill.name for skill in SKILLS.values() if skill.squad == GUEST] == []


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


def test_every_kind_of_piece_has_one_writer() -> None:
    """
    Among those the team was designed with: a plan that names a piece names whose it is, and no two of them write it.
    """
    designed = {line.split()[0] for text in DESIGNED.values() for line in text.strip().splitlines()}
    kinds = [kind for name in sorted(designed) for kind in SKILLS[name].pieces]

    assert sorted(kinds) == sorted(set(kinds))
    assert [name for name in sorted(designed) if not SKILLS[name].pieces] == []


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
    """What others find in its deliverable: its kinds of pieces, and the sections of its notes."""
    return {title.lower() for title in (*skill.pieces, *(section.title for section in skill.outline))}


@pytest.mark.parametrize("skill", SKILLS.values(), ids=list(SKILLS))
def test_what_a_skill_reads_in_anothers_work_stands_there(skill: Skill) -> None:
    """
    *Read first* says where a thing is found: a title behind another skill's name is a piece or a section of its deliverable.
    """
    read = [(named, title) for named, title in quoted(skill, "Read first")]

    assert [(named.name, title) for named, title in read if title.lower() not in titles(named)] == []


@pytest.mark.parametrize("skill", SKILLS.values(), ids=list(SKILLS))
def test_what_a_skill_hands_over_stands_in_its_deliverable(skill: Skill) -> None:
    """
    *Handover* says who gets what from which piece or section, and all of these are its own.
    """
    assert [title for _, title in quoted(skill, "Handover") if title.lower() not in titles(skill)] == []


def test_in_a_conversion_sprint_each_says_what_it_takes_from_the_one_before() -> None:
    """
    By the pieces and sections where it stands.
    """
    tasks = {task.key: task for task in loader.load([loader.OWN], SKILLS).find("Conversion Sprint").plan().tasks}
    pairs = [(tasks[need].skill, task.skill) for task in tasks.values() for need in task.needs]

    assert len(pairs) == 3
    for before, after in pairs:
        taken = {title.lower() for named, title in quoted(SKILLS[after], "Read first") if named.name == before}
        assert taken & titles(SKILLS[before]), f"{after} does not say what it takes from {before}"
