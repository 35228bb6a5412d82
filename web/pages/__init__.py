"""The pages for people, made on the server: live where a browser runs our script, and whole where it does not."""

import json
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from falcon.asgi import App

from director.office import Office
from web.pages.answers import Answers
from web.pages.business import BusinessForm, BusinessPage
from web.pages.by_link import AnswerLink
from web.pages.clock import ClockPage, SchedulePage, ScheduleSwitch
from web.pages.goals import GoalAction, GoalPage, GoalsPage
from web.pages.health import HealthPage
from web.pages.money import MoneyPage
from web.pages.pieces import OwnPiece, PieceText
from web.pages.questions import QuestionPage, QuestionsPage
from web.pages.static import StaticFile
from web.pages.tasks import TaskAction, TaskPage
from web.pages.team import TeamPage
from web.pages.today import TodayPage


class _ProblemsAsPages:
    """Whoever asks for HTML is shown a page where programs are answered with a problem document."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers

    async def process_response(self, req: Any, resp: Any, resource: object, req_succeeded: bool) -> None:  # noqa: ARG002 - Falcon's signature
        if resp.content_type == "application/problem+json" and "text/html" in (req.get_header("Accept") or ""):
            document = json.loads(resp.data)
            resp.data = self._answers.problem(HTTPStatus(document["status"]), document["detail"])
            resp.content_type = "text/html; charset=utf-8"


def add_pages(app: "App[Any, Any]", office: Callable[[], Office]) -> None:
    """Give *app* the pages over the office that *office* returns."""
    answers = Answers(office)
    app.add_route("/", TodayPage(answers))
    app.add_route("/goals", GoalsPage(answers))
    app.add_route("/goals/{ident}", GoalPage(answers))
    app.add_route("/goals/{ident}/{action}", GoalAction(answers))
    app.add_route("/tasks/{ident}", TaskPage(answers))
    app.add_route("/tasks/{ident}/{action}", TaskAction(answers))
    app.add_route("/tasks/{ident}/pieces/{piece}", PieceText(answers))
    app.add_route("/tasks/{ident}/pieces/{piece}/own", OwnPiece(answers))
    app.add_route("/questions", QuestionsPage(answers))
    app.add_route("/questions/{ident}", QuestionPage(answers))
    app.add_route("/answer/{secret}", AnswerLink(answers))
    app.add_route("/money", MoneyPage(answers))
    app.add_route("/team", TeamPage(answers))
    app.add_route("/clock", ClockPage(answers))
    app.add_route("/clock/{name}", SchedulePage(answers))
    app.add_route("/clock/{name}/{to}", ScheduleSwitch(answers))
    app.add_route("/team/health", HealthPage(answers))
    app.add_route("/business", BusinessPage(answers))
    app.add_route("/business/{section}", BusinessForm(answers))
    app.add_route("/static/{name}", StaticFile())
    app.add_middleware(_ProblemsAsPages(answers))
