//! The environment that BuildKit starts a frontend with (buildkit frontend/gateway/gateway.go).

use std::collections::BTreeMap;
use std::ffi::OsString;

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use buildkit_llb::{ProxyEnv, ResolveMode};

use super::door::{Bad, Door, boolean};
use super::error::{OptionError, OptionErrors};
use super::{ContextOptions, Options, Request, cache, exec, platform, request};

/// One option each, value `key=value`; what follows the prefix means nothing.
const OPTION_PREFIX: &str = "BUILDKIT_FRONTEND_OPT_";
const BUILD_ARG: &str = "build-arg:";
/// Build arguments that are for BuildKit or for the frontend.
const RESERVED: &str = "BUILDKIT_";
const ATTEST_ARG: &str = "BUILDKIT_ATTEST_";
/// Limits that BuildKit takes since 0.31 and that the ops of this frontend do not carry.
const IGNORED: [&str; 7] = [
    "memory",
    "memswap",
    "cpushares",
    "cpuperiod",
    "cpuquota",
    "cpusetcpus",
    "cpusetmems",
];

impl Options {
    /// Reads the options from the variables of the environment, in any order.
    ///
    /// Fails with every option that cannot be used.
    pub fn from_env<N, V>(variables: impl IntoIterator<Item = (N, V)>) -> Result<Self, OptionErrors>
    where
        N: Into<OsString>,
        V: Into<OsString>,
    {
        let mut door = Door::default();
        let mut options = Self::default();
        for (name, value) in variables {
            // What is not UTF-8 cannot come from the engine, whose options are protobuf strings.
            let name = name.into().to_string_lossy().into_owned();
            let value = value.into().to_string_lossy().into_owned();
            options.variable(&mut door, &name, value);
        }
        options.fill(&mut door);
        match door.problems.is_empty() {
            true => Ok(options),
            false => Err(OptionErrors(door.problems)),
        }
    }

    fn variable(&mut self, door: &mut Door, name: &str, value: String) {
        if name.starts_with(OPTION_PREFIX) {
            let (key, value) = value.split_once('=').unwrap_or((&value, ""));
            door.raw.insert(key.to_owned(), value.to_owned());
        }
        match name {
            "BUILDKIT_SESSION_ID" => self.session = value,
            "BUILDKIT_EXPORTEDPRODUCT" => self.product = value,
            "BUILDKIT_WORKERS" => self.build_platform = platform::worker_platform(&value),
            _ => {}
        }
    }

    fn fill(&mut self, door: &mut Door) {
        removed(door);
        self.filename = door.text("filename");
        self.target = door.text("target");
        self.platforms = door.read("platform", platform::platforms);
        self.multi_platform = multi_platform(door, self.platforms.len());
        self.arguments(door);
        self.labels = door.family("label:");
        self.no_cache = cache::no_cache(door);
        self.resolve_mode = door.read("image-resolve-mode", resolve_mode);
        self.exec = exec::exec(door);
        self.cache_imports = cache::imports(door);
        self.context = context(door);
        self.request = door.text("requestid").map(Request::new);
        self.unsupported_cap = door
            .text("frontend.caps")
            .and_then(|caps| request::unsupported(&caps));
        self.source = door.text("source");
        self.cmdline = door.text("cmdline");
        self.vcs = door.family("vcs:");
        self.attestations.extend(door.family("attest:"));
        self.ignored = IGNORED
            .iter()
            .filter(|key| door.text(key).is_some())
            .map(|key| (*key).to_owned())
            .collect();
    }

    /// Build arguments: proxies, those for BuildKit, and the user's.
    fn arguments(&mut self, door: &mut Door) {
        self.source_date_epoch = door.read("build-arg:SOURCE_DATE_EPOCH", epoch);
        let mut proxy = ProxyEnv::default();
        for (name, value) in door.family(BUILD_ARG) {
            if let Some(field) = proxy_field(&mut proxy, &name) {
                *field = value;
            } else if let Some(kind) = name.strip_prefix(ATTEST_ARG) {
                self.attestations.insert(kind.to_lowercase(), value);
            } else if name.starts_with(RESERVED) {
                self.reserved_args.insert(name, value);
            } else if name != "SOURCE_DATE_EPOCH" {
                self.build_args.insert(name, value);
            }
        }
        self.proxy = Some(proxy).filter(|proxy| *proxy != ProxyEnv::default());
        self.cache_namespace = door.text("build-arg:BUILDKIT_CACHE_MOUNT_NS").unwrap_or_default();
    }
}

