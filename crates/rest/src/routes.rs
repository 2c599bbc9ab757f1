//! The table of routes: the address and method of each operation, and which of them a request means.

use crate::{PATH, SPELLING, events};
use actix_web::http::StatusCode;
use domain::schema::names::{did_you_mean, similar};
use domain::schema::{Field, Object, Schema};
use domain::{Error, Operation, Reason};
use std::collections::HashMap;
use std::sync::LazyLock;
use wire::IncomingRequest;
use wire::names::snake;

/// A route. Input members that are not in the path come from the query (`GET`, `DELETE`) or the body.
pub struct Route {
    pub operation: &'static Operation,
    pub method: Verb,
    /// The path below `/rest`; a name in braces is a member of the operation's input.
    pub path: &'static str,
    /// The title, where another route has the operation's own.
    pub title: Option<&'static str>,
    /// A member that the contract leaves to the address with it in the path; it is accepted here too.
    pub left_out: Option<&'static str>,
    /// A query parameter that selects this operation, and the members that it may name.
    pub only_with: Option<(&'static str, &'static str)>,
    /// The address prefix of a created resource.
    pub location: Option<&'static str>,
    /// The operation that returns the resource with a version that this one changes.
    pub changes: Option<&'static Operation>,
    /// For a deprecated address: since when, and its successor.
    pub old: Option<Old>,
}

/// A deprecated address that still works.
pub struct Old {
    /// The date of its deprecation (RFC 9745 section 2.1): seconds since 1970.
    pub since_seconds: i64,
    /// The date of its end (RFC 8594 section 3).
    pub until: &'static str,
    /// The path of its successor, below `/rest`.
    pub instead: &'static str,
}

/// The one deprecated address, on purpose, as an example: users were called customers.
const CUSTOMERS: Old =
    Old { since_seconds: 1_767_225_600, until: "Fri, 31 Dec 2027 23:59:59 GMT", instead: "/users/{id}" };

/// The HTTP methods of the shop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    /// Reads; safe.
    Get,
    /// Reads, with a query in the body (RFC 10008).
    Query,
    /// Adds, or does what no other method means.
    Post,
    /// Replaces the whole; idempotent.
    Put,
    /// Changes a part, by merge patch (RFC 7396) or JSON Patch (RFC 6902).
    Patch,
    /// Removes; idempotent.
    Delete,
}

impl Verb {
    pub fn name(self) -> &'static str {
        match self {
            Verb::Get => "GET",
            Verb::Query => "QUERY",
            Verb::Post => "POST",
            Verb::Put => "PUT",
            Verb::Patch => "PATCH",
            Verb::Delete => "DELETE",
        }
    }

    pub fn has_body(self) -> bool {
        !self.takes().is_empty()
    }

    /// Whether it is safe (RFC 9110 section 9.2.1).
    pub fn is_safe(self) -> bool {
        matches!(self, Verb::Get | Verb::Query)
    }

    pub fn takes(self) -> &'static [&'static str] {
        match self {
            Verb::Get | Verb::Delete => &[],
            Verb::Query | Verb::Post | Verb::Put => &[JSON],
            Verb::Patch => &[JSON, MERGE_PATCH, JSON_PATCH],
        }
    }
}

/// Members and their values. On PATCH the default, a merge patch.
pub const JSON: &str = "application/json";
/// A merge patch (RFC 7396).
pub const MERGE_PATCH: &str = "application/merge-patch+json";
/// A JSON Patch (RFC 6902).
pub const JSON_PATCH: &str = "application/json-patch+json";

const fn route(operation: &'static str, method: Verb, path: &'static str) -> Route {
    let operation = Operation::named(operation);
    let (title, left_out, only_with) = (None, None, None);
    Route { operation, method, path, title, left_out, only_with, location: None, changes: None, old: None }
}

impl Route {
    const fn titled(self, title: &'static str) -> Route {
        Route { title: Some(title), ..self }
    }
    const fn leaves_out(self, member: &'static str) -> Route {
        Route { left_out: Some(member), ..self }
    }
    const fn created(self, location: &'static str) -> Route {
        Route { location: Some(location), ..self }
    }
    const fn only_with(self, name: &'static str, value: &'static str) -> Route {
        Route { only_with: Some((name, value)), ..self }
    }
    const fn changes(self, read_by: &'static str) -> Route {
        Route { changes: Some(Operation::named(read_by)), ..self }
    }
    const fn old(self, old: Old) -> Route {
        Route { old: Some(old), ..self }
    }
}

