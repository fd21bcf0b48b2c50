"""The token rules and SpiffWorkflow over thousands of random models, in figures: ``python -m tests.agreement.many
[MODELS]``.

Models, steps that both took, models that stopped before (a loop in no time, or more markings that fit than are kept),
and differences, with the seed of each.
"""

import sys
from collections import Counter

from bpmn_tool.errors import RunError
from tests.agreement.pair import Difference, Pair, Undecided
from tests.agreement.tangles import tangle
from tests.agreement.test_tokens_and_spiff import Dice, made, pair_of, play_case, play_tokens


def with_structure(seed: int) -> tuple[Pair, Dice, int]:
    chance, each = made(seed)
    return pair_of(each), chance, 40


def without(seed: int) -> tuple[Pair, Dice, int]:
    chance = Dice(seed)
    return Pair(tangle(chance), kept=24, firings=60), chance, 12


def main(models: int) -> int:
    wrong = 0
    for name, make in (("blocks of all elements", with_structure), ("without structure", without)):
        became: Counter[str] = Counter()
        steps = 0
        for seed in range(10_000, 10_000 + models):
            pair, chance, acts = make(seed)
            try:
                pair.act("start", "s")
                (play_case if seed % 2 else play_tokens)(pair, chance, acts)
                became["to the end of the play"] += 1
            except (RunError, Undecided) as stopped:
                became["stopped before: " + type(stopped).__name__] += 1
            except Difference as difference:
                became["differences"] += 1
                sys.stdout.write(f"seed {seed}: {difference}\n")
            steps += pair.steps
        wrong += became["differences"]
        said = ", ".join(f"{word} {count}" for word, count in sorted(became.items()))
        sys.stdout.write(f"{name}: {models} models, {steps} steps; {said}; differences {became['differences']}\n")
        sys.stdout.flush()
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 3000))
