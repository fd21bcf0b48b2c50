"""The event loop of the compiled engine, for numba. What it means stands in :mod:`bpmn_tool.simulation.engine_simpy`.

All that is compiled stands in this one file, since numba's cache sees an edit only in the file of the function that it
keeps. It works in units (one happening, one start of work), between which it can return and be called again: when its
log is full, or an array has to grow. `NUMBA_DISABLE_JIT=1` runs it as Python.
"""

import math
from typing import Any, Final, NamedTuple, TypeAlias

import numpy as np
from numba import njit

Array: TypeAlias = Any  # numpy arrays, whose types numba works out
U64 = np.uint64

NEVER: Final = 2**62
MAX_FIRINGS: Final = 10_000
AT_ONCE: Final = 10_000
ULP: Final = 2.0**-52

# why the kernel returned
DONE, LOG_FULL, HEAP_FULL, CASES_FULL, QUEUE_FULL, RATE_SHORT, ODD = 0, 1, 2, 3, 4, 5, 6
# what a line of the log says
ARRIVED, FIRED, ENABLED, STARTED, COMPLETED, ENDED = 0, 1, 2, 3, 4, 5
# columns of the log
TICK, KIND, CASE, NODE, VISIT, WHERE, WHO, WAIT, COLUMNS = 0, 1, 2, 3, 4, 5, 6, 7, 8
# what nodes do
START, END, WORK, EXCLUSIVE, PARALLEL = 0, 1, 2, 3, 4
# forms of durations
NONE, CONSTANT, EXPONENTIAL, UNIFORM, TRIANGULAR = 0, 1, 2, 3, 4
# state that stays between calls
(
    NOW, PHASE, AGAIN, IN_HEAP, NEXT_ARRIVAL, ARRIVALS, IN_COHORT, COHORT_OPEN, CLOSE, WAKE_1, WAKE_2, OPEN, LINES,
    ROWS, SAME_TICK, CROWDED, STATES,
) = range(17)  # fmt: skip
HAPPENINGS, ALLOCATION, TURN = 0, 1, 2  # phases of a tick


class Flow(NamedTuple):
    """The net. Flows and nodes are numbers; `-1` of a flow is the token that a start event begins with."""

    behaviour: Array  # i64[nodes]
    out_start: Array  # i64[nodes + 1], into `out`
    out: Array  # i64[outgoing flows of all nodes, in their order]
    in_start: Array  # i64[nodes + 1], into `into`
    into: Array  # i64[incoming flows]
    target: Array  # i64[flows]: node
    upto: Array  # f64[like choice]: where each choice ends on (0, 1)
    choice_start: Array  # i64[nodes + 1], into `choice`; nothing: all outgoing flows are taken
    choice: Array  # i64[flows to choose among, in order of ids]
    rest: Array  # i64[nodes]: the flow taken where u is beyond the last end
    start: int
    stream: Array  # u64[1]: address of the intervals
    branch: Array  # u64[nodes]: address of an element's draws


class Work(NamedTuple):
    """Tasks and people."""

    tasks: Array  # i64[tasks]: nodes
    rank: Array  # i64[nodes]
    role: Array  # i64[nodes]: -1 for work that runs by itself
    form: Array  # i64[nodes]
    parameters: Array  # f64[nodes, 3]
    held_start: Array  # i64[roles + 1], into `held`
    held: Array  # i64[people of each role]
    roles_of: Array  # i64[people]: how many roles one holds
    speed: Array  # f64[people]


class Limits(NamedTuple):
    """What bounds a run, in ticks and numbers; -1 where there is no such bound."""

    seed: int
    replication: int
    warm_up: int
    cohort: int
    follow_up: int
    open_cases: int
    rows: int
    until: int


class Rate(NamedTuple):
    """The cumulative rate of the stream, as far as it is known."""

    ticks: Array  # i64
    before: Array  # f64
    slopes: Array  # f64
    ended: int  # 1 where there is no more of it