/// Every route, in the table's order. Our client takes the first route of an operation.
pub const ROUTES: &[Route] = &[
    route("list_users", Verb::Get, "/users"),
    route("list_users", Verb::Query, "/users").titled("Query users"),
    route("get_user", Verb::Get, "/users/{id}"),
    route("get_user", Verb::Get, "/customers/{id}").titled("Get a customer").old(CUSTOMERS),
    route("create_user", Verb::Post, "/users").created("/users/"),
    route("update_user", Verb::Patch, "/users/{id}").changes("get_user"),
    route("update_user", Verb::Put, "/users/{id}").titled("Replace a user").changes("get_user"),
    route("delete_user", Verb::Delete, "/users/{id}").changes("get_user"),
    route("search_products", Verb::Get, "/products"),
    route("search_products", Verb::Query, "/products").titled("Query products"),
    route("get_product", Verb::Get, "/products/{id}"),
    route("update_product", Verb::Patch, "/products/{id}").changes("get_product"),
    route("get_cart", Verb::Get, "/users/{user_id}/cart"),
    route("set_cart_line", Verb::Put, "/users/{user_id}/cart/{product_id}"),
    route("check_out", Verb::Post, "/users/{user_id}/cart/check-out").created("/orders/"),
    route("list_orders", Verb::Get, "/orders"),
    route("list_orders", Verb::Query, "/orders").titled("Query orders"),
    route("list_orders", Verb::Get, "/users/{user_id}/orders").titled("List a user's orders"),
    route("get_order", Verb::Get, "/orders/{id}"),
    route("get_order_details", Verb::Get, "/orders/{id}").only_with("include", "user,products"),
    route("place_order", Verb::Post, "/orders").created("/orders/"),
    route("set_order_status", Verb::Put, "/orders/{id}/status").changes("get_order"),
    route("cancel_order", Verb::Post, "/orders/{id}/cancel"),
    route("list_events", Verb::Get, "/events"),
    route("watch_events", Verb::Get, "/events"),
    route("log_in", Verb::Post, "/login"),
    route("who_am_i", Verb::Get, "/me"),
    route("list_webhooks", Verb::Get, "/webhooks"),
    route("get_webhook", Verb::Get, "/webhooks/{id}"),
    route("create_webhook", Verb::Post, "/webhooks").created("/webhooks/"),
    route("delete_webhook", Verb::Delete, "/webhooks/{id}"),
    route("rotate_webhook_secret", Verb::Post, "/webhooks/{id}/rotate-secret"),
    route("test_webhook", Verb::Post, "/webhooks/{id}/test"),
    route("list_deliveries", Verb::Get, "/deliveries").leaves_out("webhook_id"),
    route("list_deliveries", Verb::Get, "/webhooks/{webhook_id}/deliveries").titled("List a webhook's deliveries"),
];

impl Route {
    /// The title in tools.
    pub fn title(&self) -> &'static str {
        self.title.unwrap_or(self.operation.title)
    }

    /// The input members that are not in the path.
    pub fn other_members(&self) -> impl Iterator<Item = &'static Field> {
        self.operation.input.members.iter().filter(|member| !self.is_in_path(member.name))
    }

    /// The status of success.
    pub fn status(&self) -> StatusCode {
        match (self.method, self.location) {
            (Verb::Delete, _) => StatusCode::NO_CONTENT,
            (_, Some(_)) => StatusCode::CREATED,
            (_, None) => StatusCode::OK,
        }
    }

    pub fn reply(&self) -> &'static Object {
        match self.operation.reply {
            Schema::Object(reply) => reply,
            _ => panic!("{} is answered with no thing", self.operation.name),
        }
    }

    /// The resource of the reply, and whether it is a list.
    pub fn resource(&self) -> (&'static Object, bool) {
        let resource = self.reply();
        match resource.member("items").map(|member| member.schema) {
            Some(Schema::List { item: Schema::Object(thing), .. }) => (thing, true),
            _ => (resource, false),
        }
    }

    /// Whether the reply has credentials: a token, a secret or the caller.
    pub fn is_about_credentials(&self) -> bool {
        matches!(self.operation.reply_name, "token" | "caller" | "webhook")
    }

    pub fn is_in_path(&self, member: &str) -> bool {
        self.path.split('/').any(|step| in_braces(step) == Some(member))
    }

    /// The members in a path of this route, as written; `None` if it does not match.
    pub fn fit<'p>(&self, path: &'p str) -> Option<Vec<(&'static str, &'p str)>> {
        let mut members = Vec::new();
        let mut steps = path.split('/');
        for expected in self.path.split('/') {
            let step = steps.next()?;
            match in_braces(expected) {
                Some(member) if !step.is_empty() => members.push((member, step)),
                _ if expected == step => {}
                _ => return None,
            }
        }
        steps.next().is_none().then_some(members)
    }
}

