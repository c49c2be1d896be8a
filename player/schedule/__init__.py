"""When the agent's jobs run: on the monotonic clock, each apart from the others, wakeable."""

from player.schedule._retry import Retry
from player.schedule._schedule import IDLE_S, JobState, Schedule, Work
from player.schedule._trigger import MonotonicTrigger

__all__ = ["IDLE_S", "JobState", "MonotonicTrigger", "Retry", "Schedule", "Work"]
