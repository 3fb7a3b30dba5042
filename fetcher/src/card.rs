//! What the card of a model says of it, the head of its `README.md` (huggingface_hub `repocard_data.py`, `ModelCardData`).

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What is taken of a card.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Card {
    /// The licence, in the hub's words (`apache-2.0`, `gemma`); `None` where the card names none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub license: Option<String>,
    /// The models that this one was made of, `org/name`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub base_models: Vec<String>,
}

/// What a card says of a licence that the hub has no word for.
const OTHER: &str = "other";

impl Card {
    /// Whether it says nothing.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// What a hub's answer holds as `cardData`. People write cards by hand, so what is of another form is left out.
    pub(crate) fn of(data: &Value) -> Self {
        let mut licenses = texts(&data["license"]);
        if licenses == [OTHER] {
            licenses = texts(&data["license_name"]);
        }
        Self {
            license: (!licenses.is_empty()).then(|| licenses.join(", ")),
            base_models: texts(&data["base_model"]),
        }
    }
}

/// A text, or some.
fn texts(value: &Value) -> Vec<String> {
    let one = value.as_str().map(str::to_owned);
    let some = value.as_array().into_iter().flatten();
    let some = some.filter_map(|text| text.as_str().map(str::to_owned));
    let is_plain = |text: &String| !text.is_empty() && !text.contains(char::is_control);
    one.into_iter().chain(some).filter(is_plain).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn cards_are_read_as_people_write_them() {
        let card = |license: Option<&str>, base_models: &[&str]| Card {
            license: license.map(str::to_owned),
            base_models: base_models.iter().map(|&name| name.to_owned()).collect(),
        };
        for (data, expected) in [
            (json!(null), card(None, &[])),
            (
                json!({ "license": "mit", "base_model": "a/b" }),
                card(Some("mit"), &["a/b"]),
            ),
            (
                json!({ "license": ["mit", "bsd"], "base_model": ["a/b", "c/d"] }),
                card(Some("mit, bsd"), &["a/b", "c/d"]),
            ),
            (
                json!({ "license": "other", "license_name": "nvidia-open-model-license" }),
                card(Some("nvidia-open-model-license"), &[]),
            ),
            (json!({ "license": "other" }), card(None, &[])),
            (
                json!({ "license": 3, "base_model": { "a": "b" } }),
                card(None, &[]),
            ),
        ] {
            assert_eq!(Card::of(&data), expected, "{data}");
        }
    }
}
