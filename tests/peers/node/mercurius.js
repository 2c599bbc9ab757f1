// GraphQL over Mercurius, with its compiler of queries.
import { readFileSync } from 'node:fs'
import Fastify from 'fastify'
import mercurius from 'mercurius'
import * as shop from './shop.js'

const schema = readFileSync(process.argv[4], 'utf8')

/** A user with the names of the schema. */
function named(user) {
  return { ...user, role: user.role.toUpperCase(), createdAt: user.created_at }
}

const resolvers = {
  Query: {
    user: (_, { id }) => named(shop.user(Number(id))),
    users: (_, { first }) => ({ nodes: shop.users(first ?? 20).items.map(named) }),
    order: (_, { id }) => shop.order(Number(id)),
  },
  Order: {
    userId: (order) => order.user_id,
    status: (order) => order.status.toUpperCase(),
    placedAt: (order) => order.placed_at,
    updatedAt: (order) => order.updated_at,
    user: (order) => named(shop.user(order.user_id)),
  },
  OrderLine: {
    productId: (line) => line.product_id,
    unitPrice: (line) => line.unit_price,
    lineTotal: (line) => line.line_total,
    product: (line) => shop.product(line.product_id),
  },
}

const app = Fastify()
app.register(mercurius, { schema, resolvers, jit: 1 })
await app.listen({ host: '127.0.0.1', port: shop.port })
