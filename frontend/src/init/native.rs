//! The half of a first spec that CMake compiles.

use regex::Regex;

use super::folder::Folder;

/// Programs of the `CMakeLists.txt` at the top; none where there is no such file.
pub(super) fn programs(folder: &Folder) -> Option<Vec<String>> {
    let text = folder.text("CMakeLists.txt")?;
    let code: String = text
        .lines()
        .map(|line| line.split('#').next().unwrap_or_default())
        .collect::<Vec<_>>()
        .join("\n");
    let Ok(call) = Regex::new(r"(?i)\badd_executable\s*\(\s*([A-Za-z0-9_.+-]+)") else {
        return Some(Vec::new());
    };
    let names = call.captures_iter(&code).map(|call| call[1].to_owned());
    Some(
        names
            .filter(|name| !name.to_lowercase().contains("test"))
            .collect(),
    )
}
