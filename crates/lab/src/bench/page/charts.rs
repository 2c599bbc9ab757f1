//! Charts as SVG. Every axis begins at zero.

use super::super::figures::Summary;
use std::fmt::Write;

const WIDTH: f64 = 640.0;
/// Left of the chart: the names.
const LEFT: f64 = 130.0;
/// Right of the chart: the medians, or the names of lines.
const RIGHT: f64 = 120.0;
const ROW: f64 = 26.0;
/// The height of a chart of lines.
const HEIGHT: f64 = 300.0;
/// Below the chart: the numbers of the axis.
const BOTTOM: f64 = 24.0;
const STEPS: u32 = 4;

/// A row for each cell, with a dot for each round and a bar at the median.
pub fn rounds(cells: &[Summary], figure: &str) -> String {
    let values: Vec<Vec<f64>> = cells.iter().map(|summary| summary.values(figure)).collect();
    let (step, height) = (step(values.iter().flatten().copied().fold(0.0, f64::max)), ROW * cells.len() as f64);
    let x = |value: f64| LEFT + (WIDTH - LEFT - RIGHT) * value / (step * f64::from(STEPS));
    let mut svg = String::new();
    for number in 0..=STEPS {
        let value = step * f64::from(number);
        line(&mut svg, "grid", (x(value), 0.0), (x(value), height));
        text(&mut svg, "middle", (x(value), height + 16.0), &value.to_string());
    }
    for (number, (summary, values)) in cells.iter().zip(values).enumerate() {
        let y = ROW * (number as f64 + 0.5);
        text(&mut svg, "end", (LEFT - 10.0, y + 4.0), &summary.cell.name());
        for value in values {
            let _ = write!(svg, "<circle cx={:.1} cy={y:.1} r=3 />", x(value));
        }
        if let Some(median) = summary.medians.get(figure) {
            line(&mut svg, "median", (x(*median), y - 10.0), (x(*median), y + 10.0));
            text(&mut svg, "start", (WIDTH - RIGHT + 16.0, y + 4.0), &format!("{median:.1}"));
        }
    }
    framed(&svg, height + BOTTOM)
}

/// A line for each style, over the sizes.
pub fn by_size(cells: &[&Summary], figure: &str) -> String {
    let points = |name: &str| {
        let own = cells.iter().filter(|one| one.cell.name() == name);
        own.filter_map(|one| Some((f64::from(one.cell.size?), *one.medians.get(figure)?))).collect::<Vec<_>>()
    };
    let mut names: Vec<String> = Vec::new();
    for summary in cells.iter().filter(|one| one.cell.size == cells[0].cell.size) {
        names.push(summary.cell.name());
    }
    let all: Vec<(f64, f64)> = names.iter().flat_map(|name| points(name)).collect();
    let (largest, highest) = all.iter().fold((1.0, 0.0), |(x, y), point| (point.0.max(x), point.1.max(y)));
    let step = step(highest);
    let at = |(size, value): (f64, f64)| {
        (LEFT + (WIDTH - LEFT - RIGHT) * size / largest, 10.0 + HEIGHT * (1.0 - value / (step * f64::from(STEPS))))
    };
    let mut svg = String::new();
    for number in 0..=STEPS {
        let value = step * f64::from(number);
        line(&mut svg, "grid", at((0.0, value)), at((largest, value)));
        text(&mut svg, "end", (LEFT - 10.0, at((0.0, value)).1 + 4.0), &value.to_string());
    }
    for (size, _) in points(&names[0]) {
        text(&mut svg, "middle", (at((size, 0.0)).0, HEIGHT + BOTTOM), &size.to_string());
    }
    let mut ends: Vec<(f64, usize)> = Vec::new();
    for (number, name) in names.iter().enumerate() {
        let path: Vec<String> = points(name).into_iter().map(at).map(|(x, y)| format!("{x:.1},{y:.1}")).collect();
        let _ = write!(svg, r#"<polyline class="line hue{}" points="{}" />"#, number % 8, path.join(" "));
        ends.extend(points(name).last().map(|last| (at(*last).1, number)));
    }
    // The names stand at the ends of their lines, and apart from each other.
    ends.sort_by(|(one, _), (other, _)| one.total_cmp(other));
    let mut free = 0.0;
    for (y, number) in ends {
        free = f64::max(y + 4.0, free + 14.0);
        let _ =
            write!(svg, "<text class=hue{} x={} y={free:.1}>{}</text>", number % 8, WIDTH - RIGHT + 8.0, names[number]);
    }
    framed(&svg, HEIGHT + BOTTOM + 10.0)
}

fn framed(svg: &str, height: f64) -> String {
    format!(r#"<svg viewBox="0 0 {WIDTH} {height}" role="img">{svg}</svg>"#)
}

fn line(svg: &mut String, class: &str, from: (f64, f64), to: (f64, f64)) {
    let ((x1, y1), (x2, y2)) = (from, to);
    let _ = write!(svg, "<line class={class} x1={x1:.1} y1={y1:.1} x2={x2:.1} y2={y2:.1} />");
}

fn text(svg: &mut String, anchor: &str, (x, y): (f64, f64), text: &str) {
    let _ = write!(svg, "<text text-anchor={anchor} x={x:.1} y={y:.1}>{text}</text>");
}

/// The distance of the lines of a grid up to a value: 1, 2, 2.5 or 5 times a power of ten.
fn step(highest: f64) -> f64 {
    let least = (highest / f64::from(STEPS)).max(0.1);
    let power = 10f64.powf(least.log10().floor());
    [1.0, 2.0, 2.5, 5.0, 10.0].into_iter().map(|factor| factor * power).find(|step| *step >= least).unwrap_or(least)
}

#[cfg(test)]
mod tests {
    use super::step;

    #[test]
    fn a_grid_has_round_numbers_and_reaches_the_highest_value() {
        assert_eq!([39.0, 40.1, 81.0, 100.0, 7.3, 0.0].map(step), [10.0, 20.0, 25.0, 25.0, 2.0, 0.1]);
    }
}
