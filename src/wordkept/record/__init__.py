"""Record: persons' events, the records about them, the holds that keep these, and the facts a decision reads."""

from wordkept.record.claim import GROUNDED, GROUNDS, Asking, Claim, Clock, Ground, Right, Turn
from wordkept.record.events import CONSENT, Event, Shown
from wordkept.record.facts import Actor, Facts, Record, Request
from wordkept.record.given import Given, Order, Ordered
from wordkept.record.history import Chosen, History, ImpossibleEventError, Span, SpanKind, fold
from wordkept.record.holds import NEVER, Hold, Term, first_of, last_of, plus, standing, term
from wordkept.record.representation import Representation, Standing

__all__ = [
    "CONSENT",
    "GROUNDED",
    "GROUNDS",
    "NEVER",
    "Actor",
    "Asking",
    "Chosen",
    "Claim",
    "Clock",
    "Event",
    "Facts",
    "Given",
    "Ground",
    "History",
    "Hold",
    "ImpossibleEventError",
    "Order",
    "Ordered",
    "Record",
    "Representation",
    "Request",
    "Right",
    "Shown",
    "Span",
    "SpanKind",
    "Standing",
    "Term",
    "Turn",
    "first_of",
    "fold",
    "last_of",
    "plus",
    "standing",
    "term",
]