/// A path with values for its members.
pub fn fill(path: &str, value: impl Fn(&str) -> String) -> String {
    let step = |step: &str| in_braces(step).map_or_else(|| step.to_owned(), &value);
    path.split('/').map(step).collect::<Vec<_>>().join("/")
}

/// The name in braces, if it is one.
pub fn in_braces(step: &str) -> Option<&str> {
    step.strip_prefix('{')?.strip_suffix('}')
}

/// A route, and the input members in its path, as written.
pub type Found<'p> = (&'static Route, Vec<(&'static str, &'p str)>);

/// The routes by what is visible at once, so that a request is compared with few of them.
static BY_OUTLINE: LazyLock<HashMap<(&str, usize), Vec<&Route>>> = LazyLock::new(|| {
    let mut routes: HashMap<_, Vec<_>> = HashMap::new();
    ROUTES.iter().for_each(|route| routes.entry(outline(route.path)).or_default().push(route));
    routes
});

/// The first segment of a path, and the number of slashes. No route starts with a member.
fn outline(path: &str) -> (&str, usize) {
    let below = path.strip_prefix('/').unwrap_or(path);
    (below.split('/').next().unwrap_or_default(), below.matches('/').count())
}

/// The route of a request, or those of its address with other methods: none if the address is unknown.
pub fn find(request: &dyn IncomingRequest) -> Result<Found<'_>, Vec<&'static Route>> {
    let path = request.path().strip_prefix(PATH).unwrap_or_default();
    let near = BY_OUTLINE.get(&outline(path)).map(Vec::as_slice).unwrap_or_default();
    let mut fitting: Vec<Found> = near.iter().filter_map(|route| Some((*route, route.fit(path)?))).collect();
    // `cart/check-out` matches `cart/{product_id}` too: a word of the path takes precedence over a member.
    let fewest_members = fitting.iter().map(|(_, in_path)| in_path.len()).min();
    fitting.retain(|(_, in_path)| Some(in_path.len()) == fewest_members);
    // RFC 9110 section 9.3.2: HEAD is GET without the content, which is left out where the bytes are written.
    let method = if request.method() == "HEAD" { "GET" } else { request.method().as_str() };
    let is_it = |(route, _): &Found| route.method.name() == method && is_meant(route, request);
    match fitting.iter().rposition(is_it) {
        Some(position) => Ok(fitting.swap_remove(position)),
        None => Err(fitting.into_iter().map(|(route, _)| route).collect()),
    }
}

/// There is nothing at that path; the message names the address that is likely to be meant.
pub fn nothing_at(path: &str) -> Error {
    let below = path.split('?').next().and_then(|path| path.strip_prefix(PATH)).unwrap_or_default();
    let meant = similar(below, ROUTES.iter().filter_map(|route| likely(route, below)));
    let meant = did_you_mean(meant.map(|meant| format!("{PATH}{meant}")));
    // Other styles have the operation's name in the request.
    let named = Operation::find(&snake(below.trim_start_matches('/')));
    let named = named.map(|named| format!("; {} is {}", named.name, (SPELLING.operation)(named.name)));
    let hint = named.unwrap_or(meant);
    let message = format!("there is nothing at {}{hint}; {} lists all", domain::value::shown(path), SPELLING.contract);
    Error::new(Reason::UnknownOperation, message)
}

