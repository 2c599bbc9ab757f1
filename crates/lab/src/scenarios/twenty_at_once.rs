//! What becomes of the other 19, when one of twenty things that are asked for is not there?

use super::played::{Stop, Tally};
use super::several::{batch, document, multicall, pipelined};
use super::stage::{Lane, Stage, Way, lanes_of, words};
use domain::Value;
use std::fmt::Write;
use wire::{Adapter, CallRequest};

/// Products of a new shop, and one that it does not have.
const IDS: [i64; 20] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 9_999];

/// Each style's own way.
pub(super) fn lanes(styles: &[&'static Adapter]) -> Vec<Lane> {
    let ways: &[Way] = &[
        ("rest", "REST, one by one", |stage| Box::pin(one_by_one(stage))),
        ("rest", "REST, with ?ids=", |stage| Box::pin(by_ids(stage))),
        ("soap", "SOAP, by a list of ids", |stage| Box::pin(by_ids(stage))),
        ("jsonrpc", "JSON-RPC, with a batch", |stage| Box::pin(with_a_batch(stage))),
        ("xmlrpc", "XML-RPC, with system.multicall", |stage| Box::pin(with_a_multicall(stage))),
        ("websocket", "WebSocket, without waiting", |stage| Box::pin(without_waiting(stage))),
        ("graphql", "GraphQL, with aliases", |stage| Box::pin(with_aliases(stage))),
    ];
    lanes_of(styles, ways)
}

fn asks(stage: &Stage) -> Vec<CallRequest> {
    IDS.iter().map(|id| stage.question("get_product", Value::object([("id", (*id).into())]))).collect()
}

async fn one_by_one(stage: &mut Stage) -> Result<(), Stop> {
    let mut tally = Tally::default();
    let why = "Each has an answer and a status of its own: 200 nineteen times, and one 404.";
    for ask in asks(stage) {
        let title = format!("Product {}", ask.input.get("id").and_then(Value::int).unwrap_or_default());
        tally.count(&stage.ask(words(title, "get_product", why), &ask).await?);
    }
    stage.tally = Some(tally.of(&IDS));
    Ok(())
}

async fn by_ids(stage: &mut Stage) -> Result<(), Stop> {
    let ids = Value::List(IDS.iter().map(|id| (*id).into()).collect());
    let ask = stage.question("search_products", Value::object([("ids", ids)]));
    let why =
        "One list of those that there are. The missing one is left out, and nobody says so: the client has to count.";
    let page = stage.answer(words("All of them by their ids", "search_products", why), &ask).await?;
    let answered = page.get("items").map(Value::items).unwrap_or_default().len() as i64;
    stage.tally = Some(Tally { answered, ..Tally::default() }.of(&IDS));
    Ok(())
}

async fn with_a_batch(stage: &mut Stage) -> Result<(), Stop> {
    let (asks, why) =
        (asks(stage), "Twenty requests, twenty responses, one of them an error; the status of all together is 200.");
    stage.tally = Some(batch(stage, words("A batch of twenty", "batch", why), &asks).await?);
    Ok(())
}

async fn with_a_multicall(stage: &mut Stage) -> Result<(), Stop> {
    let (asks, why) =
        (asks(stage), "Nineteen arrays of one value, and one struct of a fault where the value would be.");
    let words = words("A call of twenty calls", "system.multicall", why);
    stage.tally = Some(multicall(stage, words, &asks).await?);
    Ok(())
}

async fn without_waiting(stage: &mut Stage) -> Result<(), Stop> {
    let (asks, why) =
        (asks(stage), "Twenty messages leave at once; each is answered under its own id, one with an error.");
    let words = words("Twenty messages, sent at once", "get_product", why);
    stage.tally = Some(pipelined(stage, words, &asks).await?);
    Ok(())
}

async fn with_aliases(stage: &mut Stage) -> Result<(), Stop> {
    let mut fields = String::new();
    for id in IDS {
        // Writing to a String does not fail.
        let _ = write!(fields, " p{id}: product(id: {id}) {{ id name stock }}");
    }
    let why = "Nineteen objects and one null, which an error beside the data explains by its path; the status is 200.";
    let words = words("One document with twenty aliases", "product", why);
    let answer = document(stage, words, &format!("{{{fields} }}"), &[]).await?;
    let Some(Value::Object(fields)) = answer.get("data") else { return Ok(()) };
    let answered = fields.iter().filter(|(_, value)| *value != Value::Null).count() as i64;
    let refused = answer.get("errors").map(Value::items).unwrap_or_default().len() as i64;
    stage.tally = Some(Tally { answered, refused, ..Tally::default() }.of(&IDS));
    Ok(())
}
