"""Does each exercise as a program with other clients than curl, and near misses in other styles, each in a sandbox of its own.

Usage: programs.py ADDRESS PARLANCE [EXERCISE ...]
"""

import inspect
import sys
from functools import partial

import learner
from clients import Shop
from solutions import choose, efficiency, errors, events, first_steps, near_misses, reliability, security, styles

ADDRESS, PARLANCE, WANTED = sys.argv[1], sys.argv[2], sys.argv[3:]
SOLUTIONS = [first_steps, styles, errors, reliability, efficiency, security, events, choose]


def functions(module):
    """The functions of a module, each with the name of its exercise: `order_page__batch` is one of order-page."""
    for name, function in inspect.getmembers(module, inspect.isfunction):
        if function.__module__ == module.__name__ and not name.startswith("_"):
            yield name.split("__")[0].replace("_", "-"), name, function


def attempt(exercise, name, do, is_solution):
    sandbox = f"{'p' if is_solution else 'n'}-{name.replace('__', '-').replace('_', '-')}"[:40]
    label = f"{name.replace('_', '-')}, {'program' if is_solution else 'near miss of a program'}"
    return learner.Learner(ADDRESS, sandbox).attempt(exercise, label, is_solution, lambda one: do(Shop(one)))


def check_names(known, solved, missed):
    """Each exercise has a program, and no program has the name of an exercise that is not there."""
    for name in sorted(known - solved):
        print(f"FAIL  {name}: no program solves it")
    for name in sorted((solved | missed) - known):
        print(f"FAIL  {name}: there is no such exercise")
    if known == solved and missed <= known:
        print(f"ok    all {len(known)} exercises have a program")


def main():
    known = set(learner.exercises(PARLANCE))
    solutions = [(*one, True) for module in SOLUTIONS for one in functions(module)]
    misses = [(*one, False) for one in functions(near_misses)]
    check_names(known, {exercise for exercise, *_ in solutions}, {exercise for exercise, *_ in misses})
    learner.run(partial(attempt, *one) for one in solutions + misses if not WANTED or one[0] in WANTED)


main()
