"""The sheet of a partner: one HTML file that needs no network, for a telephone, a screen or paper.

Its one script is small, stands in the file, and is the only one that its content security policy lets run; it makes
``answer.json`` from what was chosen, and sends nothing. On paper the same steps have boxes and a code each.
"""

import json
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from importlib.resources import files
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup

from bpmn_tool.comparison.agreement import Task
from bpmn_tool.comparison.asked import Part
from bpmn_tool.messages import _, format_number, language, named, ngettext
from bpmn_tool.model.elements import Model
from bpmn_tool.register import Register
from bpmn_tool.reports.diagram import diagram_svg, has_diagram
from bpmn_tool.reports.overlays import Overlay, Tint
from bpmn_tool.reports.palette import BLUE, COVERED
from bpmn_tool.reports.partner_steps import StepInWords, in_words, label
from bpmn_tool.reports.text import plain
from bpmn_tool.scenario.story import Story

SECONDS_A_STEP: Final = 30
"""What a step takes to read and answer, for the sentence that says how long the sheet takes."""
FORM: Final = "bpmn-tool/partner-answer/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A story as a partner lives it: own steps marked, what others do between them counted."""

    name: str
    lines: tuple[tuple[str, bool], ...]  # words, own


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbered:
    """A step with its number on the sheet and in the drawings."""

    number: int
    step: StepInWords


def sheet(
    tasks: Sequence[Task],
    models: Mapping[str, Model],
    register: Register,
    partner: str,
    stories: Sequence[tuple[str, Story]] = (),
) -> str:
    """The sheet as the text of an HTML file, the same bytes for the same input and language. `stories` with the file of
    their model as `models` call it.
    """
    steps = [in_words(task, models[task.model], register, partner) for task in tasks]
    shown = [
        {
            "name": model_name(models[file]),
            "steps": [Numbered(number=n, step=s) for n, s in enumerate((s for s in steps if s.model == file), 1)],
            "drawing": drawing(models[file], [s.id for s in steps if s.model == file], number),
            "stories": list(_stories(file, models[file], {s.id for s in steps if s.model == file}, stories)),
        }
        for number, file in enumerate(models)
        if any(s.model == file for s in steps)
    ]
    script = files("bpmn_tool.reports").joinpath("templates/partner_sheet.js").read_text(encoding="utf-8")
    name = named(register.partners[partner].name, partner)
    return _template().render(
        language=language(),
        words=words(name, len(steps)),
        models=shown,
        parts=_parts(),
        script=Markup(script),  # noqa: S704  our own file
        script_hash=b64encode(sha256(script.encode()).digest()).decode(),
        data=Markup(_data(tasks, partner)),  # noqa: S704  escaped there
    )


def model_name(model: Model) -> str:
    """What the whole of a file is called: its collaboration, else its first process."""
    found = [each for each in model.others.values() if each.kind == "collaboration" and each.name.strip()]
    named_first = [*found, *(each for each in model.processes.values() if each.name.strip())]
    return label(named_first[0]) if named_first else model.path


def drawing(model: Model, own: Sequence[str], number: int) -> Markup:
    """The diagram with the partner's steps marked and numbered; nothing where the file has no drawing."""
    if not has_diagram(model):
        return Markup("")
    tint = Tint(words=_("your step"), stroke=BLUE, fill=COVERED)
    svg = diagram_svg(
        model,
        title=_("The whole process, with your steps marked"),
        overlay=Overlay(tints=dict.fromkeys(own, tint), numbered=tuple(own)),
        prefix=f"d{number}-",
        standalone=False,
    )
    return Markup(svg)  # noqa: S704  our own drawing, escaped there


def _stories(file: str, model: Model, own: set[str], stories: Sequence[tuple[str, Story]]) -> Iterator[Told]:
    for of, story in stories:
        done = [step.do for step in story.steps if step.do is not None]
        if of == file and own & set(done):
            yield Told(name=story.name, lines=tuple(_told(model, own, done)))


