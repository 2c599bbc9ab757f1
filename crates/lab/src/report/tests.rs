//! Writes the types of the page from those of the server, and compares them with the committed file:
//! `UPDATE=1 cargo test -p lab types` renews it.

use super::*;
use crate::exchange::Part;
use crate::http::{Person, again, class, follow, old_clients, progress, send, table, translate};
use crate::{capture, exchange, exercises, scenarios};
use std::path::Path;
use ts_rs::{Config, TS};

const FILE: &str = "../web/pages/lab/types.ts";

/// Types that are not in Rust.
const BEGINNING: &str = "\
// The server's types. crates/lab/src/report/tests.rs writes this file.

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
    add(of::<scenarios::Scenario>);
    add(of::<Person>);
    add(of::<Comparison>);
    add(of::<Difference>);
    add(of::<Row>);
    add(of::<RecordedCall>);
    add(of::<Exchange>);
    add(of::<Part>);
    add(of::<exchange::Compressed>);
    add(of::<BothWays>);
    add(of::<Bytes>);
    add(of::<RoundTrips>);
    add(of::<Times>);
    add(of::<Snippet>);
    add(of::<Refusal>);
    add(of::<Violation>);
    add(of::<NativeError>);
    add(of::<translate::Translation>);
    add(of::<translate::Call>);
    add(of::<translate::CallInStyle>);
    add(of::<scenarios::ScenarioRun>);
    add(of::<scenarios::VariantRun>);
    add(of::<scenarios::Step>);
    add(of::<scenarios::Tally>);
    add(of::<ByteCount>);
    add(of::<send::Sent>);
    add(of::<again::ReadAgain>);
    add(of::<old_clients::OldClients>);
    add(of::<old_clients::ClientOutcome>);
    add(of::<follow::ChannelName>);
    add(of::<follow::ChannelState>);
    add(of::<follow::ChannelNews>);
    add(of::<follow::ChannelUsage>);
    add(of::<capture::ExchangeLine<'static>>);
    add(of::<capture::Exchange>);
    add(of::<progress::Progress>);
    add(of::<progress::PathProgress>);
    add(of::<progress::ExerciseState>);
    add(of::<progress::ExerciseOutcome>);
    add(of::<class::Class>);
    add(of::<class::ClassExercise>);
    add(of::<class::LearnerState>);
    add(of::<class::DoneExercise>);
    add(of::<class::Place>);
    add(of::<exercises::LastCall>);
    all
}

fn of<T: TS>(config: &Config) -> (Option<String>, String) {
    (T::docs(), T::decl(config))
}

/// A comment on one line.
fn in_one_line(doc: &str) -> String {
    let words = doc.split_whitespace().filter(|word| !matches!(*word, "/**" | "*" | "*/"));
    format!("/** {} */", words.collect::<Vec<_>>().join(" "))
}

/// A declaration with a line for each field; an optional field is never null.
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
