"""BPMN processes between organisations: check who does what, execute, simulate, compare.

The flow is on one page, :mod:`bpmn_tool.study`. Importing this package loads nothing heavy.
"""

__version__ = "0.1.0"
