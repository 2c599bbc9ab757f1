-- Exercises.

ALTER TABLE sandboxes ADD COLUMN exercises TEXT NOT NULL DEFAULT 'off' CHECK (exercises IN ('off', 'on'));

CREATE TABLE progress (
    sandbox_id INTEGER NOT NULL REFERENCES sandboxes,
    exercise TEXT NOT NULL,
    hints INTEGER NOT NULL,
    done_at INTEGER,
    evidence TEXT NOT NULL,
    PRIMARY KEY (sandbox_id, exercise)
) STRICT, WITHOUT ROWID;
