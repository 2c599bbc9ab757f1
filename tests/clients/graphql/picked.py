"""Documents and values of variables picked by hand: what other servers were found to get wrong, and what the grammar of September 2025
has anew. Each: what it is about, the document, and where needed the values and the operation's name."""

USED = {  # GraphQL section 5.8.5: declarations, and where the variable is used.
    "query($n: String!) { user(id: $n) { name } }": "1", "query($n: ID) { user(id: $n) { name } }": "1",
    "query($n: Int!) { user(id: $n) { name } }": 1, "query($n: ID!) { user(id: $n) { name } }": 1,
    "query($n: ID = 1) { user(id: $n) { name } }": None, "query($n: ID = null) { user(id: $n) { name } }": "1",
    "query($n: ID!) { users(ids: $n) { nodes { id } } }": "1", "query($n: [ID!]) { users(ids: $n) { nodes { id } } }": "1",
    "query($n: [ID]) { users(ids: $n) { nodes { id } } }": ["1"], "query($n: [ID!]!) { users(ids: $n) { nodes { id } } }": ["1", 2],
    "query($n: ID) { users(ids: [$n]) { nodes { id } } }": "1", "query($n: ID!) { users(ids: [1, $n]) { nodes { id } } }": "2",
    "query($n: ID = 1) { users(ids: [$n]) { nodes { id } } }": "2", "query($n: [[ID!]!]) { users(ids: $n) { nodes { id } } }": [["1"]],
    "query($n: String!) { orders(status: $n, first: 1) { nodes { id } } }": "PAID",
    "query($n: OrderStatus) { orders(status: $n, first: 1) { nodes { id } } }": "PAID",
    "query($n: OrderStatus!) { orders(status: $n, first: 1) { nodes { id } } }": "paid",
    "query($n: OrderStatus = PAID) { orders(status: $n, first: 1) { nodes { status } } }": None,
    "query($n: OrderStatus = \"PAID\") { orders(status: $n, first: 1) { nodes { id } } }": None,
    "query($n: Boolean) { me { role @include(if: $n) } }": True, "query($n: Boolean = true) { me { role @include(if: $n) } }": False,
    "query($n: Boolean = true) { me { role @include(if: $n) } }  ": None, "query($n: Boolean!) { me { role @skip(if: $n) } }": True,
    "query($n: Boolean!) { me { role @skip(if: $n) } }  ": "true", "query($n: Float) { users(first: $n) { nodes { id } } }": 1,
    "query($n: DateTime) { users(after: $n) { nodes { id } } }": "x", "query($n: User) { me { role } }": None,
    "query($n: Nothing) { me { role } }": None, "query($n: Int) { me { role } }": 1, "query($n: Int, $n: Int) { users(first: $n) { nodes { id } } }": 1,
    "query($n: ID!) { user(id: $m) { name } }": "1", "query($n: Int! = 2) { users(first: $n) { nodes { id } } }": None,
    "query($n: Int! = null) { users(first: $n) { nodes { id } } }": 1, "query($n: Int = $m, $m: Int) { users(first: $n) { nodes { id } } }": 1,
    "mutation($n: Int) { deleteUser(input: {id: 1, expectedVersion: $n}) { deletedUserId } }": 1,
    "mutation($n: ID) { deleteUser(input: {id: $n}) { deletedUserId } }": "1",
    "mutation($n: String) { createUser(input: {name: $n, email: \"a@b\"}) { user { id } } }": "x",
    "mutation($n: LineInput!) { placeOrder(input: {userId: 1, lines: $n}) { order { id } } }": {"productId": 1, "quantity": 1},
    "mutation($n: [LineInput]!) { placeOrder(input: {userId: 1, lines: $n}) { order { id } } }": [{"productId": 1, "quantity": 1}],
    "mutation($n: Int!) { placeOrder(input: {userId: 1, lines: [{productId: 1, quantity: $n}]}) { order { id } } }": 1,
    "mutation($n: Int!) { placeOrder(input: {userId: 1, lines: {productId: 1, quantity: $n}}) { order { id } } }": 1,
    "mutation($n: PlaceOrderInput!) { placeOrder(input: $n) { order { id } } }": {"userId": 1, "lines": {"productId": 1, "quantity": 1}},
    "mutation($n: PlaceOrderInput!) { placeOrder(input: $n) { order { id } } }  ": {"userId": 1, "lines": [None]},
    "mutation($n: PlaceOrderInput) { placeOrder(input: $n) { order { id } } }": {"userId": 1, "lines": []},
    "subscription($n: Int) { orderEvents(after: $n) { seq } }": 1, "subscription($n: Int) { orderEvents(after: $n) { seq } } ": "1",
}

