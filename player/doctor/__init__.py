"""The tech's checklist: each line is good, a warning or a failure, and says what to do."""

from player.doctor._clock import RELEASED
from player.doctor._finding import Check, Finding, Grade, summary
from player.doctor._list import bare_checkup, checkup
from player.doctor._net import Name, Net, PlainAnswer
from player.doctor._patient import Patient, User
from player.doctor._round import LONGEST_S, examine
from player.doctor._visits import Visits, visit_targets

__all__ = [
    "LONGEST_S",
    "RELEASED",
    "Check",
    "Finding",
    "Grade",
    "Name",
    "Net",
    "Patient",
    "PlainAnswer",
    "User",
    "Visits",
    "bare_checkup",
    "checkup",
    "examine",
    "summary",
    "visit_targets",
]
