//! Errors: one vocabulary of kinds and reasons, which every protocol translates.

use crate::schema::Violation;
use crate::spelling::Spelling;
use std::fmt;

/// The kinds of errors: a closed set. Each adapter has one exhaustive match from kind to its own grammar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// The bytes don't follow the protocol's grammar.
    Unreadable,
    /// There is no operation with that name or address.
    UnknownOperation,
    /// The request exceeds a named limit.
    TooLarge,
    /// The request can be read, but the input doesn't match the operation's schema.
    Invalid,
    /// The caller is not authenticated.
    Unauthenticated,
    /// The caller is authenticated but not allowed to do this.
    Forbidden,
    /// Something that the input names doesn't exist.
    NotFound,
    /// The call conflicts with an earlier change.
    Conflict,
    /// A rule of the shop forbids it in the current state.
    RuleBroken,
    /// It existed once and is gone.
    Gone,
    /// Too many calls.
    RateLimited,
    /// Not possible now; try again later.
    Unavailable,
    /// A fault of the server.
    Internal,
}

macro_rules! reasons {
    ($($(#[doc = $doc:literal])+ $variant:ident, $word:literal, $kind:ident;)*) => {
        /// The code of an error: the same word on every wire.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Reason { $($(#[doc = $doc])+ $variant),* }

        impl Reason {
            /// All reasons, in the table's order.
            pub const ALL: &'static [Reason] = &[$(Reason::$variant),*];

            /// The code as it stands on every wire.
            pub const fn word(self) -> &'static str {
                match self { $(Reason::$variant => $word),* }
            }

            /// The kind of error.
            pub const fn kind(self) -> Kind {
                match self { $(Reason::$variant => Kind::$kind),* }
            }

            /// The meaning, in a sentence.
            pub const fn meaning(self) -> &'static str {
                match self { $(Reason::$variant => concat!($($doc),+).trim_ascii()),* }
            }
        }
    };
}

reasons! {
    /// The bytes don't follow the protocol's grammar.
    Unreadable, "unreadable", Unreadable;
    /// There is no operation with that name or address.
    UnknownOperation, "unknown_operation", UnknownOperation;
    /// The request is larger than the server accepts.
    TooLarge, "too_large", TooLarge;
    /// The input doesn't match the operation's schema; every violation is listed.
    InvalidInput, "invalid_input", Invalid;
    /// The operation requires credentials, and the request has none.
    CredentialsMissing, "credentials_missing", Unauthenticated;
    /// The credentials are wrong.
    CredentialsWrong, "credentials_wrong", Unauthenticated;
    /// The token has expired.
    TokenExpired, "token_expired", Unauthenticated;
    /// The caller is not allowed to do this.
    NotAllowed, "not_allowed", Forbidden;
    /// There is no such user.
    UserNotFound, "user_not_found", NotFound;
    /// There is no such product.
    ProductNotFound, "product_not_found", NotFound;
    /// There is no such order.
    OrderNotFound, "order_not_found", NotFound;
    /// There is no such webhook.
    WebhookNotFound, "webhook_not_found", NotFound;
    /// Another user of the sandbox has this email.
    EmailTaken, "email_taken", Conflict;
    /// The resource has changed since the expected version.
    StaleVersion, "stale_version", Conflict;
    /// The idempotency key was used for another command.
    IdempotencyKeyReused, "idempotency_key_reused", Conflict;
    /// There are fewer pieces in stock than ordered.
    OutOfStock, "out_of_stock", RuleBroken;
    /// The order can't change from its status to the requested one.
    StatusNotAllowed, "status_not_allowed", RuleBroken;
    /// An empty cart can't be checked out.
    CartIsEmpty, "cart_is_empty", RuleBroken;
    /// A user with orders can't be deleted.
    UserHasOrders, "user_has_orders", RuleBroken;
    /// The events after that cursor are no longer kept.
    CursorExpired, "cursor_expired", Gone;
    /// The caller has used up the rate limit.
    RateLimited, "rate_limited", RateLimited;
    /// The server is overloaded.
    Overloaded, "overloaded", Unavailable;
    /// The server is shutting down.
    Draining, "draining", Unavailable;
    /// The server failed; its log says why.
    Internal, "internal", Internal;
}

impl Reason {
    /// The reason with that code.
    pub fn find(word: &str) -> Option<Reason> {
        Reason::ALL.iter().copied().find(|reason| reason.word() == word)
    }
}

