//! Targets that another target takes files from: each must be there, and none may need itself.

use std::collections::BTreeMap;

use super::findings::Findings;
use super::{Checked, from};
use crate::diagnostic::{Diagnostic, code, did_you_mean, listed};
use crate::source::Spanned;
use crate::spec::{Entry, Spec, Specs, Text};

/// Every target that `spec` takes files from, checked, with those that it needs itself.
pub fn sources(specs: &Specs, spec: &Spec, findings: &mut Findings) -> BTreeMap<String, Checked> {
    let mut path = Vec::new();
    walk(specs, spec, &mut path, findings)
}

/// `path` is how this spec was come to, from target to target.
fn walk(
    specs: &Specs,
    spec: &Spec,
    path: &mut Vec<String>,
    findings: &mut Findings,
) -> BTreeMap<String, Checked> {
    let mut sources = BTreeMap::new();
    for entry in origins(spec) {
        let Some(name) = from::target(entry) else {
            findings.0.extend(ambiguous(entry, specs));
            continue;
        };
        if sources.contains_key(&name.value) {
            continue;
        }
        let Some(of_target) = specs.targets.get(&name.value) else {
            findings.push(unknown(&name, specs));
            continue;
        };
        path.push(name.value.clone());
        if path[..path.len() - 1].contains(&name.value) {
            findings.push(cycle(&name, path));
        } else {
            findings.0.extend(specs.withheld(&name.value).iter().cloned());
            let needed = walk(specs, of_target, path, findings);
            let checked = Checked {
                target: Some(name.value.clone()),
                sources: needed,
                ..super::checked(of_target, findings)
            };
            sources.insert(name.value.clone(), checked);
        }
        path.pop();
    }
    sources
}

/// Every `from:` of a spec.
fn origins(spec: &Spec) -> impl Iterator<Item = &Entry<Text>> {
    let copies = spec.copy.items().iter().filter_map(|copy| copy.from.get());
    let runs = spec.run.items().iter().flat_map(|run| run.mounts.items());
    copies.chain(runs.filter_map(|mount| mount.from.get()))
}

fn unknown(name: &Spanned<String>, specs: &Specs) -> Diagnostic {
    let names: Vec<&str> = specs.targets.keys().map(String::as_str).collect();
    let message = format!("there is no target `{}`", name.value);
    let mut finding = Diagnostic::error(code::UNKNOWN_TARGET, name.span, message);
    match names.is_empty() {
        true => finding.hint("this spec has no `targets`; an image is written without `target:`"),
        false => {
            finding.hints.extend(did_you_mean(&name.value, &names));
            finding
        }
    }
}

/// A plain word that is an image and a target is neither for sure.
fn ambiguous(entry: &Entry<Text>, specs: &Specs) -> Option<Diagnostic> {
    let name = &entry.value.0;
    specs.targets.get(name)?;
    let message = format!("`{name}` may be the target of this spec or an image");
    let hint = format!("write `target:{name}` for the target, or `docker.io/library/{name}` for the image");
    Some(Diagnostic::error(code::AMBIGUOUS_NAME, entry.span, message).hint(hint))
}

fn cycle(name: &Spanned<String>, path: &[String]) -> Diagnostic {
    let start = path
        .iter()
        .position(|step| *step == name.value)
        .unwrap_or_default();
    let chain: Vec<String> = path[start..].iter().map(|step| format!("`{step}`")).collect();
    let message = format!("a target takes files of itself: {}", chain.join(" → "));
    let around: Vec<&str> = path[start..path.len() - 1].iter().map(String::as_str).collect();
    Diagnostic::error(code::TARGET_CYCLE, name.span, message).hint(format!(
        "a target has the spec's `copy` and `run` too: write `copy: null` or `run: null` in {}",
        listed(&around)
    ))
}

#[cfg(test)]
mod tests {
    use crate::check::drawn::{Build, check_diagnostics, check_diagnostics_of, check_of};
    use crate::source::Source;

    #[test]
    fn files_come_from_targets_of_this_spec() {
        check_diagnostics(
            r#"
              copy:
                - { from: target:asets, src: /out, dest: /srv }
            #             ^^^^^^^^^^^^ error[unknown-target]: there is no target `asets`
            # = hint: did you mean `assets`?
              targets:
                assets: { copy: null }
        "#,
        );
    }

    #[test]
    fn without_targets_a_tag_may_look_like_one() {
        check_diagnostics(
            r#"
              copy: { from: target:1.2, src: /out, dest: /srv }
            #               ^^^^^^^^^^ error[unknown-target]: there is no target `1.2`
            # = hint: this spec has no `targets`; an image is written without `target:`
        "#,
        );
    }

    #[test]
    fn a_name_of_both_an_image_and_a_target_is_neither() {
        check_diagnostics(
            r#"
              copy: { from: node, src: /out, dest: /srv }
            #               ^^^^ error[ambiguous-name]: `node` may be the target of this spec or an image
            # = hint: write `target:node` for the target, or `docker.io/library/node` for the image
              targets:
                node: { copy: null }
        "#,
        );
    }

    #[test]
    fn a_target_that_takes_over_the_copy_from_itself_is_told_how_to_leave_it_out() {
        check_diagnostics(
            r#"
              copy: { from: target:assets, src: /out, dest: /srv }
            #               ^^^^^^^^^^^^^ error[target-cycle]: a target takes files of itself: `assets` → `assets`
            # = hint: a target has the spec's `copy` and `run` too: write `copy: null` or `run: null` in `assets`
              targets:
                assets: { apt: [git] }
        "#,
        );
    }

    #[test]
    fn a_circle_of_targets_is_drawn() {
        let asked = Build {
            target: Some("a"),
            ..Build::default()
        };
        check_diagnostics_of(
            r#"
              targets:
                a: { copy: { from: target:b, src: /x, dest: /x } }
                b: { copy: { from: target:c, src: /x, dest: /x } }
                c: { run: { command: ls, mounts: { from: target:b, src: /x } } }
            #                                            ^^^^^^^^ error[target-cycle]: a target takes files of itself: `b` → `c` → `b`
            # = hint: a target has the spec's `copy` and `run` too: write `copy: null` or `run: null` in `b` and `c`
        "#,
            &asked,
        );
    }

    #[test]
    fn an_arg_that_only_the_other_target_needs_is_asked_for() {
        check_diagnostics(
            r#"
              args: { VERSION: null }
            #         ^^^^^^^ error[missing-arg]: `VERSION` must be given
            # = label: declared without a default
            # = hint: build with `--build-arg VERSION=…`
              copy: { from: target:assets, src: /out, dest: /srv }
              targets:
                assets: { copy: null, env: { V: "${VERSION}" } }
        "#,
        );
    }

    #[test]
    fn what_a_target_needs_is_checked_with_it_and_nothing_else() {
        let spec = "targets:\n  top: { copy: { from: target:a, src: /x, dest: /x } }\n  a: { copy: { from: target:b, src: /x, dest: /x } }\n  b: {}\n  other: {}\n";
        let asked = Build {
            target: Some("top"),
            ..Build::default()
        };
        let (checked, _) = check_of(&Source::new("modelcrate.yaml", spec), &asked);
        let sources = checked.unwrap().sources;
        assert_eq!(sources.keys().collect::<Vec<_>>(), ["a"]);
        assert_eq!(sources["a"].sources.keys().collect::<Vec<_>>(), ["b"]);
    }
}
