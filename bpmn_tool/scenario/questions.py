"""Open questions as sentences that one can put to somebody."""

from collections.abc import Callable
from typing import Final

from bpmn_tool.messages import N_, _
from bpmn_tool.scenario.overrides import parse_path
from bpmn_tool.scenario.places import Key

#: (pattern of keys, sentence); "*" stands for any one key, and the first such is the element that is named. The first
#: pattern that fits counts.
_SENTENCES: Final[tuple[tuple[tuple[str, ...], str], ...]] = (
    (("demand", "*", "rate"), N_("How many does '%(name)s' bring, for instance \"120 per year\"?")),
    (("arrivals", "*", "rate"), N_("How many cases begin at '%(name)s', for instance \"120 per year\"?")),
    (("arrivals", "*", "every"), N_("How often does '%(name)s' happen, for instance \"P1W\" for every week?")),
    (("arrivals", "*", "probability"), N_("Which share comes in by '%(name)s'?")),
    (("calendars", "*", "hours"), N_("What are the hours of '%(name)s'?")),
    (("roles", "*", "count"), N_("How many people hold the role '%(name)s'?")),
    (("roles", "*", "share"), N_("Which share of their hours do the people of '%(name)s' have for this?")),
    (("tasks", "*", "role"), N_("Who does '%(name)s'?")),
    (("tasks", "*", "duration"), N_("How long does one work at '%(name)s'?")),
    (("tasks", "*", "lag"), N_("How much time passes without work before '%(name)s'?")),
    (("tasks", "*", "instances"), N_("How many times at once is '%(name)s' done for a case?")),
    (("tasks", "*", "repeat"), N_("How many times is '%(name)s' done, all in all?")),
    (("gates", "*", "every"), N_("How often does '%(name)s' meet?")),
    (("gates", "*", "capacity"), N_("How many cases fit in one meeting of '%(name)s'?")),
    (("flows", "*"), N_("In which share of cases does it go by '%(name)s'?")),
    (("handoffs", "*", "delay"), N_("How long is '%(name)s' on its way?")),
    (("handoffs", "*", "lost"), N_("Which share of '%(name)s' does nobody take up?")),
    (("handoffs", "*", "declined"), N_("Which share of '%(name)s' does the receiver decline?")),
    (("events", "*", "after"), N_("After how long does '%(name)s' happen?")),
    (("events", "*", "probability"), N_("How probable is it that '%(name)s' happens at all?")),
    (("black_boxes", "*", "response"), N_("How long does '%(name)s' take to answer?")),
    (("black_boxes", "*", "answers"), N_("Which share of messages does '%(name)s' answer?")),
    (("black_boxes", "*", "replies", "*", "*"), N_("Which share of its answers does '%(name)s' give by '%(last)s'?")),
)


def _no_name(_id: str) -> str:
    return ""


def sentence(path: str, name_of: Callable[[str], str] = _no_name) -> str:
    """The question at a key path, in the language in use; `name_of`: what an id is called in the model, empty where
    it has no name.
    """
    keys = parse_path(path)
    for pattern, text in _SENTENCES:
        if _fits(keys, pattern):
            last = str(keys[-1])
            return _(text) % {"name": name_of(str(keys[1])) or str(keys[1]), "last": name_of(last) or last}
    return _("What is %(path)s?") % {"path": path}


def _fits(keys: tuple[Key, ...], pattern: tuple[str, ...]) -> bool:
    """Whether the keys begin as the pattern does: below it are the parts of a distribution."""
    return len(keys) >= len(pattern) and all(p in ("*", key) for p, key in zip(pattern, keys, strict=False))
