-- Authentication, the settings of a sandbox, and idempotency keys.

ALTER TABLE sandboxes ADD COLUMN access TEXT NOT NULL DEFAULT 'open' CHECK (access IN ('open', 'locked'));
-- NULL: the server's default.
ALTER TABLE sandboxes ADD COLUMN rate_per_minute INTEGER CHECK (rate_per_minute BETWEEN 0 AND 1000000);
ALTER TABLE sandboxes ADD COLUMN rtt_ms INTEGER NOT NULL DEFAULT 0 CHECK (rtt_ms BETWEEN 0 AND 5000);

-- A separate table, so that no query for a user can return the hash.
CREATE TABLE passwords (
    sandbox_id INTEGER NOT NULL,
    user_id INTEGER NOT NULL,
    hash TEXT NOT NULL,
    PRIMARY KEY (sandbox_id, user_id),
    FOREIGN KEY (sandbox_id, user_id) REFERENCES users
) STRICT, WITHOUT ROWID;

CREATE TABLE api_keys (
    sandbox_id INTEGER NOT NULL,
    -- The public part of the key, by which it is looked up.
    name TEXT NOT NULL,
    user_id INTEGER NOT NULL,
    digest BLOB NOT NULL CHECK (length(digest) = 32),
    PRIMARY KEY (sandbox_id, name),
    FOREIGN KEY (sandbox_id, user_id) REFERENCES users
) STRICT, WITHOUT ROWID;

CREATE INDEX api_keys_by_user ON api_keys (sandbox_id, user_id);

CREATE TABLE commands_done (
    sandbox_id INTEGER NOT NULL,
    -- A user id, or 0 for an anonymous caller.
    caller INTEGER NOT NULL,
    idempotency_key TEXT NOT NULL,
    fingerprint BLOB NOT NULL CHECK (length(fingerprint) = 32),
    order_id INTEGER NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (sandbox_id, caller, idempotency_key),
    FOREIGN KEY (sandbox_id, order_id) REFERENCES orders
) STRICT, WITHOUT ROWID;

CREATE INDEX commands_done_by_time ON commands_done (sandbox_id, at);

-- The server's own secrets, such as the key that signs tokens.
CREATE TABLE secrets (
    name TEXT PRIMARY KEY,
    secret BLOB NOT NULL
) STRICT, WITHOUT ROWID;
