//! The table of operations. Contracts, parity tests, documents and clients are generated from it or checked against it.

use crate::access::{Caller, RequiredAccess, WhoAmI};
use crate::carts::{self, Cart, CheckOut, GetCart, SetCartLine};
use crate::context::Context;
pub use crate::context::Nothing;
use crate::error::{Error, Reason};
use crate::events::{self, Event, EventPage, ListEvents, WatchEvents};
use crate::logins::{self, LogIn, Token};
use crate::orders::{
    self, CancelOrder, GetOrder, GetOrderDetails, ListOrders, Order, OrderDetails, PlaceOrder, SetOrderStatus,
};
use crate::page::Page;
use crate::products::{self, GetProduct, Product, SearchProducts, UpdateProduct};
use crate::request::RequestContext;
use crate::schema::names::{did_you_mean, similar};
use crate::schema::{Decode, Encode, Encoder, HasSchema, Object, Schema};
use crate::services::Services;
use crate::spelling::{self, Spelling};
use crate::store::{JobResult, boxed};
use crate::table::{operations, replies};
use crate::users::{self, CreateUser, DeleteUser, GetUser, ListUsers, UpdateUser, User};
use crate::value::{Value, ValueEncoder};
use crate::webhooks::{
    self, CreateWebhook, DeleteWebhook, Delivery, GetWebhook, ListDeliveries, ListWebhooks, RotateWebhookSecret,
    TestWebhook, Webhook,
};
use std::future::{Future, ready};
use std::pin::Pin;

operations! {
    // name                 title                       input                  reply                         kind     access       function, and its own refusals
    /// Lists users.
    "list_users"            "List users"                ListUsers           -> Users(Page<User>),            query,   Staff,       users::list, [];
    /// Returns a user.
    "get_user"              "Get a user"                GetUser             -> User(User),                   query,   SelfOrStaff, users::get, [UserNotFound];
    /// Creates a user.
    "create_user"           "Create a user"             CreateUser          -> User(User),                   writes,  Anyone,      users::create, [CredentialsMissing, NotAllowed, EmailTaken];
    /// Updates a user's name or email.
    "update_user"           "Update a user"             UpdateUser          -> User(User),                   command, SelfOrStaff, users::update, [UserNotFound, EmailTaken, StaleVersion];
    /// Deletes a user without orders, and the user's cart.
    "delete_user"           "Delete a user"             DeleteUser          -> Nothing(Nothing),             command, SelfOrStaff, users::delete, [UserNotFound, StaleVersion, UserHasOrders];
    /// Lists products: all, or those with a text in their name or description.
    "search_products"       "Search products"           SearchProducts      -> Products(Page<Product>),      query,   Anyone,      products::search, [];
    /// Returns a product.
    "get_product"           "Get a product"             GetProduct          -> Product(Product),             query,   Anyone,      products::get, [ProductNotFound];
    /// Updates a product's price, stock or description.
    "update_product"        "Update a product"          UpdateProduct       -> Product(Product),             command, Staff,       products::update, [ProductNotFound, StaleVersion];
    /// Returns a user's cart at today's prices.
    "get_cart"              "Get a cart"                GetCart             -> Cart(Cart),                   query,   SelfOrStaff, carts::get, [UserNotFound];
    /// Sets the quantity of a product in a user's cart; 0 removes the line.
    "set_cart_line"         "Set a cart line"           SetCartLine         -> Cart(Cart),                   command, SelfOrStaff, carts::set_line, [UserNotFound, ProductNotFound];
    /// Places an order for everything in a user's cart, and empties the cart.
    "check_out"             "Check out"                 CheckOut            -> Order(Order),                 keyed,   SelfOrStaff, carts::check_out, [UserNotFound, CartIsEmpty, OutOfStock];
    /// Lists orders.
    "list_orders"           "List orders"               ListOrders          -> Orders(Page<Order>),          query,   SelfOrStaff, orders::list, [UserNotFound];
    /// Returns an order.
    "get_order"             "Get an order"              GetOrder            -> Order(Order),                 query,   SelfOrStaff, orders::get, [OrderNotFound];
    /// Returns an order with its user and its products, in one round trip.
    "get_order_details"     "Get order details"         GetOrderDetails     -> OrderDetails(OrderDetails),   query,   SelfOrStaff, orders::get_details, [OrderNotFound];
    /// Places an order. Stock is reserved and current prices are frozen.
    "place_order"           "Place an order"            PlaceOrder          -> Order(Order),                 keyed,   SelfOrStaff, orders::place, [UserNotFound, ProductNotFound, OutOfStock];
    /// Changes an order's status along placed, paid, shipped, delivered, or cancels it.
    "set_order_status"      "Set an order's status"     SetOrderStatus      -> Order(Order),                 command, Staff,       orders::set_status, [OrderNotFound, StaleVersion, StatusNotAllowed];
    /// Cancels an order that has not been shipped; stock is returned.
    "cancel_order"          "Cancel an order"           CancelOrder         -> Order(Order),                 command, SelfOrStaff, orders::cancel, [OrderNotFound, StatusNotAllowed];
    /// Lists events, oldest first.
    "list_events"           "List events"               ListEvents          -> Events(EventPage),            reads,   SelfOrStaff, events::list, [CursorExpired];
    /// Issues a token for an email and a password.
    "log_in"                "Log in"                    LogIn               -> Token(Token),                 writes,  Anyone,      logins::log_in, [];
    /// Returns the authenticated caller.
    "who_am_i"              "Get the caller"            WhoAmI              -> Caller(Caller),               reads,   Anyone,      logins::who_am_i, [];
    /// Lists webhooks: the URLs that are called for each event.
    "list_webhooks"         "List webhooks"             ListWebhooks        -> Webhooks(Page<Webhook>),      query,   Staff,       webhooks::list, [];
    /// Returns a webhook.
    "get_webhook"           "Get a webhook"             GetWebhook          -> Webhook(Webhook),             query,   Staff,       webhooks::get, [WebhookNotFound];
    /// Creates a webhook and returns its signing secret once.
    "create_webhook"        "Create a webhook"          CreateWebhook       -> Webhook(Webhook),             writes,  Staff,       webhooks::create, [];
    /// Deletes a webhook and its deliveries.
    "delete_webhook"        "Delete a webhook"          DeleteWebhook       -> Nothing(Nothing),             command, Staff,       webhooks::delete, [WebhookNotFound];
    /// Replaces a webhook's signing secret and returns it once.
    "rotate_webhook_secret" "Rotate a webhook's secret" RotateWebhookSecret -> Webhook(Webhook),             writes,  Staff,       webhooks::rotate, [WebhookNotFound];
    /// Sends a test delivery to a webhook.
    "test_webhook"          "Test a webhook"            TestWebhook         -> Delivery(Delivery),           writes,  Staff,       webhooks::test, [WebhookNotFound];
    /// Lists webhook deliveries and their outcomes.
    "list_deliveries"       "List deliveries"           ListDeliveries      -> Deliveries(Page<Delivery>),   query,   Staff,       webhooks::deliveries, [WebhookNotFound];
    stream
    /// Streams events as they happen.
    "watch_events"          "Watch events"              WatchEvents         -> Event,                        SelfOrStaff, [UserNotFound, CursorExpired];
}

