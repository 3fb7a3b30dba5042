//! A plan as a flowchart in Mermaid's words, which code hosts draw.

use super::{Explained, Explanation, From, Seen};

/// `-->`: made anew with it. `-.->`: only its bytes count. `==>`: a layer of the image.
pub fn mermaid(plan: &Explanation) -> String {
    let mut text = String::from("flowchart LR\n");
    for stage in &plan.stages {
        text += &format!("  subgraph {}\n", stage.name);
        for step in &stage.steps {
            text += &format!("    s{}[\"{}\"]\n", step.number, quoted(&step.name));
        }
        text += "  end\n";
    }
    let mut files: Vec<String> = Vec::new();
    for step in plan.steps() {
        for line in edges(step, &mut files) {
            text += &format!("  {line}\n");
        }
    }
    for (number, file) in files.iter().enumerate() {
        text += &format!("  f{}[/\"{}\"/]\n", number + 1, quoted(file));
    }
    text += "  image([\"image\"])\n";
    for layer in &plan.layers {
        text += &format!("  s{layer} ==> image\n");
    }
    text
}

/// The lines into a step, each once.
fn edges(step: &Explained, files: &mut Vec<String>) -> Vec<String> {
    let mut edges: Vec<String> = Vec::new();
    let is_command = !step.mounts.is_empty();
    let on = step
        .on
        .iter()
        .map(|from| (from, if is_command { "-->" } else { "-.->" }));
    let mounts = step.mounts.iter().flat_map(|mount| match &mount.seen {
        Seen::Files { from, key } => from
            .iter()
            .map(|from| (from, if *key == "name" { "-->" } else { "-.->" }))
            .collect(),
        _ => Vec::new(),
    });
    for (from, arrow) in on.chain(mounts) {
        let starts = match from {
            From::Step(number) | From::Part { of: number, .. } => vec![format!("s{number}")],
            From::Context(paths) if paths.is_empty() => vec![file(files, "the context")],
            From::Context(paths) => paths.iter().map(|path| file(files, path)).collect(),
            From::Written(_) | From::Frontend => Vec::new(),
        };
        for start in starts {
            let edge = format!("{start} {arrow} s{}", step.number);
            if !edges.contains(&edge) {
                edges.push(edge);
            }
        }
    }
    edges
}

/// The node of a file.
fn file(files: &mut Vec<String>, name: &str) -> String {
    let known = files.iter().position(|known| known == name);
    let number = known.unwrap_or_else(|| {
        files.push(name.to_owned());
        files.len() - 1
    });
    format!("f{}", number + 1)
}

/// Quotes are the one thing that ends a text (mermaid `flowchart.md`, "Entity codes to escape characters").
fn quoted(text: &str) -> String {
    text.replace('"', "#quot;")
}
