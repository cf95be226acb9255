//! Imports as arrows from file to file, and the circles they make.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// One file imports from another.
#[derive(Debug, Clone)]
pub(crate) struct Arrow {
    pub(crate) from: String,
    pub(crate) to: String,
    /// The file and line that says so.
    pub(crate) place: String,
    /// What is imported, as it is written there.
    pub(crate) name: String,
    /// Whether it is only handed on to others, which ties no circle.
    pub(crate) handed_on: bool,
}

/// The tangles of files that import each other, each with its shortest circle, in words.
pub(crate) fn circles(arrows: &[Arrow]) -> Vec<String> {
    let arrows: Vec<&Arrow> = arrows.iter().filter(|arrow| !arrow.handed_on).collect();
    let files: BTreeSet<&str> = arrows.iter().map(|arrow| &*arrow.from).collect();
    let mut tangles = BTreeSet::new();
    for file in &files {
        let tied = |other: &&&str| {
            shortest_way(&arrows, file, other).is_some() && shortest_way(&arrows, other, file).is_some()
        };
        tangles.insert(files.iter().filter(tied).copied().collect::<Vec<_>>());
    }
    let tangles = tangles.iter().filter(|tangle| tangle.len() > 1);
    tangles
        .map(|tangle| in_words(tangle, &shortest_circle(&arrows, tangle)))
        .collect()
}

fn shortest_circle<'a>(arrows: &[&'a Arrow], tangle: &[&str]) -> Vec<&'a Arrow> {
    let within = arrows.iter().filter(|arrow| tangle.contains(&&*arrow.from));
    let circles = within.filter_map(|arrow| {
        let way_back = shortest_way(arrows, &arrow.to, &arrow.from)?;
        Some([*arrow].into_iter().chain(way_back).collect())
    });
    circles.min_by_key(Vec::len).unwrap_or_default()
}

fn shortest_way<'a>(arrows: &[&'a Arrow], from: &'a str, to: &str) -> Option<Vec<&'a Arrow>> {
    let mut reached_by = BTreeMap::<&str, Vec<&Arrow>>::from([(from, Vec::new())]);
    let mut next = VecDeque::from([from]);
    while let Some(file) = next.pop_front() {
        let way = reached_by[file].clone();
        if file == to {
            return Some(way);
        }
        for arrow in arrows.iter().filter(|arrow| arrow.from == file) {
            reached_by.entry(&arrow.to).or_insert_with(|| {
                next.push_back(&arrow.to);
                [&way[..], &[arrow]].concat()
            });
        }
    }
    None
}

fn in_words(tangle: &[&str], circle: &[&Arrow]) -> String {
    let imports: Vec<String> = circle
        .iter()
        .map(|arrow| format!("  {} imports {} from {}", arrow.place, arrow.name, arrow.to))
        .collect();
    format!(
        "Files import each other in a circle: {}. The shortest way round:\n{}\n  Move what is shared into a file that \
         imports none of them.",
        tangle.join(", "),
        imports.join("\n")
    )
}
