"""``python -m bpmn_tool``."""

import sys

from bpmn_tool.cli import main

if __name__ == "__main__":
    sys.exit(main())
