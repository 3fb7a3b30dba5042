//! A secret is seen by the steps that name it, and by nothing else.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD_NO_PAD;
use modelcrate_tests::{Build, Built, Engine, Layout, Progress, Project, unique};

const SPEC: &str = r#"# syntax=modelcrate/frontend:1
name: careful
base: python:3.11-slim
secrets: [token]
run:
  - name: see the variable
    secrets: [{ id: token, env: TOKEN }]
    command: ": RUN; printf %s \"$TOKEN\" | sha256sum > /seen-as-variable"
  - name: see the file
    secrets: [token]
    command: ": RUN; sha256sum < /run/secrets/token > /seen-as-file"
  - name: see the file elsewhere
    stage: build
    secrets: [{ id: token, file: /etc/token }]
    command: ": RUN; mkdir /out && sha256sum < /etc/token > /out/seen-in-build"
    outputs: [/out]
"#;

/// A secret and every form of it that might leak.
struct Secret {
    value: String,
    forms: Vec<Vec<u8>>,
}

impl Secret {
    fn new() -> Self {
        let value = unique("a-value-that-nobody-guesses");
        let mut forms = vec![value.clone().into_bytes()];
        // The same bytes look different in base64 at each of three offsets; the ends depend on what is around them.
        for before in ["", "-", "--"] {
            let text = BASE64_STANDARD_NO_PAD.encode(format!("{before}{value}"));
            forms.push(text.as_bytes()[4..text.len() - 4].to_vec());
        }
        Self { value, forms }
    }

    fn is_in(&self, bytes: &[u8]) -> bool {
        self.forms.iter().any(|form| contains(bytes, form))
    }

    #[track_caller]
    fn is_nowhere_in(&self, layout: &Layout) {
        let everything = layout.everything();
        assert!(everything.len() > 5, "something was exported");
        for (path, bytes) in everything {
            assert!(!self.is_in(&bytes), "the secret is in {}", path.display());
        }
    }

    #[track_caller]
    fn was_not_printed(&self, built: &Built) {
        for text in [&built.output.stdout, &built.output.stderr, &built.log] {
            assert!(!self.is_in(text.as_bytes()), "the secret was printed");
        }
    }
}

/// Builds with the secret in a variable of the client.
fn build<'a>(project: &'a Project, env: &'a [(&'a str, &'a str)]) -> Build<'a> {
    Build {
        options: &[
            "--no-cache",
            "--secret",
            "id=token,env=THE_TOKEN",
            "--attest",
            "type=provenance,mode=max",
        ],
        env,
        ..Build::of(project)
    }
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn a_secret_is_in_no_layer_config_history_or_provenance_and_is_not_printed() {
    let engine = Engine::main();
    let secret = Secret::new();
    let project = project("", "");
    let env = [("THE_TOKEN", secret.value.as_str())];
    let (layout, built) = build(&project, &env).layout(&engine, &[]);

    secret.is_nowhere_in(&layout);
    secret.was_not_printed(&built);
    // It was there to be leaked: three steps saw it, and the provenance tells of them.
    let seen = sha256_line(&secret.value);
    for file in ["/seen-as-variable", "/seen-as-file", "/out/seen-in-build"] {
        let tree = layout.tree(&layout.layer_with(file));
        assert_eq!(String::from_utf8_lossy(&tree.at(file).head), seen, "{file}");
    }
    let told = layout.everything().into_iter().any(|(_, bytes)| {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        text.contains("https://slsa.dev/provenance") && text.contains("seen-as-variable")
    });
    assert!(told, "the provenance holds the steps");

    let plain = Build {
        progress: Progress::Plain,
        ..build(&project, &env)
    };
    let built = plain.with(&engine, &["--output", "type=cacheonly"]);
    assert!(
        built.output.stderr.contains("see the variable"),
        "{}",
        built.output.stderr
    );
    secret.was_not_printed(&built);
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn a_secret_is_in_no_exported_cache() {
    let engine = Engine::main();
    let secret = Secret::new();
    let project = project("", "");
    let env = [("THE_TOKEN", secret.value.as_str())];
    let cache = Layout::empty();
    let to = format!("type=local,mode=max,dest={}", cache.path().display());
    build(&project, &env).with(&engine, &["--cache-to", &to, "--output", "type=cacheonly"]);

    secret.is_nowhere_in(&cache);
    let kept = cache
        .everything()
        .into_iter()
        .any(|(_, bytes)| contains(&bytes, b"seen-in-build"));
    assert!(kept, "the cache holds what the steps made");
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn a_step_that_fails_does_not_print_its_secret() {
    let engine = Engine::main();
    let secret = Secret::new();
    let project = project("> /seen-as-variable", "> /seen-as-variable; exit 3");
    let env = [("THE_TOKEN", secret.value.as_str())];
    for progress in [Progress::Plain, Progress::Events] {
        let built = Build {
            progress,
            ..build(&project, &env)
        }
        .try_with(&engine, &[]);
        assert!(!built.output.status.success());
        assert!(
            built.output.stderr.contains("exit code: 3"),
            "{}",
            built.output.stderr
        );
        secret.was_not_printed(&built);
    }
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn a_secret_that_is_not_given_is_named_in_the_error() {
    let engine = Engine::main();
    let project = project("", "");
    let built = Build {
        progress: Progress::Plain,
        ..Build::of(&project)
    }
    .try_with(&engine, &[]);
    assert!(!built.output.status.success());
    assert!(built.output.stderr.contains("token"), "{}", built.output.stderr);
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    memchr::memmem::find(bytes, part).is_some()
}

/// The spec with commands that no other test and no earlier run had: a secret is no part of a step's key, and steps that
/// run at the same time are one.
fn project(replaced: &str, by: &str) -> Project {
    let spec = SPEC
        .replacen(replaced, by, usize::from(!replaced.is_empty()))
        .replace("RUN", &unique("run"));
    Project::with(&[("modelcrate.yaml", &spec)])
}

/// What `sha256sum` prints for its standard input.
fn sha256_line(text: &str) -> String {
    use sha2::{Digest, Sha256};
    let hex: String = Sha256::digest(text)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    format!("{hex}  -\n")
}
