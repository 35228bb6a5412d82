"""Our own pipelines, and that they name only skills there are."""

import pytest

from pipelines.loader import OWN, Library, load
from pipelines.plan import Size, StepKind, check
from pipelines.routing import plan_for, rules
from pipelines.template import Business, Template
from skills import loader

#: What the team was designed with: the priority of a goal that names none, then the skills step by step. There may be more.
PIPELINES: dict[str, tuple[str | set[str], ...]] = {
    "Content Production": (
        "P2",
        "content-strategy",
        "copywriting",
        "copy-editing",
        "seo-audit",
        "schema-markup",
    ),
    "Page Launch": ("P1", "copywriting", "page-cro", "ab-test-setup", "analytics-tracking"),
    "Product Launch": (
        "P0",
        "launch-strategy",
        {"copywriting", "email-sequence", "social-content", "paid-ads"},
    ),
    "Conversion Sprint": ("P1", "page-cro", "copywriting", "ab-test-setup", "analytics-tracking"),
    "Competitive Response": ("P1", "competitor-alternatives", "copywriting", "pricing-strategy", "paid-ads"),
    "Retention Sprint": ("P1", "onboarding-cro", "email-sequence", "paywall-upgrade-cro", "ab-test-setup"),
    "SEO Cycle": ("P2", "seo-audit", {"programmatic-seo", "schema-markup", "content-strategy"}),
    "Outreach Campaign": ("P2", "cold-email", "ab-test-setup", "analytics-tracking"),
    "Copywriting Review Chain": (
        "P1",
        "copywriting",
        "review by copy-editing",
        "review by page-cro",
        "review by director",
    ),
    "Social Week": ("P2", "social-content"),
    "Performance Review": ("P1", "analytics-tracking", "report by director"),
    "Local Retention": ("P1", "email-sequence", "copywriting", "analytics-tracking"),
    "Local Launch": ("P0", "launch-strategy", {"copywriting", "social-content"}),
    "Local Content": ("P2", "copywriting", "social-content"),
}

CATEGORIES = {
    "content": "Content Production",
    "optimization": "Conversion Sprint",
    "retention": "Retention Sprint",
    "competitive": "Competitive Response",
    "measurement": "SEO Cycle",
}

#: Those for a local business, where the others are for software.
LOCAL = {"content": "Local Content", "retention": "Local Retention"}


@pytest.fixture(scope="module")
def library() -> Library:
    """Our own pipelines, for our own skills."""
    return load([OWN], loader.load([loader.OWN]).skills)


def steps(template: Template) -> tuple[str | set[str], ...]:
    """A template as the table above writes it."""
    found: list[set[str]] = []
    needs: tuple[str, ...] | None = None
    for task in template.tasks:
        word = task.skill if task.kind is StepKind.DRAFT else f"{task.kind} by {task.skill}"
        if task.needs == needs:
            found[-1].add(word)
        else:
            found.append({word})
        needs = task.needs
    return (template.priority, *(step if len(step) > 1 else step.pop() for step in found))


def test_every_pipeline_the_system_was_designed_with_is_there(library: Library) -> None:
    """
    With its steps, what runs side by side, reviews, and priority. A file added is a pipeline more, and changes none of these.
    """
    found = {template.name: steps(template) for template in library.templates.values()}

    assert {name: found.get(name) for name in PIPELINES} == PIPELINES


def test_each_category_has_the_pipeline_it_was_designed_with(library: Library) -> None:
    """
    Also where nobody knows what business it is; a local one has some of its own. Strategic goals have none: the routing rules
    plan them.
    """

    def first(business: Business | None) -> dict[str, str]:
        found = {category: library.for_category(category, business) for category in rules()}
        return {category: templates[0].name for category, templates in found.items() if templates}

    assert first(None) == first(Business.SOFTWARE) == CATEGORIES
    assert first(Business.LOCAL) == {**CATEGORIES, **LOCAL}
    assert {"strategic"} == set(rules()) - set(CATEGORIES)


def test_a_local_business_is_offered_another_plan_than_software(library: Library) -> None:
    """
    For keeping customers, a launch, and content; the other pipelines are offered to both.
    """
    local, software = (
        {template.name for template in library.fitting(business)} for business in (Business.LOCAL, Business.SOFTWARE)
    )

    assert local - software == {"Local Retention", "Local Launch", "Local Content"}
    assert software - local == {"Retention Sprint", "Product Launch", "Content Production"}
    assert local | software == {template.name for template in library.templates.values()}


def test_a_local_business_is_given_few_tasks_and_small_ones(library: Library) -> None:
    """
    One to three, each with the pieces it hands over, none a whole document.
    """
    for template in library.fitting(Business.LOCAL):
        if template.business is Business.LOCAL:
            assert 1 <= len(template.tasks) <= 3
            assert all(task.pieces and task.size is not Size.DOCUMENT for task in template.tasks)


def test_each_piece_of_a_pipeline_belongs_to_its_specialist(library: Library) -> None:
    """
    One of the kinds of pieces of the skill that writes it stands in its title.
    """
    skills = loader.load([loader.OWN]).skills
    pieces = [
        (task.skill, piece) for found in library.templates.values() for task in found.tasks for piece in task.pieces
    ]

    assert pieces
    for skill, piece in pieces:
        assert [kind for kind in skills[skill].pieces if kind.lower() in piece.lower()], (skill, piece)


def test_each_file_is_named_after_its_pipeline(library: Library) -> None:
    """
    Who looks for a pipeline's file knows its name.
    """
    for slug, template in library.templates.items():
        assert f"{slug}.yaml" == template.file.name


def test_the_review_chain_judges_the_copy_three_times(library: Library) -> None:
    """
    Every review has the copy as its target, and waits for the review before it.
    """
    _, *reviews = library.find("Copywriting Review Chain").plan().tasks

    assert [task.target for task in reviews] == ["copywriting"] * 3
    assert [task.needs for task in reviews] == [
        ("copywriting",),
        ("review-by-copy-editing",),
        ("review-by-page-cro",),
    ]


def test_every_plan_of_ours_names_only_skills_that_load() -> None:
    """
    With the roster as it is loaded, every template and every routing rule makes a plan.
    """
    roster = loader.load([loader.OWN]).require()

    for template in load([OWN], roster.skills).templates.values():
        assert check(template.plan().tasks, roster.skills) == ()
    for category in rules():
        assert check(plan_for(category, roster.consumers).tasks, roster.skills) == ()
