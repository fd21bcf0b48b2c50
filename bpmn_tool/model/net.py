"""The model as token rules see it: what each flow node does with tokens, and what it throws and catches.

What is not a matter of tokens stays outside: who works, how long, which condition holds. How a net is made of a model
stands in :mod:`bpmn_tool.model.net_build`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import NamedTuple

from bpmn_tool.model.elements import LoopCharacteristics, TriggerKind


class Behaviour(Enum):
    """What a flow node does with tokens (BPMN 2.0.2, chapter 13)."""

    START = "start"  # puts tokens where its process or sub-process begins
    EVENT_START = "event start"  # of an event sub-process: listens while the scope around it lives
    END = "end"
    TERMINATE = "terminate"
    THROW = "throw"  # passes at once, and sends its messages
    RAISE = "raise"  # throws to others of its case: signal, escalation, error, compensation, cancel
    CATCH = "catch"  # waits for its trigger
    BOUNDARY = "boundary"
    WORK = "work"  # a task that somebody or something does
    RECEIVE = "receive"  # a task that waits for its message
    SUB_PROCESS = "sub-process"  # holds a scope of its own: embedded, event, ad hoc, transaction, or a called process
    EXCLUSIVE = "exclusive"
    PARALLEL = "parallel"
    INCLUSIVE = "inclusive"
    COMPLEX = "complex"
    EVENT_GATEWAY = "event gateway"

    __hash__ = object.__hash__  # members are singletons; that of Enum hashes their names each time


#: behaviours that hold a token until something happens
WAITING = frozenset(
    {
        Behaviour.CATCH,
        Behaviour.WORK,
        Behaviour.RECEIVE,
        Behaviour.SUB_PROCESS,
        Behaviour.EVENT_GATEWAY,
        Behaviour.RAISE,
    }
)


class Trigger(NamedTuple):
    """What an event catches or throws. `key` is what has to match: a signal's id, the code (else the id) of an error or
    escalation; a catch without one catches all of its kind.

    `within`: the model itself throws it, so nothing from outside sets it off. `activity` is what a compensation is
    for; `waits` whether it waits until that is done.
    """

    kind: TriggerKind
    key: str = ""
    within: bool = False
    activity: str = ""
    waits: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A flow node for the token rules. Flows stand in the order of their ids, but for those out of an exclusive
    gateway: its conditions are tested in the order of the file.
    """

    id: str
    behaviour: Behaviour
    container: str
    incoming: tuple[str, ...]
    outgoing: tuple[str, ...]
    default: str | None = None
    conditional: tuple[str, ...] = ()  # outgoing flows of an activity or complex gateway whose condition counts
    needs: int = 1  # tokens that have to be there before it begins (start quantity)
    gives: int = 1  # tokens on each flow that it leaves by (completion quantity)
    loop: LoopCharacteristics | None = None
    # events
    triggers: tuple[Trigger, ...] = ()
    trigger: TriggerKind | None = None  # kind of the first
    every: bool = False  # waits for all of its triggers (parallel multiple), not for one
    host: str | None = None  # of a boundary event
    interrupting: bool = True  # of a boundary event, or the start of an event sub-process
    recurs: bool = False  # of one that does not interrupt: may occur again
    instantiates: bool = False  # a catch or receive task whose message begins the process
    sends: tuple[str, ...] = ()  # message flows that leave here
    receives: tuple[str, ...] = ()  # message flows that end here
    arms: tuple[str, ...] = ()  # of an event gateway: the nodes behind it
    # activities
    boundary: tuple[str, ...] = ()  # ids of attached events that listen, by id
    handler: str | None = None  # what compensates it, once it is completed
    compensable: bool = False  # by that, by an event sub-process inside, or by what is done inside
    # sub-processes and calls
    inner: str = ""  # what stands inside: its own id, or the called process
    begins: tuple[str, ...] = ()  # where tokens begin inside: start events, else nodes without an incoming flow
    by_event: bool = False  # an event sub-process
    inner_handler: str | None = None  # the event sub-process inside that compensates it
    transaction: bool = False
    performs: tuple[str, ...] | None = None  # of an ad-hoc sub-process: what may be performed, any number of times
    sequential: bool = False  # ... one at a time
    cancels_rest: bool = True  # ... and what is under way is left when it completes
    # complex gateways
    activation: str = ""  # the condition that says when it fires


@dataclass(frozen=True, slots=True, kw_only=True)
class Net:
    """All processes of a model for the token rules. Flows map to (source, target); from a throwing link to its catching
    one leads a flow of our own.
    """

    nodes: Mapping[str, Node]
    flows: Mapping[str, tuple[str, str]]
    messages: Mapping[
        str, tuple[str, str]
    ]  # message flow -> sender, receiver (flow nodes, or participants without a process)
    process_of: Mapping[str, str]
    inclusive: tuple[str, ...]  # inclusive gateways with several incoming flows, by id
    begins: Mapping[str, tuple[str, ...]]  # process -> nodes where an instance begins that no start event begins
    starts: Mapping[str, tuple[str, ...]]  # process -> start events, receive tasks and arms that begin an instance
    together: Mapping[str, tuple[str, ...]]  # an arm that begins an instance -> the others that it then waits for
    listeners: Mapping[str, tuple[str, ...]]  # process or sub-process -> start events of its event sub-processes
    complexes: Mapping[str, tuple[str, ...]]  # process or sub-process -> its complex joins
    #: (join, incoming flow) -> nodes that lead to it: filled as asked for, a function of the rest
    reach: dict[tuple[str, str], frozenset[str]] = field(default_factory=dict, compare=False, repr=False)