class World(NamedTuple):
    """What changes."""

    state: Array  # i64[STATES]
    total: Array  # f64[1]: expected arrivals so far
    heap: Array  # i64[?, 6]: tick, case, rank, visit, node and person, slot
    number: Array  # i64[slots]: which case has a slot, -1 for none
    free: Array  # i64[slots]: those from state[OPEN] on are free
    place: Array  # i64[slots]: where in `free` a slot stands
    about: Array  # i64[slots, 5]: live tokens, in cohort, tick of last firing, firings in it, work open
    tokens: Array  # i64[slots, flows]
    visits: Array  # i64[slots, nodes]
    queue: Array  # i64[nodes, ?, 4]: ready, case, visit, slot; a ring a task
    ends: Array  # i64[nodes, 2]: head and length of each ring
    busy: Array  # i64[people]: 1 while at work
    free_since: Array  # i64[people]
    moving: Array  # i64[?]: flows with a token that moves
    log: Array  # i64[?, COLUMNS]


@njit(cache=True, nogil=True)
def uniform(seed: int, replication: int, number: int, purpose: int, visit: int, address: Any) -> float:
    """As :func:`bpmn_tool.simulation.draws.uniform`, to the bit."""
    low = U64(0xFFFFFFFF)
    half = U64(32)
    c0, c1 = U64(number), U64(purpose) << U64(24) | U64(visit)
    c2, c3 = U64(address) & low, U64(address) >> half
    k0, k1 = U64(seed), U64(replication)
    for _ in range(10):
        p0 = U64(0xD2511F53) * c0
        p1 = U64(0xCD9E8D57) * c2
        c0 = (p1 >> half) ^ c1 ^ k0
        c1 = p1 & low
        c2 = (p0 >> half) ^ c3 ^ k1
        c3 = p0 & low
        k0 = (k0 + U64(0x9E3779B9)) & low
        k1 = (k1 + U64(0xBB67AE85)) & low
    return (float(c1 << U64(20) | c0 >> U64(12)) + 0.5) * ULP


@njit(cache=True, nogil=True)
def duration(form: int, p: Array, u: float, speed: float) -> int:
    """Ticks of work; -1 where that is no duration."""
    x = 0.0
    if form == NONE:
        return 0
    if form == CONSTANT:
        x = p[0]
    elif form == EXPONENTIAL:
        x = -p[0] * math.log(1.0 - u)
    elif form == UNIFORM:
        x = p[0] + u * (p[1] - p[0])
    elif form == TRIANGULAR:
        width = p[2] - p[0]
        rise = p[1] - p[0]
        if u * width < rise:
            x = p[0] + math.sqrt(u * width * rise)
        else:
            x = p[2] - math.sqrt((1.0 - u) * width * (p[2] - p[1]))
    x /= speed
    if not (x >= 0.0 and x < 4.0e18):
        return -1
    return math.floor(x + 0.5)


@njit(cache=True, nogil=True)
def earlier(a: Array, b: Array) -> bool:
    """Whether one entry of the heap comes before another."""
    for i in range(4):
        if a[i] != b[i]:
            return bool(a[i] < b[i])
    return False


@njit(cache=True, nogil=True)
def push(w: World, tick: int, case: int, rank: int, visit: int, what: int, slot: int) -> None:
    heap = w.heap
    i = w.state[IN_HEAP]
    w.state[IN_HEAP] += 1
    entry = heap[i]
    entry[0], entry[1], entry[2], entry[3], entry[4], entry[5] = tick, case, rank, visit, what, slot
    while i > 0:
        up = (i - 1) // 2
        if not earlier(heap[i], heap[up]):
            break
        for k in range(6):
            heap[i, k], heap[up, k] = heap[up, k], heap[i, k]
        i = up


@njit(cache=True, nogil=True)
def pop(w: World) -> None:
    """Takes the first entry away."""
    heap = w.heap
    n = w.state[IN_HEAP] - 1
    w.state[IN_HEAP] = n
    for k in range(6):
        heap[0, k] = heap[n, k]
    i = 0
    while True:
        least = 2 * i + 1
        if least >= n:
            return
        if least + 1 < n and earlier(heap[least + 1], heap[least]):
            least += 1
        if not earlier(heap[least], heap[i]):
            return
        for k in range(6):
            heap[i, k], heap[least, k] = heap[least, k], heap[i, k]
        i = least


@njit(cache=True, nogil=True)
def say(w: World, kind: int, case: int, node: int, visit: int, where: int, who: int, wait: int) -> None:
    state = w.state
    line = w.log[state[LINES]]
    line[TICK], line[KIND], line[CASE], line[NODE] = state[NOW], kind, case, node
    line[VISIT], line[WHERE], line[WHO], line[WAIT] = visit, where, who, wait
    state[LINES] += 1
    state[ROWS] += 2 if kind == ENABLED else 1  # it is ready in the same tick


