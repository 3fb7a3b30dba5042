//! `models:`

use super::findings::Findings;
use super::{Model, ModelFile, ModelSource, path, reference, secrets, url};
use crate::diagnostic::{Diagnostic, code};
use crate::source::{Span, Spanned};
use crate::spec::{self, Deliver, Entry, Field, Spec, Text, file_of_url, folder_of};

/// The models of a spec, in the written order.
pub fn models(spec: &Spec, findings: &mut Findings) -> Vec<Model> {
    let entries = spec.models.entries().iter();
    let models: Vec<Model> = entries
        .filter_map(|(name, model)| self::model(name, model, findings))
        .collect();
    same_place(&models, findings);
    models
}

fn model(name: &Spanned<String>, model: &Entry<spec::Model>, findings: &mut Findings) -> Option<Model> {
    let valid = findings.keep(valid_name(name));
    findings.0.extend(not_baked(model));
    findings.0.extend(not_yet(model));
    findings.0.extend(two_sources(model));
    let to = model.to.get().map(|to| path::below_root(to, "`to`")).transpose();
    let to = findings.keep(to);
    let source = source(model, name, findings);
    let (name, to, source) = (valid?, to?, source?);
    Some(Model {
        folder: match (&source, model.path.get()) {
            (ModelSource::Image(_), Some(path)) => folder_of("", Some(path)),
            _ => folder_of(&name.value, to.as_ref().map(|to| to.value.as_str())),
        },
        name,
        source,
        span: model.whole(),
    })
}

/// A name that `${models.NAME.path}` and a folder can have.
fn valid_name(name: &Spanned<String>) -> Result<Spanned<String>, Diagnostic> {
    let letters = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    let edges = |c: char| c.is_ascii_alphanumeric();
    if name.starts_with(edges) && name.ends_with(edges) && name.chars().all(letters) && !name.contains("..") {
        return Ok(name.clone());
    }
    let message = format!("`{}` is not a name for a model", name.value);
    Err(Diagnostic::error(code::INVALID_NAME, name.span, message)
        .hint("use letters, digits, `.`, `_` and `-`; it becomes the folder `/models/NAME`"))
}

fn not_baked(model: &spec::Model) -> Option<Diagnostic> {
    let deliver = model.deliver.get()?;
    let word = match deliver.value {
        Deliver::Bake => return None,
        Deliver::Volume => "volume",
        Deliver::Fetch => "fetch",
    };
    let message = format!("`deliver: {word}` is not supported yet by this version of modelcrate");
    Some(
        Diagnostic::error(code::NOT_SUPPORTED_YET, deliver.span, message)
            .hint("`deliver: bake` puts the model into the image"),
    )
}

/// Sources of a later release, and what belongs to them.
fn not_yet(model: &Entry<spec::Model>) -> Vec<Diagnostic> {
    let mut keys = vec![("hf", &model.hf), ("s3", &model.s3), ("oci", &model.oci)];
    if keys.iter().all(|(_, field)| !field.is_written()) {
        keys.push(("files", &model.files));
    }
    let later = keys
        .into_iter()
        .filter_map(|(key, field)| Some((key, field.key()?)));
    let mut found: Vec<Diagnostic> = later
        .map(|(key, span)| {
            let message = format!("`{key}` is not supported yet by this version of modelcrate");
            Diagnostic::error(code::NOT_SUPPORTED_YET, span, message)
                .hint("give each file with its `url` and `sha256`, or an `image` that holds the files")
        })
        .collect();
    if let (Some(path), false) = (model.path.key(), has_source(model)) {
        let message = "a model from the build context is not supported yet by this version of modelcrate";
        found.push(
            Diagnostic::error(code::NOT_SUPPORTED_YET, path, message)
                .hint("copy it: `copy: [{ path/in/context: /models/NAME/ }]`"),
        );
    }
    found
}

