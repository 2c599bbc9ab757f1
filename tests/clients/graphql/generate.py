"""Documents and values of variables over the shop's own schema, as JSON: valid ones by chance, and for each rule of validation
(GraphQL section 5) and of coercing variables (section 6.1.2) some that were changed in one place so that they may break it."""

import copy
import json
import random
import sys
import urllib.request

from graphql import (
    GraphQLEnumType, GraphQLInputObjectType, GraphQLList, GraphQLNonNull, Visitor, build_schema, get_named_type, is_leaf_type,
    parse, print_ast, validate, visit,
)
from graphql.language import ast

from picked import PICKED

VALID = 300
OF_EACH_RULE = 36
SETS_OF_VARIABLES = 400

address, seed = sys.argv[1], int(sys.argv[2])
schema = build_schema(urllib.request.urlopen(f"{address}/graphql/schema.graphql").read().decode())
chance = random.Random(seed)


class Maker:
    """One valid document, with its fragments and variables."""

    def __init__(self):
        self.fragments, self.variables, self.values, self.count = {}, {}, {}, 0

    def document(self):
        kind = chance.choices(["query", "mutation", "subscription"], [8, 2, 1])[0]
        root = {"query": schema.query_type, "mutation": schema.mutation_type, "subscription": schema.subscription_type}[kind]
        selected = self.root(root) if kind == "subscription" else " ".join(self.root(root) for _ in range(chance.randint(1, 3)))
        if kind == "query" and chance.random() < 0.1:
            selected += ' __schema { queryType { name } } kind: __type(name: "User") { kind }'
        declared = ", ".join(f"${name}: {type_}" for name, type_ in self.variables.items())
        fragments = " ".join(self.fragments.values())
        return f"{kind} Generated{f'({declared})' if declared else ''} {{ {selected} }} {fragments}", self.values

    def root(self, type_):
        name, field = chance.choice(list(type_.fields.items()))
        if type_ is schema.query_type and name in ("events", "deliveries", "webhooks", "webhook"):
            name, field = chance.choice([("users", type_.fields["users"]), ("orders", type_.fields["orders"])])
        return f"{self.new('r')}: {self.field(name, field, 3)}"

    def new(self, prefix):
        self.count += 1
        return f"{prefix}{self.count}"

    def field(self, name, field, depth):
        arguments = [
            f"{argument}: {self.value(argument, one.type)}"
            for argument, one in field.args.items()
            if isinstance(one.type, GraphQLNonNull) or (argument != "after" and chance.random() < 0.4)
        ]
        below = get_named_type(field.type)
        selected = "" if is_leaf_type(below) else f" {{ {self.selection(below, depth - 1)} }}"
        return f"{name}{'(' + ', '.join(arguments) + ')' if arguments else ''}{self.directive()}{selected}"

    def directive(self):
        if chance.random() < 0.9:
            return ""
        condition = chance.choice(["true", "false", self.variable("Boolean!", True), self.variable("Boolean! = true", None)])
        return f" @{chance.choice(['skip', 'include'])}(if: {condition})"

    def selection(self, type_, depth):
        fields = [(n, f) for n, f in type_.fields.items() if is_leaf_type(get_named_type(f.type)) or depth > 0]
        chosen = chance.sample(fields, min(len(fields), chance.randint(1, 3)))
        parts = ["__typename"] if chance.random() < 0.1 else []
        for name, field in chosen:
            # One name for one field, as others would conflict; the same twice is merged.
            alias = f"{self.new('a')}: " if field.args or chance.random() < 0.15 else ""
            part = alias + self.field(name, field, depth)
            how = chance.random()
            if how < 0.08:
                part = f"... on {type_.name}{self.directive()} {{ {part} }}"
            elif how < 0.14:
                part = f"...{self.directive()} {{ {part} }}"
            elif how < 0.24:
                name = self.new("F")
                self.fragments[name] = f"fragment {name} on {type_.name} {{ {part} }}"
                part = f"...{name}"
            parts.append(part)
        if parts and chance.random() < 0.15:
            parts.append(parts[-1])
        return " ".join(parts or ["__typename"])

    def variable(self, type_, value):
        name = self.new("v")
        self.variables[name] = type_
        if value is not None:
            self.values[name] = value
        return f"${name}"

    def value(self, name, type_):
        """A literal, or a variable of just that type."""
        plain = literal(name, type_)
        if chance.random() < 0.4:
            return self.variable(str(type_), as_json(name, type_))
        return plain


