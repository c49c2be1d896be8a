"""The tech's checklist: each line is good, a warning or a failure, and says what to do."""

from player.doctor._finding import Check, Finding, Grade
from player.doctor._machine import machine_checks
from player.doctor._network import network_checks
from player.doctor._round import examine

__all__ = ["Check", "Finding", "Grade", "examine", "machine_checks", "network_checks"]
