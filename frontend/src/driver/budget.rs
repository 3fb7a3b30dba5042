//! Whether an image keeps to its budget.
//!
//! Sizes are known only once the layers are there, so with a budget they are made before the frontend answers; without one
//! nothing here happens. Each layer is weighed in a step of its own, which the engine's cache knows.

use buildkit_llb::{Definition, Output, Platform};

use super::facts::Images;
use super::{Build, Failure};
use crate::check::{Budget, Checked, size};
use crate::diagnostic::{Diagnostic, code};
use crate::lower::Lowered;
use crate::measure::Report;
use crate::plan::{Action, Keep, Plan, Step, StepId};
use crate::source::{Span, Spanned};

/// What takes a command's changes out of its root (buildkit `solver/pb/caps.go`).
const DIFF: &str = "diffop";
/// Layers that are named when there are too many bytes.
const NAMED: usize = 6;
/// Folders that are named of each.
const FOLDERS: usize = 3;

/// A layer, and what it weighs.
struct Weighed<'a> {
    step: &'a Step,
    report: Report,
}

/// What the layers of the image weigh, and has the image come after it; `None` where no size is asked for, or none can be
/// told.
pub(super) fn weights(
    build: &Build,
    checked: &Checked,
    plan: &Plan,
    lowered: &mut Lowered<'_>,
) -> Option<Output> {
    let budget = checked.budget.as_ref()?;
    let size = size_of(budget)?;
    let counted = counted(budget, plan);
    if inseparable(build, plan, &counted) {
        return None;
    }
    let reports = lowered.measure(&counted, budget.compressed.is_some(), size.span)?;
    lowered.come_after(&plan.image, &reports);
    Some(reports)
}

/// Fails where the image for `platform` is over its budget.
pub(super) async fn check(
    build: &Build,
    (checked, platform): (&Checked, &Platform),
    plan: &Plan,
    images: &Images,
    weights: Option<&Output>,
) -> Result<(), Failure> {
    let Some(budget) = &checked.budget else {
        return Ok(());
    };
    let image = words(budget, (build.platforms().len() > 1).then_some(platform));
    let counted = counted(budget, plan);
    let mut found: Vec<Diagnostic> = too_many_layers((budget, &image), plan, images, &counted)
        .into_iter()
        .collect();
    if let (Some(size), true) = (size_of(budget), inseparable(build, plan, &counted)) {
        build.warn(&unchecked(size.span)).await?;
    } else if let Some(weights) = weights {
        let weighed = weigh(build, plan, weights, &counted).await?;
        found.extend(too_heavy(
            (budget, &image),
            "unpacked",
            budget.unpacked.as_ref(),
            &weighed,
            |report| report.bytes,
        ));
        found.extend(too_heavy(
            (budget, &image),
            "compressed",
            budget.compressed.as_ref(),
            &weighed,
            |report| report.compressed,
        ));
    }
    match found.as_slice() {
        [] => Ok(()),
        found => Err(Failure::diagnostics(&build.spec, found)),
    }
}

/// The first size that the spec asks for.
fn size_of(budget: &Budget) -> Option<&Spanned<u64>> {
    budget.unpacked.as_ref().or(budget.compressed.as_ref())
}

/// The layers that count.
fn counted(budget: &Budget, plan: &Plan) -> Vec<StepId> {
    let all = plan.image.iter().copied();
    all.filter(|id| counts(budget, plan.step(*id))).collect()
}

/// What a command changed on the image is told from what it stood on by a diff, which not every engine makes.
fn inseparable(build: &Build, plan: &Plan, counted: &[StepId]) -> bool {
    let changes =
        |id: &StepId| matches!(&plan.step(*id).action, Action::Exec(exec) if exec.keep == Keep::Changes);
    !build.gateway.capabilities().has(DIFF) && counted.iter().any(changes)
}

