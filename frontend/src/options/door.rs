//! The raw options, and the problems found while they become types.

use std::collections::BTreeMap;

use super::error::OptionError;

/// Why a value cannot be used, and the right form.
pub(super) struct Bad {
    pub problem: String,
    pub hint: &'static str,
}

/// Raw options by key. Reading never fails at once: a value that cannot be used is noted, and its default is taken.
#[derive(Default)]
pub(super) struct Door {
    pub raw: BTreeMap<String, String>,
    pub problems: Vec<OptionError>,
}

impl Bad {
    pub fn new(problem: impl Into<String>, hint: &'static str) -> Self {
        Self {
            problem: problem.into(),
            hint,
        }
    }
}

impl Door {
    /// The value of `key`; an empty one counts as none.
    pub fn text(&self, key: &str) -> Option<String> {
        self.raw.get(key).filter(|value| !value.is_empty()).cloned()
    }

    /// The value of `key` as `parse` reads it; the default where there is none or it is bad.
    pub fn read<T: Default>(&mut self, key: &str, parse: impl FnOnce(&str) -> Result<T, Bad>) -> T {
        let Some(value) = self.text(key) else {
            return T::default();
        };
        parse(&value).unwrap_or_else(|bad| {
            self.refuse(key, bad);
            T::default()
        })
    }

    /// What follows `prefix` → value, for every key that begins with it.
    pub fn family(&self, prefix: &str) -> BTreeMap<String, String> {
        self.raw
            .iter()
            .filter_map(|(key, value)| Some((key.strip_prefix(prefix)?.to_owned(), value.clone())))
            .collect()
    }

    pub fn refuse(&mut self, key: &str, bad: Bad) {
        self.problems.push(OptionError {
            option: key.to_owned(),
            problem: bad.problem,
            hint: bad.hint.to_owned(),
        });
    }
}

/// A boolean as Go's `strconv.ParseBool` reads it.
pub(super) fn boolean(value: &str) -> Result<Option<bool>, Bad> {
    match value {
        "1" | "t" | "T" | "true" | "TRUE" | "True" => Ok(Some(true)),
        "0" | "f" | "F" | "false" | "FALSE" | "False" => Ok(Some(false)),
        _ => Err(Bad::new(
            format!("`{value}` is neither true nor false"),
            "write `true` or `false`",
        )),
    }
}

/// The fields of a list in one line, with the quotes that clients put round fields with commas.
pub(super) fn list(value: &str) -> Result<Vec<String>, Bad> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_reader(value.as_bytes());
    let record = reader.records().next().transpose();
    let fields =
        record.map_err(|cause| Bad::new(format!("`{value}` is not a list: {cause}"), "write `A,B,C`"))?;
    Ok(fields.iter().flatten().map(str::to_owned).collect())
}
