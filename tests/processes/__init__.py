"""Processes that tests start: commands, forked from a loaded one."""