VALUES = [  # Section 3: literals at `users(first:)`, `user(id:)` and `orders(status:)`.
    *(f"{{ users(first: {v}) {{ nodes {{ id }} }} }}" for v in
      ["1", "01", "-0", "1.0", "1e1", "\"1\"", "null", "true", "[1]", "[]", "{}", "2147483647", "2147483648", "-2147483649", "0x1", "1_0", "ONE"]),
    *(f"{{ user(id: {v}) {{ name }} }}" for v in
      ["1", "-1", "\"1\"", "\"\"", "null", "1.0", "true", "ONE", "[1]", "[[1]]", "{id: 1}", "9007199254740993", "123456789012345678901234567890"]),
    *(f"{{ orders(status: {v}, first: 1) {{ nodes {{ id }} }} }}" for v in
      ["PAID", "paid", "\"PAID\"", "null", "1", "true", "[PAID]", "LOST", "\"\"\"PAID\"\"\""]),
    *(f"{{ users(ids: {v}) {{ nodes {{ id }} }} }}" for v in ["1", "[1, \"2\"]", "[1, null]", "[[1]]", "null", "[]", "[true]", "{}"]),
    *(f"{{ products(query: {v}, first: 2) {{ nodes {{ name }} }} }}" for v in
      ['"lap"', '"""lap"""', "\"\\u{6C}ap\"", "\"\\u006Cap\"", "\"\\uD83D\\uDE00\"", "\"\\uD83D\"", "\"\\u{110000}\"", "\"\\u{}\"", "\"\\q\"",
       "\"a\nb\"", "\"\"\"a\nb\"\"\"", "\"\\\"\"", "\"\"\"\\\"\"\"\"\"\"", "'x'", "1", "X", "\"\"", "\"ü\""]),
    *(f"mutation {{ placeOrder(input: {v}) {{ order {{ id }} }} }}" for v in
      ["{userId: 9, lines: [{productId: 1, quantity: 1, quantity: 2}]}", "{userId: 9, userId: 9, lines: []}", "{lines: []}", "{}", "null",
       "{userId: 9, lines: [{productId: 1}]}", "{userId: 9, lines: {productId: 1, quantity: 1}}", "{userId: 9, lines: [null]}",
       "{userId: 9, lines: [], colour: 1}", "[{userId: 9, lines: []}]", "\"x\"", "{userId: 9 lines: []}"]),
]