@njit(cache=True, nogil=True)
def draw_arrival(f: Flow, lim: Limits, r: Rate, w: World) -> int:
    """The tick of the next arrival stands in the state afterwards. RATE_SHORT where more of the rate is needed."""
    state = w.state
    u = uniform(lim.seed, lim.replication, state[ARRIVALS], 5, 0, f.stream[0])
    total = w.total[0] + -math.log(u)
    last = len(r.slopes)
    if r.before[last] < total:
        if not r.ended:
            return RATE_SHORT
        state[NEXT_ARRIVAL] = NEVER
        return DONE
    w.total[0] = total
    i = np.searchsorted(r.before[: last + 1], total) - 1
    while i > 0 and r.slopes[i] == 0.0:
        i -= 1
    tick = r.ticks[i] + math.floor((total - r.before[i]) / r.slopes[i] + 0.5)
    if tick >= lim.until:
        state[NEXT_ARRIVAL] = NEVER
        return DONE
    state[SAME_TICK] = state[SAME_TICK] + 1 if tick == -2 - state[NEXT_ARRIVAL] else 0
    state[NEXT_ARRIVAL] = tick
    return ODD if state[SAME_TICK] > AT_ONCE else DONE


@njit(cache=True, nogil=True)
def guard(w: World, slot: int) -> bool:
    """Whether a case fires too often in one tick."""
    about = w.about[slot]
    if about[2] != w.state[NOW]:
        about[2] = w.state[NOW]
        about[3] = 0
    about[3] += 1
    return bool(about[3] > MAX_FIRINGS)


@njit(cache=True, nogil=True)
def put(f: Flow, w: World, slot: int, node: int, chosen: int, tail: int) -> int:
    """Tokens on the flows out of a node, all or the chosen one; returns the new end of what moves."""
    if chosen >= 0:
        w.tokens[slot, chosen] += 1
        w.moving[tail] = chosen
        w.about[slot, 0] += 1
        return tail + 1
    for k in range(f.out_start[node], f.out_start[node + 1]):
        w.tokens[slot, f.out[k]] += 1
        w.moving[tail] = f.out[k]
        tail += 1
        w.about[slot, 0] += 1
    return tail


@njit(cache=True, nogil=True)
def decide(f: Flow, lim: Limits, case: int, node: int, visit: int) -> int:
    """The flow that an exclusive decision takes."""
    u = uniform(lim.seed, lim.replication, case, 2, visit, f.branch[node])
    for k in range(f.choice_start[node], f.choice_start[node + 1]):
        if u < f.upto[k]:
            return int(f.choice[k])
    return int(f.rest[node])


@njit(cache=True, nogil=True)
def enqueue(w: World, node: int, case: int, visit: int, slot: int) -> int:
    """Work is ready: into the ring of its task, by (ready, case, visit)."""
    ring = w.queue[node]
    size = len(ring)
    head, n = w.ends[node, 0], w.ends[node, 1]
    if n >= size:
        return ODD
    if 2 * n > size:
        w.state[CROWDED] = 1  # rings are grown before they are full
    i = n
    while i > 0:
        before = ring[(head + i - 1) % size]
        if before[0] < w.state[NOW] or before[1] < case or (before[1] == case and before[2] < visit):
            break
        here = ring[(head + i) % size]
        for k in range(4):
            here[k] = before[k]
        i -= 1
    entry = ring[(head + i) % size]
    entry[0], entry[1], entry[2], entry[3] = w.state[NOW], case, visit, slot
    w.ends[node, 1] = n + 1
    w.about[slot, 4] += 1
    return DONE