impl Kind {
    /// The code as it stands on every wire.
    pub const fn word(self) -> &'static str {
        match self {
            Kind::Unreadable => "unreadable",
            Kind::UnknownOperation => "unknown_operation",
            Kind::TooLarge => "too_large",
            Kind::Invalid => "invalid",
            Kind::Unauthenticated => "unauthenticated",
            Kind::Forbidden => "forbidden",
            Kind::NotFound => "not_found",
            Kind::Conflict => "conflict",
            Kind::RuleBroken => "rule_broken",
            Kind::Gone => "gone",
            Kind::RateLimited => "rate_limited",
            Kind::Unavailable => "unavailable",
            Kind::Internal => "internal",
        }
    }
}

/// An error as the caller sees it.
#[derive(Clone, Debug, PartialEq)]
pub struct Error {
    /// The code; it decides the kind.
    pub reason: Reason,
    /// What went wrong, in a sentence with the value.
    pub message: String,
    /// All violations of the input's schema, for `invalid_input`.
    pub errors: Vec<Violation>,
    /// After how many milliseconds to try again, where that makes sense.
    pub retry_after_ms: Option<u32>,
}

impl Error {
    /// An error with that reason and message.
    pub fn new(reason: Reason, message: impl Into<String>) -> Self {
        Error { reason, message: message.into(), errors: Vec::new(), retry_after_ms: None }
    }

    /// The bytes don't follow the protocol's grammar.
    pub fn unreadable(message: impl Into<String>) -> Self {
        Error::new(Reason::Unreadable, message)
    }

    /// The request exceeds a named limit.
    pub fn too_large(what: &str, max: usize) -> Self {
        Error::new(Reason::TooLarge, format!("at most {max} {what} are allowed"))
    }

    /// An input with one violation.
    pub fn invalid(pointer: &str, message: impl Into<String>) -> Self {
        Error::violations(vec![Violation { pointer: pointer.to_owned(), message: message.into() }])
    }

    /// An input with these violations.
    pub fn violations(errors: Vec<Violation>) -> Self {
        let message = match errors.as_slice() {
            [one] => format!("{} {}", one.place(), one.message),
            [one, rest @ ..] => format!("{} {} (and {} more)", one.place(), one.message, rest.len()),
            [] => "the input is invalid".to_owned(),
        };
        Error { errors, ..Error::new(Reason::InvalidInput, message) }
    }

    /// A fault of the server. The cause goes to the log where it happened, never to the caller.
    pub fn internal() -> Self {
        Error::new(Reason::Internal, "the server failed; its log has the cause")
    }

    /// The server can't do this now; the caller may try again in a second.
    pub fn overloaded(message: impl fmt::Display) -> Self {
        Error::for_now(Reason::Overloaded, message, 1_000)
    }

    /// An error that is over after some time; the message says so, because not every protocol has another place for it.
    pub fn for_now(reason: Reason, message: impl fmt::Display, retry_after_ms: u32) -> Self {
        let message = format!("{message}; try again in {} s", retry_after_ms.div_ceil(1_000));
        Error { retry_after_ms: Some(retry_after_ms), ..Error::new(reason, message) }
    }

    /// The error as it leaves the shop: members are spelled as the caller does, and a hint says what to do.
    pub fn spelled(self, spelling: &Spelling) -> Self {
        if !self.errors.is_empty() {
            let spelled = |error: Violation| Violation { pointer: spelling.pointer(&error.pointer), ..error };
            return Error::violations(self.errors.into_iter().map(spelled).collect());
        }
        let listed_by = match self.reason {
            Reason::UserNotFound => "list_users",
            Reason::ProductNotFound => "search_products",
            Reason::OrderNotFound => "list_orders",
            Reason::WebhookNotFound => "list_webhooks",
            _ => return self,
        };
        self.with_hint(&format!("{} lists those that exist", (spelling.operation)(listed_by)))
    }

    /// The error of a request without valid credentials, with how to send some.
    pub fn with_credentials_hint(self, spelling: &Spelling) -> Self {
        if self.kind() == Kind::Unauthenticated { self.with_hint(spelling.credentials) } else { self }
    }

    fn with_hint(self, hint: &str) -> Self {
        if hint.is_empty() { self } else { Error { message: format!("{}; {hint}", self.message), ..self } }
    }

    /// The kind of error.
    pub fn kind(&self) -> Kind {
        self.reason.kind()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.reason.word(), self.message)
    }
}

impl std::error::Error for Error {}
