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


def check_names(kind, found, known):
    for name in found - known:
        print(f"FAIL  {kind} of {name}: there is no such exercise")
    return found <= known


def main():
    known = set(learner.exercises(PARLANCE))
    done = [(*one, True) for module in SOLUTIONS for one in functions(module)]
    missed = [(*one, False) for one in functions(near_misses)]
    solved = {exercise for exercise, *_ in done}
    for name in known - solved:
        print(f"FAIL  {name}: no program solves it")
    check_names("solution", solved, known)
    check_names("near miss", {exercise for exercise, *_ in missed}, known)
    print(f"{'ok   ' if solved == known else 'FAIL '} {len(known & solved)} of {len(known)} exercises have a program")
    learner.run(partial(attempt, *one) for one in done + missed if not WANTED or one[0] in WANTED)


main()
