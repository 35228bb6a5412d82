"""`/metrics`: how the installation stands, for Prometheus. What is said there is in `director/views/metrics.py`."""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any, ClassVar

from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector

from director.access.roles import Right
from director.office import Office
from director.views.metric_families import FAMILIES, Kind, Metrics
from director.views.metrics import measure
from web.callers import enter_or_send


class MetricsPage:
    """
    The figures as they are when somebody asks, for whoever may read, or send events: those of their brand, or of all for who
    may see the whole. Nothing is kept between two scrapes.
    """

    rights: ClassVar[Mapping[str, Right]] = {"GET": Right.READ}

    def __init__(self, office: Callable[[], Office]) -> None:
        self._office = office
        #: Two scrapes at once would read the whole record twice.
        self._one_at_a_time = asyncio.Lock()

    async def on_get(self, req: Any, resp: Any) -> None:
        """200 with the figures in the format that was asked for, also while the record or Redis is away: then they say so."""
        entered = await enter_or_send(req, self._office, self.rights["GET"])
        async with self._one_at_a_time:
            found = await asyncio.to_thread(partial(measure, entered.office, whole=entered.caller.whole))
        encode, resp.content_type = choose_encoder(req.headers_lower.get("accept", ""))
        resp.data = encode(_registry(found))


class _Found(Collector):
    """What was found, as prometheus_client writes it; a family without a sample is named all the same."""

    def __init__(self, found: Metrics) -> None:
        self._found = found

    def collect(self) -> Iterator[Metric]:
        """All families."""
        for family in FAMILIES:
            kind = CounterMetricFamily if family.kind is Kind.COUNTER else GaugeMetricFamily
            metric = kind(family.name, family.help, labels=family.labels)
            for labels, value in self._found.samples.get(family.name, ()):
                metric.add_metric(labels, value)
            yield metric


def _registry(found: Metrics) -> CollectorRegistry:
    registry = CollectorRegistry()
    registry.register(_Found(found))
    return registry
