// REST over Fastify.
import Fastify from 'fastify'
import * as shop from './shop.js'

const app = Fastify()
app.get('/rest/users/:id', async (request) => shop.user(Number(request.params.id)))
app.get('/rest/users', async (request) => shop.users(Number(request.query.limit ?? 20)))
app.get('/rest/orders/:id', async (request) => shop.orderDetails(Number(request.params.id)))
app.post('/rest/orders', async (request, reply) => {
  reply.code(201)
  return shop.placeOrder(request.body)
})
await app.listen({ host: '127.0.0.1', port: shop.port })
