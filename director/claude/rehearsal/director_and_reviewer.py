"""What the rehearsal answers for the Director and the reviewer: plans, reviews, conclusions, reports."""

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any, Final

from director.claude.rehearsal import outline
from director.claude.rehearsal.asked import (
    Asked,
    Fenced,
    clean,
    excerpt,
    facts,
    is_paired,
    quote,
    quoted,
    sections,
    title,
)
from director.claude.rehearsal.drafting import LABEL, USUAL_SECTIONS, bullets, headline, taken_from
from director.claude.rehearsal.script import Script
from director.prompting.pieces import take_apart
from director.words import rehearsal
from skills.rubric import PASS_MARK

CATEGORIES: Final = ("strategic", "content", "optimization", "retention", "competitive", "measurement")
DIMENSIONS: Final = (
    "completeness",
    "clarity",
    "actionability",
    "brand_alignment",
    "data_use",
    "technical_accuracy",
    "creativity",
)
#: Facts of a section of which one is to stand in it as it is, before the section is passed over.
_MOST_TRIED: Final = 100
_LABEL: Final = rehearsal.LABEL
_LINE: Final = re.compile(r'(?m)^- ([\w-]+) \| ([\w-]+) \| needs: ([^|\n]*)(?: \| (\w+): (".*"))?$')
_SQUADS: Final = re.compile(r"(?m)^- ([a-z0-9-]+) \(([a-z]+); pieces: ")
_ROSTER: Final = re.compile(r"(?m)^- ([a-z0-9-]+) \([a-z]+; pieces: ([^,;\n]{1,80})")


def plan(asked: Asked) -> str:
    """The ready-made plan, said in terms of the goal; a chain of three of the roster where there is none."""
    pieces = dict(_ROSTER.findall(asked.role))
    roster = list(pieces)
    offered = asked.all("ready_made_plan")[:1]
    usual = [
        (key, skill, _names(needs), size, re.findall('"([^"]+)"', titles))
        for plan in offered
        for key, skill, needs, size, titles in _LINE.findall(plan.text)
    ]
    if not usual:
        wanted = _words(asked.goal)
        chosen = sorted(roster, key=lambda skill: -len(_words(skill) & wanted))[:3]
        usual = [(skill, skill, chosen[:number][-1:], "", []) for number, skill in enumerate(chosen)]
    known = {key for key, skill, *_ in usual if not roster or skill in roster}
    tasks = [
        {
            "id": key,
            "skill": skill,
            "brief": _brief(asked, skill, needs),
            "needs": [n for n in needs if n in known],
            "pieces": titles or [_piece(pieces.get(skill, skill), number)],
            "size": size or "document",
        }
        for number, (key, skill, needs, size, titles) in enumerate(usual, 1)
        if key in known
    ]
    category = asked.text("inferred_category").strip()
    category = category if category in CATEGORIES else "strategic"
    return _json(
        {
            "category": category,
            "sizing": {
                **dict.fromkeys(("reach", "means", "week", "effect"), "unknown: a rehearsal weighs nothing"),
                "unknowns": [],
            },
            "sketch": "",
            "lacks": [],
            "reasoning": f"{_LABEL} It is {_which(offered, category)}",
            "tasks": tasks,
        }
    )


def replanning(asked: Asked) -> str:
    """Another specialist, of the same squad where it has one that is not in the plan, in place of the one that failed."""
    squads = dict(_SQUADS.findall(asked.role))
    stands = _LINE.findall(re.sub(r"(?m) \| (?:approved|failed|not done)$", "", asked.text("plan_as_it_stands")))
    planned = {skill for _, skill, *_ in stands}
    failed = next(iter(_LINE.findall(asked.text("failed_task"))), ("", "", "", "", ""))
    key, skill, needs, size, titles = failed
    free = [name for name in squads if name not in planned]
    chosen = sorted(free, key=lambda name: squads[name] != squads.get(skill))[:1]
    return _json(
        {
            "reasoning": f"{_LABEL} {skill or 'Its specialist'} could not do it"
            + (f", so {chosen[0]} does what of it is theirs." if chosen else ", and nobody else can."),
            "replacement": [
                {
                    "id": f"{chosen[0]}-for-{key}",
                    "skill": chosen[0],
                    "brief": _brief(asked, chosen[0], _names(needs)),
                    "needs": _names(needs),
                    "pieces": re.findall('"([^"]+)"', titles),
                    "size": size or "sheet",
                }
            ]
            if chosen
            else [],
        }
    )


