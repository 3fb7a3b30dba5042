//! The launcher, in images that ask for it: it answers health checks where no curl is, looks at the container before the
//! program starts, and stays as its first process. What it does is baked into the image beside it.

use modelcrate_fetcher::manifest::PATH;
use modelcrate_launcher::{BAKED, Baked, Gpu, PROGRAM, Port, Preflight};
use serde::Serialize;

use super::{Action, CopyAction, Facts, FileAction, On, Step, StepId, Steps, Tree, models, system};
use crate::check::{Checked, Cuda, Deliver, GpuPreflight, HealthTest, User};
use crate::cuda::least_driver;
use crate::source::Span;

/// The words in front of an image's own entrypoint.
const START: [&str; 2] = [PROGRAM, "run"];

/// Where the spec asks for the launcher, in the words of its key; nothing where it does not.
pub fn asks_for_launcher(checked: &Checked) -> Option<(&'static str, Span)> {
    let check = checked.healthcheck.as_ref();
    let check = check.filter(|check| matches!(check.test, HealthTest::Url(_)));
    check
        .map(|check| ("a health check by URL", check.span))
        .or_else(|| at_start(checked))
}

fn at_start(checked: &Checked) -> Option<(&'static str, Span)> {
    let preflight = checked.preflight.as_ref();
    preflight
        .map(|preflight| ("`preflight`", preflight.span))
        .or_else(|| checked.init.map(|span| ("`init`", span)))
        .or_else(|| Some(("`deliver: fetch`", checked.fetched_model()?.span)))
}

/// The programs, which are the same layers in every image, and what is baked in for them.
pub(super) fn launcher(steps: &mut Steps, checked: &Checked, facts: &Facts) -> Tree {
    let mut tree = Tree::new();
    if let Some((_, span)) = asks_for_launcher(checked) {
        tree.push(program(steps, span, facts));
    }
    if let Some(model) = checked.fetched_model() {
        tree.push(models::fetcher(steps, model.span, facts));
    }
    tree.extend(bake(steps, checked, facts));
    tree
}

/// The entrypoint of the image: the launcher starts its own one. The arguments of `docker run` follow either.
pub(super) fn entrypoint(checked: &Checked, facts: &Facts) -> Option<Vec<String>> {
    let own = own_entrypoint(checked, facts);
    if at_start(checked).is_none() {
        return checked
            .entrypoint
            .as_ref()
            .map(|entrypoint| entrypoint.value.clone())
            .or(own);
    }
    let words = START.iter().map(ToString::to_string);
    Some(words.chain(own.unwrap_or_default()).collect())
}

/// The program that the image is, without a launcher that its base may have in front.
fn own_entrypoint(checked: &Checked, facts: &Facts) -> Option<Vec<String>> {
    if let Some(entrypoint) = &checked.entrypoint {
        return Some(entrypoint.value.clone());
    }
    let base = facts
        .image(&checked.base.image.as_ref()?.value)
        .config
        .config
        .entrypoint?;
    if at_start(checked).is_some() && base.starts_with(&START.map(str::to_owned)) {
        return Some(base[START.len()..].to_vec());
    }
    Some(base)
}

fn program(steps: &mut Steps, span: Span, facts: &Facts) -> StepId {
    let from = steps.add(Step {
        stage: "launcher",
        name: "from the frontend".into(),
        span,
        platform: On::Any,
        action: Action::FrontendImage,
    });
    let action = Action::Files(vec![FileAction::Copy(CopyAction {
        from,
        source: format!("/launcher/{}", facts.target.1),
        dest: PROGRAM.into(),
        owner: None,
        mode: Some("0755".into()),
        exclude: Vec::new(),
    })]);
    steps.add(Step {
        stage: "launcher",
        name: "add the launcher".into(),
        span,
        platform: On::Any,
        action,
    })
}

