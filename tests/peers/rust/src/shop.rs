//! The shop of the peers: three reads and one order, straight from the tables of Parlance.

use jiff::Timestamp;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OptionalExtension, Row};
use serde::{Deserialize, Serialize};
use std::fmt::{Display, Formatter};

/// The sandbox that the peers serve: `main` is the first.
const SANDBOX: i32 = 1;

#[derive(Clone, Serialize)]
pub struct User {
    pub id: i32,
    pub name: String,
    pub email: String,
    pub role: String,
    pub created_at: Timestamp,
    pub version: i32,
}

#[derive(Clone, Serialize)]
pub struct Users {
    pub items: Vec<User>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

#[derive(Clone, Copy, Serialize)]
pub struct Money {
    pub amount: i32,
    pub currency: &'static str,
}

#[derive(Clone, Serialize)]
pub struct Product {
    pub id: i32,
    pub name: String,
    pub description: String,
    pub price: Money,
    pub stock: i32,
    pub version: i32,
}

#[derive(Clone, Serialize)]
pub struct Line {
    pub product_id: i32,
    pub quantity: i32,
    pub unit_price: Money,
    pub line_total: Money,
}

#[derive(Clone, Serialize)]
pub struct Order {
    pub id: i32,
    pub user_id: i32,
    pub status: String,
    pub lines: Vec<Line>,
    pub total: Money,
    pub placed_at: Timestamp,
    pub updated_at: Timestamp,
    pub version: i32,
}

#[derive(Clone, Serialize)]
pub struct OrderDetails {
    #[serde(flatten)]
    pub order: Order,
    pub user: User,
    pub products: Vec<Product>,
}

#[derive(Deserialize)]
pub struct NewOrder {
    pub user_id: i32,
    pub lines: Vec<NewLine>,
}

#[derive(Deserialize)]
pub struct NewLine {
    pub product_id: i32,
    pub quantity: i32,
}

/// Why there is no answer.
#[derive(Debug)]
pub enum Problem {
    NotFound,
    OutOfStock,
    Database(rusqlite::Error),
}

impl Display for Problem {
    fn fmt(&self, out: &mut Formatter<'_>) -> std::fmt::Result {
        write!(out, "{self:?}")
    }
}

impl From<rusqlite::Error> for Problem {
    fn from(error: rusqlite::Error) -> Self {
        Problem::Database(error)
    }
}

/// One connection to the file, with the settings of Parlance's.
pub struct Shop {
    connection: Connection,
}

impl Shop {
    pub fn open(file: &str) -> rusqlite::Result<Shop> {
        let connection = Connection::open(file)?;
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
        connection.set_prepared_statement_cache_capacity(64);
        connection.pragma_update(None, "cache_size", -8_192)?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.pragma_update(None, "foreign_keys", true)?;
        Ok(Shop { connection })
    }

    pub fn user(&self, id: i32) -> Result<User, Problem> {
        let sql = "SELECT id, name, email, role, created_at, version FROM users WHERE sandbox_id = ?1 AND id = ?2";
        let mut statement = self.connection.prepare_cached(sql)?;
        statement.query_row((SANDBOX, id), user).optional()?.ok_or(Problem::NotFound)
    }

    pub fn users(&self, limit: usize) -> Result<Users, Problem> {
        let sql =
            "SELECT id, name, email, role, created_at, version FROM users WHERE sandbox_id = ?1 ORDER BY id LIMIT ?2";
        let mut statement = self.connection.prepare_cached(sql)?;
        let found = statement.query_map((SANDBOX, limit as i64 + 1), user)?;
        let mut items = found.collect::<rusqlite::Result<Vec<User>>>()?;
        let has_more = items.len() > limit;
        items.truncate(limit);
        let next = items.last().filter(|_| has_more).map(|last| last.id.to_string());
        Ok(Users { items, next })
    }

    pub fn order(&self, id: i32) -> Result<Order, Problem> {
        let sql = "SELECT o.id, o.user_id, o.status, o.placed_at, o.updated_at, o.version, \
                   l.product_id, l.quantity, l.unit_price \
                   FROM orders o JOIN order_lines l ON l.sandbox_id = o.sandbox_id AND l.order_id = o.id \
                   WHERE o.sandbox_id = ?1 AND o.id = ?2 ORDER BY l.position";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query((SANDBOX, id))?;
        let mut order: Option<Order> = None;
        while let Some(row) = rows.next()? {
            let line = line(row.get(6)?, row.get(7)?, row.get(8)?);
            let order = match &mut order {
                Some(order) => order,
                None => order.insert(Order {
                    id: row.get(0)?,
                    user_id: row.get(1)?,
                    status: row.get(2)?,
                    lines: Vec::new(),
                    total: euros(0),
                    placed_at: time(row.get(3)?),
                    updated_at: time(row.get(4)?),
                    version: row.get(5)?,
                }),
            };
            order.total.amount += line.line_total.amount;
            order.lines.push(line);
        }
        order.ok_or(Problem::NotFound)
    }

