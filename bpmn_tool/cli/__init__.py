"""The command line: a verb a module, imported only when it is called. The only place that prints or exits.

A verb ``check`` is a row of :data:`bpmn_tool.cli.commands.COMMANDS` and a module ``bpmn_tool/cli/check.py`` with one
function that typer reads::

    def command(
        paths: Annotated[list[Path], typer.Argument(help=_("Files or folders."))],
        profile: Annotated[str, typer.Option(help=_("Which rules."))] = "basic",
    ) -> int:
        \"\"\"Find what is wrong with models.\"\"\"          # what `bpmn-tool check --help` shows
        from bpmn_tool.checks import ...                  # whatever is heavy is imported in here
        with progress(len(paths), _("Checking")) as advance:
            ...
            advance()
        if wants_json():
            emit_json("check", {"findings": ...})
        else:
            table([_("Element"), _("Message")], rows)     # cells are escaped by table()
        return 1 if findings else 0

- It returns the exit code: 0 fine, 1 findings or failed stories (``None`` is 0). It never calls ``sys.exit``.
- ``--json`` and ``--lang`` are added to every verb by the frame, which sets the language before the module is imported:
  ask :func:`bpmn_tool.cli.console.wants_json`; a verb does not declare them.
- It lets errors through. The frame writes every problem of an ``InputError`` to standard error as
  ``path:line: error: message`` and exits 2; the same for ``RunError`` and for a file that cannot be opened. Ctrl-C and
  ``InterruptedRun`` exit 130; a verb that kept something raises ``InterruptedRun`` with a sentence that says what and
  where.
- All that people see goes through :mod:`bpmn_tool.cli.console`: ``say``, ``table``, ``progress``, ``emit_json``; text
  that came from a file through ``safe`` before it goes into markup (``table`` does so itself).
- The module imports typer, the console and ``bpmn_tool.messages`` at its top, nothing heavier.
"""

from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command, `sys.argv` unless given, and return its exit code."""
    from bpmn_tool.cli.frame import run

    return run(arguments)