/// What the launcher does at the start, and the models; these also where somebody else must bring them.
fn bake(steps: &mut Steps, checked: &Checked, facts: &Facts) -> Option<StepId> {
    let start = at_start(checked);
    let outside = checked.models.iter().find(|model| model.deliver != Deliver::Bake);
    let span = start.map(|(_, span)| span).or(outside.map(|model| model.span))?;
    let folder = BAKED.rsplit_once('/').map_or("/", |(folder, _)| folder);
    let folder = FileAction::Folder {
        path: folder.into(),
        mode: 0o755,
        owner: None,
    };
    let baked = start.map(|_| json(BAKED, &baked(checked, facts)));
    let models = models::manifest(checked, facts).map(|models| json(PATH, &models));
    let files = std::iter::once(folder).chain(baked).chain(models);
    let name = match start {
        Some(_) => "say what it looks at",
        None => "say which models belong here",
    };
    Some(steps.add(Step {
        stage: "launcher",
        name: name.into(),
        span,
        platform: On::Any,
        action: Action::Files(files.collect()),
    }))
}

fn json(path: &str, value: &impl Serialize) -> FileAction {
    // Maps of texts, numbers and lists always have a text.
    let text = serde_json::to_string_pretty(value).unwrap_or_default() + "\n";
    FileAction::File {
        path: path.into(),
        mode: 0o644,
        text,
    }
}

fn baked(checked: &Checked, facts: &Facts) -> Baked {
    Baked {
        entrypoint: own_entrypoint(checked, facts).unwrap_or_default(),
        init: checked.init.is_some(),
        preflight: checked.preflight.as_ref().map(|preflight| Preflight {
            skip_for: preflight.skip_for.clone(),
            workspace: preflight.workspace.as_ref().map(|path| path.value.clone()),
            hf_home: preflight.hf_home,
            hf_token: preflight.hf_token,
            gpu: preflight.gpu.as_ref().map(|gpu| self::gpu(gpu, checked)),
            shm: preflight.shm,
            writable: preflight.writable.iter().map(|path| path.value.clone()).collect(),
            ports: if preflight.ports {
                ports(checked)
            } else {
                Vec::new()
            },
            models: preflight.models && !checked.models.is_empty(),
            uid: if preflight.user { uid(checked, facts) } else { None },
        }),
    }
}

fn gpu(gpu: &GpuPreflight, checked: &Checked) -> Gpu {
    let cuda = checked.cuda.as_ref();
    let version = cuda.and_then(Cuda::version);
    Gpu {
        skip_for: gpu.skip_for.clone(),
        cuda: version.map(|version| version.to_string()),
        driver: version
            .and_then(|version| least_driver(version.major))
            .map(str::to_owned),
        archs: cuda
            .into_iter()
            .flat_map(|cuda| &cuda.archs)
            .map(|arch| arch.value.to_string())
            .collect(),
    }
}

fn ports(checked: &Checked) -> Vec<Port> {
    let port = |port: &crate::check::Port| Port {
        number: port.number,
        udp: port.protocol == "udp",
    };
    checked.ports.iter().map(port).collect()
}

/// The uid that the image runs as; not known where the base names its user.
fn uid(checked: &Checked, facts: &Facts) -> Option<u32> {
    match system::user(checked, facts) {
        User::Root(_) => Some(0),
        User::Ids { uid, .. } | User::Named { uid, .. } => Some(uid),
        User::Inherit => {
            let base = facts.image(&checked.base.image.as_ref()?.value);
            base.config.config.user.split(':').next()?.parse().ok()
        }
    }
}

#[cfg(test)]
mod tests {
    use modelcrate_fetcher::manifest::{Deliver, Manifest, Source};

    use super::super::{ImageFacts, Plan, plan};
    use super::*;
    use crate::check::drawn::{self, Build};
    use crate::image::{ContainerConfig, ImageConfig};

    fn checked(spec: &str) -> Checked {
        drawn::checked(spec, &Build::default())
    }

    /// Facts of a base that runs `words` as uid 7.
    fn base(words: &[&str]) -> Facts {
        let config = ContainerConfig {
            entrypoint: Some(words.iter().map(ToString::to_string).collect()),
            cmd: Some(vec!["serve".into()]),
            user: "7:8".into(),
            ..ContainerConfig::default()
        };
        let config = ImageConfig {
            config,
            ..ImageConfig::default()
        };
        Facts {
            target: ("linux".into(), "amd64".into(), String::new()),
            images: [("base".to_owned(), ImageFacts { digest: None, config })].into(),
            ..Facts::default()
        }
    }

