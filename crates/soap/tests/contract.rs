//! Does the hand-written contract say what the code does? Every operation of the domain's table is looked up in the
//! WSDL, and every member of its input and reply is compared with the XSD.

use domain::operations::{OPERATIONS, Operation, OperationKind};
use domain::schema::{Field, Object, Schema};
use domain::{Reason, limits};
use wire::names::{camel, one_of, pascal};
use wire::xml::{Element, read};

fn document(name: &str) -> Element {
    let adapter = soap::adapter();
    let contract = adapter.contracts.iter().find(|contract| contract.path.contains(name)).expect("a contract");
    let address = wire::Address::parse("http://127.0.0.1:8080").expect("an address");
    read((contract.document)(&address).as_bytes()).expect("XML")
}

fn operations() -> impl Iterator<Item = &'static Operation> {
    OPERATIONS.iter().copied().filter(|operation| operation.kind != OperationKind::Stream)
}

fn attribute<'a>(element: &'a Element, name: &str) -> &'a str {
    element.attribute(None, name).unwrap_or_default()
}

fn named<'a>(parent: &'a Element, kind: &str, name: &str) -> &'a Element {
    let mut found = parent.children.iter().filter(|child| child.name == kind && attribute(child, "name") == name);
    let first = found.next().unwrap_or_else(|| panic!("there is no {kind} {name}"));
    assert!(found.next().is_none(), "there are two {kind} {name}");
    first
}

fn children<'a>(parent: &'a Element, kind: &str) -> Vec<&'a Element> {
    parent.children.iter().filter(|child| child.name == kind).collect()
}

#[test]
fn every_operation_is_in_the_wsdl_and_nothing_else() {
    let wsdl = document("?wsdl");
    let expected: Vec<String> = operations().map(|operation| pascal(operation.name)).collect();
    for (kind, name) in [("portType", "Shop"), ("binding", "ShopSoap11Binding"), ("binding", "ShopSoap12Binding")] {
        let rows = children(named(&wsdl, kind, name), "operation");
        let names: Vec<&str> = rows.iter().map(|row| attribute(row, "name")).collect();
        assert_eq!(names, expected, "{name}");
        for row in rows.iter().filter(|_| kind == "binding") {
            let action = format!("urn:parlance:shop:v1/{}", attribute(row, "name"));
            assert_eq!(attribute(row.child("operation").expect("an action"), "soapAction"), action);
        }
    }
    for operation in operations() {
        let name = pascal(operation.name);
        let row = named(named(&wsdl, "portType", "Shop"), "operation", &name);
        assert_eq!(row.child("documentation").expect("a documentation").text, operation.doc);
        for (direction, message) in [("input", name.clone()), ("output", format!("{name}Response"))] {
            let reference = format!("tns:{message}");
            assert_eq!(attribute(row.child(direction).expect("a message"), "message"), reference);
            let part = named(named(&wsdl, "message", &message), "part", "parameters");
            assert_eq!(attribute(part, "element"), reference);
        }
        assert_eq!(attribute(row.child("fault").expect("a fault"), "message"), "tns:ShopFaultMessage");
    }
    let service = named(&wsdl, "service", "ShopService");
    for (port, binding) in [("ShopSoap11Port", "ShopSoap11Binding"), ("ShopSoap12Port", "ShopSoap12Binding")] {
        assert_eq!(attribute(named(service, "port", port), "binding"), format!("tns:{binding}"));
    }
}

#[test]
fn the_wsdl_with_its_schema_inline_says_the_same() {
    let (mut parts, mut single) = (document("?wsdl"), document("?singlewsdl"));
    let types = |wsdl: &mut Element| {
        let types = wsdl.children.iter_mut().find(|child| child.name == "types").expect("types");
        std::mem::take(&mut types.children)
    };
    let (imported, inline) = (types(&mut parts), types(&mut single));
    assert_eq!((imported.len(), inline.len()), (1, 1));
    same(&inline[0], &document("?xsd"));
    same(&single, &parts);
}

/// Whether two elements say the same; the prefix of XML Schema and the white space in texts may be others.
fn same(one: &Element, other: &Element) {
    let words = |text: &str| text.replace("xsd:", "xs:").split_whitespace().collect::<Vec<_>>().join(" ");
    let attributes =
        |of: &Element| of.attributes.iter().map(|given| (given.name.clone(), words(&given.value))).collect::<Vec<_>>();
    assert!(one.namespace == other.namespace && one.name == other.name, "{} is not {}", one.name, other.name);
    assert_eq!((attributes(one), words(&one.text)), (attributes(other), words(&other.text)), "{}", one.name);
    assert_eq!(one.children.len(), other.children.len(), "{}", one.name);
    one.children.iter().zip(&other.children).for_each(|(one, other)| same(one, other));
}

