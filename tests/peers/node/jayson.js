// JSON-RPC over jayson.
import jayson from 'jayson'
import * as shop from './shop.js'

const server = new jayson.Server({
  get_user: ({ id }, done) => done(null, shop.user(id)),
  list_users: ({ limit }, done) => done(null, shop.users(limit)),
  get_order_details: ({ id }, done) => done(null, shop.orderDetails(id)),
})
server.http().listen(shop.port, '127.0.0.1')
