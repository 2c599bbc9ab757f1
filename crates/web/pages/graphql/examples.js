// What does GraphiQL show at first? A question of each kind, in a tab of its own.

const question = `# One question, four kinds of things;
# what it names comes back, and no more.
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

const command = `# Buys. What is bought stands below.
mutation Buy($input: PlaceOrderInput!) {
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

const news = `# Tells what happens, as it happens:
# run it, then buy in another window.
subscription News {
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
  // Of the first tab GraphiQL does not read the variables.
  { query: question },
  { query: command, variables: json({ input: { userId: "1", lines: [{ productId: "1", quantity: 2 }] } }) },
  { query: news },
];