/// The keys that say where a model comes from.
fn sources(model: &spec::Model) -> Vec<(&'static str, Span)> {
    let keys = [
        ("url", model.url.key()),
        ("urls", model.urls.key()),
        ("image", model.image.key()),
        ("hf", model.hf.key()),
        ("s3", model.s3.key()),
        ("oci", model.oci.key()),
    ];
    keys.into_iter()
        .filter_map(|(key, span)| Some((key, span?)))
        .collect()
}

fn has_source(model: &spec::Model) -> bool {
    !sources(model).is_empty()
}

fn two_sources(model: &spec::Model) -> Option<Diagnostic> {
    let sources = sources(model);
    let [(first, place), (second, span), ..] = sources.as_slice() else {
        return None;
    };
    let message = format!("a model has one source, and this has `{first}` and `{second}`");
    Some(
        Diagnostic::error(code::CONFLICT, *span, message)
            .related(*place, "the other source")
            .hint("keep one of them; several files go under `urls: [{ url: …, sha256: … }]`"),
    )
}

fn source(
    model: &Entry<spec::Model>,
    name: &Spanned<String>,
    findings: &mut Findings,
) -> Option<ModelSource> {
    if model.image.is_written() {
        return image(model, findings);
    }
    if model.urls.is_written() {
        findings.0.extend(only_with_url(model));
        return files(model, model.urls.items(), findings);
    }
    if model.url.is_written() {
        let file = Entry {
            key: model.url.key()?,
            span: model.span,
            value: spec::ModelFile {
                url: model.url.clone(),
                sha256: model.sha256.clone(),
                file: model.file.clone(),
            },
        };
        return files(model, &[file], findings);
    }
    if !has_source(model) && !model.path.is_written() && !model.files.is_written() {
        let message = format!("it is not said where the model `{}` comes from", name.value);
        findings.push(
            Diagnostic::error(code::MISSING_KEY, name.span, message)
                .hint("write `url: https://…` and `sha256: …`, or `image: …`"),
        );
    }
    None
}

fn image(model: &spec::Model, findings: &mut Findings) -> Option<ModelSource> {
    findings.0.extend(only_with_url(model));
    for (key, place) in [("to", model.to.key()), ("token", model.token.key())] {
        let Some(place) = place else { continue };
        let hint = match key {
            "to" => {
                "the files stay where the image has them: say where with `path`, or copy them with `copy: [{ from: … }]`"
            }
            _ => "the engine uses what `docker login` knows of the registry",
        };
        let message = format!("`{key}` does nothing for a model from an image");
        findings.push(Diagnostic::error(code::CONFLICT, place, message).hint(hint));
    }
    if let Some(path) = model.path.get() {
        findings.keep(path::below_root(path, "`path`"));
    }
    findings
        .keep(reference::image(model.image.get()?))
        .map(ModelSource::Image)
}

/// What describes the one file of `url`, beside another source.
fn only_with_url(model: &spec::Model) -> Vec<Diagnostic> {
    let keys = [("sha256", model.sha256.key()), ("file", model.file.key())];
    keys.into_iter()
        .filter_map(|(key, span)| Some((key, span?)))
        .filter(|_| !model.url.is_written())
        .map(|(key, span)| {
            let message = format!("`{key}` belongs to `url`, which this model does not have");
            Diagnostic::error(code::CONFLICT, span, message)
                .hint("each file under `urls` has its own: `urls: [{ url: …, sha256: …, file: … }]`")
        })
        .collect()
}

fn files(
    model: &spec::Model,
    entries: &[Entry<spec::ModelFile>],
    findings: &mut Findings,
) -> Option<ModelSource> {
    if let (Some(path), true) = (model.path.key(), model.image.key().is_none()) {
        let message = "`path` is where the files of an `image` lie";
        findings.push(
            Diagnostic::error(code::CONFLICT, path, message)
                .hint("`to` says where the files of this model go"),
        );
    }
    let token = model.token.get().map(secrets::id).transpose();
    let token = findings.keep(token);
    if entries.is_empty() {
        let place = model.urls.key()?;
        findings.push(
            Diagnostic::error(code::MISSING_KEY, place, "the model has no files")
                .hint("write `urls: [{ url: …, sha256: … }]`"),
        );
    }
    let files: Vec<ModelFile> = entries.iter().filter_map(|entry| file(entry, findings)).collect();
    same_file(&files, findings);
    Some(ModelSource::Files { files, token: token? })
}

