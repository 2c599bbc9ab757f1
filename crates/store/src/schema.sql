-- Every key begins with the sandbox: one set of tables holds all sandboxes, and could later be partitioned by it.
-- Times are whole seconds since 1970, money is in cents, and enums are stored as their words.

CREATE TABLE sandboxes (
    -- AUTOINCREMENT: the id of a deleted sandbox is never used again, because a reader may still hold it.
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL UNIQUE,
    next_user INTEGER NOT NULL DEFAULT 1 CHECK (next_user BETWEEN 1 AND 2147483648),
    next_product INTEGER NOT NULL DEFAULT 1 CHECK (next_product BETWEEN 1 AND 2147483648),
    next_order INTEGER NOT NULL DEFAULT 1 CHECK (next_order BETWEEN 1 AND 2147483648),
    next_event INTEGER NOT NULL DEFAULT 1 CHECK (next_event BETWEEN 1 AND 2147483648)
) STRICT;

CREATE TABLE users (
    sandbox_id INTEGER NOT NULL REFERENCES sandboxes,
    id INTEGER NOT NULL CHECK (id BETWEEN 1 AND 2147483647),
    name TEXT NOT NULL,
    email TEXT NOT NULL,
    email_folded TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('customer', 'staff', 'admin')),
    created_at INTEGER NOT NULL,
    version INTEGER NOT NULL CHECK (version BETWEEN 1 AND 2147483647),
    PRIMARY KEY (sandbox_id, id),
    UNIQUE (sandbox_id, email_folded)
) STRICT, WITHOUT ROWID;

CREATE TABLE products (
    sandbox_id INTEGER NOT NULL REFERENCES sandboxes,
    id INTEGER NOT NULL CHECK (id BETWEEN 1 AND 2147483647),
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    price INTEGER NOT NULL CHECK (price BETWEEN 1 AND 1000000),
    stock INTEGER NOT NULL CHECK (stock BETWEEN 0 AND 1000000),
    version INTEGER NOT NULL CHECK (version BETWEEN 1 AND 2147483647),
    -- Name and description in lower case, with U+0001 between them, which no text can contain: the text that a search compares.
    -- SQLite's own lower() changes ASCII only. The last column, because no query reads it together with the row.
    searched TEXT NOT NULL,
    PRIMARY KEY (sandbox_id, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE cart_lines (
    sandbox_id INTEGER NOT NULL,
    user_id INTEGER NOT NULL,
    product_id INTEGER NOT NULL,
    quantity INTEGER NOT NULL CHECK (quantity BETWEEN 1 AND 99),
    PRIMARY KEY (sandbox_id, user_id, product_id),
    FOREIGN KEY (sandbox_id, user_id) REFERENCES users,
    FOREIGN KEY (sandbox_id, product_id) REFERENCES products
) STRICT, WITHOUT ROWID;

CREATE TABLE orders (
    sandbox_id INTEGER NOT NULL,
    id INTEGER NOT NULL CHECK (id BETWEEN 1 AND 2147483647),
    user_id INTEGER NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('placed', 'paid', 'shipped', 'delivered', 'cancelled')),
    placed_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    version INTEGER NOT NULL CHECK (version BETWEEN 1 AND 2147483647),
    PRIMARY KEY (sandbox_id, id),
    FOREIGN KEY (sandbox_id, user_id) REFERENCES users
) STRICT, WITHOUT ROWID;

-- UNIQUE holds because the id is part of the index; it tells SQLite that these lists need no sorting, even with their lines.
CREATE UNIQUE INDEX orders_by_user ON orders (sandbox_id, user_id, id);
CREATE UNIQUE INDEX orders_by_status ON orders (sandbox_id, status, id);

CREATE TABLE order_lines (
    sandbox_id INTEGER NOT NULL,
    order_id INTEGER NOT NULL,
    position INTEGER NOT NULL CHECK (position BETWEEN 0 AND 19),
    product_id INTEGER NOT NULL,
    quantity INTEGER NOT NULL CHECK (quantity BETWEEN 1 AND 99),
    unit_price INTEGER NOT NULL CHECK (unit_price BETWEEN 1 AND 1000000),
    PRIMARY KEY (sandbox_id, order_id, position),
    FOREIGN KEY (sandbox_id, order_id) REFERENCES orders,
    FOREIGN KEY (sandbox_id, product_id) REFERENCES products
) STRICT, WITHOUT ROWID;

CREATE TABLE events (
    sandbox_id INTEGER NOT NULL,
    seq INTEGER NOT NULL CHECK (seq BETWEEN 1 AND 2147483647),
    kind TEXT NOT NULL
        CHECK (kind IN ('order.placed', 'order.paid', 'order.shipped', 'order.delivered', 'order.cancelled')),
    order_id INTEGER NOT NULL,
    user_id INTEGER NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('placed', 'paid', 'shipped', 'delivered', 'cancelled')),
    at INTEGER NOT NULL,
    PRIMARY KEY (sandbox_id, seq),
    FOREIGN KEY (sandbox_id, order_id) REFERENCES orders
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX events_by_user ON events (sandbox_id, user_id, seq);
