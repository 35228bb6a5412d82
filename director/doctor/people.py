"""What people write for the team, skills, pipelines, schedules, triggers and sources: each file that cannot be used."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from director.catalog import Catalog, catalog_of
from director.doctor import mends
from director.triggers import rules, schedules, sources
from director.words.brand import DEFAULT
from director.words.errors import BrokenFile, WrongSetting
from director.words.finding import Finding, Level
from director.words.settings import BRANDS, Settings


def look(settings: Settings) -> Iterator[Finding]:
    """Only what is ours stops everybody; a file of a person's stops itself."""
    catalog = catalog_of(settings)
    try:
        roster = catalog.roster
    except BrokenFile as problem:
        yield Finding("skills", Level.FAULT, str(problem), mends.command("skills validate"))
        return  # all else names skills
    for name, why in roster.left_out.items():
        yield Finding("skills", Level.WARNING, f"{name} is left out: {why}", mends.command("skills validate"))
    yield Finding("skills", Level.WELL, f"{len(roster.skills)} specialists")
    yield from _sources(settings)
    try:
        library = catalog.library
    except BrokenFile as problem:
        yield Finding("pipelines", Level.FAULT, str(problem), _edit_named(str(problem), settings.workspace_dir))
        return  # schedules and triggers name pipelines
    for why in library.left_out.values():
        yield Finding("pipelines", Level.WARNING, why, _edit_named(why, settings.workspace_dir))
    yield Finding("pipelines", Level.WELL, f"{len(library.templates)} can be used")
    for own in _of_all_brands(settings):
        yield from _schedules(own, catalog)
        yield from _triggers(own, catalog)


def _of_all_brands(settings: Settings) -> list[Settings]:
    """The settings as they are for each brand that has files, by the folders there are: the record may not be readable."""
    first = replace(settings, brand=DEFAULT)
    with suppress(OSError):
        folders = sorted((settings.workspace_dir / BRANDS).iterdir())
        return [first, *(replace(settings, brand=folder.name) for folder in folders if folder.is_dir())]
    return [first]


def _whose(settings: Settings) -> str:
    return "" if settings.brand == DEFAULT else f" for {settings.brand}"


def _triggers(settings: Settings, catalog: Catalog) -> Iterator[Finding]:
    found = rules.load(settings, catalog)
    yield from _files("triggers", found.broken)
    for trigger in found.triggers.values():
        if trigger.fault and trigger.enabled:
            says = f"{trigger.name} starts nothing here: {trigger.fault}"
            yield Finding("triggers", Level.WARNING, says, mends.edit(trigger.file))
    count = sum(one.enabled and not one.fault for one in found.triggers.values())
    yield Finding("triggers", Level.WELL, f"{count} start work{_whose(settings)}")


def _schedules(settings: Settings, catalog: Catalog) -> Iterator[Finding]:
    try:
        found = schedules.load(settings, catalog)
    except BrokenFile as problem:
        yield Finding("schedules", Level.FAULT, str(problem), _edit_named(str(problem), schedules.OWN))
        return
    yield from _files("schedules", found.broken)
    yield Finding("schedules", Level.WELL, f"{len(found.schedules)} can be used{_whose(settings)}")


def _sources(settings: Settings) -> Iterator[Finding]:
    try:
        found = sources.load(settings)
    except WrongSetting as problem:  # of `.env`, where their secrets stand
        yield Finding("sources", Level.UNSEEN, f"not looked at before {problem.variable} is right")
        return
    yield from _files("sources", found.broken)
    for source in found.sources.values():
        if source.lacks:
            yield Finding("sources", Level.WARNING, source.lacks, mends.set_to(source.secret_env[0], "…"))
    count = sum(not source.lacks for source in found.sources.values())
    if not found.sources and not found.broken:
        yield Finding("sources", Level.WELL, "there are none")
    else:
        yield Finding("sources", Level.WELL, f"{count} can be verified")


def _files(part: str, broken: Mapping[Path, str]) -> Iterator[Finding]:
    for file, why in broken.items():
        mend = mends.ours(file) if file.is_dir() else mends.edit(file)
        yield Finding(part, Level.WARNING, why, mend)


def _edit_named(sentence: str, folder: Path) -> str:
    """Open the file a sentence begins with; where it names none, show all."""
    file = Path(sentence.partition(": ")[0])
    return mends.edit(file) if file.is_file() else mends.edit(folder)
