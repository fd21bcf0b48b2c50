"""Variants against a baseline, and where work waits: functions from results to results."""