    pub fn product(&self, id: i32) -> Result<Product, Problem> {
        let sql = "SELECT id, name, description, price, stock, version FROM products WHERE sandbox_id = ?1 AND id = ?2";
        let mut statement = self.connection.prepare_cached(sql)?;
        statement.query_row((SANDBOX, id), product).optional()?.ok_or(Problem::NotFound)
    }

    pub fn order_details(&self, id: i32) -> Result<OrderDetails, Problem> {
        // One snapshot for the three queries.
        let _snapshot = self.connection.unchecked_transaction()?;
        let order = self.order(id)?;
        let user = self.user(order.user_id)?;
        let sql = "SELECT p.id, p.name, p.description, p.price, p.stock, p.version FROM order_lines l \
                   JOIN products p ON p.sandbox_id = l.sandbox_id AND p.id = l.product_id \
                   WHERE l.sandbox_id = ?1 AND l.order_id = ?2 ORDER BY p.id";
        let mut statement = self.connection.prepare_cached(sql)?;
        let products = statement.query_map((SANDBOX, id), product)?.collect::<rusqlite::Result<_>>()?;
        Ok(OrderDetails { order, user, products })
    }

    /// Places an order in a transaction of its own: it is on the disk when this returns.
    pub fn place_order(&mut self, new: &NewOrder) -> Result<Order, Problem> {
        self.begin()?;
        match self.place(new) {
            Ok(order) => self.execute("COMMIT").map(|()| order),
            Err(problem) => self.execute("ROLLBACK").and(Err(problem)),
        }
    }

    /// Begins a transaction for one order, or for several.
    pub fn begin(&self) -> Result<(), Problem> {
        self.execute("BEGIN IMMEDIATE")
    }

    /// Executes a statement without values.
    pub fn execute(&self, sql: &str) -> Result<(), Problem> {
        self.connection.prepare_cached(sql)?.execute([])?;
        Ok(())
    }

    /// Places an order in the transaction that has begun.
    pub fn place(&self, new: &NewOrder) -> Result<Order, Problem> {
        let connection = &self.connection;
        self.user(new.user_id)?;
        let mut lines = Vec::with_capacity(new.lines.len());
        for wanted in &new.lines {
            let price = self.product(wanted.product_id)?.price.amount;
            let sql = "UPDATE products SET stock = stock - ?3, version = version + 1 \
                       WHERE sandbox_id = ?1 AND id = ?2 AND stock >= ?3";
            let values = (SANDBOX, wanted.product_id, wanted.quantity);
            if connection.prepare_cached(sql)?.execute(values)? == 0 {
                return Err(Problem::OutOfStock);
            }
            lines.push(line(wanted.product_id, wanted.quantity, price));
        }
        let sql = "UPDATE sandboxes SET next_order = next_order + 1, next_event = next_event + 1 WHERE id = ?1 \
                   RETURNING next_order - 1, next_event - 1";
        let (id, seq): (i32, i32) =
            connection.prepare_cached(sql)?.query_row([SANDBOX], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let now = Timestamp::now().as_second();
        let sql = "INSERT INTO orders (sandbox_id, id, user_id, status, placed_at, updated_at, version) \
                   VALUES (?1, ?2, ?3, 'placed', ?4, ?4, 1)";
        connection.prepare_cached(sql)?.execute((SANDBOX, id, new.user_id, now))?;
        let sql = "INSERT INTO order_lines (sandbox_id, order_id, position, product_id, quantity, unit_price) \
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
        let mut insert = connection.prepare_cached(sql)?;
        for (position, line) in lines.iter().enumerate() {
            let values = (SANDBOX, id, position as i64, line.product_id, line.quantity, line.unit_price.amount);
            insert.execute(values)?;
        }
        let sql = "INSERT INTO events (sandbox_id, seq, kind, order_id, user_id, status, at) \
                   VALUES (?1, ?2, 'order.placed', ?3, ?4, 'placed', ?5)";
        connection.prepare_cached(sql)?.execute((SANDBOX, seq, id, new.user_id, now))?;
        let total = euros(lines.iter().map(|line| line.line_total.amount).sum());
        let (placed_at, updated_at) = (time(now), time(now));
        let status = "placed".to_owned();
        Ok(Order { id, user_id: new.user_id, status, lines, total, placed_at, updated_at, version: 1 })
    }
}

fn user(row: &Row<'_>) -> rusqlite::Result<User> {
    Ok(User {
        id: row.get(0)?,
        name: row.get(1)?,
        email: row.get(2)?,
        role: row.get(3)?,
        created_at: time(row.get(4)?),
        version: row.get(5)?,
    })
}

fn product(row: &Row<'_>) -> rusqlite::Result<Product> {
    Ok(Product {
        id: row.get(0)?,
        name: row.get(1)?,
        description: row.get(2)?,
        price: euros(row.get(3)?),
        stock: row.get(4)?,
        version: row.get(5)?,
    })
}

fn line(product_id: i32, quantity: i32, price: i32) -> Line {
    Line { product_id, quantity, unit_price: euros(price), line_total: euros(price * quantity) }
}

fn euros(amount: i32) -> Money {
    Money { amount, currency: "EUR" }
}

fn time(seconds: i64) -> Timestamp {
    Timestamp::from_second(seconds).unwrap_or_default()
}
