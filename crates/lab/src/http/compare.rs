//! `POST /lab/compare`: one call in every style.

use super::body::Body;
use super::lab::{Lab, call_request, respond};
use crate::compare::Effort;
use crate::report::Comparison;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use domain::operations::OperationKind;
use domain::{Error, Operation};
use std::time::Duration;
use wire::{Adapter, CallRequest};

/// Calls that the page may have measured.
const CALLS_MAX: i64 = 100;
/// Calls that are measured when the page does not say: enough for a median.
const CALLS_DEFAULT: i64 = 20;
/// How long a comparison may measure: no client waits longer.
const MEASURING_MS: u64 = 10_000;

pub async fn compare(request: HttpRequest, lab: Data<Lab>) -> HttpResponse {
    respond(&request, compare_styles(&request, &lab).await)
}

async fn compare_styles(request: &HttpRequest, lab: &Lab) -> Result<Comparison, Error> {
    let Question { call, styles, n, http2 } = read(request, lab.config.styles)?;
    let (own, here) = (lab.address_for(request), wire::base(request));
    let (within, admin) = (Duration::from_millis(MEASURING_MS), lab.config.admin.clone());
    let effort = Effort { n, within, admin, http2 };
    let of_lab = lab.call_of_lab(request);
    let compared = async move {
        let _of_lab = of_lab;
        crate::compare(&own, &styles, call, &effort).await
    };
    lab.measure(compared).await.map(|comparison| Comparison::of(&comparison, &here))
}

/// What is to be compared.
struct Question {
    call: CallRequest,
    styles: Vec<&'static Adapter>,
    /// Measured calls.
    n: usize,
    /// Whether they go over HTTP/2, in the styles that HTTP requests carry.
    http2: bool,
}

fn read(request: &HttpRequest, all: &'static [Adapter]) -> Result<Question, Error> {
    let mut body = Body::of(request)?;
    let call = body.call();
    if Operation::find(&call.operation).is_some_and(|row| row.kind == OperationKind::Stream) {
        body.refuse("/operation", format!("must have one reply to compare; {} streams", call.operation));
    }
    let styles = styles(&mut body, all);
    let n = body.number("n", 1..=CALLS_MAX).unwrap_or(CALLS_DEFAULT);
    let (gzip, http2) = (body.flag("gzip"), body.flag("http2"));
    body.close()?;
    let mut call = call_request(request, call)?;
    call.options.gzip = gzip;
    Ok(Question { call, styles, n: n.unsigned_abs() as usize, http2 })
}

/// The styles that the body names, in their usual order; all of them, if it names none.
fn styles(body: &mut Body, all: &'static [Adapter]) -> Vec<&'static Adapter> {
    let Some(over) = body.take("over") else { return all.iter().collect() };
    if over.items().is_empty() {
        body.refuse("/over", "must be a list of at least one style");
    }
    for (position, name) in over.items().iter().enumerate() {
        if !all.iter().any(|style| name.as_text() == Some(style.name)) {
            body.refuse(format!("/over/{position}"), format!("must be the name of a style, got {name}"));
        }
    }
    all.iter().filter(|style| over.items().iter().any(|name| name.as_text() == Some(style.name))).collect()
}
