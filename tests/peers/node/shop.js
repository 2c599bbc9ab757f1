// The shop of the peers in Node: three reads and one order, straight from the tables of Parlance.
import Database from 'better-sqlite3'

const [, , file, port] = process.argv
export { port }

const database = new Database(file)
database.pragma('synchronous = FULL')
database.pragma('foreign_keys = ON')

// The sandbox `main` is the first.
const userById = database.prepare(
  'SELECT id, name, email, role, created_at, version FROM users WHERE sandbox_id = 1 AND id = ?',
)
const firstUsers = database.prepare(
  'SELECT id, name, email, role, created_at, version FROM users WHERE sandbox_id = 1 ORDER BY id LIMIT ?',
)
const orderById = database.prepare(
  'SELECT id, user_id, status, placed_at, updated_at, version FROM orders WHERE sandbox_id = 1 AND id = ?',
)
const linesOf = database.prepare(
  'SELECT product_id, quantity, unit_price FROM order_lines WHERE sandbox_id = 1 AND order_id = ? ORDER BY position',
)
const productById = database.prepare(
  'SELECT id, name, description, price, stock, version FROM products WHERE sandbox_id = 1 AND id = ?',
)
const productsOf = database.prepare(
  `SELECT p.id, p.name, p.description, p.price, p.stock, p.version FROM order_lines l
   JOIN products p ON p.sandbox_id = l.sandbox_id AND p.id = l.product_id
   WHERE l.sandbox_id = 1 AND l.order_id = ? ORDER BY p.id`,
)
const takeStock = database.prepare(
  `UPDATE products SET stock = stock - @quantity, version = version + 1
   WHERE sandbox_id = 1 AND id = @product_id AND stock >= @quantity`,
)
const nextIds = database.prepare(
  `UPDATE sandboxes SET next_order = next_order + 1, next_event = next_event + 1 WHERE id = 1
   RETURNING next_order - 1 AS id, next_event - 1 AS seq`,
)
const insertOrder = database.prepare("INSERT INTO orders VALUES (1, @id, @user_id, 'placed', @now, @now, 1)")
const insertLine = database.prepare('INSERT INTO order_lines VALUES (1, ?, ?, ?, ?, ?)')
const insertEvent = database.prepare(
  "INSERT INTO events VALUES (1, @seq, 'order.placed', @id, @user_id, 'placed', @now)",
)

/** What is not there, or not in stock, as an HTTP status. */
class Problem extends Error {
  constructor(statusCode, message) {
    super(message)
    this.statusCode = statusCode
  }
}

export function user(id) {
  return asUser(userById.get(id) ?? notFound('user', id))
}

export function users(limit) {
  const found = firstUsers.all(limit + 1)
  const items = found.slice(0, limit).map(asUser)
  return found.length > limit ? { items, next: String(items.at(-1).id) } : { items }
}

export function order(id) {
  const row = orderById.get(id) ?? notFound('order', id)
  return asOrder(row, linesOf.all(id))
}

export function product(id) {
  return asProduct(productById.get(id) ?? notFound('product', id))
}

// One snapshot for the queries.
export const orderDetails = database.transaction((id) => {
  const found = order(id)
  return { ...found, user: user(found.user_id), products: productsOf.all(id).map(asProduct) }
})

// The order is on the disk when this returns.
export const placeOrder = database.transaction(({ user_id, lines }) => {
  user(user_id)
  const sold = lines.map(({ product_id, quantity }) => {
    const { price } = product(product_id)
    if (takeStock.run({ product_id, quantity }).changes === 0) throw new Problem(409, 'out of stock')
    return { product_id, quantity, unit_price: price.amount }
  })
  const { id, seq } = nextIds.get()
  const now = Math.floor(Date.now() / 1000)
  insertOrder.run({ id, user_id, now })
  sold.forEach((line, position) => insertLine.run(id, position, line.product_id, line.quantity, line.unit_price))
  insertEvent.run({ seq, id, user_id, now })
  return asOrder({ id, user_id, status: 'placed', placed_at: now, updated_at: now, version: 1 }, sold)
}).immediate

function notFound(what, id) {
  throw new Problem(404, `there is no ${what} ${id}`)
}

function asUser({ id, name, email, role, created_at, version }) {
  return { id, name, email, role, created_at: time(created_at), version }
}

function asProduct({ id, name, description, price, stock, version }) {
  return { id, name, description, price: euros(price), stock, version }
}

function asOrder({ id, user_id, status, placed_at, updated_at, version }, rows) {
  const lines = rows.map(({ product_id, quantity, unit_price }) => ({
    product_id,
    quantity,
    unit_price: euros(unit_price),
    line_total: euros(unit_price * quantity),
  }))
  const total = euros(lines.reduce((sum, line) => sum + line.line_total.amount, 0))
  return { id, user_id, status, lines, total, placed_at: time(placed_at), updated_at: time(updated_at), version }
}

function euros(amount) {
  return { amount, currency: 'EUR' }
}

function time(seconds) {
  return new Date(seconds * 1000).toISOString().replace('.000Z', 'Z')
}
