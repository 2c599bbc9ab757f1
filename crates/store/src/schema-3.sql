-- Webhooks and their deliveries.

ALTER TABLE sandboxes ADD COLUMN next_webhook INTEGER NOT NULL DEFAULT 1 CHECK (next_webhook BETWEEN 1 AND 2147483648);
ALTER TABLE sandboxes ADD COLUMN next_delivery INTEGER NOT NULL DEFAULT 1 CHECK (next_delivery BETWEEN 1 AND 2147483648);

CREATE TABLE webhooks (
    sandbox_id INTEGER NOT NULL REFERENCES sandboxes,
    id INTEGER NOT NULL CHECK (id BETWEEN 1 AND 2147483647),
    url TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('active', 'ended')),
    -- Random. Ids start at 1 again after a reset, and a receiver must not take a new message for a repeated one.
    mark TEXT NOT NULL,
    -- Not hashed: signing needs the secret itself.
    secret TEXT NOT NULL,
    former_secret TEXT,
    former_until INTEGER,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (sandbox_id, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE deliveries (
    sandbox_id INTEGER NOT NULL,
    id INTEGER NOT NULL CHECK (id BETWEEN 1 AND 2147483647),
    webhook_id INTEGER NOT NULL,
    -- No foreign key: an event may be deleted before its deliveries.
    seq INTEGER,
    status TEXT NOT NULL CHECK (status IN ('pending', 'delivered', 'failed')),
    attempts INTEGER NOT NULL,
    response_status INTEGER,
    problem TEXT,
    created_at INTEGER NOT NULL,
    next_attempt_at INTEGER,
    PRIMARY KEY (sandbox_id, id),
    FOREIGN KEY (sandbox_id, webhook_id) REFERENCES webhooks
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX deliveries_by_webhook ON deliveries (sandbox_id, webhook_id, id);
-- Pending deliveries by webhook: a webhook with a thousand failing deliveries does not hide the others.
CREATE INDEX deliveries_waiting ON deliveries (sandbox_id, webhook_id, next_attempt_at) WHERE next_attempt_at IS NOT NULL;
