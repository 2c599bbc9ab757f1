"""Makes the calls by a command: curl (one process for all of them), wget or HTTPie (one for each).

Usage: commands.py COMMAND [OPTION OF CURL] ADDRESS CALLS ROUNDS [packed]
"""

import gzip
import subprocess
import sys
import tempfile
from pathlib import Path

command, *given = sys.argv[1:]
flags = [given.pop(0)] if given[0].startswith("-") else []
address, calls, rounds, *options = given
folder = Path(tempfile.mkdtemp(dir="."))


def rows():
    """Each call, as often as it is made: its name, method, address and headers, and a file with its body."""
    for number, line in enumerate(Path(calls).read_text().splitlines()):
        name, method, path, times, headers, body = line.split("\t")
        headers = [header for header in headers.split(" | ") if header]
        file = folder / str(number) if body else None
        if file and options == ["packed"]:
            file.write_bytes(gzip.compress(body.encode()))
            headers.append("Content-Encoding: gzip")
        elif file:
            file.write_text(body)
        for _ in range(min(int(rounds), int(times))):
            yield name, method, address + path, headers, file


def say(name, status, text):
    print(name, status, " ".join(text.split()), sep="\t")


def curl():
    """`-d` and `-G` choose the method where they can: `-X` would also be sent to where a redirect leads."""
    made, arguments, statuses = [], [], []
    # curl 7.88 can't use a connection of HTTP/2 with prior knowledge twice (curl/curl, pull request 10643).
    is_alone = "--http2-prior-knowledge" in flags
    for number, (name, method, url, headers, file) in enumerate(rows()):
        made.append(name)
        arguments += ["--next"] if arguments else []
        arguments += [
            "--silent",
            "--globoff",
            *flags,
            url,
            "--output",
            str(folder / f"answer{number}"),
            "--write-out",
            "%{http_code}\n",
        ]
        arguments += [part for header in headers for part in ("--header", header)]
        arguments += ["--data-binary", f"@{file}"] if file else []
        arguments += ["--request", method] if method not in ("GET", "POST") else []
        if is_alone:
            statuses += run_curl(arguments)
            arguments = []
    statuses += run_curl(arguments) if arguments else []
    for number, (name, status) in enumerate(zip(made, statuses)):
        answer = folder / f"answer{number}"
        say(name, int(status), answer.read_text() if answer.exists() else "no answer")


def run_curl(arguments):
    return subprocess.run(["curl", *arguments], stdout=subprocess.PIPE, text=True).stdout.split()


def split(output):
    """The status of the last head in an output, and what stands behind it."""
    head, _, text = output.replace("\r\n", "\n").partition("\n\n")
    return (int(head.split()[1]), text) if head else (0, "no answer")


def wget(method, url, headers, file):
    arguments = ["--quiet", "--output-document=-", "--save-headers", "--content-on-error", f"--method={method}"]
    return [*arguments, *(f"--header={header}" for header in headers), *([f"--body-file={file}"] if file else []), url]


def httpie(method, url, headers, file):
    items = [header.replace(": ", ":", 1) for header in headers]
    return ["--print=hb", "--pretty=none", *([] if file else ["--ignore-stdin"]), method, url, *items]


if command == "curl":
    curl()
else:
    arguments = {"wget": wget, "http": httpie}[command]
    for name, method, url, headers, file in rows():
        body = file.open() if file and command == "http" else subprocess.DEVNULL
        ended = subprocess.run([command, *arguments(method, url, headers, file)], stdin=body, stdout=subprocess.PIPE)
        say(name, *split(ended.stdout.decode()))