    /// Entrypoint and cmd of the image, and what is baked in.
    fn start(spec: &str, facts: &Facts) -> (String, Option<Baked>) {
        let plan = plan(&checked(spec), facts);
        let baked = baked_file(&plan, BAKED);
        let config = plan.config.config;
        let line = [config.entrypoint, config.cmd].map(|words| words.unwrap_or_default().join(" "));
        (line.join(" | "), baked)
    }

    fn baked_file<T: serde::de::DeserializeOwned>(plan: &Plan, wanted: &str) -> Option<T> {
        let files = plan.steps.iter().filter_map(|step| match &step.action {
            Action::Files(files) => Some(files),
            _ => None,
        });
        files.flatten().find_map(|file| match file {
            FileAction::File { path, text, .. } if path == wanted => serde_json::from_str(text).ok(),
            _ => None,
        })
    }

    #[test]
    fn the_launcher_is_in_front_of_the_program_and_arguments_stay_behind_it() {
        let nothing = base(&[]);
        let of = |spec: &str| start(spec, &nothing).0;
        assert_eq!(
            of("preflight: true\nentrypoint: [a, b]\ncmd: [c]"),
            format!("{PROGRAM} run a b | c")
        );
        assert_eq!(of("init: true\ncmd: [c]"), format!("{PROGRAM} run | c"));
        assert_eq!(of("healthcheck: tcp:80\nentrypoint: [a]"), "a | ");
        assert_eq!(of("preflight: none\nentrypoint: [a]"), "a | ");
    }

    #[test]
    fn the_program_of_the_base_keeps_its_arguments() {
        let spec = "base: base\npreflight: true";
        let (line, baked) = start(spec, &base(&["python", "-m", "app"]));
        assert_eq!(line, format!("{PROGRAM} run python -m app | serve"));
        assert_eq!(baked.unwrap().entrypoint, ["python", "-m", "app"]);
        let (line, baked) = start(spec, &base(&[PROGRAM, "run", "app"]));
        assert_eq!(
            line,
            format!("{PROGRAM} run app | serve"),
            "one launcher is enough"
        );
        assert_eq!(baked.unwrap().entrypoint, ["app"]);
        assert_eq!(
            start("base: base\nuser: root", &base(&["x"])),
            ("x | serve".to_owned(), None)
        );
    }

    #[test]
    fn what_the_spec_says_elsewhere_is_looked_at_too() {
        let spec = "cuda: { version: 12.8.1, archs: [80, 90a] }\nports: [80, 53/udp]\npreflight: true\nentrypoint: [a]";
        let preflight = start(spec, &base(&[])).1.unwrap().preflight.unwrap();
        let gpu = preflight.gpu.unwrap();
        assert_eq!(
            (gpu.cuda.unwrap().as_str(), gpu.archs),
            ("12.8.1", vec!["80".into(), "90a".into()])
        );
        let ports: Vec<(u16, bool)> = preflight
            .ports
            .iter()
            .map(|port| (port.number, port.udp))
            .collect();
        assert_eq!(ports, [(80, false), (53, true)]);
        assert_eq!(preflight.uid, Some(1000));
        let inherits = start("base: base\npreflight: true", &base(&["a"])).1.unwrap();
        assert_eq!(inherits.preflight.unwrap().uid, Some(7));
    }

    #[test]
    fn the_models_whose_files_are_known_are_looked_at() {
        let sha256 = "a".repeat(64);
        let models = format!(
            "models: {{ m: {{ url: \"https://host/w.gguf\", sha256: {sha256} }}, i: {{ image: \"weights:1\" }} }}"
        );
        let manifest = |preflight: &str| -> Option<Manifest> {
            let spec = format!("{models}\npreflight: {preflight}\nentrypoint: [a]");
            baked_file(&plan(&checked(&spec), &base(&[])), PATH)
        };
        let known = manifest("true").unwrap().models;
        assert_eq!(known.len(), 1);
        assert_eq!(
            (known[0].folder.as_str(), known[0].deliver),
            ("/models/m", Deliver::Bake)
        );
        assert_eq!(
            (known[0].files[0].path.as_str(), &known[0].files[0].sha256),
            ("w.gguf", &sha256)
        );
        assert_eq!(manifest("none"), None);
        let models_of = |spec: String| start(&spec, &base(&[])).1.unwrap().preflight.unwrap().models;
        assert!(models_of(format!("{models}\npreflight: true\nentrypoint: [a]")));
        assert!(!models_of(format!(
            "{models}\npreflight: {{ models: false }}\nentrypoint: [a]"
        )));
    }

