// REST over Express.
import express from 'express'
import * as shop from './shop.js'

const app = express()
app.use(express.json())
app.get('/rest/users/:id', (request, response) => response.json(shop.user(Number(request.params.id))))
app.get('/rest/users', (request, response) => response.json(shop.users(Number(request.query.limit ?? 20))))
app.get('/rest/orders/:id', (request, response) => response.json(shop.orderDetails(Number(request.params.id))))
app.post('/rest/orders', (request, response) => response.status(201).json(shop.placeOrder(request.body)))
app.listen(shop.port, '127.0.0.1')
