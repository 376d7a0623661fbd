"""Tested strategies for the root causes in school improvement plans."""