    /// A model at an address, delivered like this, in an image of user 1000.
    fn delivered(deliver: &str) -> Plan {
        let sha256 = "a".repeat(64);
        let model =
            format!("{{ url: \"https://host/w.gguf\", sha256: {sha256}, token: key, deliver: {deliver} }}");
        plan(
            &checked(&format!("entrypoint: [a]\nmodels: {{ m: {model} }}")),
            &base(&[]),
        )
    }

    fn destinations(plan: &Plan) -> Vec<&str> {
        let files = plan
            .image
            .iter()
            .filter_map(|step| match &plan.step(*step).action {
                Action::Files(files) => Some(files),
                _ => None,
            });
        let files = files.flatten().filter_map(|file| match file {
            FileAction::Copy(copy) => Some(copy.dest.as_str()),
            _ => None,
        });
        files.collect()
    }

    #[test]
    fn what_is_fetched_has_the_programs_that_do_it_and_no_weights() {
        let plan = delivered("fetch");
        assert_eq!(destinations(&plan), [PROGRAM, "/usr/share/modelcrate/fetcher"]);
        let entrypoint = plan.config.config.entrypoint.clone().unwrap();
        assert_eq!(entrypoint, [PROGRAM, "run", "a"]);
        assert_eq!(baked_file::<Baked>(&plan, BAKED).unwrap().entrypoint, ["a"]);
        let manifest: Manifest = baked_file(&plan, PATH).unwrap();
        let model = &manifest.models[0];
        let urls = [("w.gguf".to_owned(), "https://host/w.gguf".to_owned())].into();
        assert_eq!(model.source, Some(Source::Urls { urls }));
        assert_eq!(
            (model.token.as_deref(), model.deliver),
            (Some("key"), Deliver::Fetch)
        );
    }

    #[test]
    fn what_a_volume_brings_is_said_and_nothing_more() {
        let plan = delivered("volume");
        assert!(destinations(&plan).is_empty());
        assert_eq!(plan.config.config.entrypoint.clone().unwrap(), ["a"]);
        let manifest: Manifest = baked_file(&plan, PATH).unwrap();
        let model = &manifest.models[0];
        assert_eq!(
            (&model.source, &model.token, model.deliver),
            (&None, &None, Deliver::Volume)
        );
        assert_eq!(baked_file::<Baked>(&plan, BAKED), None);
        // Its folder is the user's, so that a new volume is.
        let folder = plan.step(*plan.image.last().unwrap());
        let owner = Some((1000, 1000));
        assert_eq!(
            folder.action,
            Action::Files(
                ["/models", "/models/m"]
                    .map(|path| FileAction::Folder {
                        path: path.into(),
                        mode: 0o755,
                        owner
                    })
                    .into()
            )
        );
        assert!(baked_file::<Manifest>(&delivered("bake"), PATH).is_none());
    }

    #[test]
    fn what_is_not_wanted_is_not_baked_in() {
        let spec = "cuda: 12.8.1\nports: [80]\npreflight: { gpu: false, ports: false, user: false }\nentrypoint: [a]";
        let baked = start(spec, &base(&[])).1.unwrap();
        assert_eq!(baked.preflight, Some(Preflight::default()));
        let none = start("base: base\ncuda: none\npreflight: { gpu: true }", &base(&["a"]))
            .1
            .unwrap();
        assert_eq!(
            none.preflight.unwrap().gpu,
            None,
            "without CUDA there is nothing for a GPU"
        );
        let init = start("init: true\ncmd: [a]", &base(&[])).1.unwrap();
        assert_eq!((init.init, init.preflight), (true, None));
    }
}
