//! `hf_home:` and `hf_token:`: where huggingface_hub keeps what it downloads, and what opens gated models.
//!
//! Variables and their order are those of huggingface_hub (`constants.py`, `utils/_auth.py`).

use modelcrate_fetcher::manifest::{Model, Source};

use super::finding::fix;
use super::{Check, Container, Finding};

/// Where Compose and Swarm mount secrets.
const SECRETS: &str = "/run/secrets";

/// `HF_HOME` is set, exists, and can be written to unless nothing is downloaded.
pub fn home(container: &Container) -> Option<Finding> {
    let finding = |what: String, why: &str, fix: &str| Some(Check::HfHome.finding(what, why, fix));
    let why = "models are downloaded into the container, and again by each new one";
    let Some(path) = container.env("HF_HOME").filter(|path| !path.is_empty()) else {
        return finding(
            "HF_HOME is not set".into(),
            why,
            fix(
                container,
                "add `-e HF_HOME=/hf -v \"$HOME/.cache/huggingface\":/hf`",
                "add the variable HF_HOME and a volume at the folder that it names",
            ),
        );
    };
    let mount = format!("add `-v \"$HOME/.cache/huggingface\":{path}`");
    let claim = format!("add a volume with `mountPath: {path}`");
    let mount = fix(container, &mount, &claim);
    if !container.path(path).is_dir() {
        return finding(format!("HF_HOME is `{path}`, which does not exist"), why, mount);
    }
    if container.is_on("HF_HUB_OFFLINE") || container.can_write(path).is_ok() {
        return None;
    }
    finding(
        format!("user {} cannot write to `{path}`, HF_HOME", container.uid),
        "downloads of models fail",
        fix(
            container,
            "add `--user \"$(id -u):$(id -g)\"` to run as the owner of that folder, or `-e HF_HUB_OFFLINE=1` when all models are there",
            "add `securityContext: { fsGroup: … }`, or HF_HUB_OFFLINE=1 when all models are there",
        ),
    )
}

/// A token is in the environment or in a file; the token of a model that is fetched may be mounted as its secret. It is looked at
/// for nothing but its being there.
pub fn token(models: &[Model], container: &Container) -> Option<Finding> {
    let of_hub = |model: &&Model| matches!(model.source, Some(Source::Hub { .. }));
    let of_hub = models.iter().filter(of_hub);
    let mut secrets = of_hub.filter_map(|model| model.token.as_ref());
    let is_mounted = secrets.any(|id| container.has(&format!("{SECRETS}/{id}")));
    if container.is_on("HF_HUB_OFFLINE") || is_mounted {
        return None;
    }
    let finding = |what: String| {
        Some(Check::HfToken.finding(
            what,
            "gated and private models cannot be downloaded",
            fix(
                container,
                "add `-e HF_TOKEN`, or mount the file that `hf auth login` wrote at $HF_HOME/token",
                "add HF_TOKEN with `valueFrom: { secretKeyRef: … }`",
            ),
        ))
    };
    let variables = ["HF_TOKEN", "HUGGING_FACE_HUB_TOKEN"];
    let values: Vec<(&str, &str)> = variables
        .into_iter()
        .filter_map(|name| Some((name, container.env(name)?)))
        .collect();
    if values.iter().any(|(_, value)| !value.trim().is_empty()) {
        return None;
    }
    let path = token_file(container);
    match container.read(&path) {
        Some(text) if !text.trim().is_empty() => None,
        None if container.has(&path) => finding(format!("user {} cannot read `{path}`", container.uid)),
        _ => match values.first() {
            Some((name, _)) => finding(format!("{name} is empty, and there is no token in `{path}`")),
            None => finding(format!("HF_TOKEN is not set, and there is no token in `{path}`")),
        },
    }
}

fn token_file(container: &Container) -> String {
    let set = |name: &str| container.env(name).filter(|value| !value.is_empty());
    if let Some(path) = set("HF_TOKEN_PATH") {
        return path.to_owned();
    }
    let home = match (set("HF_HOME"), set("XDG_CACHE_HOME")) {
        (Some(home), _) => home.to_owned(),
        (None, Some(cache)) => format!("{cache}/huggingface"),
        (None, None) => format!("{}/.cache/huggingface", container.env("HOME").unwrap_or_default()),
    };
    format!("{}/token", home.trim_end_matches('/'))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use modelcrate_fetcher::manifest::Deliver;

    use super::*;

    #[test]
    fn hf_home_is_set_and_there() {
        let folder = tempfile::tempdir().unwrap();
        let of = |env: &[(&str, &str)]| home(&Container::at(folder.path(), env)).map(|finding| finding.what);
        assert_eq!(of(&[]).unwrap(), "HF_HOME is not set");
        assert_eq!(of(&[("HF_HOME", "")]).unwrap(), "HF_HOME is not set");
        assert_eq!(
            of(&[("HF_HOME", "/hf")]).unwrap(),
            "HF_HOME is `/hf`, which does not exist"
        );
        std::fs::create_dir(folder.path().join("hf")).unwrap();
        assert_eq!(of(&[("HF_HOME", "/hf")]), None);
    }

    #[test]
    fn a_token_is_in_the_environment_or_in_a_file() {
        let folder = tempfile::tempdir().unwrap();
        let of =
            |env: &[(&str, &str)]| token(&[], &Container::at(folder.path(), env)).map(|finding| finding.what);
        let missing = "HF_TOKEN is not set, and there is no token in `/home/app/.cache/huggingface/token`";
        assert_eq!(of(&[("HOME", "/home/app")]).unwrap(), missing);
        let empty = of(&[("HF_TOKEN", " "), ("HF_HOME", "/hf/")]).unwrap();
        assert_eq!(empty, "HF_TOKEN is empty, and there is no token in `/hf/token`");
        for env in [
            ("HF_TOKEN", "hf_x"),
            ("HUGGING_FACE_HUB_TOKEN", "hf_x"),
            ("HF_HUB_OFFLINE", "true"),
        ] {
            assert_eq!(of(&[env]), None, "{env:?}");
        }
        std::fs::create_dir(folder.path().join("hf")).unwrap();
        std::fs::write(folder.path().join("hf/token"), "\n").unwrap();
        assert!(of(&[("HF_HOME", "/hf")]).is_some());
        std::fs::write(folder.path().join("hf/token"), "hf_x\n").unwrap();
        assert_eq!(of(&[("HF_HOME", "/hf")]), None);
        assert_eq!(of(&[("HF_TOKEN_PATH", "/hf/token")]), None);
        assert_eq!(
            of(&[("XDG_CACHE_HOME", "/")]).unwrap(),
            "HF_TOKEN is not set, and there is no token in `//huggingface/token`"
        );
    }

    #[test]
    fn only_a_token_for_the_hub_is_the_hubs() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(folder.path().join("run/secrets")).unwrap();
        std::fs::write(folder.path().join("run/secrets/key"), "hf_x\n").unwrap();
        let model = |source: Source| Model {
            name: "m".into(),
            folder: "/models/m".into(),
            deliver: Deliver::Fetch,
            revision: None,
            files: Vec::new(),
            texts: BTreeMap::new(),
            source: Some(source),
            token: Some("key".into()),
        };
        let hub = Source::Hub {
            endpoint: "https://hub.test".into(),
            repository: "org/m".into(),
            commit: "1".repeat(40),
        };
        let registry = Source::Oci {
            endpoint: None,
            repository: "r.test/org/m".into(),
        };
        let finds = |source| token(&[model(source)], &Container::at(folder.path(), &[])).is_some();
        assert_eq!((finds(hub), finds(registry)), (false, true));
    }
}
