//! Checks that `docs/lab.md` has every view and address of the lab. `tests/clients/browser/lab-claims.js` checks the lessons.

use tests::committed;

const ROUTER: &str = "crates/web/pages/lab/router.ts";

/// Every text between two marks.
fn between<'a>(text: &'a str, before: &str, after: &str) -> Vec<&'a str> {
    text.split(before).skip(1).filter_map(|rest| Some(rest.split_once(after)?.0)).collect()
}

/// The rows that the document must have: one for each view and address.
fn rows() -> Vec<String> {
    let router = committed::read(ROUTER).unwrap();
    let views = between(&router, "VIEWS = [", "]").into_iter().flat_map(|list| list.split('"').skip(1).step_by(2));
    let mut rows: Vec<String> = views
        .enumerate()
        .map(|(at, view)| format!("| {} | {}{} |", at + 1, view[..1].to_uppercase(), &view[1..]))
        .collect();
    let routes = committed::read("crates/lab/src/http.rs").unwrap();
    rows.extend(between(&routes, "(\"/lab/", "\"").into_iter().map(|path| format!(" /lab/{path}` |")));
    rows
}

#[test]
fn the_lab_document_is_complete() {
    let (document, rows) = (committed::read("docs/lab.md").unwrap(), rows());
    assert!(rows.len() > 7 + 5, "the sources are read: {rows:?}");
    for row in rows {
        assert!(document.contains(&row), "docs/lab.md lacks\n{row}");
    }
}

#[test]
fn every_scenario_is_documented() {
    let document = committed::read("docs/comparing.md").unwrap();
    for scenario in lab::scenarios::SCENARIOS {
        assert!(document.contains(&format!("| `{}` |", scenario.name)), "docs/comparing.md lacks {}", scenario.name);
    }
}