def _which(offered: tuple[Fenced, ...], category: str) -> str:
    """What plan it is, and what was said of it."""
    told = f"the usual plan of a goal that is {category}; whether it fits was judged by nobody."
    for plan in offered:
        if name := plan.attributes.get("source", "").partition("template:")[2]:
            told = f"the ready-made plan {name}; whether it fits was judged by nobody."
        note = plan.text.partition("\n")[0]
        told += "" if note.startswith("- ") else f" {clean(note)}"
    return told


def _piece(kind: str, number: int) -> str:
    # Two tasks may be of one kind, and no two pieces of one title.
    return f"{kind[:1].upper()}{kind[1:]} {number}"


def _brief(asked: Asked, skill: str, needs: list[str]) -> str:
    built = f", building on {' and '.join(needs)}" if needs else ""
    return f"Do {skill}'s part of {quoted(asked.goal)} for {asked.product}{built}."


def review(asked: Asked, script: Script) -> str:
    """Scores and findings about the deliverable. What it says about its own score has no bearing."""
    text = asked.text("deliverable")
    is_impossible = bool(script.impossible) and _author(asked) == script.impossible
    if script.escalate:
        base, findings = 3.0, _majors(text)
        summary = "It misses its purpose; a person should look at it."
    elif is_impossible:
        base, findings = 5.5, _majors(text)
        summary = "Nobody could do what its brief asks."
    elif script.stuck or script.sends_back(f"{asked.goal}|{title(text)}", asked.revision):
        # A little better each time, so that revisions go on; stuck is what does not get better.
        base, findings = (5.5 if script.stuck else min(5.3 + 0.3 * asked.revision, 6.5)), _majors(text)
        summary = "It needs work by someone who knows the discipline before it can be used."
    else:
        base, findings = 7.4 + min(0.3 * asked.revision, 0.9), _minors(text)
        summary = "Its shape was checked, its content was judged by nobody."
    spread = 1 if script.escalate or script.stuck else 3 if base < PASS_MARK else 10
    about = f"{asked.goal}|{title(text)}"
    scores = {name: round(base + _hashed(f"{about}|{name}", spread) / 10, 1) for name in DIMENSIONS}
    point_of_view = f" Seen from {asked.skill}." if asked.skill else ""
    # Its author writes anew: of edits a rehearsal could not say what they are better for.
    return _json(
        {
            "scores": scores,
            "findings": findings,
            "rewrite": base < PASS_MARK,
            "impossible": "the rehearsal was told to find it so" if is_impossible else "",
            "summary": f"{_LABEL}{point_of_view} {summary}",
        }
    )


def _author(asked: Asked) -> str:
    return next((fenced.attributes.get("skill", "") for fenced in asked.all("deliverable")), "")


def _majors(text: str) -> list[dict[str, str]]:
    places = _places(text)
    first, second = places[0], places[-1]
    return [
        {
            "severity": "major",
            "where": f"{first[0]}: “{first[1]}”",
            "what": "It says what is known and not what follows from it.",
            "change": f"In {first[0]}, name the one decision that follows for the reader, and put it first.",
        },
        {
            "severity": "major",
            "where": f"{second[0]}: “{second[1]}”",
            "what": "Whoever acts on it would have to ask who does what, and how it is seen to have worked.",
            "change": f"In {second[0]}, add for each point who does it, by when, and the measure that tells.",
        },
    ]


