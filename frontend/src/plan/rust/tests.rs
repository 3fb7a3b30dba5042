//! Plans of whole specs with programs in Rust.

use std::collections::BTreeMap;

use crate::check::drawn::{Build, check_of};
use crate::plan::{Action, Exec, Facts, ImageFacts, Key, MountKind, On, Plan, plan};
use crate::rust::{CargoLock, Manifest, Toolchain, Workspace};
use crate::source::Source;

const LOCK: &str = "version = 3\n\
    [[package]]\nname = 'app'\nversion = '1.2.3'\ndependencies = ['serde', 'private']\n\
    [[package]]\nname = 'serde'\nversion = '1.0.0'\nsource = 'registry+https://index.example/crates'\n\
    [[package]]\nname = 'private'\nversion = '0.1.0'\nsource = 'git+https://git.example.com/private.git#1234abcd'\n";

fn workspace() -> Workspace {
    let manifest = |text| Manifest::parse(text).unwrap();
    let manifests = [
        ("", manifest("[workspace]\nmembers = ['app', 'other']\n")),
        (
            "app",
            manifest("[package]\nname = 'app'\nversion = '1.2.3'\n[dependencies]\nserde = '1'\n"),
        ),
        (
            "other",
            manifest("[package]\nname = 'other'\nversion = '1.2.3'\n"),
        ),
    ];
    Workspace {
        manifests: manifests
            .map(|(folder, manifest)| (folder.to_owned(), manifest))
            .into(),
        lock: CargoLock::parse(LOCK).unwrap(),
        ..Workspace::default()
    }
}

fn planned_with(spec: &str, workspace: Workspace, native: bool) -> Plan {
    let (checked, findings) = check_of(&Source::new("modelcrate.yaml", spec), &Build::default());
    let checked = checked.unwrap_or_else(|| panic!("{findings:?}"));
    let mut of_rust = ImageFacts::default();
    of_rust.config.config.set_env("CARGO_HOME", "/usr/local/cargo");
    let images: BTreeMap<String, ImageFacts> = [
        ("rust:1.95-slim-bookworm".to_owned(), of_rust.clone()),
        ("rust:1.75-slim-bookworm".to_owned(), of_rust.clone()),
        ("registry.test/rust:1".to_owned(), of_rust),
    ]
    .into();
    let facts = Facts {
        target: (
            "linux".into(),
            if native { "amd64" } else { "arm64" }.into(),
            String::new(),
        ),
        native,
        build_architecture: "amd64".into(),
        images,
        workspaces: vec![workspace; checked.rust.len()],
        ..Facts::default()
    };
    plan(&checked, &facts)
}

fn planned(spec: &str) -> Plan {
    planned_with(spec, workspace(), true)
}

fn exec<'a>(plan: &'a Plan, name: &str) -> (&'a Exec, On) {
    let step = plan.steps.iter().find(|step| step.name.starts_with(name));
    let step = step.unwrap_or_else(|| panic!("no step {name}: {:?}", names(plan)));
    match &step.action {
        Action::Exec(exec) => (exec, step.platform),
        other => panic!("{other:?}"),
    }
}

/// What runs, and the images that it stands on.
fn names(plan: &Plan) -> Vec<&str> {
    let shown = |action: &Action| matches!(action, Action::Exec(_) | Action::Image(_));
    plan.steps
        .iter()
        .filter(|step| shown(&step.action))
        .map(|step| step.name.as_str())
        .collect()
}

