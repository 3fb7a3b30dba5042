use super::{SPEC, local_engine, main_context, open, options};
use crate::context::BuildContext;
use crate::gateway::ErrorKind;
use crate::gateway::fake_engine::FakeEngine;
use crate::source::Span;

#[tokio::test]
async fn the_spec_is_loaded_by_name_in_one_small_transfer() {
    let engine = local_engine();
    let (spec, _) = main_context(&engine, &[]).await;
    assert_eq!(
        (spec.source.name.as_str(), spec.source.text.as_str()),
        ("modelcrate.yaml", SPEC)
    );
    let load = &engine.solved()[0];
    assert_eq!(load.name, "[internal] load build definition from modelcrate.yaml");
    assert_eq!(load.key, "dockerfile");
    assert_eq!(
        load.list("local.followpaths"),
        [
            "modelcrate.yaml",
            "modelcrate.yaml.dockerignore",
            "modelcrate.lock"
        ]
    );
    assert_eq!(load.attributes["local.session"], "session");
    assert_eq!(load.attributes["local.sharedkeyhint"], "dockerfile");
    assert_eq!(load.attributes["local.differ"], "none");
}

#[tokio::test]
async fn errors_source_map_names_file_language_data_and_graph() {
    let engine = local_engine();
    let (spec, _) = main_context(&engine, &[]).await;
    assert_eq!(spec.info.filename, "modelcrate.yaml");
    assert_eq!(spec.info.language, "YAML");
    assert_eq!(spec.info.data, SPEC.as_bytes());
    let definition = spec.info.definition.as_ref().unwrap();
    assert_eq!(definition.digest().unwrap().as_str(), spec.vertex);
    assert_eq!(definition.as_pb(), &engine.solved()[0].definition);
}

#[tokio::test]
async fn a_span_becomes_lines_from_one_and_columns_from_zero() {
    let (spec, _) = main_context(&local_engine(), &[]).await;
    let at = |start, end| {
        let range = spec.location(Span::new(start, end)).ranges[0];
        let place = |position: buildkit_llb::Position| (position.line, position.character);
        (place(range.start), place(range.end))
    };
    let line_two = SPEC.find("name").unwrap();
    assert_eq!(at(line_two, line_two + 4), ((2, 0), (2, 4)));
    assert_eq!(
        at(line_two + 6, SPEC.len()),
        ((2, 6), (2, 15)),
        "the end of line stays on its line"
    );
    assert_eq!(at(0, 0), ((1, 0), (1, 0)));
}

#[tokio::test]
async fn a_missing_spec_is_named_with_the_place() {
    let build = open(&FakeEngine::current(), &[]).await.unwrap();
    let error = build.spec().await.unwrap_err();
    assert!(error.is_not_found());
    insta::assert_snapshot!(error, @r"
    there is no `modelcrate.yaml` in the folder of the spec
    hint: name the spec with `-f`
    ");
}

#[tokio::test]
async fn a_spec_that_cannot_be_loaded_is_not_called_missing() {
    let engine = FakeEngine::current().failing("dockerfile", tonic::Status::unknown("no active session"));
    let error = open(&engine, &[]).await.unwrap().spec().await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Engine);
    insta::assert_snapshot!(error, @"failed to read `modelcrate.yaml`: no active session");
}

#[tokio::test]
async fn a_spec_that_is_not_text_is_refused() {
    let engine = FakeEngine::current().file("dockerfile", "modelcrate.yaml", b"a\xff".to_vec());
    let error = open(&engine, &[]).await.unwrap().spec().await.unwrap_err();
    assert!(
        error.to_string().starts_with("`modelcrate.yaml` is not UTF-8"),
        "{error}"
    );
}

#[tokio::test]
async fn dockerfile_lowercase_is_found_too() {
    let engine = FakeEngine::current().file("dockerfile", "sub/dockerfile", SPEC);
    let build = open(&engine, &["filename=sub/Dockerfile"]).await.unwrap();
    assert_eq!(build.spec().await.unwrap().source.name, "sub/Dockerfile");
}

#[tokio::test]
async fn without_a_name_the_syntax_line_decides_what_the_spec_is_called() {
    let engine = FakeEngine::current().file("dockerfile", "Dockerfile", SPEC).file(
        "dockerfile",
        "modelcrate.yaml",
        SPEC,
    );
    let name = async |given: &[&str]| {
        let options = options(given);
        let gateway = engine.gateway(&options).await;
        let build = BuildContext::open(&gateway, &options).await.unwrap();
        build.spec().await.unwrap().source.name
    };
    assert_eq!(name(&["cmdline=modelcrate/frontend:1"]).await, "Dockerfile");
    assert_eq!(name(&[]).await, "modelcrate.yaml");
}

#[tokio::test]
async fn an_engine_without_differ_loads_the_spec_all_the_same() {
    let engine = local_engine().without(&["source.local.differ"]);
    let (spec, _) = main_context(&engine, &[]).await;
    assert_eq!(spec.source.text, SPEC);
    assert!(!engine.solved()[0].attributes.contains_key("local.differ"));
}