def _minors(text: str) -> list[dict[str, str]]:
    known = (
        ("minor", "The point is made twice in different words.", "keep the more concrete of the two"),
        ("suggestion", "A reader in a hurry meets the reason before the result.", "begin with the result"),
        (
            "minor",
            "It is not said how this would be checked.",
            "name the number or the event that would show it",
        ),
    )
    places = _places(text)
    count = _hashed(text, 4)
    start = _hashed(text + "start", len(places))
    found: list[dict[str, str]] = []
    for number, (severity, what, change) in enumerate(known[:count]):
        where, words = places[(start + number) % len(places)]
        found.append(
            {
                "severity": severity,
                "where": f"{where}: “{words}”",
                "what": what,
                "change": f"In {where}, {change}.",
            }
        )
    return found


def _places(text: str) -> list[tuple[str, str]]:
    """Sections, each with words that stand in it; at least one."""
    places = [
        (section.title, _words_of(found))
        for section in sections(text)
        if (found := next((fact for fact in outline.told(section)[:_MOST_TRIED] if fact in section.body), ""))
    ]
    return places or [("the whole text", _words_of(clean(text)) or "nothing")]


def _words_of(text: str) -> str:
    """The longest run of it without quotation marks, so that it can be put between some and is still found."""
    runs = [run.strip(" ,.:;-") for run in re.split('["“”]', text)]
    return excerpt(max(filter(is_paired, runs), key=len, default=""), 90)


def edits(_: Asked) -> str:
    """No edit: a rehearsal changes nothing of which it could say that it is better."""
    return _json({"edits": []})


def conclusion(asked: Asked) -> str:
    """What the goal's owner has now and does next, taken from the deliverables."""
    given = [(fenced.attributes.get("by", "a colleague"), fenced.text) for fenced in asked.all("input")]
    ground = f"the same context of {asked.product}" if asked.context else "the goal alone"
    named = [f"{by} ({quoted(title(text))})" for by, text in given]
    count = (
        "is now the shape of 1 deliverable" if len(given) == 1 else f"are now the shapes of {len(given)} deliverables"
    )
    summary = (
        f"{_LABEL} For {quoted(asked.goal)} there {count}: "
        f"{', '.join(named) or 'none'}. "
        f"They rest on {ground}; what they assume is listed in each of them. "
        "The next steps come from their own sections."
    )
    pieces = [piece.title for _, text in given for piece in take_apart(text).pieces]
    steps = [f"Read {piece} and strike out what is not true of the brand." for piece in pieces[:2]]
    said: set[str] = set()
    for wanted, wording in _STEPS:
        found = [
            (by, section.title, told)
            for by, text in given
            for section in sections(text)
            if wanted in section.title.lower() and (told := outline.told(section))
        ]
        for by, section, told in found[:2]:
            # What is unknown comes first, and nothing twice: deliverables of one context share most of it.
            new = sorted((fact for fact in told if fact not in said), key=lambda fact: "Unknown" not in fact)
            if new:
                said.add(new[0])
                steps.append(wording.format(by=by, section=section, fact=quoted(new[0], 120)))
    if len(steps) < 3:
        steps += [
            "Read the deliverables in the order of the plan and strike out what is not true of the brand.",
            f"Decide who owns {quoted(asked.goal)} from here, and by which number it is judged.",
            "Supply the facts that are marked as needing a source.",
        ]
    document = {
        "summary": summary,
        "next_steps": steps[:5],
        "otherwise": [],
        "decisions": [],
        "assumptions": (
            ["The product context is right as it stands; nothing in it was checked against the world."]
            if asked.context
            else ["There is no product context, so what is said of the product is assumed as a whole."]
        ),
        "effect": "",
        "contradictions": [],
    }
    return _json(document)


_STEPS: Final = (
    ("assumption", "Settle what {by} lists under {section}, beginning with {fact}"),
    ("handover", "Act on {section} of {by}: {fact}"),
    ("measure", "Start measuring as {by} says under {section}: {fact}"),
)


