//! What modelcrate needs of a `requirements.txt`: the files it names, and lines that it cannot take.

/// The facts of one `requirements.txt`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Requirements {
    /// Files named by `-r` and `-c`, relative to the context.
    pub files: Vec<String>,
    /// Lines that name local projects, with their line numbers from 1: `(3, "-e .")`.
    pub local: Vec<(usize, String)>,
    /// Requirements that are not pinned with `==`, with their line numbers from 1.
    pub open: Vec<(usize, String)>,
}

/// Reads the text of the requirements file at `path` (relative to the context).
pub fn requirements(path: &str, text: &str) -> Requirements {
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut found = Requirements::default();
    for (number, line) in logical_lines(text) {
        read_line(&mut found, folder, number, &line);
    }
    found
}

fn read_line(found: &mut Requirements, folder: &str, number: usize, line: &str) {
    if let Some(file) = value_of(line, &["-r", "--requirement", "-c", "--constraint"]) {
        found.files.push(joined(folder, file));
    } else if value_of(line, &["-e", "--editable"]).is_some() || is_path(line) {
        found.local.push((number, line.to_owned()));
    } else if !line.starts_with('-') && !line.contains("==") && !line.contains(" @ ") {
        found.open.push((number, line.to_owned()));
    }
}

/// Lines without comments, those that end in `\` joined, empty ones left out.
fn logical_lines(text: &str) -> Vec<(usize, String)> {
    let mut lines: Vec<(usize, String)> = Vec::new();
    let mut open = false;
    for (index, raw) in text.lines().enumerate() {
        let line = without_comment(raw).trim();
        let (line, goes_on) = line
            .strip_suffix('\\')
            .map_or((line, false), |line| (line.trim_end(), true));
        match lines.last_mut() {
            Some((_, last)) if open => {
                last.push(' ');
                last.push_str(line);
            }
            _ => lines.push((index + 1, line.to_owned())),
        }
        open = goes_on;
    }
    lines.retain(|(_, line)| !line.is_empty());
    lines
}

fn without_comment(line: &str) -> &str {
    if line.trim_start().starts_with('#') {
        return "";
    }
    line.split_once(" #").map_or(line, |(before, _)| before)
}

fn value_of<'a>(line: &'a str, names: &[&str]) -> Option<&'a str> {
    names.iter().find_map(|name| {
        let rest = line.strip_prefix(name)?;
        rest.starts_with([' ', '=', '\t'])
            .then(|| rest.trim_start_matches([' ', '=', '\t']))
    })
}

fn is_path(line: &str) -> bool {
    line.starts_with("./")
        || line.starts_with("../")
        || line.starts_with('/')
        || line.starts_with("file:")
        || line == "."
}

fn joined(folder: &str, file: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in folder.split('/').chain(file.split('/')) {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_local_projects_and_open_requirements_are_found() {
        let text = "# top\n-r ../base.txt\n--constraint=c.txt\n-e .\n./lib\nfastapi>=0.1 # why\nuvicorn==0.30 \\\n  --hash=sha256:00\n";
        let found = requirements("vortex/requirements.txt", text);
        assert_eq!(found.files, ["base.txt", "vortex/c.txt"]);
        assert_eq!(found.local, [(4, "-e .".to_owned()), (5, "./lib".to_owned())]);
        assert_eq!(found.open, [(6, "fastapi>=0.1".to_owned())]);
    }
}