def as_json(name, type_):
    if isinstance(type_, GraphQLNonNull):
        return as_json(name, type_.of_type)
    if isinstance(type_, GraphQLList):
        return [as_json(name, type_.of_type) for _ in range(chance.randint(1, 2))]
    if isinstance(type_, GraphQLEnumType):
        return chance.choice(list(type_.values))
    if isinstance(type_, GraphQLInputObjectType):
        fields = [(n, f) for n, f in type_.fields.items() if isinstance(f.type, GraphQLNonNull) or chance.random() < 0.4]
        return {n: as_json(n, f.type) for n, f in fields}
    if type_.name == "Int":
        return chance.randint(1, 5)
    if type_.name == "ID":
        return chance.choice([str(chance.randint(1, 40)), chance.randint(1, 40)])
    if type_.name == "Boolean":
        return chance.choice([True, False])
    return chance.choice(["a", "lamp", "ü \"q\" \\ \n", "😀"])


def literal(name, type_):
    return as_literal(as_json(name, type_), type_)


def as_literal(value, type_):
    if isinstance(type_, GraphQLNonNull):
        return as_literal(value, type_.of_type)
    if isinstance(type_, GraphQLList):
        return "[" + ", ".join(as_literal(item, type_.of_type) for item in value) + "]"
    if isinstance(type_, GraphQLEnumType):
        return value
    if isinstance(type_, GraphQLInputObjectType):
        return "{" + ", ".join(f"{n}: {as_literal(v, type_.fields[n].type)}" for n, v in value.items()) + "}"
    return json.dumps(value, ensure_ascii=chance.random() < 0.5)


def nodes(document, kind):
    found = []

    class Finder(Visitor):
        def enter(self, node, *_):
            if isinstance(node, kind):
                found.append(node)

    visit(document, Finder())
    return found


def name(text):
    return ast.NameNode(value=text)


def put(node, **members):
    """Changes a node, which graphql-core freezes."""
    for member, value in members.items():
        object.__setattr__(node, member, value)


def add(owner, member, new):
    put(owner, **{member: (*(getattr(owner, member) or ()), new)})


def some_value():
    return parse("{ a(b: " + chance.choice(
        ["1", "-1", "1.5", '"x"', '"PAID"', "PAID", "paid", "true", "null", "[]", "[1]", "[[1]]", "{}", "{id: 1}", "3000000000", '"1"', "$missing"]
    ) + ") }").definitions[0].selection_set.selections[0].arguments[0].value


def any_type(input_only=False):
    names = ["Int", "ID", "String", "Boolean", "Float", "OrderStatus", "Role", "UpdateUserInput", "LineInput"]
    names += [] if input_only else ["User", "Query", "Order", "Nothing", "UserConnection"]
    return chance.choice(names)


def selection_sets(d):
    return nodes(d, ast.SelectionSetNode)


def pick(found):
    return chance.choice(found) if found else None


# Each breaks one rule in one place, or leaves the document as it was where there is no such place.
def fields_on_correct_type(d):
    put(pick(nodes(d, ast.FieldNode)), name=name(chance.choice(["nothing", "id", "name", "nodes", "total", "__schema", "__typename"])))


def scalar_leafs(d):
    field = pick(nodes(d, ast.FieldNode))
    put(field, selection_set=None if field.selection_set else parse("{ id }").definitions[0].selection_set)


def known_argument_names(d):
    field = pick(nodes(d, ast.FieldNode))
    add(field, "arguments", ast.ArgumentNode(name=name(chance.choice(["first", "id", "nothing", "if"])), value=ast.IntValueNode(value="1")))


def provided_required_arguments(d):
    owner = pick([n for n in nodes(d, (ast.FieldNode, ast.DirectiveNode)) if n.arguments])
    if owner:
        put(owner, arguments=owner.arguments[1:])


def unique_argument_names(d):
    owner = pick([n for n in nodes(d, (ast.FieldNode, ast.DirectiveNode)) if n.arguments])
    if owner:
        add(owner, "arguments", owner.arguments[0])


def unique_input_field_names(d):
    value = pick([n for n in nodes(d, ast.ObjectValueNode) if n.fields])
    if value:
        add(value, "fields", value.fields[0])


def values_of_correct_type(d):
    owner = pick(nodes(d, (ast.ArgumentNode, ast.ObjectFieldNode)))
    if owner:
        put(owner, value=some_value())


def input_object_field_names(d):
    value = pick([n for n in nodes(d, ast.ObjectValueNode) if n.fields])
    if value:
        put(value, fields=value.fields[1:] if chance.random() < 0.5 else (
            *value.fields, ast.ObjectFieldNode(name=name("colour"), value=ast.IntValueNode(value="1"))))


def known_directives(d):
    node = pick(nodes(d, (ast.FieldNode, ast.OperationDefinitionNode, ast.FragmentDefinitionNode, ast.VariableDefinitionNode,
                          ast.InlineFragmentNode, ast.FragmentSpreadNode)))
    condition = ast.ArgumentNode(name=name("if"), value=ast.BooleanValueNode(value=True))
    add(node, "directives", ast.DirectiveNode(name=name(chance.choice(["skip", "include", "deprecated", "nothing", "oneOf"])),
                                              arguments=(condition,)))


