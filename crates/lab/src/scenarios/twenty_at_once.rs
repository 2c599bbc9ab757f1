//! Scenario: twenty products by their ids, one of which does not exist.

use super::batches::{batch, document, multicall, pipelined};
use super::runner::{Runner, Step, Tally, Variant, variants};
use domain::Value;
use wire::connection::Failure;
use wire::{Adapter, CallRequest};

/// Products of a new shop, and one that it does not have.
const IDS: [i64; 20] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 9_999];

/// The usual variant of each style, and one more of REST.
pub fn all(styles: &[&'static Adapter]) -> Vec<Variant> {
    variants(
        styles,
        &[
            ("rest", "REST, one by one", |runner| Box::pin(one_by_one(runner))),
            ("rest", "REST, with ?ids=", |runner| Box::pin(by_ids(runner))),
            ("soap", "SOAP, by a list of ids", |runner| Box::pin(by_ids(runner))),
            ("jsonrpc", "JSON-RPC, with a batch", |runner| Box::pin(batched(runner))),
            ("xmlrpc", "XML-RPC, with system.multicall", |runner| Box::pin(in_a_multicall(runner))),
            ("websocket", "WebSocket, without waiting", |runner| Box::pin(without_waiting(runner))),
            ("graphql", "GraphQL, with aliases", |runner| Box::pin(with_aliases(runner))),
        ],
    )
}

fn requests(runner: &Runner) -> Vec<CallRequest> {
    IDS.iter().map(|id| runner.request("get_product", Value::object([("id", (*id).into())]))).collect()
}

async fn one_by_one(runner: &mut Runner) -> Result<(), Failure> {
    let mut tally = Tally::default();
    let why = "Each has a response and a status of its own: 200 nineteen times, and one 404.";
    for (id, request) in IDS.iter().zip(requests(runner)) {
        tally.count(&runner.call(Step::new(format!("Product {id}"), "get_product", why), &request).await?);
    }
    runner.tally = Some(tally.of(&IDS));
    Ok(())
}

async fn by_ids(runner: &mut Runner) -> Result<(), Failure> {
    let ids = Value::List(IDS.iter().map(|id| (*id).into()).collect());
    let request = runner.request("search_products", Value::object([("ids", ids)]));
    let why = "One list of those that exist. The missing one is left out without a word: the client has to count.";
    let page = runner.reply(Step::new("All of them by their ids", "search_products", why), &request).await?;
    let answered = page.get("items").map(Value::items).unwrap_or_default().len() as i64;
    runner.tally = Some(Tally { answered, ..Tally::default() }.of(&IDS));
    Ok(())
}

async fn batched(runner: &mut Runner) -> Result<(), Failure> {
    let why = "Twenty requests, twenty responses, one of them an error; the status of all together is 200.";
    let requests = requests(runner);
    runner.tally = Some(batch(runner, Step::new("A batch of twenty", "batch", why), &requests).await?);
    Ok(())
}

async fn in_a_multicall(runner: &mut Runner) -> Result<(), Failure> {
    let why = "Nineteen arrays of one value, and one struct of a fault where the value would be.";
    let step = Step::new("A call of twenty calls", "system.multicall", why);
    let requests = requests(runner);
    runner.tally = Some(multicall(runner, step, &requests).await?);
    Ok(())
}

async fn without_waiting(runner: &mut Runner) -> Result<(), Failure> {
    let why = "Twenty messages leave at once; each is answered under its own id, one with an error.";
    let step = Step::new("Twenty messages, sent at once", "get_product", why);
    let requests = requests(runner);
    runner.tally = Some(pipelined(runner, step, &requests).await?);
    Ok(())
}

async fn with_aliases(runner: &mut Runner) -> Result<(), Failure> {
    let fields: String = IDS.iter().map(|id| format!(" p{id}: product(id: {id}) {{ id name stock }}")).collect();
    let why = "Nineteen objects and one null, which an entry in `errors` explains by its path; the status is 200.";
    let step = Step::new("One document with twenty aliases", "product", why);
    let document = document(runner, step, &format!("{{{fields} }}"), None).await?;
    let Some(Value::Object(fields)) = document.get("data") else { return Ok(()) };
    let answered = fields.iter().filter(|(_, value)| *value != Value::Null).count() as i64;
    let refused = document.get("errors").map(Value::items).unwrap_or_default().len() as i64;
    runner.tally = Some(Tally { answered, refused, ..Tally::default() }.of(&IDS));
    Ok(())
}
