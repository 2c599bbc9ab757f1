//! `POST /lab/scenario`: a scenario in every style.

use super::body::Body;
use super::lab::{Lab, options, respond};
use crate::scenarios::{self, SCENARIO_RTT_MS_MAX, SCENARIOS, Scenario, ScenarioRun};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use domain::{Error, Shop};
use std::time::Duration;

/// How long further variants may begin. With the greatest delay the longest variant takes 21 s, and all those of `retry` nearly
/// three minutes: no client waits that long.
const RUNNING_MS: u64 = 30_000;

pub async fn run(request: HttpRequest, lab: Data<Lab>, shop: Data<Shop>) -> HttpResponse {
    respond(&request, run_in_all_styles(&request, &lab, &shop).await)
}

async fn run_in_all_styles(request: &HttpRequest, lab: &Lab, shop: &Shop) -> Result<ScenarioRun, Error> {
    let mut body = Body::of(request)?;
    let scenario = named(&mut body, shop);
    let rtt_ms = body.number("rtt_ms", 0..=SCENARIO_RTT_MS_MAX.into()).unwrap_or(0);
    let api_key = body.text("api_key");
    body.close()?;
    // An unknown one was refused just now.
    let scenario = scenario.ok_or_else(Error::internal)?;
    let (options, own) = (options(request, api_key)?, lab.address_for(request));
    let styles: Vec<_> = lab.config.styles.iter().collect();
    let rtt_ms = u32::try_from(rtt_ms).unwrap_or(SCENARIO_RTT_MS_MAX);
    let running = async move { scenario.run(&own, &styles, rtt_ms, Duration::from_millis(RUNNING_MS), &options).await };
    lab.measure(running).await
}

/// The scenario that the body names; or `None`, and the violation is noted.
fn named(body: &mut Body, shop: &Shop) -> Option<&'static Scenario> {
    let name = body.required_text("name");
    let Some(scenario) = scenarios::find(&name) else {
        let names: Vec<&str> = SCENARIOS.iter().map(|scenario| scenario.name).collect();
        if !name.is_empty() {
            let shown = domain::value::shown(&name);
            body.refuse("/name", format!("must be one of {}, got \"{shown}\"", names.join(", ")));
        }
        return None;
    };
    if scenario.takes_faults && !shop.config().allows_faults {
        body.refuse("/name", format!("must be another scenario: {name} needs a server that was started with --faults"));
    }
    Some(scenario)
}
