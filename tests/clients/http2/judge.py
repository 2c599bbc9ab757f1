"""Runs httpwg's tests, and compares those that fail with the list of known ones, which may only shrink."""

import ctypes
import errno
import os
import re
import subprocess
import sys
from pathlib import Path

# The tests of version 0.2.5: none of them may get lost.
TESTS = 107


def known():
    """What the list says of a test (`fails`, or `varies` from run to run), by the test's name."""
    lines = Path(__file__).with_name("known.txt").read_text().splitlines()
    rows = [re.split(r" *\| *", line) for line in lines if line and not line.startswith("#")]
    return {name: outcome for outcome, name, _reason in rows}


def outcomes(address, tool):
    """Whether each test has passed, by its name. One that panics neither passes nor fails."""
    command = [tool, "--verbose", "--frame-timeout", "1000", "--address", address]
    # One after the other: a busy server is not late for the next.
    ran = subprocess.run(command, env=os.environ | {"SEQUENTIAL": "1"}, capture_output=True, text=True, timeout=240)
    text = re.sub(r"\x1b\[[0-9;]*m", "", ran.stderr + ran.stdout)
    started = re.findall(r"Running test: RFC 9113 :: (.*)", text)
    passed = set(re.findall(r"Test passed: RFC 9113 :: (.*)", text))
    return {name: name in passed for name in started}, text


def has_io_uring():
    """Whether this machine allows the system call io_uring_setup, which has no number in Python: with a wrong argument it says EFAULT."""
    library = ctypes.CDLL(None, use_errno=True)
    library.syscall(425, 1, None)
    return ctypes.get_errno() == errno.EFAULT


def main(address, tool):
    if not has_io_uring():
        print("ok   nothing was tried: httpwg needs io_uring, which this machine does not allow")
        return
    expected, (results, text) = known(), outcomes(address, tool)
    # A machine with other work is late now and then: what fails must fail each time.
    for _ in range(2):
        if all(has_passed or name in expected for name, has_passed in results.items()):
            break
        results = {name: passed or results.get(name, False) for name, passed in outcomes(address, tool)[0].items()}
    if len(results) != TESTS:
        print(f"FAIL {len(results)} tests ran, not {TESTS}\n{text[-2000:]}")
    for name in sorted(expected.keys() - results.keys()):
        print(f"FAIL {name}: known.txt has it, httpwg does not")
    for name, has_passed in sorted(results.items()):
        match expected.get(name), has_passed:
            case None, True:
                print(f"ok   {name}")
            case None, False:
                print(f"FAIL {name}")
            case "fails", True:
                print(f"FAIL {name}: it passes now, so take it off known.txt")
            case _:
                print(f"known {name}")


main(*sys.argv[1:])