/// The path of this route with the members of another path, if each of its other segments is similar to the one there.
fn likely(route: &Route, path: &str) -> Option<String> {
    let (expected, given): (Vec<&str>, Vec<&str>) = (route.path.split('/').collect(), path.split('/').collect());
    let segments = expected.iter().zip(&given).map(|(expected, given)| match in_braces(expected) {
        Some(_) => Some(*given),
        None if given.is_empty() => Some(*expected).filter(|expected| expected.is_empty()),
        None => similar(given, [*expected]),
    });
    let segments: Vec<&str> = segments.collect::<Option<_>>()?;
    (expected.len() == given.len()).then(|| segments.join("/"))
}

/// Where two routes share address and method, the query or `Accept` selects the operation.
fn is_meant(route: &Route, request: &dyn IncomingRequest) -> bool {
    if route.operation.name == events::WATCH {
        return events::wants_stream(request);
    }
    match route.only_with {
        None => true,
        Some((name, _)) => request.query_string().split('&').any(|pair| pair.split('=').next() == Some(name)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::operations::OPERATIONS;

    #[test]
    fn every_operation_has_a_route_and_every_path_member_is_one_of_its_input() {
        for operation in OPERATIONS {
            assert!(ROUTES.iter().any(|route| route.operation.name == operation.name), "{}", operation.name);
        }
        for route in ROUTES {
            assert!(!route.path.starts_with("/{"), "{}: it begins with a word, by which it is found", route.path);
            for member in route.path.split('/').filter_map(in_braces) {
                assert!(route.operation.input.member(member).is_some(), "{member} of {}", route.operation.name);
            }
            assert!(!route.resource().0.members.is_empty() || route.status() == 204, "{}", route.operation.name);
        }
    }

    #[test]
    fn every_route_has_a_short_title_of_its_own() {
        for (position, route) in ROUTES.iter().enumerate() {
            assert!((2..=4).contains(&route.title().split(' ').count()), "{}", route.title());
            assert!(ROUTES[..position].iter().all(|other| other.title() != route.title()), "{}, twice", route.title());
        }
    }

    #[test]
    fn what_takes_a_version_says_who_tells_it() {
        for route in ROUTES {
            let takes_one = route.operation.input.member("expected_version").is_some();
            assert_eq!(route.changes.is_some(), takes_one, "{}", route.operation.name);
            if let Some(read_by) = route.changes {
                let read_route = ROUTES.iter().find(|other| other.operation.name == read_by.name).expect("a route");
                assert!(
                    read_route.method == Verb::Get && read_route.resource().0.member("version").is_some(),
                    "{}",
                    read_by.name
                );
                assert!(
                    route.path.starts_with(read_route.path),
                    "{}: it is read at the same address",
                    route.operation.name
                );
            }
        }
    }

    #[test]
    fn an_unknown_path_is_answered_with_the_one_that_is_meant() {
        for (path, hint) in [
            ("/rest/user/1", " (did you mean /rest/users/1?)"),
            ("/rest/users/7/carts?x=1", " (did you mean /rest/users/7/cart?)"),
            ("/rest/users/7/cart/checkOut/", ""),
            ("/rest/orders/1/cancle", " (did you mean /rest/orders/1/cancel?)"),
            ("/rest/get_user", "; get_user is GET /rest/users/{id}"),
            ("/rest/PlaceOrder", "; place_order is POST /rest/orders"),
            ("/rest/nothing", ""),
            ("/rest", ""),
            ("/rest/", ""),
        ] {
            let expected = format!("there is nothing at {path}{hint}; /rest/openapi.json lists all");
            assert_eq!(nothing_at(path).message, expected);
        }
    }

    #[test]
    fn a_path_fits_step_by_step() {
        let route = ROUTES.iter().find(|route| route.operation.name == "set_cart_line").expect("a route");
        assert_eq!(route.fit("/users/1/cart/2"), Some(vec![("user_id", "1"), ("product_id", "2")]));
        for other in ["/users/1/cart", "/users//cart/2", "/users/1/cart/2/", "/orders/1/cart/2"] {
            assert_eq!(route.fit(other), None);
        }
    }
}
