"""``bpmn-tool cache``: what is kept of earlier simulations."""

from enum import StrEnum
from typing import Annotated

import typer

from bpmn_tool.cli.console import emit_json, safe, say, wants_json
from bpmn_tool.messages import _, ngettext


class Does(StrEnum):
    SIZE = "size"
    CLEAR = "clear"


def command(does: Annotated[Does, typer.Argument(help=_("size, or clear."))] = Does.SIZE) -> int:
    """Say how much is kept of earlier simulations, or clear it."""
    from bpmn_tool.interchange import result_store
    from bpmn_tool.reports import words

    where = result_store.folder()
    cleared = result_store.clear() if does is Does.CLEAR else 0
    count, length = result_store.size()
    if wants_json():
        emit_json(
            "cache",
            {"folder": str(where) if where else None, "replications": count, "bytes": length, "cleared": cleared},
        )
        return 0
    if where is None:
        say(_("Nothing is kept: BPMN_TOOL_CACHE is set to nothing."))
        return 0
    if does is Does.CLEAR:
        sentence = ngettext("%(count)s repetition cleared.", "%(count)s repetitions cleared.", cleared)
        say(sentence % {"count": words.count(cleared)})
    sentence = ngettext(
        "%(count)s repetition, %(size)s MB, in %(folder)s.", "%(count)s repetitions, %(size)s MB, in %(folder)s.", count
    )
    say(sentence % {"count": words.count(count), "size": words.number(length / 1e6), "folder": safe(str(where))})
    return 0
