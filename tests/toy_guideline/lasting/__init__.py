"""Hiccups that last."""
