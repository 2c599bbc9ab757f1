"""Do the examples in the documents give what they show?

An example is a block marked `sh` or `python` with a block marked `text` right after it, the output.
Each is run against a started server, from the top of the repository, and its output compared. What differs from run to run
is masked on both sides: ports, dates and their size in HPACK, times, keys and masks of a WebSocket, and how many requests
the clients that poll or wait make.

Usage: examples.py PARLANCE ADDRESS [--update] DOCUMENT...
"""

import re
import subprocess
import sys
from difflib import unified_diff
from itertools import groupby

FENCE = re.compile(r"^```(sh|python)\n((?:(?!```).*\n)*)```\n\n?```text\n((?:(?!```).*\n)*)```$", re.M)
DOCUMENTED = ("127.0.0.1:8080", "target/release/parlance")
MASKS = [
    (r"127\.0\.0\.1:\d+", "127.0.0.1:8080"),
    (r"\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT", "(a date)"),
    (r" +\d+\.\d\d(?= |$)", " (ms)"),
    (r"(?i)(sec-websocket-(?:key|accept): )[A-Za-z0-9+/=]+", r"\1(a key)"),
    (r'("retry_after_ms"|"retryAfterMs"): ?\d+', r"\1:(ms)"),
    (r'("placed_at"|"updated_at"|"at"):"[^"]*"', r'\1:"(a moment)"'),
    # How many requests there are depends on when changes and answers meet.
    (r"^((?:conditional-)?(?:poll-order|poll|order)|long-poll|soap|xmlrpc) +\d+ +\d+ +\d+", r"\1 (counts)"),
    # HPACK codes the port, the sandbox's name and the date, and their characters have codes of different lengths.
    (r"^(grpc +\d+) +\d+ +\d+", r"\1 (bytes)"),
    (r"^(> \[\w\w \w\w) \w\w \w\w \w\w \w\w\]", r"\1 (a mask)]"),
]


def masked(text):
    for pattern, mask in MASKS:
        text = re.sub(pattern, mask, text, flags=re.M)
    lines, header = [line.rstrip() for line in text.strip().splitlines()], re.compile(r"< [\w-]+: ")
    # The server keeps the headers of a response in a map, so they come in an order of their own in each process.
    runs = [(is_header, list(run)) for is_header, run in groupby(lines, lambda line: bool(header.match(line)))]
    return "\n".join(line for is_header, run in runs for line in (sorted(run) if is_header else run))


def run(language, code, parlance, address):
    for documented, real in zip(DOCUMENTED, (address.removeprefix("http://"), parlance)):
        code = code.replace(documented, real)
    command = ["bash", "-euc", code] if language == "sh" else [sys.executable, "-c", code]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)
    if done.returncode:
        raise RuntimeError(f"exit status {done.returncode}: {done.stderr}")
    return done.stdout


def main(parlance, address, *documents):
    update, failed, ran = "--update" in documents, 0, 0
    for document in (name for name in documents if name != "--update"):
        text = open(document, encoding="utf-8").read()

        def example(match):
            nonlocal failed, ran
            language, code, shown = match.groups()
            ran += 1
            first = code.splitlines()[0][:70]
            # On a busy machine a heartbeat may fall into an example about events; one that is wrong differs each time.
            for _ in range(1 if update else 3):
                try:
                    output = run(language, code, parlance, address)
                except Exception as problem:
                    failed += 1
                    print(f"FAIL  {document}: {first}\n{problem}")
                    return match[0]
                if masked(output) == masked(shown):
                    print(f"ok    {document}: {first}")
                    return match[0]
            if update:
                output = re.sub(r"127\.0\.0\.1:\d+", "127.0.0.1:8080", output.rstrip("\n"))
                print(f"new   {document}: {first}")
                return match[0][: len(match[0]) - len(shown) - 3] + output + "\n```"
            failed += 1
            texts = (masked(text).splitlines() for text in (shown, output))
            print(f"FAIL  {document}: {first}", *unified_diff(*texts, "shown", "printed", lineterm="", n=0), sep="\n")
            return match[0]

        written = FENCE.sub(example, text)
        if update and written != text:
            open(document, "w", encoding="utf-8").write(written)
    if not ran:
        print("FAIL  the documents have no example")
    sys.exit(1 if failed or not ran else 0)


if __name__ == "__main__":
    main(*sys.argv[1:])