#[test]
fn every_member_is_in_the_schema_as_the_domain_has_it() {
    let schema = Xsd(document("?xsd"));
    let mut known = vec!["ShopFault".to_owned(), "IdempotencyKey".to_owned()];
    for operation in operations() {
        let name = pascal(operation.name);
        let request = named(&schema.0, "element", &name);
        schema.check_members(&name, request.child("complexType").expect("a type"), operation.input, true);
        let response = named(&schema.0, "element", &format!("{name}Response"));
        let content = response.child("complexType").and_then(|of| of.child("sequence")).expect("a sequence");
        match operation.reply_name {
            "nothing" => assert!(content.children.is_empty()),
            reply_name => {
                let [element] = content.children.as_slice() else { panic!("{name}Response holds one element") };
                assert_eq!(attribute(element, "name"), camel(reply_name));
                schema.check_value(&name, element, &operation.reply, reply_name);
            }
        }
        known.extend([format!("{name}Response"), name]);
    }
    for element in children(&schema.0, "element") {
        assert!(known.iter().any(|name| name == attribute(element, "name")), "{}", attribute(element, "name"));
    }
}

/// WSDL 1.1 section 3.7. A message of its own keeps the methods that are generated from the others as they are.
#[test]
fn the_header_block_is_declared_where_it_has_an_effect() {
    let wsdl = document("?wsdl");
    for binding in ["ShopSoap11Binding", "ShopSoap12Binding"] {
        for operation in operations() {
            let row = named(named(&wsdl, "binding", binding), "operation", &pascal(operation.name));
            let header = row.child("input").and_then(|input| input.child("header"));
            assert_eq!(header.is_some(), operation.is_once, "{}", operation.name);
            let block = header.map(|header| ["message", "part", "use"].map(|name| attribute(header, name)));
            assert!(block.is_none_or(|block| block == ["tns:IdempotencyKeyHeader", "idempotencyKey", "literal"]));
        }
    }
    let part = named(named(&wsdl, "message", "IdempotencyKeyHeader"), "part", "idempotencyKey");
    assert_eq!(attribute(part, "element"), "tns:IdempotencyKey");
    let schema = Xsd(document("?xsd"));
    let block = named(&schema.0, "element", "IdempotencyKey");
    let Facets { chars_min, chars_max, .. } = schema.facets(attribute(block, "type"));
    assert_eq!((chars_min, chars_max), (Some(1), Some(limits::IDEMPOTENCY_KEY_CHARS_MAX)));
}

#[test]
fn a_fault_has_the_kinds_of_the_domain() {
    let schema = Xsd(document("?xsd"));
    let mut kinds: Vec<&str> = Reason::ALL.iter().map(|reason| reason.kind().word()).collect();
    kinds.dedup();
    assert_eq!(schema.facets("tns:Kind").words, kinds);
    let fault = named(&schema.0, "element", "ShopFault").child("complexType").expect("a type");
    let members: Vec<&str> = schema.members(fault).iter().map(|member| attribute(member, "name")).collect();
    assert_eq!(members, ["reason", "kind", "message", "error", "retryAfterMs"]);
}

/// What a simple type allows, once all that it is derived from is put together.
#[derive(Debug, Default)]
struct Facets {
    base: String,
    min: Option<i64>,
    max: Option<i64>,
    chars_min: Option<u32>,
    chars_max: Option<u32>,
    has_pattern: bool,
    words: Vec<String>,
}

struct Xsd(Element);

impl Xsd {
    /// The elements of a complex type's sequence, after those of the type that it extends.
    fn members<'a>(&'a self, of: &'a Element) -> Vec<&'a Element> {
        let Some(extension) = of.child("complexContent").and_then(|content| content.child("extension")) else {
            return children(of.child("sequence").expect("a sequence"), "element");
        };
        let base = attribute(extension, "base").trim_start_matches("tns:");
        let mut members = self.members(named(&self.0, "complexType", base));
        members.extend(self.members(extension));
        members
    }

