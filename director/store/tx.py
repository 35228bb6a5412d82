"""A transaction, spoken to by noun."""

from functools import cached_property

from director.store.alerts import Alerts
from director.store.approvals import Approvals
from director.store.brands import Brands
from director.store.calibrations import Calibrations
from director.store.calls import Accounts, Calls
from director.store.changed import Journal
from director.store.changes import Changes
from director.store.components import Components
from director.store.events import Events
from director.store.goals import Drafts, Goals, Reviews, Tasks
from director.store.history import History
from director.store.kept_answers import KeptAnswers
from director.store.learnings import Learnings
from director.store.ledger import Ledger
from director.store.limits import Limits
from director.store.notices import Notices
from director.store.operation import OperationLevel
from director.store.pages import Pages
from director.store.plans import Plans
from director.store.presence import Presence
from director.store.receipts import Receipts
from director.store.slots import Slots
from director.store.tokens import Tokens
from director.store.transaction import Transaction
from director.store.turns import Turns


class Tx(Transaction):
    """One transaction, spoken to by noun: `tx.goals.add(…)`, `tx.turns.claim(…)`. Everything in it happens, or nothing."""

    @cached_property
    def goals(self) -> Goals:
        """Goals."""
        return Goals(self)

    @cached_property
    def tasks(self) -> Tasks:
        """Tasks and the order between them."""
        return Tasks(self)

    @cached_property
    def plans(self) -> Plans:
        """Plans that are changed."""
        return Plans(self)

    @cached_property
    def drafts(self) -> Drafts:
        """Versions of a task's result."""
        return Drafts(self)

    @cached_property
    def reviews(self) -> Reviews:
        """What was found about drafts."""
        return Reviews(self)

    @cached_property
    def changes(self) -> Changes:
        """What people ask of approved deliverables, or make of them."""
        return Changes(self)

    @cached_property
    def turns(self) -> Turns:
        """The mailbox's rows; `director/mailbox/turns.py` knows what they mean."""
        return Turns(self)

    @cached_property
    def calls(self) -> Calls:
        """The ledger."""
        return Calls(self)

    @cached_property
    def ledger(self) -> Ledger:
        """What its calls come to."""
        return Ledger(self)

    @cached_property
    def accounts(self) -> Accounts:
        """Caps, and what of them is spent and reserved."""
        return Accounts(self)

    @cached_property
    def approvals(self) -> Approvals:
        """Questions to people."""
        return Approvals(self)

    @cached_property
    def brands(self) -> Brands:
        """What people said of brands, and what keeps their work back."""
        return Brands(self)

    @cached_property
    def components(self) -> Components:
        """The services that work depends on."""
        return Components(self)

    @cached_property
    def operation(self) -> OperationLevel:
        """How far the work goes on."""
        return OperationLevel(self)

    @cached_property
    def presence(self) -> Presence:
        """Which processes are there, and who has which duty."""
        return Presence(self)

    @cached_property
    def events(self) -> Events:
        """What came in, and what became of it."""
        return Events(self)

    @cached_property
    def slots(self) -> Slots:
        """Schedules and their due times."""
        return Slots(self)

    @cached_property
    def history(self) -> History:
        """What goals took that are over."""
        return History(self)

    @cached_property
    def alerts(self) -> Alerts:
        """What was found wrong."""
        return Alerts(self)

    @cached_property
    def notices(self) -> Notices:
        """What people are told, and its way to them."""
        return Notices(self)

    @cached_property
    def limits(self) -> Limits:
        """What the model service lets out of each family of models."""
        return Limits(self)

    @cached_property
    def learnings(self) -> Learnings:
        """What the team remembers, and who was shown it."""
        return Learnings(self)

    @cached_property
    def calibrations(self) -> Calibrations:
        """What reviewers said of texts whose faults are known."""
        return Calibrations(self)

    @cached_property
    def receipts(self) -> Receipts:
        """What was known of what was approved."""
        return Receipts(self)

    @cached_property
    def tokens(self) -> Tokens:
        """By what people and programs come in over HTTP, and what they did."""
        return Tokens(self)

    @cached_property
    def pages(self) -> Pages:
        """Lists a page at a time."""
        return Pages(self)

    @cached_property
    def kept_answers(self) -> KeptAnswers:
        """What was answered to requests that may be sent again."""
        return KeptAnswers(self)

    @cached_property
    def happened(self) -> Journal:
        """What happened to all goals together; `journal` has one goal's."""
        return Journal(self)
