use buildkit_llb::{NetworkMode, ResolveMode, Ulimit};

use super::{NoCache, OptionErrors, Options};

/// Options as BuildKit hands them over.
fn parse(options: &[&str]) -> Result<Options, OptionErrors> {
    let numbered = options.iter().enumerate();
    Options::from_env(
        numbered.map(|(at, option)| (format!("BUILDKIT_FRONTEND_OPT_{at}"), (*option).to_owned())),
    )
}

fn options(given: &[&str]) -> Options {
    parse(given).unwrap()
}

fn problems(given: &[&str]) -> String {
    parse(given).unwrap_err().to_string()
}

#[test]
fn a_plain_docker_build_is_read() {
    let variables = [
        ("BUILDKIT_FRONTEND_OPT_0", "filename=spec.yaml"),
        ("BUILDKIT_FRONTEND_OPT_1", "source=modelcrate/frontend:1"),
        ("BUILDKIT_FRONTEND_OPT_7", "cmdline=modelcrate/frontend:1"),
        ("BUILDKIT_FRONTEND_OPT_3", "image-resolve-mode=local"),
        (
            "BUILDKIT_FRONTEND_OPT_4",
            "attest:provenance=mode=min,inline-only=true",
        ),
        ("BUILDKIT_FRONTEND_OPT_5", "vcs:revision=abc"),
        ("BUILDKIT_SESSION_ID", "session"),
        ("BUILDKIT_EXPORTEDPRODUCT", "docker"),
        (
            "BUILDKIT_WORKERS",
            r#"[{"id":"w","labels":{},"platforms":[{"architecture":"arm64","os":"linux","variant":"v8"}]}]"#,
        ),
        ("PATH", "/bin"),
    ];
    let read = Options::from_env(variables).unwrap();
    assert_eq!(read.filename.as_deref(), Some("spec.yaml"));
    assert_eq!(read.source, read.cmdline);
    assert_eq!(read.resolve_mode, ResolveMode::Local);
    assert_eq!(read.attestations["provenance"], "mode=min,inline-only=true");
    assert_eq!(read.vcs["revision"], "abc");
    assert_eq!(
        (read.session.as_str(), read.product.as_str()),
        ("session", "docker")
    );
    assert_eq!(read.build_platform.unwrap().to_string(), "linux/arm64");
    assert!(read.platforms.is_empty() && !read.multi_platform);
}

#[test]
fn no_options_are_the_defaults_and_unknown_ones_are_ignored() {
    assert_eq!(options(&[]), Options::default());
    assert_eq!(options(&["made-up=1", "another"]), Options::default());
}

#[test]
fn values_keep_what_follows_the_first_equals_sign() {
    let read = options(&["build-arg:FLAGS=-O2=x", "build-arg:EMPTY="]);
    assert_eq!(read.build_args["FLAGS"], "-O2=x");
    assert_eq!(read.build_args["EMPTY"], "");
}

#[test]
fn builtin_args_are_split_from_those_of_the_user() {
    let read = options(&[
        "build-arg:VARIANT=gpu",
        "build-arg:http_proxy=http://p:1",
        "build-arg:NO_PROXY=localhost",
        "build-arg:BUILDKIT_SYNTAX=x",
        "build-arg:BUILDKIT_CACHE_MOUNT_NS=team",
        "build-arg:BUILDKIT_SANDBOX_HOSTNAME=box",
        "build-arg:BUILDKIT_CONTEXT_KEEP_GIT_DIR=1",
        "build-arg:BUILDKIT_ATTEST_SBOM=generator=x",
        "build-arg:SOURCE_DATE_EPOCH=1700000000",
    ]);
    assert_eq!(read.build_args.keys().collect::<Vec<_>>(), ["VARIANT"]);
    let proxy = read.proxy.unwrap();
    assert_eq!(
        (proxy.http_proxy.as_str(), proxy.no_proxy.as_str()),
        ("http://p:1", "localhost")
    );
    assert_eq!(read.reserved_args["BUILDKIT_SYNTAX"], "x");
    assert_eq!(read.cache_namespace, "team");
    assert_eq!(read.exec.hostname.as_deref(), Some("box"));
    assert!(read.context.keep_git_dir);
    assert_eq!(read.attestations["sbom"], "generator=x");
    assert_eq!(read.source_date_epoch, Some(1_700_000_000));
}

#[test]
fn platforms_are_normalised_and_each_is_built_once() {
    let read = options(&["platform=linux/arm64/v8,linux/x86_64,linux/arm64"]);
    let names: Vec<String> = read.platforms.iter().map(ToString::to_string).collect();
    assert_eq!(names, ["linux/arm64", "linux/amd64"]);
    assert!(read.multi_platform);
}