/// Two options that BuildKit itself refuses since 0.11 (buildkit frontend/dockerui/config.go, `validateMinCaps`).
fn removed(door: &mut Door) {
    const GONE: &str = "leave it out: BuildKit 0.11 removed it";
    if let Some(value) = door.text("override-copy-image") {
        door.refuse(
            "override-copy-image",
            Bad::new(format!("`{value}` has no effect any more"), GONE),
        );
    }
    let disabled = door.raw.get("build-arg:BUILDKIT_DISABLE_FILEOP");
    if disabled.is_some_and(|value| matches!(boolean(value), Ok(Some(true)))) {
        let bad = Bad::new("file operations cannot be switched off any more", GONE);
        door.refuse("build-arg:BUILDKIT_DISABLE_FILEOP", bad);
    }
}

fn multi_platform(door: &mut Door, platforms: usize) -> bool {
    let asked = exec::multi_platform(door);
    if asked == Some(false) && platforms > 1 {
        let bad = Bad::new(
            format!("`false` with {platforms} platforms: they need an index"),
            "ask for one platform, or leave `multi-platform` out",
        );
        door.refuse("multi-platform", bad);
    }
    asked.unwrap_or(platforms > 1)
}

fn resolve_mode(value: &str) -> Result<ResolveMode, Bad> {
    match value {
        "default" => Ok(ResolveMode::Default),
        "pull" => Ok(ResolveMode::Pull),
        "local" => Ok(ResolveMode::Local),
        _ => Err(Bad::new(
            format!("`{value}` is not a way to find images"),
            "write `default`, `pull` or `local`",
        )),
    }
}

fn epoch(value: &str) -> Result<Option<i64>, Bad> {
    value.parse().map(Some).map_err(|_| {
        Bad::new(
            format!("`{value}` is not a whole number of seconds"),
            "write the seconds since 1970, `--build-arg SOURCE_DATE_EPOCH=$(git log -1 --format=%ct)`",
        )
    })
}

fn proxy_field<'a>(proxy: &'a mut ProxyEnv, name: &str) -> Option<&'a mut String> {
    match name.to_lowercase().as_str() {
        "http_proxy" => Some(&mut proxy.http_proxy),
        "https_proxy" => Some(&mut proxy.https_proxy),
        "ftp_proxy" => Some(&mut proxy.ftp_proxy),
        "no_proxy" => Some(&mut proxy.no_proxy),
        "all_proxy" => Some(&mut proxy.all_proxy),
        _ => None,
    }
}

fn context(door: &mut Door) -> ContextOptions {
    let key = door.text("contextkey").unwrap_or_else(|| "context".to_owned());
    ContextOptions {
        remote: door.text(&key),
        subdir: door.text("contextsubdir"),
        spec_local: door.text("dockerfilekey"),
        keep_git_dir: door
            .read("build-arg:BUILDKIT_CONTEXT_KEEP_GIT_DIR", boolean)
            .unwrap_or_default(),
        named: door.family("context:"),
        input_metadata: input_metadata(door),
        local_sessions: door.family("local-sessionid:"),
        shared_keys: door.family("sharedkey:localdir:"),
    }
}

fn input_metadata(door: &mut Door) -> BTreeMap<String, BTreeMap<String, Vec<u8>>> {
    let mut inputs = BTreeMap::new();
    for (input, value) in door.family("input-metadata:") {
        match metadata(&value) {
            Ok(metadata) => {
                inputs.insert(input, metadata);
            }
            Err(problem) => door.problems.push(OptionError {
                option: format!("input-metadata:{input}"),
                problem,
                hint: "it is written by `docker buildx bake` for linked targets".to_owned(),
            }),
        }
    }
    inputs
}

/// Go's JSON of `map[string][]byte`: bytes are base64.
fn metadata(value: &str) -> Result<BTreeMap<String, Vec<u8>>, String> {
    let encoded: BTreeMap<String, String> =
        serde_json::from_str(value).map_err(|cause| format!("this is not metadata: {cause}"))?;
    encoded
        .into_iter()
        .map(|(key, value)| match BASE64.decode(&value) {
            Ok(bytes) => Ok((key, bytes)),
            Err(cause) => Err(format!("`{key}` is not base64: {cause}")),
        })
        .collect()
}
