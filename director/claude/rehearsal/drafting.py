"""
The rehearsal's drafts, put together from the request's own words.

Pure and deterministic: no clock, no chance. What is quoted comes from the context, the inputs and the skill;
what is not known is said to be open. The structure and the hand-overs are real, the judgement is not. So each section
says what its skill asks for there, then what the product context has on it, and never the one as if it were the other.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from director.claude.rehearsal import outline
from director.claude.rehearsal.asked import Asked, Fenced, Section, clean, excerpt, quote, quoted, sections, title
from director.words import rehearsal

#: Directly below every title.
LABEL: Final = f"> {rehearsal.LABEL} Structure and hand-overs are real, judgement is not."

#: So many words more than asked for, because others may count them otherwise.
RESERVE: Final = 1.2

#: Where nothing says which sections a document has.
USUAL_SECTIONS: Final = ("Brief", "Findings", "Recommendations", "Assumptions and open facts", "Next steps")
USUAL_WORDS: Final = 180

_LAST_WORDS: Final = ("handover", "next step")
_WORD: Final = re.compile(r"(?<!\S)\S*\w\S*")
_CUSTOMER_FACING: Final = re.compile(
    r"(?i)\b(copy|emails?|posts?|ads?|headlines?|threads?|calendar|scripts?|variants?)\b"
)


def draft(asked: Asked) -> str:
    """A specialist's deliverable: its skill's outline, filled from the context, the inputs and the brief."""
    return _Drafting(asked).document()


@dataclass(slots=True)
class _Drafting:
    """One draft being put together."""

    asked: Asked
    _context: dict[str, Section] = field(init=False)
    _told_by: dict[str, list[str]] = field(init=False)
    _outline: Mapping[str, str] = field(init=False)
    _taken: Counter[str] = field(init=False, default_factory=Counter)

    def __post_init__(self) -> None:
        self._context = {section.title: section for section in sections(self.asked.context) if section.facts}
        # What is unknown is for the open facts, unless a section knows nothing else.
        self._told_by = {
            name: [fact for fact in section.facts if "Unknown" not in fact] or list(section.facts)
            for name, section in self._context.items()
        }
        self._outline = outline.of(self.asked.knowledge)

    def document(self) -> str:
        titles = self.asked.required or tuple(self._outline) or USUAL_SECTIONS
        noted = self._noted(titles)
        bodies = {name: [*self._section(number, name), *noted.get(number, [])] for number, name in enumerate(titles)}
        in_notes = [name for name in titles if _is_note(name)]
        head = [headline(self.asked, title(self.asked.knowledge) or self.asked.skill or "Deliverable"), LABEL]
        named = self.asked.pieces or ("Document",)
        inside = {name: bodies[name] for name in titles if name not in in_notes}
        pieces = [
            [*_as_sections(inside)] if number == 0 and inside else [*self._piece(name)]
            for number, name in enumerate(named)
        ]
        notes = within([*_as_sections({name: bodies[name] for name in in_notes})], self.asked.most_in_notes)
        least = int(max(self.asked.least_words, USUAL_WORDS) * RESERVE)
        count = sum(_words(part) for part in [*head, *notes, *(part for piece in pieces for part in piece)])
        more = self._more(titles)
        while count < least:
            added = next(more)
            pieces[0].append(added)
            count += _words(added)
        if not self.asked.pieces:
            return _joined([*head, *pieces[0], *notes])
        written = [
            part
            for name, piece in zip(named, pieces, strict=True)
            for part in (f'<piece title="{name}">\n{LABEL}', *piece[:-1], f"{piece[-1]}\n</piece>")
        ]
        return _joined([*head, *written, *notes])

    def _piece(self, name: str) -> Iterator[str]:
        """What the product context has for a piece of that name; the words themselves are a writer's."""
        yield self._told(name, len(name))
        if _CUSTOMER_FACING.search(name):
            yield from self._words_to_customers()

    def _section(self, number: int, name: str) -> Iterator[str]:
        guidance = self._outline.get(name, "")
        if name in self._context and self.asked.skill == "product-marketing-context":
            # An update of the context keeps what is there, word for word.
            yield bullets(self._context[name].facts)
            return
        if number == 0:
            yield from self._opening()
        if name.lower() == "decided":
            yield "Nothing: a rehearsal weighs no choice against another."
            return
        columns = outline.columns(guidance)
        points = [*(["The table below"] if columns else []), *outline.points(guidance)]
        if points:
            yield f"{outline.ASKED}\n\n{bullets([ended(point) for point in points])}"
        if "assumption" in name.lower() or "open fact" in name.lower():
            yield f"What is open:\n\n{self._open_facts()}"
        elif not _is_last(name):
            yield self._told(f"{name} {guidance[:160]}", number)
        if columns:
            yield self._table(columns)
        if _CUSTOMER_FACING.search(name):
            yield from self._words_to_customers()
        if _is_last(name):
            yield self._whats_where()

    def _opening(self) -> Iterator[str]:
        yield f"Goal: {quoted(self.asked.goal)}. Written for {self.asked.product}."
        if brief := excerpt(clean(self.asked.text("brief")), 400):
            yield f"The brief: {brief}"
        given = self.asked.all("input")
        if given:
            yield "What this builds on:\n\n" + bullets([taken_from(f) for f in given])
        if not self._context:
            yield (
                "Assumption: there is no product context, so all of this rests on the goal alone; the goal's owner "
                "confirms it before anything is published."
            )

    def _told(self, about: str, number: int) -> str:
        """Lines of the context that speak to this section."""
        if not self._context:
            return outline.UNKNOWN
        told = [self._fact(about, number) for _ in range(3)]
        return "From the product context:\n\n" + bullets([f"{fact} ({source})" for fact, source in dict(told).items()])

    def _fact(self, about: str, number: int) -> tuple[str, str]:
        """The next fact of the context's section that speaks most to *about*, and that section's title."""
        best = outline.most_telling(tuple(self._context), about, number)
        told = self._told_by[best]
        self._taken[best] += 1
        return told[(self._taken[best] - 1) % len(told)].rstrip("."), best

    def _ground(self, about: str, number: int) -> str:
        """What a sentence on *about* can rest on, with where it comes from."""
        if not self._context:
            return "the goal"
        fact, source = self._fact(about, number)
        return f"{quoted(fact)} ({source})"

    def _table(self, columns: Sequence[str]) -> str:
        # Its columns are the skill's; what belongs into a row is a judgement, which facts put there at random would pass for.
        first = ["1" if _NUMBERED.match(column) else outline.UNDECIDED for column in columns]
        rows = [columns, ["---"] * len(columns), first]
        return "\n".join(f"| {' | '.join(row)} |" for row in rows)

    def _words_to_customers(self) -> Iterator[str]:
        if not self._context:
            yield "Customer-facing words name no fact about the product until a context says what is true."
            return
        yield "### Opening"
        yield f"**Headline:** {self._plain_fact('problem pain', 3)}"
        yield f"**Body:** {self._plain_fact('differ messag claim', 5)}"
        yield "### Proof and next step"
        yield f"**Proof:** {self._plain_fact('proof evidence support', 10)}"
        yield f"**Button:** See {self.asked.product} at work"

    def _plain_fact(self, about: str, number: int) -> str:
        """A fact that can stand alone: none of what the context keeps back, where there is another."""
        found = (self._fact(about, number)[0].partition(" (")[0] for _ in range(4))
        return next((fact for fact in found if not _KEPT_BACK.match(fact)), "none that may be claimed yet")

    def _open_facts(self) -> str:
        unknown = [
            f"{fact.rstrip('.')} ({name}; to be settled by the goal's owner)"
            for name, section in self._context.items()
            for fact in section.facts
            if re.search(r"(?i)\bunknown\b|needs source", fact)
        ][:4]
        lines = ["Assumption: the context is right as it stands; nothing in it was checked against the world."]
        if not self._context:
            lines = ["Assumption: there is no product context; what concerns the product is open [needs source]."]
        lines += unknown
        lines.append("Open: this is a rehearsal, so nobody has weighed one choice against another; a person has to.")
        return bullets(lines)

    def _whats_where(self) -> str:
        titles = self.asked.required or tuple(self._outline) or USUAL_SECTIONS
        told = [f"{name}: {self._subject(name)}" for name in titles if not _is_last(name)]
        return f"Where others find what they need:\n\n{bullets([ended(line) for line in told])}"

    def _subject(self, name: str) -> str:
        return _lower(outline.subject(self._outline.get(name, ""))) or "what was settled for the goal"

    def _noted(self, titles: Sequence[str]) -> dict[int, list[str]]:
        """By section, the notes of the review it answers."""
        answered: dict[int, list[str]] = {}
        for note in outline.notes(self.asked.text("notes")):
            place = outline.fitting(note, titles)
            answered.setdefault(place, []).append(quoted(note, 220))
        head = f"Asked for in revision {self.asked.revision or 1} and not done, because a rehearsal changes nothing:"
        return {place: [f"{head}\n\n{bullets(lines)}"] for place, lines in answered.items()}

    def _more(self, titles: Sequence[str]) -> Iterator[str]:
        """Further paragraphs without end: the method, what the inputs say, then plain working steps."""
        if method := outline.method(self.asked.knowledge):
            yield "The method, step by step:\n\n" + bullets(
                [f"{step}: {ended(why.rstrip(' :,;'))}" for step, why in method]
            )
        for given in self.asked.all("input"):
            by = given.attributes.get("by", "a colleague")
            for section in sections(given.text)[1:]:
                if told := outline.told(section):
                    yield f"{by} says under {section.title}: {quoted(told[0])}; nothing here goes beyond it."
        number = 0
        while True:
            name = titles[number % len(titles)]
            yield (
                f"Working step {number + 1}, on {name}: take {self._ground(name, number)}, decide what it changes for "
                f"{quoted(self.asked.goal, 80)}, write the decision down, and name who checks it and by which number."
            )
            number += 1


