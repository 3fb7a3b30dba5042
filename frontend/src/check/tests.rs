//! Whole specs: what they mean.

use std::time::Duration;

use super::drawn::{Build, check_of};
use super::*;
use crate::diagnostic::render;
use crate::source::Span;

const SAFE_SYNTHESIZER: &str = include_str!("fixtures/safe-synthesizer.yaml");
const NEMOTRON_HF: &str = include_str!("../../../examples/nemotron-hf/modelcrate.yaml");
const TABULAR: &str = include_str!("../../../examples/tabular/modelcrate.yaml");
const QUICKSTART: &str = include_str!("fixtures/quickstart.yaml");
const EVERYTHING: &str = include_str!("fixtures/everything.yaml");

/// What a spec means, when nothing at all is found in it.
#[track_caller]
fn clean(text: &str, target: Option<&str>, arch: &str, build_args: &[(&str, &str)]) -> Checked {
    let source = Source::new("modelcrate.yaml", text);
    let build = Build {
        target,
        build_args,
        arch,
        ..Build::default()
    };
    let (checked, findings) = check_of(&source, &build);
    assert_eq!(render(&source, &findings), "", "{target:?} {arch}");
    checked.unwrap()
}

fn words<T: AsRef<str>>(spanned: &[Spanned<T>]) -> Vec<&str> {
    spanned.iter().map(|word| word.value.as_ref()).collect()
}

fn archs(checked: &Checked) -> String {
    let archs = &checked.cuda.as_ref().unwrap().archs;
    let words: Vec<String> = archs.iter().map(|arch| arch.to_string()).collect();
    words.join(" ")
}

fn image(image: &Option<Spanned<String>>) -> &str {
    image.as_ref().map_or("scratch", |image| &image.value)
}

#[test]
fn the_safe_synthesizer_is_clean_for_every_target_and_platform() {
    for target in [None, Some("runtime"), Some("dev"), Some("test")] {
        for arch in ["amd64", "arm64"] {
            let checked = clean(SAFE_SYNTHESIZER, target, arch, &[]);
            assert_eq!(checked.target.as_deref(), target);
            assert_eq!(checked.workdir.unwrap().value, "/workspace");
        }
    }
}

#[test]
fn tabular_is_clean_for_every_platform() {
    for arch in ["amd64", "arm64"] {
        let checked = clean(TABULAR, None, arch, &[]);
        assert_eq!(checked.models.len(), 1);
    }
}

#[test]
fn nemotron_hf_is_clean_for_every_target_and_platform() {
    for target in [None, Some("cpu"), Some("test")] {
        for arch in ["amd64", "arm64"] {
            let checked = clean(NEMOTRON_HF, target, arch, &[]);
            assert_eq!(checked.models.is_empty(), target == Some("test"));
        }
    }
}

#[test]
fn a_spec_without_a_target_is_the_spec_itself() {
    let checked = clean(SAFE_SYNTHESIZER, None, "arm64", &[]);
    assert_eq!(
        image(&checked.base.image),
        "nvidia/cuda:12.8.1-runtime-ubuntu22.04"
    );
    assert_eq!(
        image(&checked.base.build),
        "nvidia/cuda:12.8.1-runtime-ubuntu22.04"
    );
    assert_eq!(archs(&checked), "90 90a 120 120a");
    let python = checked.python.unwrap();
    assert_eq!(python.version.unwrap().value, "3.11.13");
    assert_eq!(words(&python.extras), ["cu128", "engine"]);
    let title = &checked.labels["org.opencontainers.image.title"];
    assert_eq!(title.value, "NeMo Safe Synthesizer");
    assert!(matches!(
        checked.user,
        User::Named {
            uid: 1000,
            gid: 1000,
            ..
        }
    ));
}

#[test]
fn a_target_adds_to_the_spec() {
    let checked = clean(SAFE_SYNTHESIZER, Some("dev"), "amd64", &[]);
    assert_eq!(words(&checked.apt.packages), ["git", "make"]);
    assert_eq!(checked.tools[0].value, Tool::Uv);
    assert!(matches!(checked.user, User::Root(_)));
    let python = checked.python.unwrap();
    assert_eq!(words(&python.extras), ["cu128", "engine"]);
    assert_eq!(words(&python.groups), ["dev"]);
}

#[test]
fn a_target_can_stand_on_another_base_without_cuda() {
    let checked = clean(SAFE_SYNTHESIZER, Some("test"), "amd64", &[]);
    assert_eq!(checked.cuda, None);
    assert_eq!(image(&checked.base.image), "python:3.11-slim");
    assert_eq!(image(&checked.base.build), "python:3.11-slim");
    assert_eq!(words(&checked.python.unwrap().extras), ["cpu", "engine"]);
}