fn unchecked(size: Span) -> Diagnostic {
    let message =
        "the size is not checked: this engine's image store cannot tell the changes of a command apart";
    Diagnostic::warning(code::MISSING_CAPABILITY, size, message)
        .hint("set `\"features\": {\"containerd-snapshotter\": true}` in the engine's daemon.json, or build with `docker buildx create --use`")
}

fn counts(budget: &Budget, step: &Step) -> bool {
    match step.stage {
        "models" => !budget.except_models,
        "base" => !budget.except_base,
        _ => true,
    }
}

/// Makes the layers and weighs them.
async fn weigh<'p>(
    build: &Build,
    plan: &'p Plan,
    weights: &Output,
    counted: &[StepId],
) -> Result<Vec<Weighed<'p>>, Failure> {
    let solved = build.gateway.solve(&Definition::new(weights)?, false).await?;
    let mut weighed = Vec::new();
    for (number, id) in counted.iter().enumerate() {
        let report = match build.gateway.read_file(&solved, &number.to_string()).await {
            Ok(json) => read(&json)?,
            Err(error) if error.is_not_found() => continue,
            Err(error) => return Err(error.into()),
        };
        let step = plan.step(*id);
        weighed.push(Weighed { step, report });
    }
    Ok(weighed)
}

fn read(json: &[u8]) -> Result<Report, Failure> {
    serde_json::from_slice(json).map_err(|error| Failure::bug(&format!("a weight cannot be read: {error}")))
}

fn too_heavy(
    (budget, image): (&Budget, &str),
    kind: &str,
    limit: Option<&Spanned<u64>>,
    weighed: &[Weighed<'_>],
    bytes: impl Fn(&Report) -> u64,
) -> Option<Diagnostic> {
    let limit = limit?;
    let total: u64 = weighed.iter().map(|layer| bytes(&layer.report)).sum();
    if total <= limit.value {
        return None;
    }
    let mut largest: Vec<(u64, &Weighed)> = weighed
        .iter()
        .map(|layer| (bytes(&layer.report), layer))
        .filter(|(bytes, _)| *bytes > 0)
        .collect();
    largest.sort_by_key(|(bytes, _)| std::cmp::Reverse(*bytes));
    largest.truncate(NAMED);
    let message = format!(
        "{image} is {} {kind}, {} more than its budget of {}",
        size::shown(total),
        size::shown(total - limit.value),
        size::shown(limit.value),
    );
    let mut finding = Diagnostic::error(code::OVER_BUDGET, limit.span, message);
    for (bytes, layer) in &largest {
        if layer.step.span != Span::default() {
            finding = finding.related(
                layer.step.span,
                format!("{}: {}", size::shown(*bytes), layer.step.name),
            );
        }
    }
    Some(finding.hint(table(&largest)).hint(advice(budget)))
}

/// The image in words: its platform, where it is one of several, and what the total leaves out.
fn words(budget: &Budget, one_of_several: Option<&Platform>) -> String {
    let platform = one_of_several.map_or_else(String::new, |platform| format!(" for {platform}"));
    let without = match (budget.except_base, budget.except_models) {
        (true, true) => " without base and models",
        (true, false) => " without its base",
        (false, true) => " without models",
        (false, false) => "",
    };
    format!("the image{platform}{without}")
}

fn advice(budget: &Budget) -> &'static str {
    match (budget.except_base, budget.except_models) {
        (false, _) => "take out what is not needed, use a smaller base, or raise the limit",
        (true, _) => "take out what is not needed, or raise the limit",
    }
}

