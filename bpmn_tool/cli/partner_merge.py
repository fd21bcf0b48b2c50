"""``bpmn-tool partner merge``: two branches of a sign-off file joined."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bpmn_tool.cli.console import emit_json, safe, say, wants_json
from bpmn_tool.cli.partner_desk import RegisterFile, Whose
from bpmn_tool.errors import InputError
from bpmn_tool.messages import N_, _, format_number, ngettext

if TYPE_CHECKING:
    from bpmn_tool.interchange.sign_off_store import Store

_OTHERS = N_("Other branches of the partner's file; none: those that git left in the file itself.")


def command(
    partner: Whose,
    others: Annotated[list[Path] | None, typer.Argument(metavar="FILE...", help=_(_OTHERS), show_default=False)] = None,
    register: RegisterFile = None,
) -> int:
    """Join two branches of a sign-off file, with every line of both."""
    who, store = store_here(partner, register)
    chain, joined = store.merge(who, others or ())
    if wants_json():
        emit_json("partner-merge", {"partner": who, "joined": joined, "lines": len(chain.lines), "head": chain.head})
        return 0
    if not joined:
        say(_("There was nothing to join."))
    sentence = ngettext("%(count)s line; head: %(head)s", "%(count)s lines; head: %(head)s", len(chain.lines))
    say(safe(sentence % {"count": format_number(len(chain.lines)), "head": chain.head}))
    return 0


def store_here(partner: str, register: Path | None) -> "tuple[str, Store]":
    """The id of a partner, and the sign-offs of the project around this folder."""
    from bpmn_tool.cli.partner_desk import Desk
    from bpmn_tool.interchange.register_toml import read_register
    from bpmn_tool.interchange.sign_off_store import store_of

    found = register or _register_here()
    store = store_of(found)
    desk = Desk(models={}, register=read_register(str(found)), register_path=str(found), store=store)
    return desk.partner(partner).id, store


def _register_here() -> Path:
    """That of the project around this folder."""
    from bpmn_tool.interchange.check_settings import read_check_settings, register_near, shown_path
    from bpmn_tool.interchange.safe_paths import root_of

    here = Path.cwd() / "any.bpmn"
    found = read_check_settings(root_of(here)).register or register_near(here)
    if found is None:
        raise InputError(_("No register of partners is near this folder: --register FILE names one."))
    return Path(shown_path(found))