def unique_directives_per_location(d):
    node = pick(nodes(d, (ast.FieldNode, ast.InlineFragmentNode, ast.FragmentSpreadNode)))
    condition = ast.ArgumentNode(name=name("if"), value=ast.BooleanValueNode(value=True))
    one = ast.DirectiveNode(name=name("include"), arguments=(condition,))
    other = chance.choice([one, ast.DirectiveNode(name=name("skip"), arguments=(condition,))])
    put(node, directives=(one, other))


def known_fragment_names(d):
    spread = pick(nodes(d, ast.FragmentSpreadNode))
    if spread:
        put(spread, name=name("Nowhere"))
    else:
        add(pick(selection_sets(d)), "selections", ast.FragmentSpreadNode(name=name("Nowhere"), directives=()))


def no_unused_fragments(d):
    put(d, definitions=(*d.definitions, *parse("fragment Unused on User { id }").definitions))


def unique_fragment_names(d):
    fragment = pick(nodes(d, ast.FragmentDefinitionNode))
    if fragment:
        put(d, definitions=(*d.definitions, copy.deepcopy(fragment)))


def no_fragment_cycles(d):
    fragment = pick(nodes(d, ast.FragmentDefinitionNode))
    if fragment:
        other = pick(nodes(d, ast.FragmentDefinitionNode))
        where = pick([s for s in nodes(fragment, ast.SelectionSetNode)])
        add(where, "selections", ast.FragmentSpreadNode(name=other.name, directives=()))


def fragment_types(d):
    node = pick([n for n in nodes(d, (ast.FragmentDefinitionNode, ast.InlineFragmentNode)) if n.type_condition])
    wanted = ast.NamedTypeNode(name=name(any_type()))
    if node:
        put(node, type_condition=wanted)
    else:
        where = pick(selection_sets(d))
        put(where, selections=(ast.InlineFragmentNode(type_condition=wanted, directives=(), selection_set=copy.deepcopy(where)),))


def no_undefined_variables(d):
    operation = nodes(d, ast.OperationDefinitionNode)[0]
    put(operation, variable_definitions=(operation.variable_definitions or ())[1:])


def no_unused_variables(d):
    operation = nodes(d, ast.OperationDefinitionNode)[0]
    extra = parse(f"query($unused: {any_type()}) {{ a }}").definitions[0].variable_definitions[0]
    add(operation, "variable_definitions", extra)


def unique_variable_names(d):
    operation = nodes(d, ast.OperationDefinitionNode)[0]
    if operation.variable_definitions:
        add(operation, "variable_definitions", operation.variable_definitions[0])


def variables_in_allowed_position(d):
    declared = pick(nodes(d, ast.VariableDefinitionNode))
    if declared:
        wanted = any_type(input_only=True)
        wanted = chance.choice([wanted, f"[{wanted}]", f"[{wanted}!]!", f"{wanted}!"])
        put(declared, type=parse(f"query($a: {wanted}) {{ a }}").definitions[0].variable_definitions[0].type)


def nullability_of_variables(d):
    declared = pick(nodes(d, ast.VariableDefinitionNode))
    if declared:
        is_non_null = isinstance(declared.type, ast.NonNullTypeNode)
        put(declared, type=declared.type.type if is_non_null else ast.NonNullTypeNode(type=declared.type))


def default_values(d):
    declared = pick(nodes(d, ast.VariableDefinitionNode))
    if declared:
        default = some_value()
        put(declared, default_value=ast.NullValueNode() if isinstance(default, ast.VariableNode) else default)


def variables_are_input_types(d):
    declared = pick(nodes(d, ast.VariableDefinitionNode))
    if declared:
        put(declared, type=ast.NamedTypeNode(name=name(chance.choice(["User", "Query", "Money", "Nothing", "PriceInput"]))))


def operation_names(d):
    other = copy.deepcopy(nodes(d, ast.OperationDefinitionNode)[0])
    put(other, name=chance.choice([other.name, None, name("Other")]))
    put(d, definitions=(*d.definitions, other))


def executable_definitions(d):
    extra = chance.choice(["type A { b: Int }", "extend type User { b: Int }", "scalar A", "directive @a on FIELD"])
    put(d, definitions=(*d.definitions, *parse(extra).definitions))


