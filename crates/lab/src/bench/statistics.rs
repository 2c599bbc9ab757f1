//! Whether two samples differ: the Mann-Whitney U test, and Cliff's delta for how much.

use serde::Serialize;
use std::f64::consts::SQRT_2;

/// The result of comparing one sample with another.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Test {
    /// Mann and Whitney's U of the first sample: the pairs in which its value is the greater one; equal values count half.
    pub u: f64,
    /// The probability of a U at least as far from the middle if both samples are from one distribution (two-sided).
    pub p: f64,
    /// Cliff's delta, from -1 (every value of the first is smaller) over 0 to 1.
    pub delta: f64,
}

/// Compares two samples. They need no particular distribution, so outliers do no harm. The probability is that of the normal
/// approximation, with the corrections for ties and for continuity.
pub fn compare(first: &[f64], second: &[f64]) -> Test {
    let (n, m) = (first.len() as f64, second.len() as f64);
    if n * m == 0.0 {
        return Test { u: 0.0, p: 1.0, delta: 0.0 };
    }
    let pairs = first.iter().flat_map(|one| second.iter().map(move |other| one.total_cmp(other)));
    let u = pairs.map(|order| (f64::from(order as i8) + 1.0) / 2.0).sum::<f64>();
    let mut all = [first, second].concat();
    all.sort_by(f64::total_cmp);
    let cubes: f64 = all.chunk_by(|a, b| a == b).map(|tied| tied.len() as f64).map(|t| t.powi(3) - t).sum();
    let (middle, total) = (n * m / 2.0, n + m);
    let deviation = (n * m / 12.0 * (total + 1.0 - cubes / (total * (total - 1.0)))).sqrt();
    let z = ((u - middle).abs() - 0.5) / deviation;
    // Without any deviation all values are equal.
    let p = if deviation > 0.0 { libm::erfc(z / SQRT_2).min(1.0) } else { 1.0 };
    Test { u, p, delta: 2.0 * u / (n * m) - 1.0 }
}

/// How large a delta is, by the thresholds of Romano and others (2006).
pub fn size_of(delta: f64) -> &'static str {
    match delta.abs() {
        small if small < 0.147 => "negligible",
        small if small < 0.33 => "small",
        medium if medium < 0.474 => "medium",
        _ => "large",
    }
}

/// The median; `None` without values.
pub fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let (low, high) = (values.get(values.len().saturating_sub(1) / 2)?, values.get(values.len() / 2)?);
    Some((low + high) / 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two samples of 30 from distributions that hardly differ.
    const ONE: [f64; 30] = [
        20.62, 21.34, 19.66, 20.57, 18.84, 20.08, 18.9, 20.14, 19.93, 20.76, 19.68, 19.17, 19.2, 18.43, 21.6, 18.21,
        20.07, 20.73, 19.88, 18.7, 20.45, 21.44, 21.33, 18.64, 20.18, 20.82, 22.72, 20.11, 20.3, 21.58,
    ];
    const OTHER: [f64; 30] = [
        18.84, 20.02, 18.19, 20.03, 19.57, 19.8, 21.43, 21.3, 20.99, 20.09, 19.72, 18.85, 20.84, 21.09, 19.9, 19.22,
        19.25, 21.16, 21.91, 21.51, 19.14, 19.62, 19.23, 22.25, 21.07, 19.05, 20.98, 20.76, 20.68, 20.8,
    ];

    /// Two samples, then U, p and delta.
    type Case<'s> = (&'s [f64], &'s [f64], f64, f64, f64);

    #[test]
    fn the_numbers_are_those_of_scipy() {
        // scipy 1.17.1: mannwhitneyu(first, second, alternative="two-sided", method="asymptotic"); delta from its definition.
        let much_more: Vec<f64> = OTHER.iter().map(|value| value + 50.0).collect();
        let cases: [Case; 6] = [
            (
                &[17.6, 18.1, 17.2, 19.0, 17.9, 18.4],
                &[22.6, 21.9, 23.3, 22.0, 24.1, 18.0],
                3.0,
                0.020240570577077482,
                -0.8333333333333334,
            ),
            (
                &[1.0, 2.0, 2.0, 3.0, 5.0],
                &[2.0, 3.0, 3.0, 4.0, 4.0, 6.0, 7.0],
                8.0,
                0.1375038702323789,
                -0.5428571428571428,
            ),
            (&[5.0; 4], &[5.0; 3], 6.0, 1.0, 0.0),
            (&[1.0, 1.0, 1.0, 2.0], &[3.0, 3.0, 4.0, 4.0, 4.0], 0.0, 0.015541208983595877, -1.0),
            (&ONE, &OTHER, 424.0, 0.7061637033155371, -0.05777777777777778),
            (&ONE, &much_more, 0.0, 3.019859359162157e-11, -1.0),
        ];
        for (first, second, u, p, delta) in cases {
            let found = compare(first, second);
            let near = |one: f64, other: f64| (one - other).abs() <= 1e-9 * other.abs();
            assert!(found.u == u && near(found.p, p) && near(found.delta, delta), "{found:?}, not {u} {p} {delta}");
            let turned = compare(second, first);
            assert!(near(turned.p, p) && near(turned.delta, -delta), "{turned:?}");
        }
        assert_eq!(compare(&[], &[1.0]), Test { u: 0.0, p: 1.0, delta: 0.0 });
    }

    #[test]
    fn the_median_of_an_even_number_lies_between_two() {
        assert_eq!(median(vec![4.0, 1.0, 3.0, 2.0]), Some(2.5));
        assert_eq!((median(vec![3.0, 1.0, 2.0]), median(Vec::new())), (Some(2.0), None));
    }
}