replies! {
    User(User) "user"; Users(Page<User>) "users"; Product(Product) "product"; Products(Page<Product>) "products";
    Cart(Cart) "cart"; Order(Order) "order"; Orders(Page<Order>) "orders";
    OrderDetails(OrderDetails) "order_details"; Events(EventPage) "events"; Token(Token) "token"; Caller(Caller) "caller";
    Webhook(Webhook) "webhook"; Webhooks(Page<Webhook>) "webhooks";
    Delivery(Delivery) "delivery"; Deliveries(Page<Delivery>) "deliveries";
    Nothing(Nothing) "nothing";
}

/// A row of the table.
#[derive(Debug)]
pub struct Operation {
    /// The name, in snake_case.
    pub name: &'static str,
    /// A title of two to four words, in the imperative: tools show it in a list.
    pub title: &'static str,
    /// The description, in a sentence.
    pub doc: &'static str,
    /// The input's members, in the order of the contracts.
    pub input: &'static Object,
    /// The schema of the reply; for a stream, of each item.
    pub reply: Schema,
    /// The name of the reply, in snake_case: `user`, `users`, `order_details`, `nothing`, `event`.
    pub reply_name: &'static str,
    /// Whether it is a query, a command or a stream.
    pub kind: OperationKind,
    /// The access it requires.
    pub who: RequiredAccess,
    /// Whether it accepts an idempotency key.
    pub is_once: bool,
    /// The reasons of its own rule; [`Operation::reasons`] adds those of every operation.
    pub refusals: &'static [Reason],
    /// Decodes an input and runs the rule, for an authorized caller; it is called through [`Shop::execute`](crate::Shop::execute).
    pub(crate) run: Run,
    /// Decodes an input and encodes it again, with the types of the schema (`1` where a grammar only has text).
    pub settle: fn(Value, &'static Spelling) -> Result<Value, Error>,
}

/// The function of an operation.
pub(crate) type Run = for<'a> fn(&'a Services, &'a RequestContext, Context, Value) -> Running<'a>;
/// An operation that is running.
type Running<'a> = Pin<Box<dyn Future<Output = Result<Reply, Error>> + Send + 'a>>;

fn run<'a, I>(services: &'a Services, request: &'a RequestContext, context: Context, input: Value) -> Running<'a>
where
    I: Input + Send,
    Reply: From<I::Reply>,
{
    Box::pin(async move {
        parse_spelled::<I>(input, request.spelling)?.run(services, request, context).await.map(Reply::from)
    })
}

/// A stream is not called; see [`Shop::watch`](crate::Shop::watch).
fn not_called<'a>(_: &'a Services, request: &'a RequestContext, _: Context, _: Value) -> Running<'a> {
    let name = (request.spelling.operation)(WatchEvents::ROW.name);
    Box::pin(ready(Err(unknown_operation(&name, request.spelling))))
}

fn settle<I: Decode + Encode>(input: Value, spelling: &'static Spelling) -> Result<Value, Error> {
    let mut encoder = ValueEncoder::default();
    parse_spelled::<I>(input, spelling).map_err(|error| error.spelled(spelling))?.write(&mut encoder);
    Ok(encoder.finish())
}

/// Whether an operation reads, writes or streams.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OperationKind {
    /// Reads and changes nothing.
    Query,
    /// Changes something, or nothing if it fails.
    Command,
    /// Returns items until the caller stops it.
    Stream,
}