GRAMMAR = [
    '"What." query A { me { role } }', '"""What.""" query A("Which." $n: Int = 1, "And." $m: Int) { users(first: $n, after: null) { nodes { id } } a: users(first: $m) { nodes { id } } }',
    'query A { me { ...F } } "A part." fragment F on Caller { role }', '"What." { me { role } }', '"a" "b" query A { me { role } }',
    "query($a: Int @deprecated) { users(first: $a) { nodes { id } } }", "{ me { role } }, , ,", "\ufeff{ me { role } }", "# all\n{ me # this\n { role } }",
    "{ me { role } } # the end", "{me{role}}", "query{me{role}}", "query A{me{role}}query B{me{role}}", "{ me { role } } query B { me { role } }",
    "query A { me { role } } query A { me { role } }", "", " ", "#", "{", "}", "{}", "{ }", "{ me }", "{ me { } }", "{ me {} }", "query A {}", "{ me { ... { } } }",
    "{ me { ...F } } fragment F on Caller { }", "{ me { role { name } } }", "{ __typename }", "{ __typename { a } }", "{ a: __typename __typename }",
    "{ __typename(a: 1) }", "{ __typename @skip }", "{ __typename @skip(if: 1) }", "{ __typename @skip(if: true) @skip(if: true) }", "{ __typename @nothing }",
    "{ me { role(a: 1) } }", "{ me() { role } }", "{ me { role @include } }", "{ me { role @include(if: false, if: true) } }", "query @skip(if: true) { me { role } }",
    "{ me { role @include(if: true) @skip(if: false) name } }", "{ me { role @include(if: true) @skip(if: true) name } }", "{ me { role @skip(if: true) } }",
    "{ me @skip(if: true) { role } }", "{ ... @include(if: false) { me { role } } }", "{ ...F @skip(if: true) } fragment F on Query { me { role } }",
    "{ me { role @skip(if: false) role @skip(if: true) } }", "{ me { role @skip(if: true) } me { name } }", "{ on: me { on: role } }", "{ true: me { null: role } }",
    "{ me { fragment: role query: name } }", "fragment on on Caller { role } { me { ...on } }", "{ user(id: 1) { ...on } }", "{ user(id: 1) { ... on { name } } }",
    "{ me { role } } type A { b: Int }", "schema { query: Query }", "extend type User { a: Int }", "fragment F on User { id }",
    "mutation { nothing }", "subscription { nothing }", "mutation { me { role } }", "query A { logIn { token { token } } }",
    "{ user(id: 1, id: 1) { name } }", "{ user(id: 1 id: 2) { name } }", "{ user(id: 1, name: 2) { name } }", "{ user { name } }", "{ user(id: 1) { password } }",
    "{ user(id: $n) { name } }", "query($n) { user(id: 1) { name } }", "query($n: ID!!) { user(id: $n) { name } }", "query($: ID) { me { role } }",
    "query() { me { role } }", "{ user(id: 1) { name } } }", "{ user(id: 1) { name }", "{ user(id: 1 { name } }", "{ a:b:c }", "{ :a }", "{ a: }", "{ ...  }", "{ .. me { role } }",
    "{ me { role } } & ", "{ me { role; } }", "{ m\u00e9 { role } }", "{ me { role } } \u0000", "query A($a: [Int) { me { role } }", "{ me { role } }\u00a0",
]

MERGING = [
    "{ user(id: 1) { orders(first: 1) { nodes { a: id } } orders(first: 1) { nodes { a: status } } } }",
    "{ user(id: 1) { a: name ...F } } fragment F on User { a: email }", "{ user(id: 1) { name name: email } }",
    "{ user(id: 1) { orders(first: 1) { nodes { id } } orders(first: 2) { nodes { id } } } }",
    "{ user(id: 1) { orders(first: 1) { nodes { id } } orders(first: 1) { nodes { status id } pageInfo { hasNextPage } } } }",
    "{ user(id: 1) { name } user(id: 2) { name } }", "{ user(id: 1) { name } user(id: 1) { email name } }", "{ user(id: 1) { name } user(id: \"1\") { name } }",
    "{ user(id: 1) { ...F ...F } } fragment F on User { name ...G } fragment G on User { email name }",
    "{ ...F ...G } fragment F on Query { user(id: 1) { name } } fragment G on Query { user(id: 1) { email } me { role } }",
    "{ orders(first: 3) { nodes { lines { quantity } total { amount } } nodes { lines { productId product { name } } total { currency amount } } } }",
    "{ orders(first: 2) { nodes { user { name } id user { email } } edges { node { id } } edges { cursor node { status } } } }",
    "{ user(id: 999999) { name } user(id: 999999) { email } }", "{ user(id: 999999) { orders { nodes { id } } } me { role } }",
    "query($a: Boolean!) { me { role @skip(if: $a) name } me { role } }", "{ users(first: 2) { nodes { orders(first: 0) { nodes { id } } id } } }",
    "{ users(first: 2) { nodes { orders(first: 0) { nodes { id } } orders(first: 0) { nodes { id } } } } }",
    "query($a: Int) { users(first: $a) { nodes { id } } users(first: 1) { nodes { id } } }", "query($a: Int) { users(first: $a) { nodes { id } } users(first: $a) { nodes { name } } }",
    "{ orders(first: 1, userId: 1) { nodes { id } } orders(userId: 1, first: 1) { nodes { status } } }",
    "mutation { logIn(input: {email: \"a\", password: \"b\"}) { token { token } } logIn(input: {password: \"b\", email: \"a\"}) { token { expiresAt } } }",
    "mutation { a: deleteUser(input: {id: 999}) { deletedUserId } a: deleteUser(input: {id: 998}) { deletedUserId } }",
    "{ ... on Query { me { role } } ... on Mutation { logIn { token { token } } } }", "{ user(id: 1) { ... on Order { id } } }", "{ user(id: 1) { ... on Nothing { id } } }",
    "{ user(id: 1) { ... on String { id } } }", "{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }", "{ ...A } fragment A on Query { me { ...B } } fragment B on Caller { ...B role }",
]