#[test]
fn multi_platform_can_be_asked_for_with_one_platform() {
    assert!(options(&["platform=linux/amd64", "multi-platform=true"]).multi_platform);
    assert!(options(&["build-arg:BUILDKIT_MULTI_PLATFORM=1"]).multi_platform);
    assert!(!options(&["build-arg:BUILDKIT_MULTI_PLATFORM=0", "multi-platform=1"]).multi_platform);
    insta::assert_snapshot!(problems(&["platform=linux/amd64,linux/arm64", "multi-platform=false"]), @r"
    option `multi-platform`: `false` with 2 platforms: they need an index
    hint: ask for one platform, or leave `multi-platform` out
    ");
}

#[test]
fn no_cache_is_everything_or_named_stages() {
    assert_eq!(options(&[]).no_cache, NoCache::None);
    assert_eq!(options(&["no-cache="]).no_cache, NoCache::All);
    let stages = options(&["no-cache=Build, runtime"]).no_cache;
    assert!(stages.covers("build") && stages.covers("runtime") && !stages.covers("base"));
}

#[test]
fn steps_run_with_hosts_limits_and_network() {
    let read = options(&[
        "add-hosts=DB=10.0.0.7,v6=[::1]",
        "ulimit=nofile=1024:4096,memlock=-1",
        "shm-size=1073741824",
        "cgroup-parent=/builds",
        "force-network-mode=none",
        "hostname=box",
    ]);
    let host = |name: &str, address: &str| (name.to_owned(), address.to_owned());
    assert_eq!(read.exec.hosts, [host("db", "10.0.0.7"), host("v6", "::1")]);
    let limit = |name: &str, soft, hard| Ulimit {
        name: name.to_owned(),
        soft,
        hard,
    };
    assert_eq!(
        read.exec.ulimits,
        [limit("nofile", 1024, 4096), limit("memlock", -1, -1)]
    );
    assert_eq!(read.exec.shm_size, Some(1 << 30));
    assert_eq!(read.exec.cgroup_parent.as_deref(), Some("/builds"));
    assert_eq!(read.exec.network, Some(NetworkMode::None));
    assert_eq!(read.exec.hostname.as_deref(), Some("box"));
}

#[test]
fn cache_imports_come_from_the_new_and_the_old_option() {
    let read = options(&[
        r#"cache-imports=[{"Type":"registry","Attrs":{"ref":"a/b"}},{"Type":"gha"}]"#,
        "cache-from=a/b,c/d",
    ]);
    let imports: Vec<(&str, Option<&String>)> = read
        .cache_imports
        .iter()
        .map(|import| (import.kind.as_str(), import.attributes.get("ref")))
        .collect();
    let reference = |name: &'static str| name.to_owned();
    assert_eq!(
        imports,
        [
            ("registry", Some(&reference("a/b"))),
            ("gha", None),
            ("registry", Some(&reference("c/d"))),
        ]
    );
}

#[test]
fn contexts_are_kept_by_name() {
    let read = options(&[
        "contextkey=remote",
        "remote=https://example.com/app.git",
        "contextsubdir=app",
        "dockerfilekey=dockerfile",
        "context:base=docker-image://debian",
        "context:base::linux/arm64=input:base-arm",
        "local-sessionid:data=other",
        "sharedkey:localdir:data=/home/me",
        r#"input-metadata:base-arm={"containerimage.config":"e30="}"#,
    ]);
    assert_eq!(
        read.context.remote.as_deref(),
        Some("https://example.com/app.git")
    );
    assert_eq!(read.context.subdir.as_deref(), Some("app"));
    assert_eq!(read.context.spec_local.as_deref(), Some("dockerfile"));
    assert_eq!(read.context.named.len(), 2);
    assert_eq!(
        (read.session_of("data"), read.session_of("context")),
        ("other", "")
    );
    assert_eq!(read.context.shared_keys["data"], "/home/me");
    assert_eq!(
        read.context.input_metadata["base-arm"]["containerimage.config"],
        b"{}"
    );
}

#[test]
fn frontend_subrequests_are_known_with_and_without_the_prefix() {
    for id in ["frontend.lint", "frontend.frontend.lint", "lint"] {
        let request = options(&[&format!("requestid={id}")]).request.unwrap();
        assert_eq!((request.name.as_str(), request.id.as_str()), ("lint", id));
    }
    let describe = options(&["requestid=frontend.subrequests.describe"])
        .request
        .unwrap();
    assert_eq!(describe.name, "subrequests.describe");
}

#[test]
fn a_capability_that_the_frontend_lacks_is_named() {
    let known = "frontend.caps=moby.buildkit.frontend.subrequests+forward,moby.buildkit.frontend.contexts";
    assert_eq!(options(&[known]).unsupported_cap, None);
    let unknown = format!("{known},moby.buildkit.frontend.teleport+forward");
    assert_eq!(
        options(&[&unknown]).unsupported_cap.as_deref(),
        Some("moby.buildkit.frontend.teleport")
    );
}

#[test]
fn limits_that_are_not_applied_are_named() {
    assert_eq!(options(&["memory=1073741824", "cpushares="]).ignored, ["memory"]);
}

#[test]
fn every_problem_of_every_option_is_reported_at_once() {
    insta::assert_snapshot!(problems(&[
        "platform=linux/amd64,plan9/",
        "image-resolve-mode=sometimes",
        "add-hosts=db",
        "ulimit=nofile=9:1",
        "shm-size=1g",
        "force-network-mode=bridge",
        "cache-imports=[",
        "multi-platform=maybe",
        "input-metadata:x={\"a\":\"!\"}",
        "build-arg:SOURCE_DATE_EPOCH=yesterday",
        "build-arg:BUILDKIT_DISABLE_FILEOP=1",
        "build-arg:BUILDKIT_CONTEXT_KEEP_GIT_DIR=perhaps",
        "override-copy-image=x",
    ]));
}

#[test]
fn bad_hosts_and_limits_name_the_part_that_is_wrong() {
    let problem = |option: &str| parse(&[option]).unwrap_err().0.remove(0).problem;
    assert_eq!(
        problem("add-hosts=db=elsewhere"),
        "`elsewhere` is not an IP address"
    );
    assert_eq!(problem("ulimit=nofile"), "`nofile` has no limit");
    assert_eq!(problem("ulimit=files=1"), "`files` is not a limit of Linux");
    assert_eq!(
        problem("ulimit=nofile=many"),
        "`many` of `nofile=many` is not a whole number"
    );
    assert_eq!(
        problem("ulimit=nofile=-1:5"),
        "`nofile=-1:5` has a soft limit over its hard limit"
    );
}
