//! What can go wrong, in one vocabulary that every protocol translates?

use crate::schema::Violation;
use std::fmt;

/// The closed set of kinds. Each adapter has one exhaustive match from kind to its own grammar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// The bytes are not of the protocol's grammar.
    Unreadable,
    /// No operation has that name (or address).
    UnknownOperation,
    /// More bytes than the named limit.
    TooLarge,
    /// Readable, but the input breaks the operation's shape.
    Invalid,
    /// It is not known who calls.
    Unauthenticated,
    /// It is known who calls, and that one may not.
    Forbidden,
    /// The thing that the input names is not there.
    NotFound,
    /// Somebody else was first.
    Conflict,
    /// The shop's rules do not allow it now.
    RuleBroken,
    /// It was there once.
    Gone,
    /// Too many calls.
    RateLimited,
    /// Not now; try again.
    Unavailable,
    /// Our own mistake.
    Internal,
}

macro_rules! reasons {
    ($($(#[doc = $doc:literal])+ $variant:ident, $word:literal, $kind:ident;)*) => {
        /// The code word of a mistake: the same on every wire.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Reason { $($(#[doc = $doc])+ $variant),* }

        impl Reason {
            /// Every reason, in the table's order.
            pub const ALL: &'static [Reason] = &[$(Reason::$variant),*];

            /// The word as it stands on every wire.
            pub const fn word(self) -> &'static str {
                match self { $(Reason::$variant => $word),* }
            }

            /// The kind of mistake that it is.
            pub const fn kind(self) -> Kind {
                match self { $(Reason::$variant => Kind::$kind),* }
            }

            /// What it means, in a sentence.
            pub const fn meaning(self) -> &'static str {
                match self { $(Reason::$variant => concat!($($doc),+).trim_ascii()),* }
            }
        }
    };
}

reasons! {
    /// The bytes are not of the protocol's grammar.
    Unreadable, "unreadable", Unreadable;
    /// No operation has that name or address.
    UnknownOperation, "unknown_operation", UnknownOperation;
    /// The request is larger than the server reads.
    TooLarge, "too_large", TooLarge;
    /// The input breaks the operation's shape; every violation is listed.
    InvalidInput, "invalid_input", Invalid;
    /// The operation needs a caller, and nobody was named.
    CredentialsMissing, "credentials_missing", Unauthenticated;
    /// The credentials are not right.
    CredentialsWrong, "credentials_wrong", Unauthenticated;
    /// The token was right once.
    TokenExpired, "token_expired", Unauthenticated;
    /// The caller is known and may not do this.
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
    /// The thing has changed since the expected version.
    StaleVersion, "stale_version", Conflict;
    /// The idempotency key was used for another command.
    IdempotencyKeyReused, "idempotency_key_reused", Conflict;
    /// Fewer pieces are in stock than asked for.
    OutOfStock, "out_of_stock", RuleBroken;
    /// The order can't change from its status to that one.
    StatusNotAllowed, "status_not_allowed", RuleBroken;
    /// An empty cart can't be checked out.
    CartIsEmpty, "cart_is_empty", RuleBroken;
    /// A user with orders can't be deleted.
    UserHasOrders, "user_has_orders", RuleBroken;
    /// The events after that cursor are no longer kept.
    CursorExpired, "cursor_expired", Gone;
    /// The caller's quota is used up for now.
    RateLimited, "rate_limited", RateLimited;
    /// The server has more to do than it can hold.
    Overloaded, "overloaded", Unavailable;
    /// The server is shutting down.
    Draining, "draining", Unavailable;
    /// The server made a mistake; what it was stands in its log only.
    Internal, "internal", Internal;
}

impl Reason {
    /// The reason of that word.
    pub fn find(word: &str) -> Option<Reason> {
        Reason::ALL.iter().copied().find(|reason| reason.word() == word)
    }
}

impl Kind {
    /// The word as it stands on every wire.
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

/// A mistake, as the caller is told of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Error {
    /// The code word; it decides the kind.
    pub reason: Reason,
    /// What went wrong, in a sentence that says the value.
    pub message: String,
    /// Every violation of the input, where the input is what is wrong.
    pub errors: Vec<Violation>,
    /// After how many milliseconds another try makes sense, where one does.
    pub retry_after_ms: Option<u32>,
}

impl Error {
    /// A mistake of that reason.
    pub fn new(reason: Reason, message: impl Into<String>) -> Self {
        Error { reason, message: message.into(), errors: Vec::new(), retry_after_ms: None }
    }

    /// The bytes are not of the grammar.
    pub fn unreadable(message: impl Into<String>) -> Self {
        Error::new(Reason::Unreadable, message)
    }

    /// No operation has that name. The message says what was asked for.
    pub fn unknown_operation(name: &str) -> Self {
        let shown = crate::value::shown(name);
        let hint = if name == "watch_events" { ": it can't stream here, use list_events" } else { "" };
        Error::new(Reason::UnknownOperation, format!("no operation is called \"{shown}\"{hint}"))
    }

    /// More bytes, or more of something, than a named limit.
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

    /// Our own mistake. The cause goes to the log where it happened, never to the caller.
    pub fn internal() -> Self {
        Error::new(Reason::Internal, "the server made a mistake")
    }

    /// Not now.
    pub fn overloaded(message: impl Into<String>) -> Self {
        Error { retry_after_ms: Some(1_000), ..Error::new(Reason::Overloaded, message) }
    }

    /// The kind of mistake that it is.
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
