//! Pages in the graph: connections (GraphQL Cursor Connections, sections 2 to 5), with the short form `nodes`.

use async_graphql::{Object, OutputType, SimpleObject, TypeName};
use domain::page::{List, Page};
use std::borrow::Cow;

/// A page of a list, by ascending id.
pub struct Connection<T> {
    edges: Vec<Edge<T>>,
    has_next_page: bool,
    has_previous_page: bool,
}

/// An item and its cursor.
pub struct Edge<T> {
    list: List,
    id: i32,
    node: T,
}

impl<T> Connection<T> {
    /// The connection of a page; `resumed` tells whether the request had a cursor.
    pub fn new<U>(page: Page<U>, resumed: bool, id: impl Fn(&U) -> i32, node: impl Fn(U) -> T) -> Self {
        let (list, has_next_page) = (page.list, page.next.is_some());
        let edges = page.items.into_iter().map(|item| Edge { list, id: id(&item), node: node(item) });
        // Cursor Connections, section 5.1: pages are only read forwards, so all that is known of the previous page is that a
        // cursor came from there.
        Connection { edges: edges.collect(), has_next_page, has_previous_page: resumed }
    }
}

/// A page of a list, by ascending id.
#[Object(name_type)]
impl<T: OutputType> Connection<T> {
    /// The items.
    async fn nodes(&self) -> Vec<&T> {
        self.edges.iter().map(|edge| &edge.node).collect()
    }

    /// The items, each with its cursor.
    async fn edges(&self) -> &[Edge<T>] {
        &self.edges
    }

    /// Whether there are more pages, and their cursors.
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

/// An item and its cursor.
#[Object(name_type)]
impl<T: OutputType> Edge<T> {
    /// The cursor: pass it as `after` to get the items after this one.
    async fn cursor(&self) -> String {
        self.place()
    }

    /// The item.
    async fn node(&self) -> &T {
        &self.node
    }
}

/// Whether there are more pages, and their cursors.
#[derive(SimpleObject)]
struct PageInfo {
    /// Whether there are items after this page.
    has_next_page: bool,
    /// Whether there are items before this page, if known.
    has_previous_page: bool,
    /// The cursor of the first item.
    start_cursor: Option<String>,
    /// The cursor of the last item: pass it as `after` to get the next page.
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
