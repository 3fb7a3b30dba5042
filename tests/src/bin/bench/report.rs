//! The file that keeps the tables: a section a system, those that were not measured stay.

use std::path::Path;

const PREAMBLE: &str = include_str!("preamble.md");

/// Writes the section of a system anew.
pub fn write(path: &Path, name: &str, section: &str) {
    let old = std::fs::read_to_string(path).unwrap_or_default();
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).expect("a folder");
    }
    std::fs::write(path, renewed(&old, name, section))
        .unwrap_or_else(|error| panic!("cannot write {}: {error}", path.display()));
}

fn renewed(old: &str, name: &str, section: &str) -> String {
    let head = format!("## {name}\n");
    let mut sections: Vec<String> = old
        .split("\n## ")
        .skip(1)
        .map(|text| format!("## {}\n", text.trim_end()))
        .collect();
    let section = format!("{}\n", section.trim_end());
    match sections.iter().position(|old| old.starts_with(&head)) {
        Some(place) => sections[place] = section,
        None => sections.push(section),
    }
    sections.sort();
    format!("{}\n{}", PREAMBLE, sections.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_section_is_replaced_and_the_others_stay() {
        let one = renewed("", "b", "## b\n\nold\n");
        let two = renewed(&one, "a", "## a\n\nfirst\n");
        let three = renewed(&two, "b", "## b\n\nnew\n");
        assert_eq!(three, format!("{PREAMBLE}\n## a\n\nfirst\n\n## b\n\nnew\n"));
    }
}
