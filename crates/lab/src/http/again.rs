//! What does it cost to read the same again, in each style that is asked over HTTP?

use super::body::Body;
use super::{Lab, answer, broken_off, options};
use crate::again::{self, Again};
use crate::report::Bytes;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use domain::{Error, Value};
use serde::Serialize;
#[cfg(test)]
use ts_rs::TS;
use wire::CallRequest;

/// What it cost in one way.
#[derive(Serialize)]
#[cfg_attr(test, derive(TS))]
pub struct ReadAgain {
    title: String,
    /// Bytes of the first answer.
    first: Bytes,
    /// Bytes of the second.
    again: Bytes,
    /// The status of the second.
    status: u16,
    /// Whether the second was asked for by the tag of the first.
    tagged: bool,
}

/// `POST /lab/again`
pub async fn read(request: HttpRequest, lab: Data<Lab>) -> HttpResponse {
    answer(&request, told(&request, &lab).await)
}

async fn told(request: &HttpRequest, lab: &Lab) -> Result<Vec<ReadAgain>, Error> {
    let mut body = Body::read(&wire::body(request)?)?;
    let operation = body.needed_text("operation");
    let input = body.take("input").unwrap_or_else(|| Value::object([]));
    let api_key = body.text("api_key");
    body.close()?;
    let ask = CallRequest { options: options(request, api_key)?, ..CallRequest::new(&operation, input) };
    let all = again::again(&lab.address_for(request), lab.setting.styles, &ask).await.map_err(broken_off)?;
    let told = |Again { title, first, second, status, is_tagged }: Again| ReadAgain {
        title,
        first: Bytes::of(&first),
        again: Bytes::of(&second),
        status,
        tagged: is_tagged,
    };
    Ok(all.into_iter().map(told).collect())
}
