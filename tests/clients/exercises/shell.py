"""Runs the solution and the near miss of each exercise as shell commands, each in a sandbox of its own.

Usage: shell.py ADDRESS PARLANCE [EXERCISE ...]
"""

import os
import subprocess
import sys
from functools import partial

import learner

ADDRESS, PARLANCE, WANTED = sys.argv[1], sys.argv[2], sys.argv[3:]


def execute(commands, one):
    names = {"SHOP": one.url, "SERVER": ADDRESS, "SANDBOX": one.sandbox, "PARLANCE": PARLANCE}
    names |= {"PYTHON": sys.executable, "ADA_KEY": one.key}
    done = subprocess.run(["bash", "-c", commands], env=os.environ | names, capture_output=True, text=True, timeout=120)
    output = done.stdout + done.stderr
    if done.returncode != 0:
        raise RuntimeError(f"exit status {done.returncode}\n{output}")
    return output


def attempt(exercise, is_solution):
    name = exercise["name"]
    sandbox = f"{name}-{'done' if is_solution else 'near'}"[:40].rstrip("-")
    label = name if is_solution else f"{name}, near miss"
    commands = exercise["solution" if is_solution else "near_miss"]
    return learner.Learner(ADDRESS, sandbox).attempt(name, label, is_solution, partial(execute, commands))


def main():
    wanted = [one for name, one in learner.exercises(PARLANCE).items() if not WANTED or name in WANTED]
    learner.run(partial(attempt, one, is_solution) for one in wanted for is_solution in (True, False))


main()