SUBSCRIPTIONS = [
    "subscription { orderEvents { seq } }", "subscription { orderEvents { seq } orderEvents { kind } }", "subscription { orderEvents { seq } b: orderEvents { kind } }",
    "subscription { ...F } fragment F on Subscription { orderEvents { seq } }", "subscription { ... on Subscription { orderEvents { seq } } }",
    "subscription { ...F orderEvents { kind } } fragment F on Subscription { orderEvents { seq } }", "subscription { ...F b: orderEvents { kind } } fragment F on Subscription { orderEvents { seq } }",
    "subscription { __typename }", "subscription { orderEvents { __typename } }", "subscription { orderEvents { seq } __typename }", "subscription { orderEvents @include(if: true) { seq } }",
    "subscription($a: Boolean!) { orderEvents @include(if: $a) { seq } }", "subscription { ... @skip(if: false) { orderEvents { seq } } }", "subscription { orderEvents(after: \"x\") { seq } }",
    "subscription { orderEvents }", "subscription { orderEvents { seq } orderEvents(after: 1) { seq } }", "subscription A { orderEvents { seq } } subscription B { orderEvents { kind } }",
]

INTROSPECTION = [
    "{ __schema { queryType { name } mutationType { name } subscriptionType { name } } }", "{ __type(name: \"OrderStatus\") { enumValues { name description } } }",
    "{ __type(name: \"Nothing\") { name } me { role } }", "{ __type { name } }", "{ __type(name: 1) { name } }", "query($n: String!) { __type(name: $n) { name kind description } }",
    "{ me { role } a: __schema { description } b: __type(name: \"PlaceOrderInput\") { inputFields { name type { kind ofType { name } } } } }",
    "{ __type(name: \"Product\") { fields(includeDeprecated: true) { name isDeprecated deprecationReason description } } }",
    "{ __type(name: \"Product\") { fields { name } } }", "{ __type(name: \"DateTime\") { specifiedByURL description } }", "{ __schema { types { name kind } directives { name } nothing } }",
    "{ __schema { description } }", "mutation { __schema { queryType { name } } }", "{ user(id: 1) { __schema { queryType { name } } } }",
    "{ __schema { queryType { fields { name args { name description defaultValue type { name kind } } } } } }", "{ __type(name: \"LineInput\") { isOneOf inputFields(includeDeprecated: true) { name isDeprecated } } }",
]

PICKED = [
    *(("variables where they are used", query.strip(), {} if value is None else {"n": value}) for query, value in USED.items()),
    *(("values", query) for query in VALUES), *(("grammar", query) for query in GRAMMAR), *(("merging", query) for query in MERGING),
    *(("subscriptions", query) for query in SUBSCRIPTIONS), *(("introspection", query, {"n": "User"} if "$n" in query else None) for query in INTROSPECTION),
    *(("operation names", "query A { me { role } } query B { me { proof } }", None, name) for name in ["A", "B", "C", None]),
    ("operation names", "{ me { role } }", None, "A"), ("operation names", "query A { me { role } }", None, None),
    ("variables that are not declared", "{ me { role } }", {"n": 1}), ("variables that are not declared", "query($n: Int) { users(first: $n) { nodes { id } } }", {"m": 1}),
]
