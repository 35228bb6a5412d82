"""What Prometheus is told, who may ask, and that rules and dashboard are about what there is."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from falcon.testing import TestClient
from prometheus_client.parser import text_string_to_metric_families

from director.goals.submit import submit
from director.office import Office
from director.views.metric_families import FAMILIES
from director.views.metrics import measure
from director.words.errors import StoreError
from director.words.models import Goal
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
