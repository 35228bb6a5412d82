"""The pages for people, made on the server: live where a browser runs our script, and whole where it does not."""

from collections.abc import Callable
from typing import Any

from falcon.asgi import App

from director.office import Office
from web.pages.answers import Answers
from web.pages.clock import ClockPage
from web.pages.goals import GoalAction, GoalPage, NewGoals
from web.pages.health import HealthPage
from web.pages.money import MoneyPage
from web.pages.questions import QuestionPage, QuestionsPage
from web.pages.static import StaticFile
from web.pages.tasks import TaskPage
from web.pages.team import TeamPage
from web.pages.today import TodayPage
from web.problems import show_people


def add_pages(app: "App[Any, Any]", office: Callable[[], Office]) -> None:
    """Give *app* the pages over the office that *office* returns."""
    answers = Answers(office)
    app.add_route("/", TodayPage(answers))
    app.add_route("/goals", NewGoals(answers))
    app.add_route("/goals/{ident}", GoalPage(answers))
    app.add_route("/goals/{ident}/{action}", GoalAction(answers))
    app.add_route("/tasks/{ident}", TaskPage(answers))
    app.add_route("/questions", QuestionsPage(answers))
    app.add_route("/questions/{ident}", QuestionPage(answers))
    app.add_route("/money", MoneyPage(answers))
    app.add_route("/team", TeamPage(answers))
    app.add_route("/clock", ClockPage(answers))
    app.add_route("/team/health", HealthPage(answers))
    app.add_route("/static/{name}", StaticFile())
    show_people(app, answers.problem)
