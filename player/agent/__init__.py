"""The agent: asks for ads, makes them ready, delivers proof, reports; the process that has the network."""

from player.agent._agent import Agent
from player.agent._entry import run_agent
from player.agent._parts import Edges

__all__ = ["Agent", "Edges", "run_agent"]
