"""Tests of the VAST dialect."""
