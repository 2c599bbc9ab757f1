"""Documents and values of variables picked by hand: what other servers were found to get wrong, and what the grammar of September 2025
has anew. Each: what it is about, the document, and where needed the values and the operation's name."""

PICKED = []
