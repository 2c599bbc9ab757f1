"""Makes a class of five on the command line, has each learner do an exercise, and reads the results with other people's libraries.

Usage: class.py ADDRESS PARLANCE KEY
"""

import csv
import io
import json
import subprocess
import sys
import time
import urllib.request
import uuid

from tincan import Statement

ADDRESS, PARLANCE, KEY = sys.argv[1:]
NAMES = ["Ada Löwe", "Bob", "Bob", "Łukasz O'Neill", "李"]
SANDBOXES = ["ada-loewe", "bob", "bob-2", "lukasz-oneill", "learner"]
WAIT_S = 20


def get(path):
    with urllib.request.urlopen(urllib.request.Request(ADDRESS + path, headers={"X-API-Key": KEY})) as response:
        return response.read().decode()


def parlance(*arguments, text=""):
    command = [PARLANCE, "class", "--url", ADDRESS, *arguments]
    return subprocess.run(command, input=text, capture_output=True, text=True, check=True, timeout=60).stdout


def of_class(rows):
    return [row for row in rows if row["learner"] in SANDBOXES]


def names_become_sandboxes():
    lines = parlance("--names", "-", text="\n".join(NAMES) + "\n").splitlines()[1:6]
    assert [line.split()[-1] for line in lines] == [f"{ADDRESS}/sandboxes/{one}/#/exercises" for one in SANDBOXES], lines


def the_list_shows_who_has_done_what():
    for sandbox in SANDBOXES:
        get(f"/sandboxes/{sandbox}/rest/users/1")
    began = time.monotonic()
    while True:
        rows = [line.split() for line in parlance("--list").splitlines()]
        done = {row[0]: row[1] for row in rows if row[0] in SANDBOXES}
        if all(state.startswith("1/") for state in done.values()) and len(done) == len(SANDBOXES):
            return
        assert time.monotonic() - began < WAIT_S, rows
        time.sleep(0.2)


def the_table_is_read_by_a_csv_library():
    rows = of_class(csv.DictReader(io.StringIO(get("/class/progress.csv"), newline=""), strict=True))
    found = {(row["learner"], row["exercise"], row["title"], row["evidence"]) for row in rows}
    assert found == {(one, "read-a-user", "Read a user", "user 1, over rest") for one in SANDBOXES}, found
    assert all(None not in row and row["done_at"].endswith("Z") and row["hints"] == "0" for row in rows), rows


def the_statements_are_read_by_an_xapi_library():
    lines = get("/class/progress.jsonl").splitlines()
    statements = [Statement.from_json(line) for line in lines]
    ids = {uuid.UUID(str(statement.id)) for statement in statements}
    assert len(ids) == len(lines) and all(one.version == 5 and one.variant == uuid.RFC_4122 for one in ids), ids
    ours = [one for one in statements if one.actor.account.name in SANDBOXES]
    assert sorted(one.actor.account.name for one in ours) == sorted(SANDBOXES), lines
    for one, line in zip(statements, lines):
        assert one.actor.account.home_page == ADDRESS and one.verb.id == "http://adlnet.gov/expapi/verbs/completed", line
        assert one.object.id.startswith(f"{ADDRESS}/exercises/") and one.timestamp.tzinfo and one.result.completion, line
        # The library writes what it has read: nothing was unknown to it.
        written = json.loads(one.to_json())
        assert set(json.loads(line)) == set(written) - {"version"} and written["object"] == json.loads(line)["object"], line


failed = False
for check in [
    names_become_sandboxes,
    the_list_shows_who_has_done_what,
    the_table_is_read_by_a_csv_library,
    the_statements_are_read_by_an_xapi_library,
]:
    name = check.__name__.replace("_", " ")
    try:
        check()
        print(f"ok    class: {name}")
    except Exception as problem:
        print(f"FAIL  class: {name}: {type(problem).__name__}: {problem}")
        failed = True
sys.exit(failed)
