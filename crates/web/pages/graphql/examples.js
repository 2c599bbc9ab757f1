// The tabs that GraphiQL opens with: a query, a mutation and a subscription.

const query = `# Reads a user with the latest orders and the names of the products.
# The response has exactly the fields that you list here.
query UserWithOrders {
  user(id: 1) {
    name
    orders(first: 3) {
      nodes {
        id
        status
        total {
          amount
          currency
        }
        lines {
          quantity
          product {
            name
          }
        }
      }
    }
  }
}
`;

const mutation = `# Places an order. The input stands below, under Variables.
mutation PlaceOrder($input: PlaceOrderInput!) {
  placeOrder(input: $input) {
    order {
      id
      status
      total {
        amount
        currency
      }
    }
  }
}
`;

const subscription = `# Receives events as they happen: run it, then place an order in another window.
subscription OrderEvents {
  orderEvents {
    seq
    kind
    orderId
    status
    at
  }
}
`;

const json = (variables) => JSON.stringify(variables, null, 2);

export const examples = [
  // GraphiQL ignores the variables of the first tab.
  { query },
  { query: mutation, variables: json({ input: { userId: "1", lines: [{ productId: "1", quantity: 2 }] } }) },
  { query: subscription },
];