@njit(cache=True, nogil=True)
def settle(f: Flow, lim: Limits, w: World, slot: int, tail: int) -> int:
    """Moves all tokens of a case to rest, first in first out, and ends it where none is left."""
    head = 0
    case = w.number[slot]
    while head < tail:
        if tail > len(w.moving) - len(f.target) - 1:
            return ODD
        flow = w.moving[head]
        head += 1
        node = f.start if flow < 0 else f.target[flow]
        does = f.behaviour[node]
        first, last = f.in_start[node], f.in_start[node + 1]
        joins = does == PARALLEL and last - first > 1
        if joins:
            there = True
            for k in range(first, last):
                there = there and w.tokens[slot, f.into[k]] > 0
            if not there:
                continue
        if guard(w, slot):
            return ODD
        visit = w.visits[slot, node]
        w.visits[slot, node] = visit + 1
        if joins:
            for k in range(first, last):
                w.tokens[slot, f.into[k]] -= 1
            w.about[slot, 0] -= last - first
        else:
            if flow >= 0:
                w.tokens[slot, flow] -= 1
            w.about[slot, 0] -= 1
        where = -2 if joins else flow
        if does == WORK:
            w.about[slot, 0] += 1
            say(w, ENABLED, case, node, visit, where, -1, 0)
            if enqueue(w, node, case, visit, slot) != DONE:
                return ODD
            continue
        chosen = -1
        if f.choice_start[node] < f.choice_start[node + 1]:
            chosen = decide(f, lim, case, node, visit)
        say(w, FIRED, case, node, visit, where, chosen, 0)
        tail = put(f, w, slot, node, chosen, tail)
    if w.about[slot, 0] == 0:
        end_case(w, slot)
    return DONE


@njit(cache=True, nogil=True)
def end_case(w: World, slot: int) -> None:
    state = w.state
    say(w, ENDED, w.number[slot], -1, 0, -1, -1, 0)
    state[COHORT_OPEN] -= w.about[slot, 1]
    w.number[slot] = -1
    state[OPEN] -= 1
    at, other = w.place[slot], w.free[state[OPEN]]
    w.free[at], w.place[other] = other, at
    w.free[state[OPEN]], w.place[slot] = slot, state[OPEN]


@njit(cache=True, nogil=True)
def counts(lim: Limits, w: World) -> int:
    """1 where a person of this moment is of the cohort; closes the cohort at its last."""
    state = w.state
    now = state[NOW]
    if now < lim.warm_up or (state[CLOSE] >= 0 and now >= state[CLOSE]):
        return 0
    if lim.cohort >= 0:
        if state[IN_COHORT] >= lim.cohort:
            return 0
        if state[IN_COHORT] + 1 == lim.cohort:
            state[CLOSE] = now + 1
    state[IN_COHORT] += 1
    return 1


@njit(cache=True, nogil=True)
def arrive(f: Flow, lim: Limits, w: World) -> int:
    """A person comes, by the one door there is, and is a case."""
    state = w.state
    case = state[ARRIVALS]
    slot = w.free[state[OPEN]]
    state[OPEN] += 1
    if state[OPEN] > lim.open_cases:
        return ODD
    cohort = counts(lim, w)
    state[COHORT_OPEN] += cohort
    w.number[slot] = case
    w.about[slot, 0] = 1
    w.about[slot, 1] = cohort
    w.about[slot, 2] = -1
    w.about[slot, 4] = 0
    w.tokens[slot, :] = 0
    w.visits[slot, :] = 0
    say(w, ARRIVED, case, f.start, 0, -1, -1, 0)
    w.moving[0] = -1
    state[ARRIVALS] += 1
    return settle(f, lim, w, slot, 1)


@njit(cache=True, nogil=True)
def complete(f: Flow, lim: Limits, w: World) -> int:
    """The work that stands first in the heap is done."""
    top = w.heap[0]
    case, visit, what, slot = top[1], top[3], top[4], top[5]
    pop(w)
    people = len(w.busy) + 1
    node, who = what // people, what % people - 1
    if who >= 0:
        w.busy[who] = 0
        w.free_since[who] = w.state[NOW]
    w.about[slot, 4] -= 1
    if guard(w, slot):
        return ODD
    say(w, COMPLETED, case, node, visit, -1, who, 0)
    tail = put(f, w, slot, node, -1, 0)
    w.about[slot, 0] -= 1
    return settle(f, lim, w, slot, tail)


@njit(cache=True, nogil=True)
def somebody(k: Work, w: World, role: int) -> int:
    """The free person of a role with the least (roles held, since when free, position); -1 for none."""
    best = -1
    for i in range(k.held_start[role], k.held_start[role + 1]):
        who = k.held[i]
        if w.busy[who]:
            continue
        if best >= 0:
            one = (k.roles_of[who], w.free_since[who], who)
            if one >= (k.roles_of[best], w.free_since[best], best):
                continue
        best = who
    return best


