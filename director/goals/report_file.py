"""The file of a goal's report, written again where what it says has changed since the goal ended; that asks nobody."""

from director.files.mirror import mirror_task, write
from director.files.places import report_path
from director.goals.report import report
from director.office import Office
from director.prompting.forms import Conclusion
from director.words.states import GoalState


def write_again(office: Office, goal_id: str) -> None:
    """
    Write the report, and the deliverables it links, of a goal that is completed or partial; of another nothing. What cannot be
    written is written by whoever looks at the goal next (`goals/missing_files`).
    """
    with office.store.read() as tx:
        goal = tx.goals.get(goal_id)
        if goal.state not in (GoalState.COMPLETED, GoalState.PARTIAL) or goal.summary is None:
            return
        tasks = tx.tasks.of_goal(goal_id)
        text = report(office, tx, goal, Conclusion.model_validate(goal.summary))
    for task in tasks:
        mirror_task(office, task.id)
    write(office, report_path(goal), text)
