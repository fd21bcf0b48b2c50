"""What every command has in common: which module is imported, ``--json`` and ``--lang``, and how it ends."""

import functools
import inspect
import sys
from collections.abc import Callable, Sequence
from enum import StrEnum
from importlib import import_module
from io import TextIOWrapper
from typing import Annotated, Any, Final

import typer

from bpmn_tool import __version__
from bpmn_tool.cli import failures
from bpmn_tool.cli.commands import COMMANDS, Command
from bpmn_tool.cli.console import set_json, wants_json
from bpmn_tool.messages import SHEET_LANGUAGES, _, set_language

PROGRAM: Final = "bpmn-tool"
Language = StrEnum("Language", SHEET_LANGUAGES)  # type: ignore[misc]  # mypy wants the names spelled out; they are those of sheets


def run(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; never raises for anything that a user did."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    _let_any_character_pass()
    set_language(_language_in(words))
    set_json(False)
    try:
        _app(words)(args=words, prog_name=PROGRAM)
    except SystemExit as end:  # typer's way to say it is done, wrong usage (2) included
        return end.code if isinstance(end.code, int) else failures.CANNOT_RUN
    return 0


def _let_any_character_pass() -> None:
    """Names are in any script; a terminal or pipe in an old encoding shows escapes rather than end the command."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _language_in(words: Sequence[str]) -> str | None:
    """The language asked for, before typer parses: help texts are translated when the verb's module is imported."""
    for index, word in enumerate(words):
        name, equals, value = word.partition("=")
        if name == "--lang":
            wanted = value if equals else "".join(words[index + 1 : index + 2])
            return wanted if wanted in SHEET_LANGUAGES else None  # typer says what is wrong with another
    return None


def _app(words: Sequence[str]) -> typer.Typer:
    """The verbs; only those that occur among the words are imported, the others stand there with their line of help."""
    app = typer.Typer(
        add_completion=False,
        rich_markup_mode=None,  # plain help: rich's boxes cost 0.3 s more
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    what = _("BPMN processes between organisations: check, run, simulate, compare.")
    app.callback(invoke_without_command=True, help=what)(_without_verb())
    for row in COMMANDS:
        if row.actions:
            app.add_typer(_actions(row, words), name=row.verb, short_help=_(row.line), help=row.help())
        elif row.verb in words:
            app.command(row.verb, short_help=_(row.line), help=row.help())(_loaded(row))
        else:
            app.command(row.verb, short_help=_(row.line), help=_(row.line))(_not_loaded)
    return app


def _actions(row: Command, words: Sequence[str]) -> typer.Typer:
    """The actions of a verb that takes several, each loaded as a verb is."""
    group = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
    group.callback()(_before_an_action())
    for action in row.actions:
        loaded = row.verb in words and action.verb in words
        function = _loaded(action) if loaded else _not_loaded
        group.command(action.verb, short_help=_(action.line), help=action.help())(function)
    return group


def _before_an_action() -> Callable[..., None]:
    """A verb by itself does nothing; the common options may stand before its action too."""
    language = _language_option()
    json_option = typer.Option("--json", help=_("One JSON object instead of text."))

    def before(
        lang: Annotated[Language | None, language] = None,  # noqa: ARG001  run() has set it
        json: Annotated[bool, json_option] = False,
    ) -> None:
        set_json(json)

    return before


def _without_verb() -> Callable[..., None]:
    """What runs before a verb, and instead of one; made when the language is known."""
    language = _language_option()
    version_option = typer.Option("--version", help=_("Say which version this is."))

    def before(
        context: typer.Context,
        lang: Annotated[Language | None, language] = None,  # noqa: ARG001  run() has set it
        version: Annotated[bool, version_option] = False,
    ) -> None:
        if version:
            print(f"{PROGRAM} {__version__}")
            raise typer.Exit
        if context.invoked_subcommand is None:
            from bpmn_tool.cli.next_steps import show_next_steps

            show_next_steps()

    return before


def _language_option() -> Any:
    return typer.Option("--lang", help=_("Language; that of your system if not given."))


def _not_loaded() -> None:
    raise AssertionError("a verb that is called is among the words")


def _loaded(row: Command) -> Callable[..., None]:
    """The verb's own function with the common options added, which ends as every command does."""
    try:
        function: Callable[..., int | None] = import_module(row.module).command
    except Exception as failure:  # noqa: BLE001  a broken installation is told like any other failure
        raise SystemExit(failures.report(failure, row.words)) from None

    @functools.wraps(function)
    def command(*, json: bool, lang: Language | None, **own: Any) -> None:  # noqa: ARG001  run() has set the language
        set_json(json or wants_json())
        try:
            code = function(**own)
            sys.stdout.flush()  # here, where a closed pipe is still caught
        except (typer.Exit, typer.Abort):
            raise
        except (Exception, KeyboardInterrupt) as failure:  # noqa: BLE001  the one place where everything ends
            code = failures.report(failure, row.words)
        raise typer.Exit(code or 0)

    _add_options(command, function)
    return command


def _add_options(command: Callable[..., None], function: Callable[..., int | None]) -> None:
    """Let typer see the verb's own parameters, then the common ones."""
    common = {
        "json": (Annotated[bool, typer.Option("--json", help=_("One JSON object instead of text."))], False),
        "lang": (Annotated[Language | None, _language_option()], None),
    }
    own = inspect.signature(function, eval_str=True).parameters.values()
    added = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation)
        for name, (annotation, default) in common.items()
    ]
    command.__signature__ = inspect.Signature([*own, *added])  # type: ignore[attr-defined]
    command.__annotations__ = {parameter.name: parameter.annotation for parameter in [*own, *added]}