def taken_from(given: Fenced) -> str:
    """Whose deliverable it is, and the first thing that stands in it."""
    by = f"From {given.attributes.get('by', 'a colleague')}"
    named = f"{by}, {quoted(title(given.text))}" if title(given.text) else by
    # What was said for a reader of ours stands below the label and the opening.
    for section in sections(given.text)[1:]:
        if told := outline.told(section):
            return f"{named}, section {section.title}: {quoted(told[0])}"
    return f"{named}." if sections(given.text) else f"{named}: {quote(given.text)}"


def _is_note(name: str) -> bool:
    """Whether a section stands behind the pieces and not in one."""
    return name.lower() == "decided" or name.lower().startswith("assumption") or _is_last(name)


def _as_sections(bodies: Mapping[str, Sequence[str]]) -> Iterator[str]:
    for name, body in bodies.items():
        yield f"## {name}"
        yield from body


def within(parts: Sequence[str], most: int) -> list[str]:
    """The same with at most so many words: items of lists are left out from the end, but the first of each."""
    over = sum(map(_words, parts)) - most
    kept: list[str] = []
    for part in reversed(parts):
        lines = part.split("\n")
        while over > 0 and len(lines) > 1 and lines[-1].startswith("- ") and lines[-2].startswith("- "):
            over -= _words(lines.pop())
        kept.append("\n".join(lines))
    return kept[::-1]


def _joined(parts: Sequence[str]) -> str:
    return "\n\n".join(part for part in parts if part) + "\n"


def headline(asked: Asked, what: str) -> str:
    """The title of a document, with the product's name where it has one."""
    return f"# {asked.product}: {what}" if asked.is_named else f"# {what[:1].upper()}{what[1:]}"


def ended(sentence: str) -> str:
    """The same with a full stop, unless it ends already."""
    return sentence if re.search(r"[.!?…][\"”)]*$", sentence) else f"{sentence}."


_KEPT_BACK: Final = re.compile(r"(?i)not |we do not |avoid|unknown|anti-")
_NUMBERED: Final = re.compile(r"#|(?i:no\b|rank|row)")


def _is_last(name: str) -> bool:
    return any(word in name.lower() for word in _LAST_WORDS)


def bullets(lines: Sequence[str]) -> str:
    """A Markdown list; nothing for nothing."""
    return "\n".join(f"- {line}" for line in lines if line)


def _lower(sentence: str) -> str:
    # Not an abbreviation, and not a name of several words.
    return sentence if re.match(r"[A-Z][A-Z\d]", sentence) else sentence[:1].lower() + sentence[1:]


def _words(text: str) -> int:
    return len(_WORD.findall(text))
