"""Draws the sandbox's creatives: invented brands, real typography, in every common size and format."""