def performance_report(asked: Asked) -> str:
    """The performance report: what the record says, under the headings that were asked for."""
    record = asked.text("record")
    # Of its tables the first has the goals; the program puts all of them behind the report.
    table = [line.strip() for line in record.partition("\n### ")[0].splitlines() if line.strip().startswith("|")]
    plain = "\n".join(line for line in record.splitlines() if not line.strip().startswith(("|", "#")))
    parts = [headline(asked, "performance report"), LABEL]
    titles = asked.required or USUAL_SECTIONS
    for number, wanted in enumerate(titles):
        told = facts(plain) if number == 0 else ()
        copied = _part_of(table, wanted)
        parts += [
            f"## {wanted}",
            f"For {quoted(asked.goal)}; every number here is copied from the record." if number == 0 else "",
            bullets(told),
            copied or ("The record has no table on this." if 0 < number < len(titles) - 1 else ""),
        ]
        if number == 0 and not told and not table:
            parts.append(f"The record says: {quote(record) if record.strip() else 'nothing'}.")
    by = [taken_from(given) for given in asked.all("input")]
    noted = [
        f"Asked for and not done, because a rehearsal changes nothing: {quoted(note, 160)}" for note in _noted(asked)
    ]
    parts += [
        bullets([*by, *noted]),
        "What to do with it: read what waits for a person first, then compare cost and first-try quality "
        "with the report before. In a rehearsal the amounts are what the same calls would have cost at list "
        "prices with estimated tokens; the scores show how the work moves and not how good it is. A decision "
        "about people, budget or plan needs a report on real work. Whoever reads this decides three things: "
        "which goal to go on with, which to stop, which missing fact to supply before the next one starts.",
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _noted(asked: Asked) -> list[str]:
    return outline.notes(asked.text("notes"))


def _part_of(table: list[str], wanted: str) -> str:
    """The first columns of a table and those that speak to what is *wanted*; nothing when none does."""
    about = next((stems for word, stems in _REPORTED if word in wanted.lower()), None)
    if about is None or len(table) < 2:
        return ""
    rows = [[clean(cell) for cell in line.strip("|").split("|")] for line in table if set(line) - set("|-: ")]
    chosen = [place for place, name in enumerate(rows[0]) if place < 2 or about.search(name.lower())]
    if len(chosen) < 3 and not about.search(" ".join(rows[0][:2]).lower()):
        return ""
    rows = [[row[place] if place < len(row) else "" for place in chosen] for row in rows]
    return "\n".join(f"| {' | '.join(row)} |" for row in [rows[0], ["---"] * len(chosen), *rows[1:]])


_REPORTED: Final = (
    ("goal", re.compile("goal|asked|category|priority|state")),
    ("cost", re.compile("cost|spent|price|token")),
    ("quality", re.compile("approved|revision|score|quality")),
)


def small_talk(asked: Asked) -> str:
    """An answer to somebody who asks for nothing the team does."""
    said = excerpt(clean(asked.user), 120)
    return f"This is the rehearsal, not Claude: a built-in model that only writes for the team. It read: {said}"


def filled(asked: Asked) -> str:
    """The smallest document of a form that is not one of ours."""
    return _json(_instance(asked.schema, asked.schema.get("$defs") or {}, 0))


def _instance(schema: Mapping[str, Any], defs: Mapping[str, Any], depth: int) -> Any:
    if depth > 12:
        return None
    if "$ref" in schema:
        return _instance(defs.get(str(schema["$ref"]).rpartition("/")[2], {}), defs, depth + 1)
    for key in ("enum", "anyOf", "allOf", "oneOf"):
        if schema.get(key):
            return schema[key][0] if key == "enum" else _instance(schema[key][0], defs, depth + 1)
    if "const" in schema:
        return schema["const"]
    plain = {"integer": 0, "number": 0, "boolean": False, "array": [], "null": None}
    if schema.get("type") == "object":
        return {name: _instance(part, defs, depth + 1) for name, part in (schema.get("properties") or {}).items()}
    return plain.get(str(schema.get("type")), _LABEL)


def _names(listed: str) -> list[str]:
    return [name.strip() for name in listed.split(",") if name.strip() and name.strip() != "nothing"]


def _words(text: str) -> set[str]:
    return {word[:6] for word in re.findall(r"[a-z]{4,}", text.lower())}


def _hashed(text: str, below: int) -> int:
    return int.from_bytes(hashlib.sha256(text.encode(errors="replace")).digest()[:6]) % below


def _json(document: object) -> str:
    return json.dumps(document, ensure_ascii=False)