#[test]
fn dependencies_are_a_step_of_manifests_and_lock() {
    let plan = planned("rust: { package: app, features: [b, a], lto: true, codegen_units: 1 }\n");
    assert_eq!(
        names(&plan),
        [
            "from debian:bookworm-slim",
            "add user app (1000:1000)",
            "from rust:1.95-slim-bookworm",
            "download crates (private git repositories: --secret id=GIT_AUTH_TOKEN)",
            "compile dependencies of app",
            "compile app"
        ]
    );
    let (dependencies, _) = exec(&plan, "compile dependencies");
    let (programs, _) = exec(&plan, "compile app");
    let cargo = |exec: &Exec| {
        exec.args
            .iter()
            .skip_while(|arg| *arg != "--")
            .cloned()
            .collect::<Vec<_>>()
            .join(" ")
    };
    let same = "-- --profile=release --package=app --features=a,b --bins";
    assert_eq!(
        (cargo(dependencies).as_str(), cargo(programs).as_str()),
        (same, same)
    );
    for variable in [
        "CARGO_PROFILE_RELEASE_LTO=true",
        "CARGO_PROFILE_RELEASE_CODEGEN_UNITS=1",
    ] {
        let (name, value) = variable.split_once('=').unwrap();
        assert!(programs.env.contains(&(name.into(), value.into())));
    }
    assert_eq!(dependencies.env, programs.env);
    assert_eq!(
        (dependencies.root_key, programs.root_key),
        (Key::Bytes, Key::Name)
    );
}

#[test]
fn cargo_is_told_of_the_machines_own_target_where_flags_are_for_that_alone() {
    let target = |plan: &Plan| {
        let of = |name: &str| {
            let (exec, _) = exec(plan, name);
            let told = exec
                .args
                .iter()
                .any(|arg| arg == "--target=x86_64-unknown-linux-gnu");
            (told, exec.args[4].clone())
        };
        assert_eq!(of("compile dependencies"), of("compile app"));
        of("compile app")
    };
    let plain = (false, "/target/release".to_owned());
    let told = (true, "/target/x86_64-unknown-linux-gnu/release".to_owned());
    assert_eq!(target(&planned("rust: { package: app, env: { A: b } }\n")), plain);
    for variable in [
        "RUSTFLAGS",
        "CARGO_ENCODED_RUSTFLAGS",
        "CARGO_BUILD_RUSTFLAGS",
        "CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_RUSTFLAGS",
    ] {
        let spec = format!("rust: {{ package: app, env: {{ {variable}: -Ctarget-cpu=x86-64-v3 }} }}\n");
        assert_eq!(target(&planned(&spec)), told, "{variable}");
    }
    let with = |settings: &str| {
        let settings = (".cargo/config.toml".to_owned(), settings.to_owned());
        let workspace = Workspace {
            settings: [settings].into(),
            ..workspace()
        };
        target(&planned_with("rust: app\n", workspace, true))
    };
    assert_eq!(with("[net]\nretry = 3\n"), plain);
    assert_eq!(with("[build]\nrustflags = ['-Cforce-frame-pointers']\n"), told);
    assert_eq!(with("[build]\ntarget = 'wasm32-wasip1'\n"), told);
}

#[test]
fn only_the_download_sees_tokens_and_the_network() {
    let plan = planned("rust: { package: app, registries: { my-corp: corp_token } }\n");
    let (crates, _) = exec(&plan, "download crates");
    assert_eq!(crates.network, None);
    assert_eq!(crates.secret_env[0].name, "CARGO_REGISTRIES_MY_CORP_TOKEN");
    let secrets = |exec: &Exec| {
        exec.mounts
            .iter()
            .filter(|mount| mount.path.starts_with("/run/secrets/"))
            .count()
    };
    assert_eq!(secrets(crates), 2);
    for name in ["compile dependencies", "compile app"] {
        let (exec, _) = exec(&plan, name);
        assert_eq!((secrets(exec), exec.secret_env.len()), (0, 0));
        assert_eq!(exec.network, Some(crate::check::Network::None));
    }
}

#[test]
fn a_program_is_compiled_on_the_bases_own_system() {
    let plan = planned("base: ubuntu:22.04\nrust: { package: app, toolchain: '1.75', apt: [libssl-dev] }\n");
    let names = names(&plan);
    assert!(names.contains(&"from rust:1.75-slim-bookworm"), "{names:?}");
    assert!(names.contains(&"install gcc libc6-dev libssl-dev"), "{names:?}");
    // The toolchain alone lies beside it, and whatever runs cargo stands on the same images.
    let beside = |name: &str| {
        let mount = exec(&plan, name).0.mounts.iter();
        let mut mount = mount.filter(|mount| mount.path == "/run/modelcrate/rust");
        match mount.next().map(|mount| &mount.kind) {
            Some(MountKind::Files { from, key, .. }) => (plan.step(*from).name.as_str(), *key),
            other => panic!("{other:?}"),
        }
    };
    for name in ["download crates", "compile dependencies", "compile app"] {
        assert_eq!(beside(name), ("take the toolchain", Key::Name), "{name}");
        let root = plan.step(exec(&plan, name).0.root[0]);
        assert_eq!(root.action, Action::Image("ubuntu:22.04".into()), "{name}");
    }
    let own = planned("base: ubuntu:22.04\nrust: { package: app, image: registry.test/rust:1 }\n");
    assert!(!self::names(&own).iter().any(|name| name.contains("rust:1.95")));
}

