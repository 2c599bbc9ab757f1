//! Has the page the types that the server tells it in? They are written from those, and what is committed must be that:
//! `UPDATE=1 cargo test -p lab types` writes it anew.

use super::*;
use crate::capture::{ExchangeLine, WholeExchange};
use crate::http::{again, follow, send, table, translate};
use crate::{Person, parts};
use std::path::Path;
use ts_rs::Config;

const FILE: &str = "../web/pages/lab/types.ts";

/// What no type of Rust says.
const BEGINNING: &str = "\
// What does the server tell the page? crates/lab/src/report/types.rs has written it from the server's own types.

export type Json = null | boolean | number | string | Json[] | JsonObject;
export interface JsonObject {
  [name: string]: Json;
}

/** As much of JSON Schema as a form needs. */
export interface Schema {
  type?: string | string[];
  enum?: Json[];
  const?: Json;
  format?: string;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  items?: Schema;
  properties?: Record<string, Schema>;
  required?: string[];
  description?: string;
}
";

#[test]
fn the_page_has_the_types_of_the_server() {
    let (path, written) = (Path::new(env!("CARGO_MANIFEST_DIR")).join(FILE), written());
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, &written).unwrap();
    }
    assert_eq!(std::fs::read_to_string(&path).unwrap(), written, "UPDATE=1 cargo test -p lab types");
}

fn written() -> String {
    let mut all = BEGINNING.to_owned();
    let mut add = |what: fn(&Config) -> (Option<String>, String)| {
        let (doc, declared) = what(&Config::new().with_large_int("number"));
        all.push('\n');
        all.extend(doc.map(|doc| in_one_line(&doc) + "\n"));
        all.push_str(&laid_out(&declared));
    };
    add(of::<table::Table<'static>>);
    add(of::<table::Style>);
    add(of::<table::Contract>);
    add(of::<table::Operation>);
    add(of::<table::Member>);
    add(of::<table::ScenarioName>);
    add(of::<Person>);
    add(of::<Comparison>);
    add(of::<Difference>);
    add(of::<Row>);
    add(of::<Seen>);
    add(of::<Exchange>);
    add(of::<Part>);
    add(of::<parts::Packed>);
    add(of::<BothWays>);
    add(of::<Bytes>);
    add(of::<RoundTrips>);
    add(of::<Times>);
    add(of::<Copy>);
    add(of::<Refusal>);
    add(of::<Violation>);
    add(of::<Said>);
    add(of::<translate::Translation>);
    add(of::<translate::Call>);
    add(of::<translate::SaidCall>);
    add(of::<Scenario>);
    add(of::<ScenarioLane>);
    add(of::<Step>);
    add(of::<Tally>);
    add(of::<Traffic>);
    add(of::<send::Sent>);
    add(of::<again::ReadAgain>);
    add(of::<follow::LaneName>);
    add(of::<follow::LaneState>);
    add(of::<follow::LaneNews>);
    add(of::<follow::LaneSpent>);
    add(of::<ExchangeLine>);
    add(of::<WholeExchange>);
    all
}

fn of<T: TS>(config: &Config) -> (Option<String>, String) {
    (T::docs(), T::decl(config))
}

/// A comment as it stands before one thing.
fn in_one_line(doc: &str) -> String {
    let words = doc.split_whitespace().filter(|word| !matches!(*word, "/**" | "*" | "*/"));
    format!("/** {} */", words.collect::<Vec<_>>().join(" "))
}

/// A declaration with a line for each member, and no member that is there without a value.
fn laid_out(declared: &str) -> String {
    let Some((head, rest)) = declared.split_once('{').filter(|_| !declared.contains("} | {")) else {
        return format!(
            "export {}\n",
            declared.replace(", }", " }").replace("} | {", "}\n  | {").replace(" | null, ", ", ")
        );
    };
    let mut out = format!("export {head}{{\n");
    let mut rest = rest.trim_end_matches([' ', ';', '}', ',']).trim_start();
    while !rest.is_empty() {
        if let Some((doc, after)) = rest.split_once("*/").filter(|_| rest.starts_with("/**")) {
            out.push_str(&format!("  {}\n", in_one_line(doc)));
            rest = after.trim_start();
        }
        let (member, after) = rest.split_once(", ").unwrap_or((rest, ""));
        let member = if member.contains("?:") { member.trim_end_matches(" | null") } else { member };
        out.push_str(&format!("  {};\n", member.trim()));
        rest = after.trim_start();
    }
    out + "};\n"
}
