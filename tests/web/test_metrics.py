"""What Prometheus is told, who may ask, and that rules and dashboard are about what there is."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from falcon.testing import TestClient
from prometheus_client.parser import text_string_to_metric_families

from director.access import tokens
from director.access.roles import Role
from director.goals.submit import submit
from director.office import Office
from director.views.metric_families import FAMILIES
from director.views.metrics import measure
from director.words.errors import StoreError
from director.words.models import Goal
from director.words.tokens import TokenKind
from web.app import create_app

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"

TOKEN = "gnome-token-0815"  # noqa: S105 - of nothing


def test_every_family_is_there_before_anything_happened(office: Office) -> None:
    """With its help and its kind, so that whoever looks for a name finds it."""
    client = TestClient(create_app(lambda: office))
    text = client.simulate_get("/metrics", remote_addr="127.0.0.1", host="localhost").text

    for family in FAMILIES:
        assert f"# TYPE {family.name} {family.kind}\n" in text
        assert f"# HELP {family.name} {family.help}\n" in text
    assert len({family.name for family in FAMILIES}) == len(FAMILIES) == text.count("# TYPE")


def test_what_is_written_is_what_was_found(
    open_with: Callable[..., Office], drain: Callable[[Office, Goal], Goal]
) -> None:
    """Every sample of a goal that was done, with its labels, read again as Prometheus reads it."""
    office = open_with()
    drain(office, submit(office, "Sell the singing gnome", plan_by="template"))
    labels_of = {family.name: family.labels for family in FAMILIES}
    text = (
        TestClient(create_app(lambda: office)).simulate_get("/metrics", remote_addr="127.0.0.1", host="localhost").text
    )
    read = {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for metric in text_string_to_metric_families(text)
        for sample in metric.samples
    }
    found = {
        (name, frozenset(zip(labels_of[name], labels, strict=True))): value
        for name, samples in measure(office).samples.items()
        for labels, value in samples
    }
    took = ("troupe_scrape_duration_seconds", frozenset[tuple[str, str]]())

    assert read.pop(took) > 0
    assert found.pop(took) > 0
    assert read == found


def test_only_who_may_send_events_is_told(open_with: Callable[..., Office]) -> None:
    """With the token, where there is one; else programs of this machine."""
    client = TestClient(create_app(lambda: open_with(webhook_token=TOKEN)))
    at_home = TestClient(create_app(open_with))

    def unopened() -> Office:
        raise StoreError("It is away.")

    assert client.simulate_get("/metrics").status_code == 401
    assert client.simulate_get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).status_code == 200
    assert at_home.simulate_get("/metrics", remote_addr="192.0.2.7", host="localhost").status_code == 403
    assert TestClient(create_app(unopened)).simulate_get("/metrics").status_code == 503


def test_a_token_is_told_of_its_own_brand(office: Office, drain: Callable[[Office, Goal], Goal]) -> None:
    """All brands together are for who runs the installation; of others there is no count, no money, no bell in what is said."""
    theirs = office.of("other")
    drain(office, submit(office, "Sell the singing gnome", plan_by="template"))
    for confirm in (False, True):
        drain(theirs, submit(theirs, "Sell the singing troll", plan_by="template", confirm=confirm))
    secrets = {role: tokens.create(office, role, role)[1] for role in (Role.VIEWER, Role.ADMIN)}
    with office.store.write() as tx:
        secrets["theirs"] = tokens.make(tx, "other", TokenKind.TOKEN, "theirs", Role.ADMIN, within=None)[1]
    client = TestClient(create_app(lambda: office))

    def said(who: str) -> dict[str, float]:
        answer = client.simulate_get("/metrics", headers={"Authorization": f"Bearer {secrets[who]}"})
        assert answer.status_code == 200
        brands = set()
        sums: dict[str, float] = {}
        for metric in text_string_to_metric_families(answer.text):
            for sample in metric.samples:
                sums[sample.name] = sums.get(sample.name, 0) + sample.value
                brands |= {sample.labels["brand"]} if "brand" in sample.labels else set()
        assert brands <= ({"default", "other"} if who == Role.ADMIN else {"other" if who == "theirs" else "default"})
        return sums

    ours, others, whole = said(Role.VIEWER), said("theirs"), said(Role.ADMIN)
    assert (ours["troupe_goals"], others["troupe_goals"], whole["troupe_goals"]) == (1, 2, 3)
    assert (ours["troupe_questions_open"], others["troupe_questions_open"]) == (0, 1)
    for name in ("tasks", "turns", "turns_finished_total", "calls_total", "tokens_total", "answer_seconds_total"):
        figures = [each.get(f"troupe_{name}", 0.0) for each in (ours, others, whole)]
        assert figures[0] + figures[1] == pytest.approx(figures[2]), name
    assert ours["troupe_calls_total"] > 0 < others["troupe_calls_total"]


def test_who_asks_for_open_metrics_gets_it(office: Office) -> None:
    """As newer Prometheus servers do."""
    client = TestClient(create_app(lambda: office))
    accept = "application/openmetrics-text;version=1.0.0,text/plain;q=0.5"
    answer = client.simulate_get("/metrics", headers={"Accept": accept}, remote_addr="127.0.0.1", host="localhost")

    assert answer.headers["content-type"].startswith("application/openmetrics-text")
    assert answer.text.endswith("# EOF\n")


def test_the_document_of_the_figures_is_the_list_of_them() -> None:
    """Each once, with its kind and its labels, in words that Prometheus shows too."""
    rows = re.findall(
        r"(?m)^\| `(\w+)` \| (\w+) \| (.*?) \| (.*) \|$", (DEPLOY / "metrics.md").read_text(encoding="utf-8")
    )

    assert rows == [
        (one.name, one.kind, ", ".join(f"`{label}`" for label in one.labels) or "none", one.help) for one in FAMILIES
    ]


def _expressions() -> list[str]:
    rules = yaml.safe_load((DEPLOY / "prometheus" / "alerts.yml").read_text(encoding="utf-8"))
    dashboard = json.loads((DEPLOY / "grafana" / "troupe.json").read_text(encoding="utf-8"))
    return [
        *(rule["expr"] for group in rules["groups"] for rule in group["rules"]),
        *(target["expr"] for panel in dashboard["panels"] for target in panel["targets"]),
    ]


@pytest.mark.parametrize("expression", _expressions())
def test_every_expression_of_a_rule_or_a_panel_is_about_figures_that_exist(expression: str) -> None:
    """Its names, the labels it selects by, and those it groups by."""
    labels_of = {family.name: set(family.labels) for family in FAMILIES} | {"up": {"job"}}
    used = re.findall(r"\b(troupe_\w+|up\b)(?:\{(.*?)\})?", expression)
    grouped = {
        label for names in re.findall(r"\b(?:by|on) \((.*?)\)", expression) for label in re.findall(r"\w+", names)
    }

    assert used
    for name, selected in used:
        assert set(re.findall(r"(\w+)!?=", selected)) | grouped <= labels_of[name]
    assert expression.count("(") == expression.count(")")
    assert expression.count("{") == expression.count("}")