def _told(model: Model, own: set[str], done: Sequence[str]) -> Iterator[tuple[str, bool]]:
    others = 0
    for step in (*done, None):
        if step is not None and step not in own:
            others += 1
            continue
        if others:
            said = ngettext("%(count)s step of others", "%(count)s steps of others", others)
            yield said % {"count": format_number(others)}, False
        others = 0
        if step is not None:
            element = model.get(step)
            yield (step if element is None else label(element)), True


def _data(tasks: Sequence[Task], partner: str) -> str:
    """What the script puts into the answer, as JSON in which no tag can end."""
    whole: dict[str, Any] = {
        "form": FORM,
        "partner": partner,
        "steps": [
            {
                "step": task.asked.id,
                "model": task.model,
                "hash": task.meaning.hash,
                "facts": dict(task.meaning.facts),
            }
            for task in tasks
        ],
    }
    text = json.dumps(whole, ensure_ascii=True, allow_nan=False, sort_keys=True, separators=(",", ":"))
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


def _parts() -> Mapping[Part, str]:
    return {
        Part.DOES: _("You do this"),
        Part.TAKES_PART: _("You take part in this"),
        Part.ANSWERS_FOR: _("You answer for this"),
        Part.RECEIVES: _("You receive this"),
    }


def words(partner: str, steps: int) -> Mapping[str, str]:
    """The sentences of the sheet."""
    minutes = -(-steps * SECONDS_A_STEP // 60)
    count = ngettext("%(count)s step", "%(count)s steps", steps) % {"count": format_number(steps)}
    about = ngettext("about %(count)s minute", "about %(count)s minutes", minutes) % {"count": format_number(minutes)}
    return {
        "title": _("%(partner)s: is this your task?") % {"partner": partner},
        "lead": _("These are the steps that the drawing of the process gives to you. Is it so?"),
        "size": f"{count}, {about}.",
        "nothing_is_sent": _(
            "Nothing is sent from this page. At the end you save a small file, answer.json, and send it back yourself."
        ),
        "who_sees": _(
            "Who will see your answer: whoever keeps the drawings of this process, and everybody with whom they share "
            "the answers of the partners. Your name stands in a file apart and can be erased at any time; what you "
            "write as a reason stays. So name no persons and no cases in it."
        ),
        "not_validated": _(
            "This is a drawing of how work could pass between partners, and no agreement before you agree."
        ),
        "comes_from": _("Comes from"),
        "goes_to": _("Goes to"),
        "reads": _("You read"),
        "writes": _("You write"),
        "deadlines": _("Deadline"),
        "grounds": _("Ground"),
        "purposes": _("For"),
        "deputies": _("Stands in for you"),
        "not_stated": _("not stated"),
        "nothing": _("nothing"),
        "role": _("Role: %(roles)s"),
        "question": _("Do you agree?"),
        "accept": _("Yes, so it is"),
        "contest": _("No, I contest it"),
        "not_mine": _("Not our task"),
        "reason": _("Why? What should it be?"),
        "reason_wanted": _("Say why, so that it can be mended."),
        "code": _("Code"),
        "drawing": _("The whole process, with your steps marked"),
        "stories": _("As you live it: cases from begin to end"),
        "name": _("Your name or function (may be left out)"),
        "save": _("Save the answer"),
        "answered": _("answered"),
        "none_answered": _("Answer at least one step."),
        "saved": _("answer.json is in your downloads. Send it back to whoever sent you this page."),
        "changed": _("You changed something since: save again."),
        "no_script": _(
            "This page cannot save an answer here. Open it in a browser, or write back the code of each step with yes, "
            "no (and why) or not ours."
        ),
        "on_paper": _(
            "On paper: tick a box for each step, write the reason below it, and send the pages back. Whoever types it "
            "in needs only the code beside the boxes."
        ),
        "signed": _("Date, name or function"),
    }


@lru_cache(maxsize=1)
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("bpmn_tool.reports"),
        autoescape=True,
        finalize=_clean,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("partner_sheet.html.j2")


def _clean(value: object) -> object:
    """What comes from files loses the characters that reorder or hide what is read."""
    return plain(value) if isinstance(value, str) and not isinstance(value, Markup) else value
