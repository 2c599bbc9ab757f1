"""The exercises as programs. A file has those of one path; a function's name is that of its exercise, then `__` and a variant."""
