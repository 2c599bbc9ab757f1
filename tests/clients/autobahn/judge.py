"""What came of Autobahn's cases? Usage: judge.py index.json COUNT

A line for each chapter, and one for each case that failed. A case can be passed OK; NON-STRICT, which RFC 6455 allows and the
suite would have otherwise; or INFORMATIONAL, where it only looks. The last two are listed.
"""

import collections
import json
import sys

CHAPTERS = {
    "1": "framing", "2": "pings and pongs", "3": "reserved bits", "4": "opcodes", "5": "fragments", "6": "UTF-8",
    "7": "closing", "9": "large messages, and many", "10": "fragmented output",
}
PASSED = ("OK", "NON-STRICT", "INFORMATIONAL")


def main(index, count):
    with open(index) as file:
        cases = json.load(file)["parlance"]
    chapters = collections.defaultdict(lambda: collections.defaultdict(list))
    failed = 0
    for case in sorted(cases, key=lambda case: [int(part) for part in case.split(".")]):
        behavior, closed = cases[case]["behavior"], cases[case]["behaviorClose"]
        if behavior in PASSED and closed in ("OK", "INFORMATIONAL"):
            chapters[case.split(".")[0]][behavior].append(case)
        else:
            failed += 1
            print("FAIL  case %s: %s, and %s in closing (%s)" % (case, behavior, closed, cases[case]["remoteCloseCode"]))
    for chapter, passed in chapters.items():
        counts = ", ".join("%d %s" % (len(passed[behavior]), behavior) for behavior in PASSED if passed[behavior])
        print("ok    %s %s: %s" % (chapter, CHAPTERS.get(chapter, ""), counts))
    for behavior in PASSED[1:]:
        listed = [case for passed in chapters.values() for case in passed[behavior]]
        if listed:
            print("      %s: %s" % (behavior, " ".join(listed)))
    if len(cases) != int(count):
        print("FAIL  %d cases instead of %s" % (len(cases), count))
    print("      %d cases, %d failed" % (len(cases), failed))


main(*sys.argv[1:])
