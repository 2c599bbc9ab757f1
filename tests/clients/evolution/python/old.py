"""Prints what an old client read: each text of a product on a line. An error ends the client, and its name is printed."""

import sys


def print_texts(read):
    try:
        for text in read(sys.argv[1]):
            print(text)
    except Exception as error:  # Whatever it is, it is what the client's users would see.
        sys.exit(f"{type(error).__name__}: {error}")
