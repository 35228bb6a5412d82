"""What every prompt says of the work around it: the day, who writes what, and that there are no tools."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from director.prompting.fences import fence
from pipelines.plan import PlannedTask, StepKind

#: Said in each prompt, because a model that was trained with tools reports what it "looked up".
NO_TOOLS: Final = (
    "Tools: none. Nothing can be looked up, opened, run, sent or measured; there is only what stands here."
)

#: Of a task's brief in the plan; the one it is for is shown its own whole.
_LONGEST_BRIEF: Final = 160

_DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


@dataclass(frozen=True, slots=True)
class Situation:
    """The same for every prompt of a goal, byte for byte, once it is planned."""

    day: date  #: on which the goal was given, where its brand is
    plan: Sequence[PlannedTask] = ()

    def told(self) -> str:
        """The fenced text."""
        # Of one width on every day, so that a goal costs the same on each.
        lines = [f"Date: {self.day.isoformat()} ({_DAYS[self.day.weekday()]}), when the goal was given.", NO_TOOLS]
        if self.plan:
            lines.append("The plan, who writes what:")
            lines += [self._line(number, task) for number, task in enumerate(self.plan, 1)]
        return fence("situation", "\n".join(lines))

    def _line(self, number: int, task: PlannedTask) -> str:
        places = {other.key: str(place) for place, other in enumerate(self.plan, 1)}
        after = f", builds on {', '.join(places[need] for need in task.needs)}" if task.needs else ""
        does = {StepKind.DRAFT: "writes", StepKind.REVIEW: f"judges {places.get(task.target or '', '')}"}
        brief = " ".join(task.brief.split())
        if len(brief) > _LONGEST_BRIEF:
            brief = f"{brief[:_LONGEST_BRIEF].rpartition(' ')[0]} …"
        return f"{number}. {task.skill} {does.get(task.kind, 'reports')}{after}" + (f": {brief}" if brief else "")
