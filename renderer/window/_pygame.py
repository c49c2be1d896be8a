"""pygame (pygame-ce) and its SDL, imported once and without its greeting: no other room imports it."""

from __future__ import annotations

import os

os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")

import pygame

__all__ = ["pygame"]