#[test]
fn build_args_change_what_is_built() {
    let args = [
        ("CUDA_VERSION", "12.9.0"),
        ("CUDA_IMAGE_TYPE", "devel"),
        ("CUDA_ARCH_FLAGS", "100"),
    ];
    let checked = clean(SAFE_SYNTHESIZER, None, "amd64", &args);
    assert_eq!(
        image(&checked.base.image),
        "nvidia/cuda:12.9.0-runtime-ubuntu22.04"
    );
    assert_eq!(image(&checked.base.build), "nvidia/cuda:12.9.0-devel-ubuntu22.04");
    assert_eq!(archs(&checked), "100");
}

#[test]
fn what_a_short_spec_does_not_say_is_filled_in() {
    let checked = clean(QUICKSTART, None, "amd64", &[]);
    assert_eq!(image(&checked.base.image), defaults::BASE);
    let python = checked.python.unwrap();
    assert_eq!(
        python.uv,
        Spanned::new(Uv::Version(defaults::UV.to_string()), Span::default())
    );
    assert_eq!(python.interpreter, Interpreter::Auto);
    let PythonSource::Project { folder, package } = python.source else {
        panic!("{:?}", python.source)
    };
    assert_eq!((folder.value.as_str(), package), (".", None));
    let title = &checked.labels["org.opencontainers.image.title"];
    assert_eq!(title.value, "quickstart");
    assert_eq!(checked.stop, Stop::default());
}

#[test]
fn every_key_of_the_language_is_read() {
    let checked = clean(EVERYTHING, None, "amd64", &[]);
    insta::assert_snapshot!(meaning(&checked));
}

#[test]
fn a_target_merges_appends_replaces_and_removes() {
    let checked = clean(EVERYTHING, Some("slim"), "amd64", &[]);
    insta::assert_snapshot!(meaning(&checked));
}

/// Everything without its places, one key on a line and its parts below: snapshots are read by people.
fn meaning(checked: &Checked) -> String {
    const VALUE: &str = "Spanned { value: ";
    let text = format!("{checked:?}");
    let mut rest = text.as_str();
    let mut drawn = String::new();
    let mut open = Vec::new();
    while let Some(c) = rest.chars().next() {
        let place = rest
            .strip_prefix(", span: Span {")
            .or_else(|| rest.strip_prefix("Span {"));
        let step = match (rest.strip_prefix(VALUE), place) {
            (Some(_), _) => VALUE.len(),
            (_, Some(after)) => rest.len() - after.len() + after.find('}').unwrap() + 1,
            _ if rest.starts_with(" }") => 2,
            _ => c.len_utf8(),
        };
        let word = &rest[..step];
        rest = &rest[step..];
        match word {
            VALUE => open.push(false),
            "{" | "[" => open.push(true),
            _ => {}
        }
        let spanned_ends = matches!(word, " }" | "}" | "]") && open.pop() == Some(false);
        if word != VALUE && place.is_none() && !spanned_ends {
            drawn += word;
        }
        let depth = open.iter().filter(|is_shown| **is_shown).count();
        if word == "," && depth <= 2 && rest.starts_with(' ') {
            drawn += &format!("\n{}", "  ".repeat(depth - 1));
            rest = &rest[1..];
        }
    }
    drawn
}

#[test]
fn durations_signals_and_secrets_are_values_and_not_texts() {
    let checked = clean(EVERYTHING, None, "amd64", &[]);
    let healthcheck = checked.healthcheck.unwrap();
    assert_eq!(healthcheck.timeout, Some(Duration::from_secs(90)));
    assert_eq!(checked.stop.signal.unwrap().value, "SIGINT");
    assert!(checked.secrets["extra"].optional);
    assert_eq!(checked.runs[1].script.value, "make\nmake install");
}

#[test]
fn places_are_right_after_a_mark_carriage_returns_and_letters_of_several_bytes() {
    let text = "\u{feff}# é\r\nlabels: { title: \"é\" }\r\nnme: x\r\n";
    let source = Source::new("modelcrate.yaml", text);
    let (_, findings) = check_of(&source, &Build::default());
    let [finding] = findings.as_slice() else {
        panic!("{findings:?}")
    };
    assert_eq!(source.slice(finding.span), "nme");
    assert_eq!(source.position(finding.span.start).line, 3);
}

#[test]
fn targets_are_listed_with_their_descriptions() {
    let document = spec::parse(&Source::new("modelcrate.yaml", EVERYTHING)).unwrap();
    let targets: Vec<(String, Option<String>)> = targets(&document)
        .into_iter()
        .map(|target| (target.name.value, target.description))
        .collect();
    assert_eq!(targets, [("slim".to_string(), Some("Without CUDA".to_string()))]);
}
