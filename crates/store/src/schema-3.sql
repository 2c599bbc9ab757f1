-- Webhooks: who is called when something happens, and what became of each call.

ALTER TABLE sandboxes ADD COLUMN next_webhook INTEGER NOT NULL DEFAULT 1 CHECK (next_webhook BETWEEN 1 AND 2147483648);
ALTER TABLE sandboxes ADD COLUMN next_delivery INTEGER NOT NULL DEFAULT 1 CHECK (next_delivery BETWEEN 1 AND 2147483648);

CREATE TABLE webhooks (
    sandbox_id INTEGER NOT NULL REFERENCES sandboxes,
    id INTEGER NOT NULL CHECK (id BETWEEN 1 AND 2147483647),
    url TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('active', 'ended')),
    -- Random, as ids begin anew with a reset: calls of a former life must not be taken for repeated ones.
    mark TEXT NOT NULL,
    -- In plain: to sign with it, it must be known.
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
    -- No reference: an event may be forgotten before a delivery of it.
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
-- What couriers look for: webhook by webhook, so that one with a thousand in vain hides no other.
CREATE INDEX deliveries_waiting ON deliveries (sandbox_id, webhook_id, next_attempt_at) WHERE next_attempt_at IS NOT NULL;
