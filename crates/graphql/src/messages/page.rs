//! How is a page of a list said? As a connection (GraphQL Cursor Connections, sections 2 to 5), and the short way: `nodes`.

use async_graphql::{Object, OutputType, SimpleObject, TypeName};
use domain::page::{List, Page};
use std::borrow::Cow;

/// A part of a list, in ascending id.
pub struct Connection<T> {
    edges: Vec<Edge<T>>,
    has_next_page: bool,
    has_previous_page: bool,
}

/// A thing and its place in the list.
pub struct Edge<T> {
    list: List,
    id: i32,
    node: T,
}

impl<T> Connection<T> {
    /// The connection of a page; `resumed` says whether it was asked for after a cursor.
    pub fn new<U>(page: Page<U>, resumed: bool, id: impl Fn(&U) -> i32, node: impl Fn(U) -> T) -> Self {
        let (list, has_next_page) = (page.list, page.next.is_some());
        let edges = page.items.into_iter().map(|item| Edge { list, id: id(&item), node: node(item) });
        // Cursor Connections, section 5.1: pages are walked forwards only, so what we know of the page before is that a
        // cursor came from there.
        Connection { edges: edges.collect(), has_next_page, has_previous_page: resumed }
    }
}

/// A part of a list, in ascending id.
#[Object(name_type)]
impl<T: OutputType> Connection<T> {
    /// The things.
    async fn nodes(&self) -> Vec<&T> {
        self.edges.iter().map(|edge| &edge.node).collect()
    }

    /// The things, each with its place in the list.
    async fn edges(&self) -> &[Edge<T>] {
        &self.edges
    }

    /// Whether there is more, and where.
    async fn page_info(&self) -> PageInfo {
        PageInfo {
            has_next_page: self.has_next_page,
            has_previous_page: self.has_previous_page,
            start_cursor: self.edges.first().map(Edge::place),
            end_cursor: self.edges.last().map(Edge::place),
        }
    }
}

impl<T> Edge<T> {
    fn place(&self) -> String {
        self.list.cursor(self.id).as_str().to_owned()
    }
}

/// A thing and its place in the list.
#[Object(name_type)]
impl<T: OutputType> Edge<T> {
    /// Give it as `after` to get what comes after this thing.
    async fn cursor(&self) -> String {
        self.place()
    }

    /// The thing.
    async fn node(&self) -> &T {
        &self.node
    }
}

/// Whether there is more, and where.
#[derive(SimpleObject)]
struct PageInfo {
    /// Whether things come after this page.
    has_next_page: bool,
    /// Whether things come before this page, as far as that is known.
    has_previous_page: bool,
    /// The cursor of the first thing.
    start_cursor: Option<String>,
    /// The cursor of the last thing: give it as `after` to get the next page.
    end_cursor: Option<String>,
}

impl<T: OutputType> TypeName for Connection<T> {
    fn type_name() -> Cow<'static, str> {
        format!("{}Connection", T::type_name()).into()
    }
}

impl<T: OutputType> TypeName for Edge<T> {
    fn type_name() -> Cow<'static, str> {
        format!("{}Edge", T::type_name()).into()
    }
}
