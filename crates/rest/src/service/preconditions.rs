//! Preconditions: If-Match, If-None-Match and `expected_version` (RFC 9110 section 13).
//!
//! A precondition of a change is not checked here and then trusted: it becomes the `expected_version` of the one operation that
//! makes the change, which compares it in the same transaction. Only where that is not enough, the resource is read first: for
//! several tags, for a resource that must not exist, and for a JSON Patch, which starts from the current state.

use crate::errors::Refusal;
use crate::messages::{EXPECTED_VERSION, ParsedRequest, apply, difference, expected_version};
use crate::routes::{Route, Verb};
use actix_web::HttpRequest;
use actix_web::http::StatusCode;
use domain::sandbox::Access;
use domain::{Error, Operation, Reason, Reply, RequestContext, Shop, Value};
use wire::conditional::{ETag, ETagCondition};

/// The preconditions in the headers of a request.
#[derive(Default)]
pub struct Conditions {
    if_match: Option<ETagCondition>,
    if_none_match: Option<ETagCondition>,
}

impl Conditions {
    /// RFC 9110 section 13.2.1: POST selects no representation of its target, so it has no conditions.
    pub fn read(request: &HttpRequest, route: &Route) -> Result<Conditions, Refusal> {
        if route.method == Verb::Post {
            return Ok(Conditions::default());
        }
        let malformed = |error: Error| match error.reason {
            // RFC 6585 section 5: too large header fields have a status of their own.
            Reason::TooLarge => Refusal::new(error, StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE),
            _ => error.into(),
        };
        let if_match = ETagCondition::if_match(request.headers()).map_err(malformed)?;
        let if_none_match = ETagCondition::if_none_match(request.headers()).map_err(malformed)?;
        Ok(Conditions { if_match, if_none_match })
    }

    /// Whether the client already has what it reads, for 304. Refuses an `If-Match` with neither its version nor its tag.
    pub fn is_known(&self, version: Option<i32>, tag: &ETag) -> Result<bool, Refusal> {
        let matches =
            |tags: &ETagCondition| version.is_some_and(|version| tags.matches_version(version)) || tags.name(tag);
        if !self.if_match.as_ref().is_none_or(matches) {
            return Err(stale("the resource has none of the tags in If-Match"));
        }
        Ok(self.if_none_match.as_ref().is_some_and(|known| known.matches_weakly(tag)))
    }

    /// The expected version, if `If-Match` has a single one.
    fn only_version(&self) -> Option<i32> {
        self.if_match.as_ref().and_then(ETagCondition::only_version)
    }

    /// Whether `If-Match` has tags rather than `*`.
    fn has_tags(&self) -> bool {
        matches!(self.if_match, Some(ETagCondition::These(_)))
    }

    /// Refuses a change of that version.
    fn ensure(&self, version: i32) -> Result<(), Refusal> {
        if self.if_match.as_ref().is_some_and(|tags| !tags.matches_version(version)) {
            return Err(stale(format!("the resource has version {version}, and If-Match has none of its tags")));
        }
        if self.if_none_match.as_ref().is_some_and(|tags| tags.matches_version_weakly(version)) {
            return Err(stale(format!("the resource has version {version}, which If-None-Match has")));
        }
        Ok(())
    }
}

/// A change and its preconditions.
pub struct Change<'c> {
    pub shop: &'c Shop,
    pub context: &'c RequestContext,
    pub parsed: &'c ParsedRequest,
    pub conditions: &'c Conditions,
}

impl Change<'_> {
    /// Makes the change if the preconditions hold.
    pub async fn make(&self) -> Result<Reply, Refusal> {
        let Change { shop, context, parsed, conditions } = self;
        let mut input = parsed.input.clone();
        match parsed.route.changes {
            // A resource without a version has no tag, so none matches.
            None if conditions.has_tags() => {
                return Err(stale("this resource has no version for If-Match").for_authorized());
            }
            None => {}
            Some(read_by) if self.must_read_first() => input.extend(self.read_first(read_by).await?),
            Some(_) => {
                self.ensure_version()?;
                input.extend(conditions.only_version().map(expected_version));
            }
        }
        let by_header = conditions.if_match.is_some() && !parsed.has_expected_version();
        let done = shop.execute(context, parsed.route.operation, Value::Object(input)).await;
        done.map_err(|error| match error.reason {
            Reason::StaleVersion if by_header => failed(error),
            _ => error.into(),
        })
    }

    /// Whether more is needed than an expected version.
    fn must_read_first(&self) -> bool {
        let Conditions { if_none_match, .. } = self.conditions;
        let is_one_version = self.conditions.only_version().is_some() && !self.parsed.has_expected_version();
        self.conditions.has_tags() && !is_one_version || if_none_match.is_some() || self.parsed.patch.is_some()
    }

    /// Reads the resource, in the order of RFC 9110 section 13.2.2, and returns the input to add:
    /// the version that was read, and the differences of a JSON Patch.
    async fn read_first(&self, read_by: &'static Operation) -> Result<Vec<(String, Value)>, Refusal> {
        let refuse = |error: Error| Refusal::from(error).for_authorized();
        let id = self.parsed.input.iter().filter(|(name, _)| name == "id").cloned().collect();
        // It is a part of the change, and counted with it.
        let resource = self.shop.execute(&self.context.within(), read_by, Value::Object(id)).await.map_err(refuse)?;
        let version = version_of(&resource).unwrap_or_default();
        self.conditions.ensure(version).map_err(Refusal::for_authorized)?;
        self.ensure_version()?;
        let mut input = changes(&resource, self.parsed).map_err(refuse)?;
        if !self.parsed.has_expected_version() {
            input.push(expected_version(version));
        }
        Ok(input)
    }

    /// In a locked sandbox several clients change the same resources, so a change must have an expected version (RFC 6585 section 3).
    /// The missing input member is reported; `If-Match: *` is possible too.
    fn ensure_version(&self) -> Result<(), Refusal> {
        let is_given = self.conditions.if_match.is_some() || self.parsed.has_expected_version();
        if is_given || self.shop.settings(self.context).access == Access::Open {
            return Ok(());
        }
        let message = "is required in a locked sandbox, here or as If-Match";
        let error = Error::invalid(&format!("/{EXPECTED_VERSION}"), message);
        Err(Refusal::new(error, StatusCode::PRECONDITION_REQUIRED).for_authorized())
    }
}

/// What a JSON Patch changes.
fn changes(resource: &Reply, parsed: &ParsedRequest) -> Result<Vec<(String, Value)>, Error> {
    let Some(patch) = &parsed.patch else { return Ok(Vec::new()) };
    let before = serde_json::from_str(&wire::json::reply(resource)).map_err(|_| Error::internal())?;
    difference(&before, &apply(patch, &before)?, parsed.route)
}

/// The version of the reply, if it is a resource with one.
pub fn version_of(reply: &Reply) -> Option<i32> {
    match reply {
        Reply::User(user) => Some(user.version),
        Reply::Product(product) => Some(product.version),
        Reply::Order(order) => Some(order.version),
        _ => None,
    }
}

/// RFC 9110 section 15.5.13: the failed condition was a header.
fn failed(error: Error) -> Refusal {
    Refusal::new(error, StatusCode::PRECONDITION_FAILED)
}

fn stale(message: impl Into<String>) -> Refusal {
    failed(Error::new(Reason::StaleVersion, message))
}
