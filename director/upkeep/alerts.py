"""
Alerts: what is wrong is raised once, and resolved once when it is over; people are told of both.

One process at a time looks, whoever has the duty, each LOOK_EVERY. That something is wrong is on record as long as it is, so
another process goes on where one left.
"""

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from director.inbox.version import version_of_question
from director.mailbox import admission
from director.office import Office
from director.store.tx import Tx
from director.upkeep import morning, notify
from director.upkeep.alert_rules import OF_INSTALLATION, RULES, Found, Looking
from director.words.alert import Finding, News, Rule
from director.words.brand import DEFAULT
from director.words.characters import visible
from director.words.command import program
from director.words.errors import NotFound, StoreError
from director.words.models import Alert

_log = logging.getLogger(__name__)

#: How often somebody looks.
LOOK_EVERY: Final = timedelta(seconds=10)

#: Who has not looked for so long begins anew: the machine slept, or another had the duty.
BREAK: Final = timedelta(minutes=1)

#: Looks in a row that do not find it any more before an alert is over: what comes and goes is one alert.
GONE: Final = 2

#: Alerts of one rule at once; of more the last says how many there are.
MOST: Final = 20

_DUTY: Final = "alerts"


@dataclass
class Changes:
    """What a look changes: findings that are raised and alerts that are over, and whether people are told of each."""

    raised: list[tuple[Finding, bool]] = field(default_factory=list)
    over: list[tuple[Alert, bool]] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.raised or self.over)


class Watch:
    """
    Looks whether something is wrong. *above* are rules of rooms that stand above this one.

    A rule that fails is left out, with a stack in the log: what it found before stays as it is, and the others go on.
    """

    def __init__(self, office: Office, above: Mapping[Rule, Callable[[Looking], Found]] | None = None) -> None:
        self._office = office
        self._rules = {**RULES, **(above or {})}
        self._since: datetime | None = None
        self._looked: datetime | None = None
        #: How many looks in a row did not find an open alert any more, by its id.
        self._not_found: Counter[str] = Counter()
        self._broken: set[Rule] = set()
        #: Of which morning each brand's note is made, or there is none.
        self._mornings: dict[str, datetime] = {}

    def look(self) -> bool:
        """Look at everything, where this process has the duty or nobody; whether it had."""
        office = self._office
        with office.store.write() as tx:
            if not tx.presence.take_duty(_DUTY, office.owner, until=tx.now + 2 * LOOK_EVERY):
                return False
            now = tx.now
        if self._looked is None or self._since is None or abs(now - self._looked) > BREAK:
            self._since = now
            self._not_found.clear()
        self._looked = now
        notify.mend(office)
        with office.store.read() as tx:
            brands = [brand.name for brand in tx.brands.all()]
        for brand in brands:
            self._look_for(office.of(brand), self._since)
        notify.deliver_unheard(office)
        return True

    def _look_for(self, office: Office, since: datetime) -> None:
        """Look at what is wrong with a brand's work, and whether its morning has come."""
        with office.store.read() as tx:
            before = tx.alerts.open(office.brand)
        raised = frozenset((alert.rule, alert.subject) for alert in before)
        found = self._find(Looking(office, since, raised))
        if changes := compare(before, found, self._not_found):
            self._make(office, changes)
        if (done := morning.tell(office, self._mornings.get(office.brand))) is not None:
            self._mornings[office.brand] = done

    def _find(self, looking: Looking) -> dict[Rule, Sequence[Finding]]:
        """What each rule finds; nothing of those that cannot tell."""
        found: dict[Rule, Sequence[Finding]] = {}
        for rule, finds in self._rules.items():
            if rule in OF_INSTALLATION and looking.office.brand != DEFAULT:
                continue
            try:
                findings = finds(looking)
            except StoreError:
                raise
            except Exception:  # noqa: BLE001 - as the class says
                if rule not in self._broken:
                    _log.exception("The rule of alerts %r cannot be looked at; the others are.", rule)
                self._broken.add(rule)
                continue
            self._broken.discard(rule)
            if findings is not None:
                found[rule] = _at_most(MOST, rule, findings)
        return found

    def _make(self, office: Office, changes: Changes) -> None:
        said: list[tuple[Alert, bool]] = []
        with office.store.write() as tx:
            for alert, told in changes.over:
                if (over := tx.alerts.resolve(alert)) is not None and told:
                    _tell(tx, office, News.RESOLVED, over)
                    said.append((over, False))
            for finding, told in changes.raised:
                if (new := tx.alerts.add(office.brand, finding)) is not None and told:
                    _tell(tx, office, News.RAISED, new)
                    said.append((new, True))
        admission.ring(office)
        for alert, is_new in said:
            what = visible(" ".join(alert.what.split()))
            if is_new:
                _log.warning("Alert %s: %s What changes it: %s", alert.id, what, alert.command)
            else:
                _log.warning("Alert %s is over: %s", alert.id, what)


def compare(before: Iterable[Alert], found: Mapping[Rule, Sequence[Finding]], not_found: Counter[str]) -> Changes:
    """
    What a look that *found* this changes of what was open *before*. *not_found* counts looks that did not find an open alert,
    and is kept between looks. Of rules that are not among those found nothing is known, and nothing changes.

    What gets worse is raised anew and the alert of before is quietly over; what gets better is over, and what is left of it is
    raised quietly.
    """
    changes = Changes()
    now = {(finding.rule, finding.subject): finding for findings in found.values() for finding in findings}
    for alert in before:
        finding = now.pop((alert.rule, alert.subject), None)
        if finding is not None:
            not_found.pop(alert.id, None)
            if finding.grade != alert.grade:
                is_worse = finding.grade > alert.grade
                changes.over.append((alert, not is_worse))
                changes.raised.append((finding, is_worse))
        elif alert.rule in found:
            not_found[alert.id] += 1
            if not_found[alert.id] >= GONE:
                del not_found[alert.id]
                changes.over.append((alert, not alert.rule.ends_quietly))
    changes.raised += [(finding, True) for finding in now.values()]
    return changes


def _at_most(most: int, rule: Rule, findings: Sequence[Finding]) -> Sequence[Finding]:
    if len(findings) <= most:
        return findings
    rest = Finding(
        rule,
        "others",
        what=f"Over {most} alerts of this kind ({rule}) at once: {len(findings)} by now.",
        costs="As in the others.",
        does="As in the others; no more are sent of this kind until some are over.",
        command=f"{program()} alerts",
    )
    return [*findings[: most - 1], rest]


def _tell(tx: Tx, office: Office, news: News, alert: Alert) -> None:
    data = _data(alert)
    if news is News.RAISED and alert.rule is Rule.QUESTION:
        with suppress(NotFound):  # the alert that stands for many is about none
            data["version"] = version_of_question(tx, tx.approvals.get(alert.subject))
    notify.announce(tx, office, news, f"{news} {alert.id}", data)


def _data(alert: Alert) -> dict[str, Any]:
    over = {} if alert.resolved_at is None else {"resolved_at": alert.resolved_at.isoformat()}
    return {
        "alert": alert.id,
        "rule": alert.rule,
        "subject": alert.subject,
        "what": alert.what,
        "costs": alert.costs,
        "does": alert.does,
        "command": alert.command,
        "raised_at": alert.raised_at.isoformat(),
        **over,
    }
