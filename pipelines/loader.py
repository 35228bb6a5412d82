"""
All pipelines of some folders, a file each: their names, which plans what, and what is left out. A file more is a pipeline more.

Errors:

* PipelineError
    * UnknownPipeline
"""

import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from pipelines.plan import DIRECTOR, PipelineError, nearest
from pipelines.template import Business, Template, read, slug_of
from skills.documents import yaml_files

#: The folder of our own pipelines.
OWN = Path(__file__).with_name("library")


class UnknownPipeline(PipelineError):
    """There is no pipeline of that name."""


@dataclass(frozen=True, slots=True)
class Library:
    """All pipelines that can be used, by slug."""

    templates: Mapping[str, Template]
    #: Why others cannot, by slug: they need a skill that is not there.
    left_out: Mapping[str, str]

    def find(self, name: str) -> Template:
        """
        The pipeline of a name, written in any case or as a slug.

        Raises:
            UnknownPipeline: There is none, and the sentence names the nearest; or it cannot be used, and the sentence says why.
        """
        try:
            return self.templates[slug_of(name)]
        except KeyError:
            if why := self.left_out.get(slug_of(name)):
                raise UnknownPipeline(why) from None
            names = [template.name for template in self.templates.values()]
            near = nearest(name, names) or f"; there are: {', '.join(names)}"
            raise UnknownPipeline(f"There is no pipeline {name[:80]!r}{near}.") from None

    def fitting(self, business: Business | None) -> tuple[Template, ...]:
        """All but those for another kind of business; all where it is not known which it is."""
        return tuple(
            found for found in self.templates.values() if business is None or found.business in (None, business)
        )

    def for_category(self, category: str, business: Business | None) -> tuple[Template, ...]:
        """Those of them that plan the goals of a category, the first to be taken first; none where the routing rules do."""
        order = [business, None] if business else [None, *Business]
        found = (template for template in self.fitting(business) if template.category == category)
        return tuple(sorted(found, key=lambda template: order.index(template.business)))


def load(
    folders: Sequence[Path], roster_names: Collection[str], left_out: Mapping[str, str] = MappingProxyType({})
) -> Library:
    """
    Read every pipeline (`*.yaml`) in some folders; *roster_names* are the skills there are.

    One that needs another is left out: another installation on the same workspace may have it. *left_out* says of some why
    they are not there. A folder that does not exist holds no pipelines.

    Raises:
        PipelineError: A file is broken, or one of ours needs a skill that is not there, or two have one name, or one category
            for the same kind of business; the sentence names the file, the field, what was expected and what came.
    """
    templates: dict[str, Template] = {}
    planners: dict[tuple[str, Business | None], Template] = {}
    without: dict[str, str] = {}
    ours = Path(os.path.realpath(OWN))
    for file in _files(folders):
        template = read(file)
        if why := _what_it_lacks(template, roster_names, left_out):
            if file.parent == ours:
                raise PipelineError(f"{file}: {why}")
            without[template.slug] = why
            continue
        if other := templates.get(template.slug):
            raise PipelineError(
                f"{file}: name: expected a name of its own, found {template.name} again after {other.file}."
            )
        templates[template.slug] = template
        if template.category is None:
            continue
        plans = (template.category, template.business)
        if other := planners.get(plans):
            which = template.category + (f" for {template.business}" if template.business else "")
            raise PipelineError(
                f"{file}: category: expected one no pipeline has, found {which} again after {other.file}."
            )
        planners[plans] = template
    return Library(MappingProxyType(templates), MappingProxyType(without))


def _what_it_lacks(template: Template, roster_names: Collection[str], left_out: Mapping[str, str]) -> str:
    def why(name: str) -> str:
        if name in left_out:
            return f"was left out: {left_out[name].rstrip('.')}"
        near = nearest(name, roster_names)
        return f"is not here: add the folder that holds it to SKILLS_PATH, or correct {template.file}{near}"

    return " ".join(
        f"The pipeline {template.name} needs the skill {' '.join(name.split())[:80]}, which {why(name)}."
        for name in dict.fromkeys(task.skill for task in template.tasks)
        if name != DIRECTOR and name not in roster_names
    )


def _files(folders: Sequence[Path]) -> Iterator[Path]:
    # Not `resolve()`, which fails with an error of its own for a link that leads to itself.
    for folder in dict.fromkeys(Path(os.path.realpath(path)) for path in folders):
        try:
            yield from yaml_files(folder)
        except OSError as error:
            raise PipelineError(f"{folder}: cannot be read ({error.strerror}); expected a folder.") from None