@njit(cache=True, nogil=True)
def first_in_turn(k: Work, w: World) -> int:
    """The task whose head starts next: by (ready, case, rank, visit) of those with somebody free; -1 for none."""
    best = -1
    for node in k.tasks:
        if w.ends[node, 1] == 0:
            continue
        if k.role[node] >= 0 and somebody(k, w, k.role[node]) < 0:
            continue
        if best >= 0:
            a = w.queue[node, w.ends[node, 0]]
            b = w.queue[best, w.ends[best, 0]]
            if (a[0], a[1], k.rank[node], a[2]) >= (b[0], b[1], k.rank[best], b[2]):
                continue
        best = node
    return best


@njit(cache=True, nogil=True)
def begin(f: Flow, k: Work, lim: Limits, w: World, node: int) -> int:
    """The first ready item of a task starts."""
    state = w.state
    head = w.ends[node, 0]
    entry = w.queue[node, head]
    ready, case, visit, slot = entry[0], entry[1], entry[2], entry[3]
    w.ends[node, 0] = (head + 1) % w.queue.shape[1]
    w.ends[node, 1] -= 1
    who, speed = -1, 1.0
    if k.role[node] >= 0:
        who = somebody(k, w, k.role[node])
        w.busy[who] = 1
        speed = k.speed[who]
    say(w, STARTED, case, node, visit, -1, who, state[NOW] - ready)
    u = 0.5
    if k.form[node] > CONSTANT:
        u = uniform(lim.seed, lim.replication, case, 0, visit, f.branch[node])
    length = duration(k.form[node], k.parameters[node], u, speed)
    end = state[NOW] + length
    if length < 0 or end >= NEVER:
        return ODD
    push(w, end, case, k.rank[node], visit, node * (len(w.busy) + 1) + who + 1, slot)
    if length == 0:
        state[AGAIN] = 1
    return DONE


@njit(cache=True, nogil=True)
def turn(lim: Limits, w: World) -> bool:
    """The tick is over: on to the next one; False where the run is over."""
    state = w.state
    now, close = state[NOW], state[CLOSE]
    if close >= 0 and now >= close:
        if lim.cohort >= 0 and now < close + lim.follow_up:
            state[WAKE_2] = close + lim.follow_up
        if state[COHORT_OPEN] == 0 or now >= close + lim.follow_up:
            return False
    following = state[NEXT_ARRIVAL]
    if state[IN_HEAP] > 0:
        following = min(following, w.heap[0, 0])
    if state[WAKE_1] > now:
        following = min(following, state[WAKE_1])
    if state[WAKE_2] > now:
        following = min(following, state[WAKE_2])
    if following >= NEVER:
        return False
    state[NOW] = following
    return True


@njit(cache=True, nogil=True)
def room(w: World) -> int:
    """What is short for one more unit of work, if anything is."""
    state = w.state
    if state[LINES] + MAX_FIRINGS + 10 > len(w.log):
        return LOG_FULL
    if state[IN_HEAP] + 1 > len(w.heap):
        return HEAP_FULL
    if state[OPEN] + 1 > len(w.free):
        return CASES_FULL
    return QUEUE_FULL if state[CROWDED] else DONE


@njit(cache=True, nogil=True)
def advance(f: Flow, k: Work, lim: Limits, r: Rate, w: World) -> int:
    """Goes on until the run is over or something is needed; says which."""
    state = w.state
    while True:
        short = room(w)
        if short == DONE and state[NEXT_ARRIVAL] < 0:
            short = draw_arrival(f, lim, r, w)
        if short != DONE:
            return short
        now = state[NOW]
        if state[PHASE] == HAPPENINGS:
            if state[IN_HEAP] > 0 and w.heap[0, 0] <= now:
                if complete(f, lim, w) != DONE:
                    return ODD
            elif state[NEXT_ARRIVAL] <= now:
                if arrive(f, lim, w) != DONE:
                    return ODD
                state[NEXT_ARRIVAL] = -2 - state[NEXT_ARRIVAL]  # the one after it has to be drawn
            else:
                state[PHASE], state[AGAIN] = ALLOCATION, 0
        elif state[PHASE] == ALLOCATION:
            node = first_in_turn(k, w)
            if node >= 0:
                if begin(f, k, lim, w, node) != DONE:
                    return ODD
            else:
                state[PHASE] = HAPPENINGS if state[AGAIN] else TURN
        else:
            if state[ROWS] > lim.rows:
                return ODD
            if not turn(lim, w):
                return DONE
            state[PHASE] = HAPPENINGS