/// The layers, a line each, with their largest folders.
fn table(largest: &[(u64, &Weighed<'_>)]) -> String {
    let mut lines = vec!["the largest layers, and the folders in them:".to_owned()];
    for (bytes, layer) in largest {
        lines.push(format!(
            "{:>9}  {}: {}",
            size::shown(*bytes),
            layer.step.stage,
            layer.step.name
        ));
        for folder in layer.report.folders.iter().take(FOLDERS) {
            lines.push(format!(
                "{:>9}    {:>9}  {}",
                "",
                size::shown(folder.bytes),
                folder.path
            ));
        }
    }
    lines.join("\n")
}

fn too_many_layers(
    (budget, image): (&Budget, &str),
    plan: &Plan,
    images: &Images,
    counted: &[StepId],
) -> Option<Diagnostic> {
    let limit = budget.layers.as_ref()?;
    let layers: usize = counted.iter().map(|id| layers_of(plan.step(*id), images)).sum();
    if layers <= usize::try_from(limit.value).unwrap_or(usize::MAX) {
        return None;
    }
    let message = format!("{image} has {layers} layers, and its budget is {}", limit.value);
    Some(
        Diagnostic::error(code::OVER_BUDGET, limit.span, message)
            .hint("join `copy` entries and `run` commands, or raise the limit"),
    )
}

/// An image brings the layers that it has.
fn layers_of(step: &Step, images: &Images) -> usize {
    match &step.action {
        Action::Image(reference) => images
            .facts
            .get(reference)
            .map_or(1, |image| image.config.rootfs.diff_ids.len()),
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::render;
    use crate::measure::Folder;
    use crate::plan::On;
    use crate::source::Source;

    const SPEC: &str = "cuda: \"12.8.1\"
python: { version: \"3.12\", extras: [gpu] }
budget: { unpacked: 4GB, except: [base] }
";

    fn step(stage: &'static str, name: &str, words: &str) -> Step {
        let start = SPEC.find(words).unwrap();
        Step {
            stage,
            name: name.into(),
            span: Span::new(start, start + words.len()),
            platform: On::Target,
            action: Action::Files(Vec::new()),
        }
    }

    fn report(bytes: u64, folders: &[(&str, u64)]) -> Report {
        let folder = |(path, bytes): &(&str, u64)| Folder {
            path: (*path).into(),
            bytes: *bytes,
        };
        Report {
            bytes,
            folders: folders.iter().map(folder).collect(),
            ..Report::default()
        }
    }

    #[test]
    fn what_weighs_most_is_named_with_its_folders_and_lines() {
        let torch = step("python", "install torch 2.9.0", "python");
        let rest = step("python", "install 40 packages", "python");
        let base = step("base", "from nvidia/cuda:12.8.1", "cuda");
        let weighed = [
            Weighed {
                step: &rest,
                report: report(
                    312_400_000,
                    &[("/opt/venv/lib/python3.12/site-packages/numpy", 80_000_000)],
                ),
            },
            Weighed {
                step: &torch,
                report: report(
                    4_100_000_000,
                    &[
                        ("/opt/venv/lib/python3.12/site-packages/torch/lib", 3_210_000_000),
                        ("/opt/venv/lib/python3.12/site-packages/torch", 800_000_000),
                    ],
                ),
            },
            Weighed {
                step: &base,
                report: report(0, &[]),
            },
        ];
        let limit = Spanned::new(
            4_000_000_000,
            Span::new(SPEC.find("4GB").unwrap(), SPEC.find("4GB").unwrap() + 3),
        );
        let budget = Budget {
            unpacked: Some(limit.clone()),
            compressed: None,
            layers: None,
            except_models: false,
            except_base: true,
        };
        let image = words(&budget, None);
        let of_image = (&budget, image.as_str());
        let finding = too_heavy(of_image, "unpacked", Some(&limit), &weighed, |report| {
            report.bytes
        })
        .unwrap();
        insta::assert_snapshot!(render(&Source::new("modelcrate.yaml", SPEC), &[finding]));
        let enough = Spanned::new(5_000_000_000, limit.span);
        assert!(
            too_heavy(of_image, "unpacked", Some(&enough), &weighed, |report| report
                .bytes)
            .is_none()
        );
        let arm64 = Platform::parse("linux/arm64").unwrap();
        assert_eq!(
            words(&budget, Some(&arm64)),
            "the image for linux/arm64 without its base"
        );
    }
}