fn file(entry: &Entry<spec::ModelFile>, findings: &mut Findings) -> Option<ModelFile> {
    let place = entry.url.key().unwrap_or(entry.key);
    for (key, missing) in [
        ("url", !entry.url.is_written()),
        ("sha256", !entry.sha256.is_written()),
    ] {
        if missing {
            findings.push(missing_key(key, place));
        }
    }
    let sha256 = entry.sha256.get().map(sha256).transpose();
    let sha256 = findings.keep(sha256).flatten();
    let url = entry.url.get().map(url::http).transpose();
    let url = findings.keep(url).flatten()?;
    let path = findings.keep(file_path(&entry.file, &url))?;
    Some(ModelFile {
        path,
        url,
        sha256: sha256?,
    })
}

fn missing_key(key: &str, place: Span) -> Diagnostic {
    let finding = Diagnostic::error(
        code::MISSING_KEY,
        place,
        format!("this file of a model has no `{key}`"),
    );
    match key {
        "sha256" => finding
            .hint("write the 64 digits that `sha256sum FILE` prints; hubs show them on the page of the file"),
        _ => finding.hint("write `{ url: https://…, sha256: … }`"),
    }
}

/// 64 hexadecimal digits, with or without `sha256:` in front.
///
/// # Errors
/// For anything else.
pub fn sha256(entry: &Entry<Text>) -> Result<Spanned<String>, Diagnostic> {
    let text: &str = entry;
    let digits = text.strip_prefix("sha256:").unwrap_or(text);
    let hexadecimal = digits.chars().all(|c| c.is_ascii_hexdigit());
    if hexadecimal && digits.len() == 64 {
        return Ok(Spanned::new(digits.to_ascii_lowercase(), entry.span));
    }
    let finding = |message: String| Diagnostic::error(code::INVALID_CHECKSUM, entry.span, message);
    let count = digits.chars().count();
    Err(match (hexadecimal, count) {
        (true, 40) => finding("this is a SHA-1, with 40 digits; `sha256` has 64".into())
            .hint("a git id names another thing than the file's bytes: take what `sha256sum FILE` prints"),
        (true, 32) => finding("this is an MD5, with 32 digits; `sha256` has 64".into())
            .hint("take what `sha256sum FILE` prints"),
        (true, _) => finding(format!("a SHA-256 has 64 hexadecimal digits, this has {count}"))
            .hint("take what `sha256sum FILE` prints"),
        (false, _) => finding(format!("`{text}` is not a SHA-256"))
            .hint("write the 64 hexadecimal digits that `sha256sum FILE` prints"),
    })
}

/// A clean path below the model's folder.
fn file_path(file: &Field<Text>, url: &Spanned<String>) -> Result<String, Diagnostic> {
    let (text, span) = match file.get() {
        Some(file) => (file.value.0.as_str(), file.span),
        None => (file_of_url(&url.value), url.span),
    };
    let clean = |word: &str| !matches!(word, "" | "." | "..");
    if text.split('/').all(clean) && !text.contains(['\0', '\n', '\\']) {
        return Ok(text.to_owned());
    }
    let message = match file.get() {
        Some(_) => format!("`{text}` is not the path of a file in the model's folder"),
        None => "the address does not end in the name of a file".into(),
    };
    Err(Diagnostic::error(code::INVALID_PATH, span, message).hint("write `file: model.safetensors`"))
}

