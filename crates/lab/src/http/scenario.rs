//! What does a whole task cost, where each style does it in its own way?

use super::body::Body;
use super::{Lab, PLAYING_MS, answer, broken_off, error_of, options};
use crate::report;
use crate::scenarios::{self, SCENARIO_RTT_MS_MAX, SCENARIOS, Scenario, Stop};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use domain::{Error, Shop};
use std::time::Duration;

/// `POST /lab/scenario`
pub async fn play(request: HttpRequest, lab: Data<Lab>, shop: Data<Shop>) -> HttpResponse {
    answer(&request, played(&request, &lab, &shop).await)
}

async fn played(request: &HttpRequest, lab: &Lab, shop: &Shop) -> Result<report::Scenario, Error> {
    let mut body = Body::read(&wire::body(request)?)?;
    let scenario = named(&mut body, shop);
    let rtt_ms = body.number("rtt_ms", 0..=SCENARIO_RTT_MS_MAX.into()).unwrap_or(0);
    let api_key = body.text("api_key");
    body.close()?;
    // What is none was refused just now.
    let scenario = scenario.ok_or_else(Error::internal)?;
    let (options, own) = (options(request, api_key)?, lab.address_for(request));
    let (room, styles) = (lab.take_room()?, lab.setting.styles);
    // On its own, so that it throws its sandboxes away also when the page has gone.
    let playing = actix_web::rt::spawn(async move {
        let styles: Vec<_> = styles.iter().collect();
        let rtt_ms = u32::try_from(rtt_ms).unwrap_or(SCENARIO_RTT_MS_MAX);
        let within = Duration::from_millis(PLAYING_MS);
        let played = scenarios::play(&own, &styles, scenario, rtt_ms, within, &options).await;
        drop(room);
        played.map(|play| report::Scenario::of(scenario, &play))
    });
    playing.await.map_err(|_| Error::internal())?.map_err(|stop| match stop {
        Stop::Broken(failure) => broken_off(failure),
        Stop::Refused(refused) => error_of(*refused),
    })
}

/// The scenario that is asked for; or nothing, and what is wrong is noted.
fn named(body: &mut Body, shop: &Shop) -> Option<&'static Scenario> {
    let name = body.needed_text("name");
    let Some(scenario) = scenarios::find(&name) else {
        let names: Vec<&str> = SCENARIOS.iter().map(|scenario| scenario.name).collect();
        if !name.is_empty() {
            let shown = domain::value::shown(&name);
            body.refuse("/name", format!("must be one of {}, was \"{shown}\"", names.join(", ")));
        }
        return None;
    };
    if scenario.takes_faults && !shop.config().allows_faults {
        body.refuse("/name", format!("must be another: {name} takes a server that was started with --faults"));
    }
    Some(scenario)
}
