//! Scenario: twenty products by their ids, one of which does not exist.

use super::batches::{at_once, document};
use super::runner::{Entry, Runner, Step, Tally};
use domain::Value;
use wire::CallRequest;
use wire::connection::Failure;

/// Products of a new shop, and one that it does not have.
const IDS: [i64; 20] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 9_999];

/// All members of a product, as the other variants get.
const FIELDS: &str = "id name description price { amount currency } stock version";

/// The usual variant of each style, and one more of REST.
pub const VARIANTS: &[Entry] = &[
    ("rest", "REST, one by one", |runner| Box::pin(one_by_one(runner))),
    ("rest", "REST, with ?ids=", |runner| Box::pin(by_ids(runner))),
    ("soap", "SOAP, by a list of ids", |runner| Box::pin(by_ids(runner))),
    ("jsonrpc", "JSON-RPC, with a batch", |runner| {
        let why = "Twenty requests, twenty responses, one of them an error; the status of all together is 200.";
        Box::pin(together(runner, Step::new("A batch of twenty", "batch", why)))
    }),
    ("xmlrpc", "XML-RPC, with system.multicall", |runner| {
        let why = "Nineteen arrays of one value, and one struct of a fault where the value would be.";
        Box::pin(together(runner, Step::new("A call of twenty calls", "system.multicall", why)))
    }),
    ("websocket", "WebSocket, without waiting", |runner| {
        let why = "Twenty messages leave at once; each is answered under its own id, one with an error.";
        Box::pin(together(runner, Step::new("Twenty messages, sent at once", "get_product", why)))
    }),
    ("graphql", "GraphQL, with aliases", |runner| Box::pin(with_aliases(runner))),
    ("grpc", "gRPC, by a list of ids", |runner| Box::pin(by_ids(runner))),
];

fn requests(runner: &Runner) -> Vec<CallRequest> {
    IDS.iter().map(|id| runner.request_by_id("get_product", *id)).collect()
}

async fn one_by_one(runner: &mut Runner) -> Result<(), Failure> {
    let mut tally = Tally::default();
    let why = "Each has a response and a status of its own: 200 nineteen times, and one 404.";
    for (id, request) in IDS.iter().zip(requests(runner)) {
        tally.count(&runner.call(Step::new(format!("Product {id}"), "get_product", why), &request).await?);
    }
    runner.run.tally = Some(tally.of(&IDS));
    Ok(())
}

async fn by_ids(runner: &mut Runner) -> Result<(), Failure> {
    let ids = Value::List(IDS.iter().map(|id| (*id).into()).collect());
    let request = runner.request("search_products", Value::object([("ids", ids)]));
    let why = "One list of those that exist. The missing one is left out without a word: the client has to count.";
    let page = runner.reply(Step::new("All of them by their ids", "search_products", why), &request).await?;
    let answered = page.get("items").map(Value::items).unwrap_or_default().len() as i64;
    runner.run.tally = Some(Tally { answered, ..Tally::default() }.of(&IDS));
    Ok(())
}

async fn together(runner: &mut Runner, step: Step) -> Result<(), Failure> {
    let requests = requests(runner);
    runner.run.tally = Some(at_once(runner, step, &requests).await?);
    Ok(())
}

async fn with_aliases(runner: &mut Runner) -> Result<(), Failure> {
    let fields: String = IDS.iter().map(|id| format!(" p{id}: product(id: {id}) {{ {FIELDS} }}")).collect();
    let why = "Nineteen objects and one null, which an entry in `errors` explains by its path; the status is 200.";
    let step = Step::new("One document with twenty aliases", "product", why);
    let document = document(runner, step, &format!("{{{fields} }}"), None).await?;
    let Some(Value::Object(fields)) = document.get("data") else { return Ok(()) };
    let answered = fields.iter().filter(|(_, value)| *value != Value::Null).count() as i64;
    let refused = document.get("errors").map(Value::items).unwrap_or_default().len() as i64;
    runner.run.tally = Some(Tally { answered, refused, ..Tally::default() }.of(&IDS));
    Ok(())
}
