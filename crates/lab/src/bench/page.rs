//! The results as a page that needs no network: charts, tables, the method and its limits.

mod charts;

use super::Results;
use super::differences::Difference;
use super::figures::{CPU, FIGURES, P50, Summary};
use charts::{by_size, rounds};
use wire::xml::escaped;

/// The page around the content.
const TEMPLATE: &str = include_str!("page.html");

/// The page.
pub fn page(results: &Results) -> String {
    let tasks = results.cells.chunk_by(|one, other| one.cell.task() == other.cell.task());
    let tasks: String = tasks.map(|cells| task(cells, &results.differences)).collect();
    let figures = FIGURES.map(|(name, meaning)| format!("<dt>{name}</dt><dd>{}</dd>", escaped(meaning))).concat();
    let content = [
        section("Method", &list(&results.method)),
        section("What the numbers do not show", &list(&results.limits)),
        section("Noise floor", &noise(&results.noise)),
        sizes(&results.cells),
        tasks,
        section("Figures", &format!("<p>Of each, the tables show the median of the rounds.</p><dl>{figures}</dl>")),
    ];
    TEMPLATE.replace("{content}", &content.concat())
}

fn section(title: &str, content: &str) -> String {
    if content.is_empty() { String::new() } else { format!("<section><h2>{title}</h2>{content}</section>") }
}

fn list<T: AsRef<str>>(sentences: &[T]) -> String {
    let items: String = sentences.iter().map(|sentence| format!("<li>{}</li>", escaped(sentence.as_ref()))).collect();
    if items.is_empty() { items } else { format!("<ul>{items}</ul>") }
}

fn noise(noise: &[Difference]) -> String {
    let Some(first) = noise.first() else { return String::new() };
    let sentence = |one: &Difference| {
        let (low, high) = one.medians;
        let percent = one.share() * 100.0;
        format!("{}: {low:.1} and {high:.1}, {percent:.1} % apart (p = {:.3}).", one.metric, one.test.p)
    };
    let intro = format!("The same cell ({}, {}), measured twice in each round:", first.lower, first.task);
    format!("<p>{}</p>{}", escaped(&intro), list(&noise.iter().map(sentence).collect::<Vec<_>>()))
}

/// How the CPU time of the server, or else the median time, grows with the size.
fn sizes(cells: &[Summary]) -> String {
    let figure = if cells.iter().any(|one| one.medians.contains_key(CPU)) { CPU } else { P50 };
    let of_task = |one: &Summary| (one.cell.operation, one.cell.connections);
    let mut charts = String::new();
    for summary in cells.iter().filter(|one| one.cell.size.is_some()) {
        let same: Vec<&Summary> =
            cells.iter().filter(|one| of_task(one) == of_task(summary) && !one.cell.again).collect();
        let is_first = same[0].cell == summary.cell;
        if is_first && same.iter().any(|one| one.cell.size != summary.cell.size) {
            let title = format!("{}, connections: {}", summary.cell.operation, summary.cell.connections);
            charts.push_str(&format!("<figure><figcaption>{title}</figcaption>{}</figure>", by_size(&same, figure)));
        }
    }
    let title = format!("{} by size", title_of(figure));
    section(&title, &if charts.is_empty() { charts } else { format!("<div class=charts>{charts}</div>") })
}

fn title_of(figure: &str) -> &'static str {
    if figure == CPU { "CPU of the server for a call, microseconds" } else { "Median time of a call, microseconds" }
}

/// The charts, the table and the differences of the cells with one task.
fn task(cells: &[Summary], differences: &[Difference]) -> String {
    let name = cells[0].cell.task();
    let known = [CPU, P50].into_iter().filter(|figure| cells.iter().all(|one| one.medians.contains_key(figure)));
    let charts: String = known
        .map(|figure| {
            format!("<figure><figcaption>{}</figcaption>{}</figure>", title_of(figure), rounds(cells, figure))
        })
        .collect();
    let of_task = || differences.iter().filter(|one| one.task == name);
    let sentences =
        |next: bool| of_task().filter(|one| one.is_next == next).map(|one| &one.sentence).collect::<Vec<_>>();
    let others = match list(&sentences(false)) {
        none if none.is_empty() => none,
        others => format!("<details><summary>All other pairs</summary>{others}</details>"),
    };
    let content = [format!("<div class=charts>{charts}</div>"), table(cells), list(&sentences(true)), others];
    section(&name, &content.concat())
}

fn table(cells: &[Summary]) -> String {
    let heads = FIGURES.map(|(name, _)| format!("<th>{}</th>", name.replace('_', " "))).concat();
    let mut rows = String::new();
    for Summary { cell, medians, .. } in cells {
        let value = |name| medians.get(name).map_or("-".to_owned(), |value: &f64| format!("{value:.2}"));
        let values = FIGURES.map(|(name, _)| format!("<td>{}</td>", value(name))).concat();
        rows.push_str(&format!("<tr><th>{}</th>{values}</tr>", cell.name()));
    }
    format!("<div class=table><table><tr><th></th>{heads}</tr>{rows}</table></div>")
}
