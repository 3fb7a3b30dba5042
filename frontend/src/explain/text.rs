//! A plan for people.

use super::{Explained, Explanation, From, Mount, Seen};

/// Width of the words before what a step has.
const LABEL: usize = 8;

/// The whole plan.
pub fn text(plan: &Explanation) -> String {
    let target = plan
        .target
        .as_ref()
        .map_or_else(String::new, |target| format!("target {target}, "));
    let count = plan.steps().count();
    let mut text = format!(
        "{target}{}: {count} steps, {} layers\n",
        plan.platform,
        plan.layers.len()
    );
    for stage in &plan.stages {
        text += &format!("\n{}\n", stage.name);
        for step in &stage.steps {
            text += &described(step);
        }
    }
    text + &changes(plan)
}

fn described(step: &Explained) -> String {
    let mut marks: Vec<String> = Vec::new();
    marks.extend(step.layer.map(|layer| format!("layer {layer}")));
    marks.extend(step.line.map(|line| format!("line {line}")));
    let marks = match marks.is_empty() {
        true => String::new(),
        false => format!(" ({})", marks.join(", ")),
    };
    let mut text = format!("{:>4}  {}{marks}\n", step.number, step.name);
    let mut line = |label: &str, words: String| {
        text += &format!("      {label:<LABEL$} {words}\n");
    };
    if !step.on.is_empty() {
        line(if is_command(step) { "on" } else { "of" }, all(&step.on));
    }
    for mount in &step.mounts {
        if let Some((label, words)) = mounted(mount) {
            line(label, words);
        }
    }
    for (variable, id) in &step.secrets {
        line("secret", format!("${variable} ({id})"));
    }
    if let Some(network) = step.network {
        line("network", network.to_owned());
    }
    text
}

/// A command sees something or has a network; copies have neither.
fn is_command(step: &Explained) -> bool {
    !step.mounts.is_empty() || step.network.is_some() || !step.secrets.is_empty()
}

fn all(from: &[From]) -> String {
    let words: Vec<String> = from.iter().map(source).collect();
    words.join(" + ")
}

fn source(from: &From) -> String {
    match from {
        From::Step(number) => number.to_string(),
        From::Context(paths) if paths.is_empty() => "the context".into(),
        From::Context(paths) => paths.join(" "),
        From::Written(name) => name.clone(),
        From::Part { name, of } => format!("{name} of {of}"),
        From::Frontend => "the frontend's image".into(),
    }
}

/// Scripts of ours and memory are in every step, and no news.
fn mounted(mount: &Mount) -> Option<(&'static str, String)> {
    let path = &mount.path;
    match &mount.seen {
        Seen::Files { from, .. } if is_script(from) => None,
        Seen::Files { from, .. } => Some(("sees", format!("{path} ({})", all(from)))),
        Seen::Cache { id, .. } => Some(("cache", format!("{path} ({id})"))),
        Seen::Secret { id } => Some(("secret", format!("{path} ({id})"))),
        Seen::Ssh { id } => Some(("ssh", id.clone())),
        Seen::Memory => None,
    }
}

fn is_script(from: &[From]) -> bool {
    let ends = [".sh", ".py", ".cmake"];
    matches!(from, [From::Written(name)] if ends.iter().any(|end| name.ends_with(end)))
}

fn changes(plan: &Explanation) -> String {
    let mut text = String::new();
    for change in &plan.changes {
        let path = match change.path.as_str() {
            "." => "any other file of the context",
            path => path,
        };
        text += &format!("\nwhen {path} changes\n");
        let lists = [("runs", &change.runs), ("may run", &change.may_run)];
        for (label, steps) in lists {
            for number in steps {
                text += &format!("      {label:<LABEL$} {:>2}  {}\n", number, plan.name(*number));
            }
        }
    }
    text
}