def overlapping_fields(d):
    field = pick(nodes(d, ast.FieldNode))
    where = pick([s for s in selection_sets(d) if field in s.selections])
    twin = copy.deepcopy(field)
    change = chance.random()
    if change < 0.4:
        other = name(chance.choice(["id", "name", "version", "status", "__typename"]))
        put(twin, alias=field.alias or field.name, name=other, selection_set=None, arguments=())
    elif change < 0.8 and twin.arguments:
        put(twin, arguments=twin.arguments[1:])
    elif twin.selection_set:
        inner = pick(nodes(twin.selection_set, ast.FieldNode))
        put(inner, alias=name(chance.choice(["id", "name", "total", "a1", "status"])))
    hidden = ast.InlineFragmentNode(type_condition=None, directives=(), selection_set=ast.SelectionSetNode(selections=(twin,)))
    add(where, "selections", chance.choice([twin, hidden]))


def single_field_subscriptions(d):
    operation = nodes(d, ast.OperationDefinitionNode)[0]
    made = chance.choice([
        "subscription { orderEvents { seq } a: orderEvents { seq } }", "subscription { __typename }",
        "subscription { ...F } fragment F on Subscription { orderEvents { seq } }",
        "subscription { ...F a: orderEvents { seq } } fragment F on Subscription { orderEvents { seq } }",
        "subscription { orderEvents { seq } orderEvents { kind } }", "subscription { ... { orderEvents { seq } } }",
        "subscription { orderEvents @skip(if: false) { seq } }", "subscription($a: Int) { orderEvents(after: $a) { seq ...F } } "
        "fragment F on Event { kind }",
    ])
    if operation:
        put(d, definitions=parse(made).definitions)


def wrapped_values(d):
    owner = pick(nodes(d, (ast.ArgumentNode, ast.ObjectFieldNode)))
    if owner:
        put(owner, value=owner.value.values[0] if isinstance(owner.value, ast.ListValueNode) and owner.value.values else (
            ast.ListValueNode(values=(owner.value,))))


RULES = [
    fields_on_correct_type, scalar_leafs, known_argument_names, provided_required_arguments, unique_argument_names,
    unique_input_field_names, values_of_correct_type, input_object_field_names, known_directives, unique_directives_per_location,
    known_fragment_names, no_unused_fragments, unique_fragment_names, no_fragment_cycles, fragment_types, no_undefined_variables,
    no_unused_variables, unique_variable_names, variables_in_allowed_position, nullability_of_variables, default_values,
    variables_are_input_types, operation_names, executable_definitions, overlapping_fields, single_field_subscriptions, wrapped_values,
]


def syntax(text):
    """A change of the text itself, by a character or two."""
    place = chance.randrange(len(text))
    return text[:place] + chance.choice(["", "{", "}", "(", ")", '"', "$", "!", ":", "#", " 1a ", "...", "\u00e9", "&", "@", "\\", "[", "-"]) + text[place + 1:]


WRONG = [None, True, 0, 1, -1, 1.0, 1.5, 1e3, 2**31, 2**53, "", "x", "1", "PAID", "paid", [], [1], ["1"], [None], [[1]], {}, {"id": 1}, {"a": None}]


def change_values(values):
    """One value among those of the variables becomes another, goes, or comes."""
    values = copy.deepcopy(values)
    places = []

    def walk(owner, keys):
        for key in keys:
            places.append((owner, key))
            if isinstance(owner[key], dict):
                walk(owner[key], list(owner[key]))
            if isinstance(owner[key], list):
                walk(owner[key], range(len(owner[key])))

    walk(values, list(values))
    if not places or chance.random() < 0.05:
        values["extra"] = chance.choice(WRONG)
        return values
    owner, key = chance.choice(places)
    how = chance.random()
    if how < 0.2 and isinstance(owner, dict):
        del owner[key]
    elif how < 0.3 and isinstance(owner[key], dict):
        owner[key]["colour"] = 1
    else:
        owner[key] = copy.deepcopy(chance.choice(WRONG))
    return values


def valid(wants=lambda made: True):
    while True:
        query, values = made = Maker().document()
        if not validate(schema, parse(query)) and wants(made):
            return query, values


def case(rule, query, variables=None, operation=None):
    return {"rule": rule, "query": query, "variables": variables or {}, "operation": operation}


cases = [case("valid", *valid()) for _ in range(VALID)]
for rule in RULES:
    for _ in range(OF_EACH_RULE):
        has_place = "variable" in rule.__name__ or rule is default_values
        has_input = "input" in rule.__name__
        query, values = valid(lambda made: (not has_place or made[1]) and (not has_input or "input: {" in made[0]))
        document = parse(query, no_location=True)
        rule(document)
        cases.append(case(rule.__name__, print_ast(document), values, chance.choice([None, "Generated"])))
for _ in range(2 * OF_EACH_RULE):
    query, values = valid()
    cases.append(case("syntax", syntax(query), values))
for _ in range(SETS_OF_VARIABLES):
    query, values = valid(lambda made: made[1])
    cases.append(case("coercion", query, change_values(values)))
cases += [case(f"picked: {rule}", *picked) for rule, *picked in PICKED]
json.dump(cases, sys.stdout)