#[test]
fn an_empty_base_gets_a_static_program() {
    let plan = planned("base: scratch\nrust: app\n");
    let (programs, on) = exec(&plan, "compile app");
    assert!(
        programs
            .args
            .contains(&"--target=x86_64-unknown-linux-musl".to_owned())
    );
    assert_eq!(on, On::Build);
    assert!(names(&plan).contains(&"install Rust's standard library for x86_64-unknown-linux-musl"));
}

#[test]
fn another_platform_is_compiled_for_on_this_one() {
    let plan = planned_with(
        "rust: { package: app, apt: [protobuf-compiler, g++] }\n",
        workspace(),
        false,
    );
    let (programs, on) = exec(&plan, "compile app");
    assert_eq!(on, On::Build);
    let linker = (
        "CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_LINKER".to_owned(),
        "aarch64-linux-gnu-gcc".to_owned(),
    );
    assert!(programs.env.contains(&linker));
    let packages =
        "install g++ g++-aarch64-linux-gnu gcc-aarch64-linux-gnu libc6-dev-arm64-cross protobuf-compiler";
    assert!(names(&plan).contains(&packages), "{:?}", names(&plan));
}

#[test]
fn there_is_one_layer_of_a_toolchain_for_all_that_runs_cargo() {
    let spec = "base: ubuntu:22.04\nrust: { package: app, toolchain: '1.75' }\n";
    let plan = planned_with(spec, workspace(), false);
    let taken = plan.steps.iter().filter(|step| step.name == "take the toolchain");
    assert_eq!(taken.count(), 1, "{:?}", names(&plan));
}

#[test]
fn libraries_of_another_platform_need_its_machine() {
    let plan = planned_with("rust: { package: app, apt: [libssl-dev] }\n", workspace(), false);
    let (programs, on) = exec(&plan, "compile app");
    assert_eq!(on, On::Target);
    // There the compiler's machine is the program's.
    assert!(programs.args.contains(&"/target/release".to_owned()));
    assert_eq!(programs.args.iter().find(|arg| arg.starts_with("--target")), None);
    assert!(names(&plan).contains(&"install libssl-dev"));
}

#[test]
fn a_toolchain_file_chooses_the_compiler() {
    let with = |text: &str| Workspace {
        toolchain: Toolchain::parse(text),
        ..workspace()
    };
    let plan = planned_with("rust: app\n", with("1.75"), true);
    assert!(names(&plan).contains(&"from rust:1.75-slim-bookworm"));
    let nightly = with("[toolchain]\nchannel = 'nightly-2026-01-15'\ncomponents = ['rust-src']\n");
    let plan = planned_with("rust: app\n", nightly, true);
    let (install, _) = exec(&plan, "install Rust");
    assert_eq!(install.args[2..], ["nightly-2026-01-15", "-", "rust-src"]);
}

#[test]
fn what_a_program_does_not_need_is_no_source_of_it() {
    let plan = planned("rust: { package: app, inputs: [proto] }\n");
    let sources = plan
        .steps
        .iter()
        .find(|step| step.name == "sources of the programs");
    let Action::Context { paths, exclude } = &sources.unwrap().action else {
        panic!("sources come from the context")
    };
    assert_eq!(paths, &["Cargo.lock", "Cargo.toml", "app", "proto"]);
    assert!(exclude.contains(&"other".to_owned()) && exclude.contains(&"app/target".to_owned()));
}
