"""The shop of the peers in Python: three reads and one order, straight from the tables of Parlance."""

import sqlite3
import threading
import time as clock
from datetime import datetime, timezone

USER = "SELECT id, name, email, role, created_at, version FROM users WHERE sandbox_id = 1"
PRODUCT = "SELECT p.id, p.name, p.description, p.price, p.stock, p.version FROM products p"


class NotFound(Exception):
    """There is no such thing."""


class OutOfStock(Exception):
    """There are fewer pieces than ordered."""


class Shop:
    """The file, with a connection for each thread."""

    def __init__(self, file):
        self.file = file
        self.local = threading.local()

    @property
    def connection(self):
        if not hasattr(self.local, "connection"):
            # Without transactions of its own: `BEGIN` and `COMMIT` stand where they are needed.
            connection = sqlite3.connect(self.file, isolation_level=None, timeout=30)
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA foreign_keys = ON")
            self.local.connection = connection
        return self.local.connection

    def one(self, sql, *values):
        row = self.connection.execute(sql, values).fetchone()
        if row is None:
            raise NotFound
        return row

    def user(self, id):
        return as_user(self.one(f"{USER} AND id = ?", id))

    def users(self, limit):
        found = self.connection.execute(f"{USER} ORDER BY id LIMIT ?", (limit + 1,)).fetchall()
        page = {"items": [as_user(row) for row in found[:limit]]}
        if len(found) > limit:
            page["next"] = str(page["items"][-1]["id"])
        return page

    def product(self, id):
        return as_product(self.one(f"{PRODUCT} WHERE p.sandbox_id = 1 AND p.id = ?", id))

    def order_details(self, id):
        # One snapshot for the queries.
        self.connection.execute("BEGIN")
        try:
            order = self.one(
                "SELECT id, user_id, status, placed_at, updated_at, version FROM orders WHERE sandbox_id = 1 AND id = ?", id
            )
            lines = self.connection.execute(
                "SELECT product_id, quantity, unit_price FROM order_lines WHERE sandbox_id = 1 AND order_id = ? "
                "ORDER BY position",
                (id,),
            )
            details = as_order(order, lines)
            details["user"] = self.user(details["user_id"])
            products = self.connection.execute(
                f"{PRODUCT} JOIN order_lines l ON p.sandbox_id = l.sandbox_id AND p.id = l.product_id "
                "WHERE l.sandbox_id = 1 AND l.order_id = ? ORDER BY p.id",
                (id,),
            )
            details["products"] = [as_product(row) for row in products]
            return details
        finally:
            self.connection.execute("COMMIT")

    def place_order(self, user_id, lines):
        """The order is on the disk when this returns."""
        self.connection.execute("BEGIN IMMEDIATE")
        try:
            order = self.place(user_id, lines)
            self.connection.execute("COMMIT")
            return order
        except BaseException:
            self.connection.execute("ROLLBACK")
            raise

    def place(self, user_id, lines):
        execute = self.connection.execute
        self.user(user_id)
        sold = []
        for line in lines:
            product_id, quantity = line["product_id"], line["quantity"]
            price = self.product(product_id)["price"]["amount"]
            taken = execute(
                "UPDATE products SET stock = stock - ?1, version = version + 1 "
                "WHERE sandbox_id = 1 AND id = ?2 AND stock >= ?1",
                (quantity, product_id),
            )
            if taken.rowcount == 0:
                raise OutOfStock
            sold.append((product_id, quantity, price))
        id, seq = execute(
            "UPDATE sandboxes SET next_order = next_order + 1, next_event = next_event + 1 WHERE id = 1 "
            "RETURNING next_order - 1, next_event - 1"
        ).fetchall()[0]
        now = int(clock.time())
        execute("INSERT INTO orders VALUES (1, ?1, ?2, 'placed', ?3, ?3, 1)", (id, user_id, now))
        for position, line in enumerate(sold):
            execute("INSERT INTO order_lines VALUES (1, ?, ?, ?, ?, ?)", (id, position, *line))
        execute("INSERT INTO events VALUES (1, ?, 'order.placed', ?, ?, 'placed', ?)", (seq, id, user_id, now))
        return as_order((id, user_id, "placed", now, now, 1), sold)


def as_user(row):
    id, name, email, role, created_at, version = row
    return {"id": id, "name": name, "email": email, "role": role, "created_at": time(created_at), "version": version}


def as_product(row):
    id, name, description, price, stock, version = row
    return {
        "id": id, "name": name, "description": description, "price": euros(price), "stock": stock, "version": version,
    }


def as_order(row, rows):
    id, user_id, status, placed_at, updated_at, version = row
    lines = [
        {
            "product_id": product_id, "quantity": quantity, "unit_price": euros(unit_price),
            "line_total": euros(unit_price * quantity),
        }
        for product_id, quantity, unit_price in rows
    ]
    total = euros(sum(line["line_total"]["amount"] for line in lines))
    return {
        "id": id, "user_id": user_id, "status": status, "lines": lines, "total": total, "placed_at": time(placed_at),
        "updated_at": time(updated_at), "version": version,
    }


def euros(amount):
    return {"amount": amount, "currency": "EUR"}


def time(seconds):
    return datetime.fromtimestamp(seconds, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
