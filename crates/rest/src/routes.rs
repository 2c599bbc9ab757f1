//! Which address and verb is each operation?

use domain::Operation;
use domain::shape::Member;

/// Where an operation lives. Input members that the path does not hold come from the query (`GET`, `DELETE`) or the body.
#[derive(Debug)]
pub struct Route {
    /// The operation's name.
    pub operation: &'static str,
    /// The method of HTTP.
    pub method: Verb,
    /// The path below `/rest`; a name in braces is a member of the operation's input.
    pub path: &'static str,
    /// A query parameter that must say just this for the operation to be meant.
    pub only_with: Option<(&'static str, &'static str)>,
    /// The status of success.
    pub status: u16,
    /// Where the new thing is found: what stands before its id.
    pub location: Option<&'static str>,
}

/// The methods of HTTP that the shop uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    /// Looks; safe.
    Get,
    /// Adds, or does what no other method says.
    Post,
    /// Sets the whole; idempotent.
    Put,
    /// Changes a part, by merge patch (RFC 7396).
    Patch,
    /// Removes; idempotent.
    Delete,
}

impl Verb {
    /// The method's name.
    pub fn name(self) -> &'static str {
        match self {
            Verb::Get => "GET",
            Verb::Post => "POST",
            Verb::Put => "PUT",
            Verb::Patch => "PATCH",
            Verb::Delete => "DELETE",
        }
    }

    /// Whether the input comes in a body.
    pub fn has_body(self) -> bool {
        match self {
            Verb::Get | Verb::Delete => false,
            Verb::Post | Verb::Put | Verb::Patch => true,
        }
    }
}

const fn route(operation: &'static str, method: Verb, path: &'static str) -> Route {
    Route { operation, method, path, only_with: None, status: 200, location: None }
}

impl Route {
    const fn status(self, status: u16) -> Route {
        Route { status, ..self }
    }
    const fn created(self, location: &'static str) -> Route {
        Route { status: 201, location: Some(location), ..self }
    }
    const fn only_with(self, name: &'static str, value: &'static str) -> Route {
        Route { only_with: Some((name, value)), ..self }
    }
}

/// Every route, in the order of the dictionary. The first route of an operation is the one that our client takes.
pub const ROUTES: &[Route] = &[
    route("list_users", Verb::Get, "/users"),
    route("get_user", Verb::Get, "/users/{id}"),
    route("create_user", Verb::Post, "/users").created("/users/"),
    route("update_user", Verb::Patch, "/users/{id}"),
    route("update_user", Verb::Put, "/users/{id}"),
    route("delete_user", Verb::Delete, "/users/{id}").status(204),
    route("search_products", Verb::Get, "/products"),
    route("get_product", Verb::Get, "/products/{id}"),
    route("update_product", Verb::Patch, "/products/{id}"),
    route("get_cart", Verb::Get, "/users/{user_id}/cart"),
    route("set_cart_line", Verb::Put, "/users/{user_id}/cart/{product_id}"),
    route("check_out", Verb::Post, "/users/{user_id}/cart/check-out").created("/orders/"),
    route("list_orders", Verb::Get, "/orders"),
    route("list_orders", Verb::Get, "/users/{user_id}/orders"),
    route("get_order", Verb::Get, "/orders/{id}"),
    route("get_order_details", Verb::Get, "/orders/{id}").only_with("include", "user,products"),
    route("place_order", Verb::Post, "/orders").created("/orders/"),
    route("set_order_status", Verb::Put, "/orders/{id}/status"),
    route("cancel_order", Verb::Post, "/orders/{id}/cancel"),
    route("list_events", Verb::Get, "/events"),
    route("watch_events", Verb::Get, "/events"),
    route("log_in", Verb::Post, "/login"),
    route("who_am_i", Verb::Get, "/me"),
];

impl Route {
    /// The operation's row in the table.
    pub fn row(&self) -> &'static Operation {
        Operation::find(self.operation).unwrap_or_else(|| panic!("{} is no operation", self.operation))
    }

    /// The input members that the path does not hold.
    pub fn other_members(&self) -> impl Iterator<Item = &'static Member> {
        self.row().input.members.iter().filter(|member| !self.is_in_path(member.name))
    }

    /// Whether the path holds that member.
    pub fn is_in_path(&self, member: &str) -> bool {
        self.path.split('/').any(|step| in_braces(step) == Some(member))
    }

    /// The members in a path that fits this route's, as they were written; nothing if it does not fit.
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

/// The name in braces, if it is one.
pub fn in_braces(step: &str) -> Option<&str> {
    step.strip_prefix('{')?.strip_suffix('}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::operations::OPERATIONS;

    #[test]
    fn every_operation_has_a_route_and_every_path_member_is_one_of_its_input() {
        for operation in OPERATIONS {
            assert!(ROUTES.iter().any(|route| route.operation == operation.name), "{}", operation.name);
        }
        for route in ROUTES {
            for member in route.path.split('/').filter_map(in_braces) {
                assert!(route.row().input.member(member).is_some(), "{member} of {}", route.operation);
            }
        }
    }

    #[test]
    fn a_path_fits_step_by_step() {
        let route = &ROUTES[10];
        assert_eq!(route.fit("/users/1/cart/2"), Some(vec![("user_id", "1"), ("product_id", "2")]));
        for other in ["/users/1/cart", "/users//cart/2", "/users/1/cart/2/", "/orders/1/cart/2"] {
            assert_eq!(route.fit(other), None);
        }
    }
}
