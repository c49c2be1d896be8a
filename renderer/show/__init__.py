"""The show: decides what comes next, composes it, presents it and records that it did."""

from renderer.show._alarm import Alarm
from renderer.show._captures import CaptureFolder
from renderer.show._clerk import Clerk
from renderer.show._dimmer import Dimmer
from renderer.show._guard import Guard
from renderer.show._instead import Instead
from renderer.show._lookout import Lookout, Seen
from renderer.show._next import Next
from renderer.show._notice import Notice
from renderer.show._orders import Orders, is_provisioned
from renderer.show._present import Presenter
from renderer.show._proof import Proof
from renderer.show._punctual import Punctual
from renderer.show._record import Recorder
from renderer.show._run import Show
from renderer.show._settings import ShowSettings
from renderer.show._troubles import Troubles
from renderer.show._wall import WallClock
from renderer.show._worker import Worker
from renderer.show.decide import Candidates, Choice, LoopState, ShowKind, decide
from renderer.show.stage import Staged, Stager

__all__ = [
    "Alarm",
    "Candidates",
    "CaptureFolder",
    "Choice",
    "Clerk",
    "Dimmer",
    "Guard",
    "Instead",
    "Lookout",
    "LoopState",
    "Next",
    "Notice",
    "Orders",
    "Presenter",
    "Proof",
    "Punctual",
    "Recorder",
    "Seen",
    "Show",
    "ShowKind",
    "ShowSettings",
    "Staged",
    "Stager",
    "Troubles",
    "WallClock",
    "Worker",
    "decide",
    "is_provisioned",
]