impl Operation {
    /// Every reason for which the operation can be refused: those of the pipeline and those of its rule.
    pub fn reasons(&self) -> impl Iterator<Item = Reason> {
        let missing = (self.who != RequiredAccess::Anyone).then_some(Reason::CredentialsMissing);
        // A named user may be another one; an order or event of another user is not found instead.
        let names_a_user = self.refusals.contains(&Reason::UserNotFound);
        let not_allowed = (self.who == RequiredAccess::Staff || names_a_user).then_some(Reason::NotAllowed);
        let reused = self.is_once.then_some(Reason::IdempotencyKeyReused);
        let credentials = [Reason::CredentialsWrong, Reason::TokenExpired].into_iter();
        let pipeline = missing.into_iter().chain(credentials).chain(not_allowed);
        let own = self.refusals.iter().copied().chain(reused);
        let all = [Reason::RateLimited, Reason::Overloaded, Reason::Internal];
        [Reason::InvalidInput].into_iter().chain(pipeline).chain(own).chain(all)
    }

    /// The row with that name, checked when the program is compiled.
    pub const fn named(name: &str) -> &'static Operation {
        let mut position = 0;
        while position < OPERATIONS.len() {
            if are_same(OPERATIONS[position].name.as_bytes(), name.as_bytes()) {
                return OPERATIONS[position];
            }
            position += 1;
        }
        panic!("no operation has that name")
    }

    /// The row with that name.
    pub fn find(name: &str) -> Option<&'static Operation> {
        OPERATIONS.iter().copied().find(|operation| operation.name == name)
    }
}

const fn are_same(one: &[u8], other: &[u8]) -> bool {
    match (one, other) {
        ([], []) => true,
        ([first, one @ ..], [second, other @ ..]) => *first == *second && are_same(one, other),
        _ => false,
    }
}

/// The input of an operation, with its types.
pub trait Input: Decode {
    /// The type of the reply.
    type Reply: Encode;
    /// The row in the table.
    const OPERATION: &'static Operation;

    /// Runs the rule, for an authorized caller.
    fn run(
        self,
        services: &Services,
        request: &RequestContext,
        context: Context,
    ) -> impl Future<Output = Result<Self::Reply, Error>> + Send;
}

/// Decodes an input; the error lists all violations.
pub fn parse<T: Decode>(value: Value) -> Result<T, Error> {
    parse_spelled(value, &spelling::PLAIN)
}

/// The same, with messages in a style's spelling; [`Error::spelled`] spells the pointers.
pub fn parse_spelled<T: Decode>(value: Value, spelling: &'static Spelling) -> Result<T, Error> {
    schema::read(value, &spelling.names).map_err(Error::violations)
}

/// There is no operation that a caller spells like this.
pub fn unknown_operation(name: &str, spelling: &Spelling) -> Error {
    let shown = crate::value::shown(name);
    let spelled = |operation: &&Operation| (spelling.operation)(operation.name);
    if name == spelled(&WatchEvents::ROW) {
        let instead = (spelling.operation)("list_events");
        let message = format!("there is no operation \"{shown}\": it can't stream here, use {instead}");
        return Error::new(Reason::UnknownOperation, message);
    }
    let meant = did_you_mean(similar(name, OPERATIONS.iter().map(spelled)));
    let listed = match spelling.contract {
        "" => String::new(),
        contract => format!("; {contract} lists all"),
    };
    Error::new(Reason::UnknownOperation, format!("there is no operation \"{shown}\"{meant}{listed}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_are_short_commands_and_descriptions_are_sentences() {
        for (position, operation) in OPERATIONS.iter().enumerate() {
            let Operation { title, doc, .. } = operation;
            assert!((2..=4).contains(&title.split(' ').count()) && !title.ends_with('.'), "{title}");
            assert!(OPERATIONS[..position].iter().all(|other| other.title != *title), "{title}, twice");
            let verb = doc.split(' ').next().unwrap_or_default();
            assert!(verb.ends_with('s') && doc.ends_with('.') && doc.starts_with(char::is_uppercase), "{doc}");
        }
    }
}
