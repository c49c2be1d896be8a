"""The machine: what can be known of the board that the player runs on, read from the kernel's own files."""

from player.machine._alarm import AlarmWatch
from player.machine._figures import Meter, read_uptime_s
from player.machine._ledger import Ledger, read_ledger
from player.machine._links import read_links
from player.machine._processes import process_figures
from player.machine._read import read_machine
from player.machine._roots import Roots
from player.machine._shapes import Boot, Connector, Disk, Link, Machine, Memory, Power, Processor, System
from player.machine._watch import MachineWatch

__all__ = [
    "AlarmWatch",
    "Boot",
    "Connector",
    "Disk",
    "Ledger",
    "Link",
    "Machine",
    "MachineWatch",
    "Memory",
    "Meter",
    "Power",
    "Processor",
    "Roots",
    "System",
    "process_figures",
    "read_ledger",
    "read_links",
    "read_machine",
    "read_uptime_s",
]
