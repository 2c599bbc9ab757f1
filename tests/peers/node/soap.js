// SOAP over `soap`, by the WSDL of Parlance.
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import soap from 'soap'
import * as shop from './shop.js'

/** An object with the names of the WSDL: camelCase, and lines are `lines/line`. */
function named(value) {
  if (Array.isArray(value)) return value.map(named)
  if (value === null || typeof value !== 'object') return value
  const member = ([name, inner]) => {
    const camel = name.replace(/_(.)/g, (_, letter) => letter.toUpperCase())
    if (name === 'lines') return [camel, { line: named(inner) }]
    if (name === 'products') return [camel, { product: named(inner) }]
    return [name === 'items' ? 'item' : camel, named(inner)]
  }
  return Object.fromEntries(Object.entries(value).map(member))
}

const operations = {
  GetUser: ({ id }) => ({ user: named(shop.user(Number(id))) }),
  ListUsers: ({ limit }) => ({ users: named(shop.users(Number(limit))) }),
  GetOrderDetails: ({ id }) => ({ orderDetails: named(shop.orderDetails(Number(id))) }),
}
const http = createServer((_, response) => response.writeHead(404).end())
soap.listen(http, {
  path: '/soap',
  services: { ShopService: { ShopSoap11Port: operations } },
  xml: readFileSync(process.argv[4], 'utf8'),
  callback: () => http.listen(shop.port, '127.0.0.1'),
})
