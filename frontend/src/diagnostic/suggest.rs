//! "did you mean".

/// The choice that is closest to what was written, when one is close enough to be meant.
pub fn closest<'a>(written: &str, choices: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let written = written.to_lowercase();
    choices
        .into_iter()
        .map(|choice| {
            (
                strsim::damerau_levenshtein(&written, &choice.to_lowercase()),
                choice,
            )
        })
        .filter(|(distance, choice)| *distance <= choice.len().max(written.len()).div_ceil(3))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, choice)| choice)
}

/// "did you mean `base`?", or else the choices when they are few enough to read.
pub fn did_you_mean(written: &str, choices: &[&str]) -> Option<String> {
    let few = !choices.is_empty() && choices.len() <= 12;
    closest(written, choices.iter().copied())
        .map(|choice| format!("did you mean `{choice}`?"))
        .or_else(|| few.then(|| format!("the choices are {}", listed(choices))))
}

/// "`a`, `b` and `c`".
pub fn listed(words: &[&str]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    match quoted.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => quoted.concat(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_near_name_is_suggested_and_a_far_one_is_not() {
        assert_eq!(closest("pyhton", ["python", "copy"]), Some("python"));
        assert_eq!(closest("zzz", ["python", "copy"]), None);
    }
}