fn same_file(files: &[ModelFile], findings: &mut Findings) {
    for (number, file) in files.iter().enumerate() {
        let Some(first) = files[..number].iter().find(|first| first.path == file.path) else {
            continue;
        };
        let message = format!("two files of the model are called `{}`", file.path);
        findings.push(
            Diagnostic::error(code::DUPLICATE_VALUE, file.url.span, message)
                .related(first.url.span, "the other file")
                .hint("give one of them another name: `file: NAME`"),
        );
    }
}

/// Two models whose files would lie over each other.
fn same_place(models: &[Model], findings: &mut Findings) {
    for (number, model) in models.iter().enumerate() {
        let Some(first) = models[..number].iter().find(|first| first.folder == model.folder) else {
            continue;
        };
        let message = format!("two models lie in `{}`", model.folder);
        findings.push(
            Diagnostic::error(code::CONFLICT, model.name.span, message)
                .related(first.name.span, "the other model")
                .hint("give one of them a folder of its own: `to: /models/NAME`"),
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::check::drawn::{Build, check_diagnostics, check_of};
    use crate::check::{Model, ModelSource};
    use crate::source::Source;

    const SHA: &str = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

    #[track_caller]
    fn models(text: &str, target: Option<&str>) -> Vec<Model> {
        let build = Build {
            target,
            ..Build::default()
        };
        let (checked, findings) = check_of(&Source::new("modelcrate.yaml", text.replace("SHA", SHA)), &build);
        assert_eq!(findings, []);
        checked.unwrap().models
    }

    fn paths(model: &Model) -> Vec<String> {
        match &model.source {
            ModelSource::Files { files, .. } => files
                .iter()
                .map(|file| format!("{}/{}", model.folder, file.path))
                .collect(),
            ModelSource::Image(image) => vec![image.value.clone()],
        }
    }

    #[test]
    fn files_lie_in_the_folder_of_their_model() {
        let models = models(
            "models:
  a: { url: \"https://x.test/w/a.gguf?download=true\", sha256: SHA }
  b: { to: /srv/b/, urls: [{ url: https://x.test/1, file: sub/one.json, sha256: \"sha256:SHA\" }] }
  c: { image: example/weights:1, path: /w }
",
            None,
        );
        let drawn: Vec<Vec<String>> = models.iter().map(paths).collect();
        assert_eq!(drawn[0], ["/models/a/a.gguf"]);
        assert_eq!(drawn[1], ["/srv/b/sub/one.json"]);
        assert_eq!(drawn[2], ["example/weights:1"]);
        assert_eq!(models[2].folder, "/w");
    }

    #[test]
    fn what_is_said_of_every_model_lies_below_each_and_above_it_in_a_target() {
        let text = "models:
  \"*\": { token: one }
  a: { url: https://x.test/a, sha256: SHA }
  b: { url: https://x.test/b, sha256: SHA, token: two }
targets:
  other:
    models:
      \"*\": { token: three }
      b: { to: /b }
      c: { url: https://x.test/c, sha256: SHA }
  fewer: { models: { a: null, b: { url: null, sha256: null, image: example/b } , \"*\": { token: null } } }
";
        let token = |model: &Model| match &model.source {
            ModelSource::Files { token, .. } => token.as_ref().map(|token| token.value.clone()),
            ModelSource::Image(_) => None,
        };
        let tokens = |target| {
            let models = models(text, target);
            let pairs = models
                .iter()
                .map(|model| (model.name.value.clone(), token(model)));
            pairs
                .map(|(name, token)| format!("{name} {}", token.unwrap_or_default()))
                .collect::<Vec<_>>()
        };
        assert_eq!(tokens(None), ["a one", "b two"]);
        assert_eq!(tokens(Some("other")), ["a three", "b three", "c three"]);
        assert_eq!(tokens(Some("fewer")), ["b "]);
    }

    #[test]
    fn a_target_may_deliver_in_a_way_that_comes_later() {
        let text = "models: { a: { url: https://x.test/a, sha256: SHA } }
targets: { slim: { models: { \"*\": { deliver: volume } } } }
";
        assert_eq!(models(text, None).len(), 1);
    }

    #[test]
    fn words_for_models_are_known_everywhere_but_in_args_and_models() {
        let text = "args: { HUB: https://x.test }
models:
  small: { url: \"${HUB}/a.gguf\", sha256: SHA }
env: { FOLDER: \"${models.small.path}\" }
entrypoint: [serve, \"${models.small.file}\"]
";
        let build = Build::default();
        let (checked, findings) = check_of(&Source::new("modelcrate.yaml", text.replace("SHA", SHA)), &build);
        assert_eq!(findings, []);
        let checked = checked.unwrap();
        assert_eq!(checked.env[0].1.value, "/models/small");
        assert_eq!(
            checked.entrypoint.unwrap().value,
            ["serve", "/models/small/a.gguf"]
        );
    }

    #[test]
    fn a_misspelt_name_of_a_model_has_a_near_one() {
        check_diagnostics(
            r#"
              models: { flux: { url: https://x.test/a.gguf, sha256: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" } }
              env: { MODEL: "${models.flx.path}", OTHER: "${models.flux.fil}" }
            #                ^^^^^^^^^^^^^^^^^^ error[undefined-name]: nothing defines `${models.flx.path}`
            # = hint: did you mean `models.flux.path`?
            #                                             ^^^^^^^^^^^^^^^^^^ error[undefined-name]: nothing defines `${models.flux.fil}`
            # = hint: did you mean `models.flux.file`?
        "#,
        );
    }

    #[test]
    fn a_name_of_a_model_needs_models() {
        check_diagnostics(
            r#"
              env: { MODEL: "${models.flux.path}" }
            #                ^^^^^^^^^^^^^^^^^^^ error[undefined-name]: nothing defines `${models.flux.path}`
            # = hint: the spec has no models: add `models: { NAME: { url: …, sha256: … } }`
        "#,
        );
    }

    #[test]
    fn an_arg_cannot_name_a_model() {
        check_diagnostics(
            r#"
              args: { A: "${models.flux.path}" }
            #             ^^^^^^^^^^^^^^^^^^^ error[undefined-name]: `${models.flux.path}` is not known here
            # = hint: args and models are read first; use it in `env`, `entrypoint`, `cmd`, `healthcheck`, `labels` or `run`
              env: { A: "${A}" }
              models: { flux: { url: https://x.test/a.gguf, sha256: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" } }
        "#,
        );
    }

    #[test]
    fn several_files_have_no_one_name() {
        check_diagnostics(
            r#"
              models:
                m:
                  urls:
                    - { url: https://x.test/a.gguf, sha256: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" }
                    - { url: https://x.test/b.gguf, sha256: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" }
              cmd: ["${models.m.file}"]
            #        ^^^^^^^^^^^^^^^^ error[undefined-name]: `${models.m.file}` is not known: the model may have several files
            # = hint: name the file: `${models.m.path}/FILE`
        "#,
        );
    }

    #[test]
    fn a_file_is_pinned_by_its_checksum() {
        check_diagnostics(
            r#"
              models:
                a: { url: https://x.test/a.gguf }
            #        ^^^ error[missing-key]: this file of a model has no `sha256`
            # = hint: write the 64 digits that `sha256sum FILE` prints; hubs show them on the page of the file
                b: { urls: [{ url: https://x.test/b.gguf }] }
            #                 ^^^ error[missing-key]: this file of a model has no `sha256`
            # = hint: write the 64 digits that `sha256sum FILE` prints; hubs show them on the page of the file
        "#,
        );
    }

    #[test]
    fn a_checksum_has_64_digits() {
        check_diagnostics(
            r#"
              models:
                a: { url: https://x.test/a, sha256: "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb" }
            #                                       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[invalid-checksum]: this is a SHA-1, with 40 digits; `sha256` has 64
            # = hint: a git id names another thing than the file's bytes: take what `sha256sum FILE` prints
                b: { url: https://x.test/b, sha256: "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb" }
            #                                       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[invalid-checksum]: a SHA-256 has 64 hexadecimal digits, this has 63
            # = hint: take what `sha256sum FILE` prints
                c: { url: https://x.test/c, sha256: latest }
            #                                       ^^^^^^ error[invalid-checksum]: `latest` is not a SHA-256
            # = hint: write the 64 hexadecimal digits that `sha256sum FILE` prints
                d: { url: https://x.test/d, sha256: "cccccccccccccccccccccccccccccccc" }
            #                                       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[invalid-checksum]: this is an MD5, with 32 digits; `sha256` has 64
            # = hint: take what `sha256sum FILE` prints
        "#,
        );
    }

    #[test]
    fn a_model_has_a_source() {
        check_diagnostics(
            r#"
              models:
                a: {}
            #   ^ error[missing-key]: it is not said where the model `a` comes from
            # = hint: write `url: https://…` and `sha256: …`, or `image: …`
                b: { to: /b }
            #   ^ error[missing-key]: it is not said where the model `b` comes from
            # = hint: write `url: https://…` and `sha256: …`, or `image: …`
        "#,
        );
    }

    #[test]
    fn a_model_has_one_source() {
        check_diagnostics(
            r#"
              models: { a: { url: https://x.test/a, sha256: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", image: example/a } }
            #                                                                                                                   ^^^^^ error[conflict]: a model has one source, and this has `url` and `image`
            # = hint: keep one of them; several files go under `urls: [{ url: …, sha256: … }]`
            #                --- the other source
        "#,
        );
    }

    #[test]
    fn a_hub_comes_later() {
        check_diagnostics(
            r#"
              models:
                a: { hf: org/repo, files: ["*.gguf"], token: hf_token }
            #        ^^ error[not-supported-yet]: `hf` is not supported yet by this version of modelcrate
            # = hint: give each file with its `url` and `sha256`, or an `image` that holds the files
                b: { s3: "s3://bucket/prefix" }
            #        ^^ error[not-supported-yet]: `s3` is not supported yet by this version of modelcrate
            # = hint: give each file with its `url` and `sha256`, or an `image` that holds the files
                c: { oci: example/model:1, layout: dir }
            #        ^^^ error[not-supported-yet]: `oci` is not supported yet by this version of modelcrate
            # = hint: give each file with its `url` and `sha256`, or an `image` that holds the files
            #                              ^^^^^^ error[not-supported-yet]: `layout` is not supported yet by this version of modelcrate
            # = hint: a newer frontend may read it: see the `# syntax=` line
                d: { path: weights }
            #        ^^^^ error[not-supported-yet]: a model from the build context is not supported yet by this version of modelcrate
            # = hint: copy it: `copy: [{ path/in/context: /models/NAME/ }]`
        "#,
        );
    }

    #[test]
    fn other_ways_to_deliver_come_later() {
        check_diagnostics(
            r#"
              args: { DELIVER: fetch }
              models:
                a: { url: https://x.test/a, sha256: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", deliver: volume }
            #                                                                                                                    ^^^^^^ error[not-supported-yet]: `deliver: volume` is not supported yet by this version of modelcrate
            # = hint: `deliver: bake` puts the model into the image
                b: { url: https://x.test/a, sha256: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", deliver: "${DELIVER}" }
            #                                                                                                                    ^^^^^^^^^^^^ error[not-supported-yet]: `deliver: fetch` is not supported yet by this version of modelcrate
            # = hint: `deliver: bake` puts the model into the image
                c: { url: https://x.test/a, sha256: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", deliver: later }
            #                                                                                                                    ^^^^^ error[unknown-choice]: `later` is no choice for `deliver`
            # = hint: the choices are `bake`, `volume` and `fetch`
        "#,
        );
    }

    #[test]
    fn files_of_one_model_have_different_names() {
        check_diagnostics(
            r#"
              models:
                a:
                  urls:
                    - { url: https://x.test/1/model.gguf, sha256: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" }
            #                --------------------------- the other file
                    - { url: https://x.test/2/model.gguf, sha256: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" }
            #                ^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[duplicate-value]: two files of the model are called `model.gguf`
            # = hint: give one of them another name: `file: NAME`
        "#,
        );
    }

    #[test]
    fn a_file_stays_in_the_folder_of_its_model() {
        check_diagnostics(
            r#"
              models:
                a: { url: https://x.test/a, sha256: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", file: ../a }
            #                                                                                                                 ^^^^ error[invalid-path]: `../a` is not the path of a file in the model's folder
            # = hint: write `file: model.safetensors`
                b: { url: https://x.test/, sha256: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" }
            #             ^^^^^^^^^^^^^^^ error[invalid-path]: the address does not end in the name of a file
            # = hint: write `file: model.safetensors`
                c: { url: https://x.test/a, sha256: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", to: models/c }
            #                                                                                                               ^^^^^^^^ error[invalid-path]: `to` must be an absolute path, not `models/c`
            # = hint: write `/models/c`
        "#,
        );
    }

    #[test]
    fn models_do_not_lie_over_each_other() {
        check_diagnostics(
            r#"
              models:
                a: { url: https://x.test/a, sha256: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" }
            #   - the other model
                b: { url: https://x.test/a, sha256: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", to: /models/a }
            #   ^ error[conflict]: two models lie in `/models/a`
            # = hint: give one of them a folder of its own: `to: /models/NAME`
        "#,
        );
    }

    #[test]
    fn an_image_of_weights_is_taken_as_it_is() {
        check_diagnostics(
            r#"
              models:
                a: { image: "example/Weights", to: /a, token: t, sha256: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" }
            #               ^^^^^^^^^^^^^^^^^ error[invalid-image]: `example/Weights` is not an image: repository names are lower case
            # = hint: write `example/weights`
            #                                  ^^ error[conflict]: `to` does nothing for a model from an image
            # = hint: the files stay where the image has them: say where with `path`, or copy them with `copy: [{ from: … }]`
            #                                          ^^^^^ error[conflict]: `token` does nothing for a model from an image
            # = hint: the engine uses what `docker login` knows of the registry
            #                                                    ^^^^^^ error[conflict]: `sha256` belongs to `url`, which this model does not have
            # = hint: each file under `urls` has its own: `urls: [{ url: …, sha256: …, file: … }]`
        "#,
        );
    }

    #[test]
    fn an_address_is_one() {
        check_diagnostics(
            r#"
              models:
                a: { url: x.test/a.gguf, sha256: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" }
            #             ^^^^^^^^^^^^^ error[invalid-url]: `x.test/a.gguf` is not a web address
            # = hint: write `https://x.test/a.gguf`
                "b c": { url: "s3://bucket/key", sha256: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" }
            #   ^^^^^ error[invalid-name]: `b c` is not a name for a model
            # = hint: use letters, digits, `.`, `_` and `-`; it becomes the folder `/models/NAME`
            #                 ^^^^^^^^^^^^^^^^^ error[invalid-url]: `s3://bucket/key` is not a web address
            # = hint: write `https://HOST/PATH`
        "#,
        );
    }

    #[test]
    fn the_token_of_a_model_is_a_declared_secret() {
        check_diagnostics(
            r#"
              secrets: [other]
            #           ^^^^^ warning[unused-secret]: no command uses the secret `other`
            # = hint: name it where it is needed: `run: [{ command: …, secrets: [other] }]`
            # ------- the secrets of this spec
              models: { a: { url: https://x.test/a, sha256: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", token: hf_token } }
            #                                                                                                                          ^^^^^^^^ error[undeclared-secret]: `secrets` does not list `hf_token`
            # = hint: the choices are `other`
            # = hint: or add `hf_token` to it
        "#,
        );
    }
}
