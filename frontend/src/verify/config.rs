//! What the config of an image must say.

use serde_json::Value;

use super::Class;

/// The label that names an image for people (opencontainers/image-spec `annotations.md`).
const TITLE: &str = "org.opencontainers.image.title";
/// The base's name and digest, which go together.
const BASE: [&str; 2] = [
    "org.opencontainers.image.base.name",
    "org.opencontainers.image.base.digest",
];

/// The user as it is written; root where nothing is.
pub(super) fn user(config: &Value) -> &str {
    match config["config"]["User"].as_str() {
        None | Some("") => "root",
        Some(user) => user,
    }
}

/// `linux/amd64`.
pub(super) fn platform(config: &Value) -> String {
    let part = |name: &str| config[name].as_str().unwrap_or("unknown").to_owned();
    let platform = format!("{}/{}", part("os"), part("architecture"));
    match config["variant"].as_str() {
        // Of 64 bits there is one.
        None | Some("" | "v8") => platform,
        Some(variant) => format!("{platform}/{variant}"),
    }
}

/// What is missing in it.
pub(super) fn findings(config: &Value) -> Vec<(Class, String)> {
    let mut found = Vec::new();
    let user = user(config);
    if ["root", "0"].contains(&user.split(':').next().unwrap_or_default()) {
        found.push((Class::User, "it runs as root".to_owned()));
    }
    let label = |name: &str| {
        config["config"]["Labels"][name]
            .as_str()
            .is_some_and(|value| !value.is_empty())
    };
    if !label(TITLE) {
        found.push((Class::Label, format!("the label `{TITLE}` is missing")));
    }
    if label(BASE[0]) && !label(BASE[1]) {
        found.push((Class::Label, format!("the label `{}` is missing", BASE[1])));
    }
    let serves = config["config"]["ExposedPorts"]
        .as_object()
        .is_some_and(|ports| !ports.is_empty());
    let test = &config["config"]["Healthcheck"]["Test"];
    if serves && test.as_array().is_none_or(Vec::is_empty) {
        found.push((
            Class::Healthcheck,
            "it serves ports and has no health check".to_owned(),
        ));
    }
    found
}
