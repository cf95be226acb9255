//! Whether two results are the same.

use serde_json::Value;

/// Where two JSON values differ, by path: in shape, in text, or in a number by more than `tolerance`,
/// relative to the larger of the two.
pub fn differences(left: &Value, right: &Value, tolerance: f64) -> Vec<String> {
    let mut found = Vec::new();
    compare(String::new(), left, right, tolerance, &mut found);
    found
}

fn compare(path: String, left: &Value, right: &Value, tolerance: f64, found: &mut Vec<String>) {
    match (left, right) {
        (Value::Object(left), Value::Object(right)) => {
            for (key, value) in left {
                let path = format!("{path}/{key}");
                match right.get(key) {
                    Some(other) => compare(path, value, other, tolerance, found),
                    None => found.push(format!("{path}: only on the left")),
                }
            }
            let added = right.keys().filter(|key| !left.contains_key(*key));
            found.extend(added.map(|key| format!("{path}/{key}: only on the right")));
        }
        (Value::Array(left), Value::Array(right)) if left.len() == right.len() => {
            for (index, (value, other)) in left.iter().zip(right).enumerate() {
                compare(format!("{path}/{index}"), value, other, tolerance, found);
            }
        }
        (Value::Number(left), Value::Number(right)) => {
            let (Some(left), Some(right)) = (left.as_f64(), right.as_f64()) else {
                return found.push(format!("{path}: {left} and {right} are not both doubles"));
            };
            if (left - right).abs() > tolerance * left.abs().max(right.abs()) {
                found.push(format!("{path}: {left:e} and {right:e}"));
            }
        }
        (left, right) if left == right => {}
        (left, right) => found.push(format!("{path}: {left} and {right}")),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn equal_values_do_not_differ() {
        let value = json!({ "n": 501, "outcomes": ["a", "b"], "fit": [{ "estimate": -1.5, "p": null }] });
        assert!(differences(&value, &value, 0.0).is_empty());
        // How a whole number is written does not matter, nor does the order of keys.
        assert!(differences(&json!({ "a": 1, "b": 2.0 }), &json!({ "b": 2, "a": 1.0 }), 0.0).is_empty());
        assert!(differences(&json!(0.0), &json!(-0.0), 0.0).is_empty());
    }

    #[test]
    fn numbers_are_compared_relative_to_their_size() {
        assert!(differences(&json!(1e20), &json!(1e20 * (1.0 + 1e-11)), 1e-10).is_empty());
        assert_eq!(
            differences(&json!([1e-20]), &json!([2e-20]), 1e-10),
            ["/0: 1e-20 and 2e-20"]
        );
        assert_eq!(
            differences(&json!(0.0), &json!(1e-300), 1e-10),
            [": 0e0 and 1e-300"]
        );
    }

    #[test]
    fn every_difference_is_found_and_located() {
        let left = json!({ "a": { "x": 1, "y": "one" }, "b": [1, 2], "c": null });
        let right = json!({ "a": { "x": 2, "y": "two" }, "b": [1], "d": null });
        assert_eq!(
            differences(&left, &right, 1e-10),
            [
                "/a/x: 1e0 and 2e0",
                r#"/a/y: "one" and "two""#,
                "/b: [1,2] and [1]",
                "/c: only on the left",
                "/d: only on the right",
            ]
        );
        assert_eq!(differences(&json!(1), &json!("1"), 1.0), [r#": 1 and "1""#]);
    }
}
