//! What are the things of the graph, and how does the shop tell them? Most are things of the shop, told as the shop tells them. Pages
//! are connections here, and an order may hold its user and its products.

use super::selection::Selected;
use super::tape::Tape;
use domain::Reply;
use domain::orders::{Order, OrderDetails, OrderLine};
use domain::page::Page;
use domain::products::Product;
use domain::shape::{Record, Shape, Sink, Writable, write_member};
use domain::users::User;
use wire::names::snake;

/// A type of the graph.
#[derive(Clone, Copy)]
pub enum Kind {
    /// A thing of the shop.
    Thing(&'static Record),
    /// A page of such things.
    Connection(&'static Record),
    /// Such a thing and its place in the list.
    Edge(&'static Record),
    /// Whether there is more, and where.
    PageInfo,
    /// An order that came with its user and its products.
    Order,
    /// A line of such an order.
    Line,
}

/// What a member holds, once or in a list.
pub enum Holds {
    /// Something that has no members.
    Leaf,
    /// An id: a number of the shop, a text of the graph.
    Id,
    /// Something that has.
    Things(Kind),
}

/// What a line of an order is told as that holds its product.
const LINES: &str = "lines with products";

impl Kind {
    /// What the reply of an operation is.
    pub fn of(reply: &Shape) -> Option<Kind> {
        let Shape::Record(record) = reply else { return None };
        if record.name == OrderDetails::RECORD.name {
            return Some(Kind::Order);
        }
        match (record.member("items").map(|items| items.shape), record.member("next").map(|next| next.shape)) {
            (Some(Shape::List { item: Shape::Record(item), .. }), Some(Shape::Cursor)) => Some(Kind::Connection(item)),
            _ => Some(Kind::Thing(record)),
        }
    }

    /// What the type is called: a name, and what follows it.
    pub fn type_name(self) -> (&'static str, &'static str) {
        match self {
            Kind::Thing(record) => (record.name, ""),
            Kind::Connection(item) => (item.name, "Connection"),
            Kind::Edge(item) => (item.name, "Edge"),
            Kind::PageInfo => ("PageInfo", ""),
            Kind::Order => (Order::RECORD.name, ""),
            Kind::Line => (OrderLine::RECORD.name, ""),
        }
    }

    /// The member that a field is; nothing, if the shop's reply does not hold it.
    pub fn member(self, field: &str) -> Option<(&'static str, Holds)> {
        match (self, field) {
            (Kind::Connection(item), "nodes") => Some(("nodes", Holds::Things(Kind::Thing(item)))),
            (Kind::Connection(item), "edges") => Some(("edges", Holds::Things(Kind::Edge(item)))),
            (Kind::Connection(_), "pageInfo") => Some(("page_info", Holds::Things(Kind::PageInfo))),
            (Kind::Edge(_), "cursor") => Some(("cursor", Holds::Leaf)),
            (Kind::Edge(item), "node") => Some(("node", Holds::Things(Kind::Thing(item)))),
            (Kind::PageInfo, "hasNextPage") => Some(("has_next_page", Holds::Leaf)),
            (Kind::PageInfo, "hasPreviousPage") => Some(("has_previous_page", Holds::Leaf)),
            (Kind::PageInfo, "startCursor") => Some(("start_cursor", Holds::Leaf)),
            (Kind::PageInfo, "endCursor") => Some(("end_cursor", Holds::Leaf)),
            (Kind::Connection(_) | Kind::Edge(_) | Kind::PageInfo, _) => None,
            (Kind::Order, "user") => Some(("user", Holds::Things(Kind::Thing(User::RECORD)))),
            (Kind::Order, "lines") => Some((LINES, Holds::Things(Kind::Line))),
            (Kind::Order, other) => member(Order::RECORD, other),
            (Kind::Line, "product") => Some(("product", Holds::Things(Kind::Thing(Product::RECORD)))),
            (Kind::Line, other) => member(OrderLine::RECORD, other),
            // The one page that is no connection: that of the log.
            (Kind::Thing(record), "nodes") => member(record, "items"),
            (Kind::Thing(record), other) => member(record, other),
        }
    }
}

fn member(record: &'static Record, field: &str) -> Option<(&'static str, Holds)> {
    let member = record.member(&snake(field))?;
    let shape = match member.shape {
        Shape::List { item, .. } => *item,
        shape => shape,
    };
    let holds = match shape {
        Shape::Id { .. } => Holds::Id,
        Shape::Record(record) => Holds::Things(Kind::Thing(record)),
        Shape::Int { .. } | Shape::Text { .. } | Shape::Cursor | Shape::Word(_) | Shape::Time => Holds::Leaf,
        Shape::List { .. } => return None,
    };
    Some((member.name, holds))
}

/// Tells a reply as the graph has it. `resumed` says whether a page was asked for after a cursor.
pub fn tell(reply: &Reply, resumed: bool, asked: &Selected, tape: &mut Tape) {
    match reply {
        Reply::Users(page) => tell_page(page, |user| user.id.0, resumed, asked, tape),
        Reply::Products(page) => tell_page(page, |product| product.id.0, resumed, asked, tape),
        Reply::Orders(page) => tell_page(page, |order| order.id.0, resumed, asked, tape),
        Reply::Webhooks(page) => tell_page(page, |webhook| webhook.id.0, resumed, asked, tape),
        Reply::Deliveries(page) => tell_page(page, |delivery| delivery.id.0, resumed, asked, tape),
        Reply::OrderDetails(details) => tell_details(details, tape),
        other => other.write(tape),
    }
}

/// A page as a connection; see [`crate::messages::page`]. What is long is told if it was asked for.
fn tell_page<T: Writable>(page: &Page<T>, id: fn(&T) -> i32, resumed: bool, asked: &Selected, tape: &mut Tape) {
    let place = |item: &T| page.list.cursor(id(item));
    tape.open_record();
    if asked.has("nodes") {
        write_member("nodes", &page.items, tape);
    }
    if asked.has("edges") {
        tape.member("edges");
        tape.open_list();
        for item in &page.items {
            tape.open_record();
            write_member("cursor", &place(item), tape);
            write_member("node", item, tape);
            tape.close_record();
        }
        tape.close_list();
    }
    tape.member("page_info");
    tape.open_record();
    tape.flag("has_next_page", page.next.is_some());
    tape.flag("has_previous_page", resumed);
    write_member("start_cursor", &page.items.first().map(place), tape);
    write_member("end_cursor", &page.items.last().map(place), tape);
    tape.close_record();
    tape.close_record();
}

fn tell_details(details: &OrderDetails, tape: &mut Tape) {
    let OrderDetails { order, user, products } = details;
    tape.open_record();
    order.write_members(tape);
    write_member("user", user, tape);
    tape.member(LINES);
    tape.open_list();
    for line in &order.lines {
        tape.open_record();
        line.write_members(tape);
        products.iter().filter(|p| p.id == line.product_id).for_each(|product| write_member("product", product, tape));
        tape.close_record();
    }
    tape.close_list();
    tape.close_record();
}
