"""``bpmn-tool partner seal``: the head of a chain signed with an SSH key, or such a seal verified."""

from pathlib import Path
from typing import Annotated

import typer

from bpmn_tool.cli.console import emit_json, safe, say, wants_json
from bpmn_tool.cli.partner_desk import RegisterFile, Whose
from bpmn_tool.cli.partner_merge import store_here
from bpmn_tool.errors import InputError
from bpmn_tool.messages import _, format_number, ngettext


def command(
    partner: Whose,
    key: Annotated[
        Path | None, typer.Option(metavar="FILE", help=_("Sign with this SSH key."), show_default=False)
    ] = None,
    verify: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help=_("Verify, by a file of allowed signers (ssh-keygen(1))."), show_default=False
        ),
    ] = None,
    identity: Annotated[
        str, typer.Option(metavar="NAME", help=_("Whose seal it must be, as the allowed signers call it."))
    ] = "",
    register: RegisterFile = None,
) -> int:
    """Sign the head of a chain with an SSH key, or verify that."""
    from bpmn_tool.interchange.seal import seal, seal_files, verified_head

    if (key is None) == (verify is None) or (verify is not None and not identity):
        raise InputError(_("Say --key FILE to seal, or --verify FILE with --identity NAME to verify."))
    who, store = store_here(partner, register)
    chain = store.chain(who)
    if not chain.lines:
        raise InputError(_("%(partner)s signed nothing yet.") % {"partner": who})
    if key is not None:
        seal(chain, store.path(who), key)
        text, _signature = seal_files(store.path(who))
        since: int | None = 0
        head, said = chain.head, _("Sealed: %(path)s") % {"path": text}
    elif verify is not None:
        head = verified_head(who, store.path(who), verify, identity)
        since = chain.lines_since(head)
        said = _verified(since)
    else:  # pragma: no cover  one of the two is there
        raise AssertionError
    if wants_json():
        emit_json("partner-seal", {"partner": who, "sealed_head": head, "lines_since": since, "head": chain.head})
    else:
        say(safe(said))
    return int(since is None)


def _verified(since: int | None) -> str:
    if since is None:
        return _(
            "The seal is valid, and the chain no longer has what was sealed: it was written anew, or lost its end."
        )
    sentence = ngettext(
        "The seal is valid; %(count)s line came since.", "The seal is valid; %(count)s lines came since.", since
    )
    return sentence % {"count": format_number(since)}