    fn facets(&self, reference: &str) -> Facets {
        let Some(name) = reference.strip_prefix("tns:") else {
            return Facets { base: reference.to_owned(), ..Facets::default() };
        };
        let restriction = named(&self.0, "simpleType", name).child("restriction").expect("a restriction");
        let mut facets = self.facets(attribute(restriction, "base"));
        for facet in &restriction.children {
            let value = attribute(facet, "value");
            match facet.name.as_str() {
                "minInclusive" => facets.min = value.parse().ok(),
                "maxInclusive" => facets.max = value.parse().ok(),
                "minLength" => facets.chars_min = value.parse().ok(),
                "maxLength" => facets.chars_max = value.parse().ok(),
                "pattern" => facets.has_pattern = true,
                "enumeration" => facets.words.push(value.to_owned()),
                other => panic!("{name} has a facet {other}"),
            }
        }
        facets
    }

    fn check_members(&self, at: &str, of: &Element, record: &Object, is_input: bool) {
        let elements = self.members(of);
        let names: Vec<&str> = elements.iter().map(|element| attribute(element, "name")).collect();
        let expected = record.members.iter().map(|member| match member.name {
            "items" => "item".to_owned(),
            name => camel(name),
        });
        assert_eq!(names, expected.collect::<Vec<_>>(), "{at}");
        for (element, member) in elements.into_iter().zip(record.members) {
            let at = format!("{at}/{}", member.name);
            if let (Schema::List { item, min, max }, "items") = (&member.schema, member.name) {
                self.check_item(&at, element, (item, *min, *max), member.name);
                continue;
            }
            self.check_occurrence(&at, element, member, is_input);
            self.check_value(&at, element, &member.schema, member.name);
        }
    }

    fn check_occurrence(&self, at: &str, element: &Element, member: &Field, is_input: bool) {
        assert_eq!(element.attribute(None, "maxOccurs"), None, "{at}");
        assert_eq!(attribute(element, "minOccurs") == "0", !member.required, "{at}");
        // An optional input may be null, which means absent; a reply leaves it out.
        assert_eq!(attribute(element, "nillable") == "true", is_input && !member.required, "{at}");
    }

    fn check_item(&self, at: &str, element: &Element, (item, min, max): (&Schema, u32, u32), list: &str) {
        assert_eq!(attribute(element, "name"), one_of(list), "{at}");
        assert_eq!(attribute(element, "minOccurs"), min.to_string(), "{at}");
        assert_eq!(attribute(element, "maxOccurs"), max.to_string(), "{at}");
        self.check_value(at, element, item, list);
    }

    fn check_value(&self, at: &str, element: &Element, shape: &Schema, name: &str) {
        let reference = attribute(element, "type");
        let type_name = reference.trim_start_matches("tns:");
        match shape {
            Schema::Object(record) => {
                assert_eq!(type_name, record.name, "{at}");
                self.check_members(at, named(&self.0, "complexType", type_name), record, false);
            }
            Schema::List { item, min, max } => {
                let elements = self.members(named(&self.0, "complexType", type_name));
                let [element] = elements.as_slice() else { panic!("{at}: {type_name} holds one element") };
                self.check_item(at, element, (item, *min, *max), name);
            }
            Schema::Time => assert_eq!(reference, "xs:dateTime", "{at}"),
            leaf => check_leaf(at, type_name, &self.facets(reference), leaf),
        }
    }
}

fn check_leaf(at: &str, type_name: &str, facets: &Facets, shape: &Schema) {
    let Facets { base, min, max, chars_min, chars_max, has_pattern, words } = facets;
    let is_text = matches!(shape, Schema::Text { .. } | Schema::Cursor | Schema::Enum(_));
    assert_eq!(base, if is_text { "xs:string" } else { "xs:int" }, "{at}");
    // Where the schema says nothing, an xs:int ends where the shop's integers do.
    let (lowest, highest) = (min.unwrap_or(i32::MIN.into()), max.unwrap_or(limits::INTEGER_MAX.into()));
    match shape {
        Schema::Int { min, max } => assert_eq!((lowest, highest), (i64::from(*min), i64::from(*max)), "{at}"),
        Schema::Id { of } => {
            assert_eq!(type_name, format!("{}Id", pascal(of)), "{at}");
            assert_eq!((lowest, highest), (1, i64::from(limits::INTEGER_MAX)), "{at}");
        }
        Schema::Text { chars_max: most, email } => {
            assert_eq!((*chars_min, *chars_max, *has_pattern), (Some(1), Some(*most), *email), "{at}");
        }
        Schema::Cursor => assert_eq!((*chars_min, *chars_max), (None, Some(limits::CURSOR_CHARS_MAX)), "{at}"),
        Schema::Enum(expected) => {
            assert_eq!(type_name, expected.name, "{at}");
            assert_eq!(words, expected.words, "{at}");
        }
        Schema::Time | Schema::List { .. } | Schema::Object(_) => unreachable!("it is no leaf"),
    }
}
