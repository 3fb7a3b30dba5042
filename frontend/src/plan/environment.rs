//! The environment of a step: variables over those of the image that it stands on.

/// `below` with `above` over it: each name once, where it was set last.
pub(super) fn overlaid(
    mut below: Vec<(String, String)>,
    above: impl IntoIterator<Item = (String, String)>,
) -> Vec<(String, String)> {
    for (name, value) in above {
        below.retain(|(old, _)| *old != name);
        below.push((name, value));
    }
    below
}

/// Variables of our own, as a step has them.
pub(super) fn owned<'a>(variables: &'a [(&'a str, &'a str)]) -> impl Iterator<Item = (String, String)> + 'a {
    variables
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_variable_is_there_once_where_it_was_set_last() {
        let below = owned(&[("PATH", "/bin"), ("CC", "cc")]).collect();
        let env = overlaid(below, owned(&[("CC", "gcc"), ("HOME", "/tmp"), ("CC", "clang")]));
        let expected: Vec<_> = owned(&[("PATH", "/bin"), ("HOME", "/tmp"), ("CC", "clang")]).collect();
        assert_eq!(env, expected);
    }
}
