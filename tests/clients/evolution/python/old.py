"""How does an old client tell what it read? Each text of a product is a line; an error ends it, and is told by its name."""

import sys


def tell(read):
    try:
        for text in read(sys.argv[1]):
            print(text)
    except Exception as error:  # Whatever it is, it is what the client's users would see.
        sys.exit(f"{type(error).__name__}: {error}")
