//! What steps run with.

use std::net::TcpListener;

use modelcrate_tests::buildx::Buildx;
use modelcrate_tests::nonce::nonce;

/// A spec whose one command is this script, which runs in each build.
fn looking(script: &str) -> Buildx {
    let lines: String = script
        .lines()
        .map(|line| format!("      {}\n", line.trim()))
        .collect();
    let nonce = nonce();
    Buildx::spec(&format!(
        "name: look\nuser: root\nrun:\n  - name: look\n    env: {{ NONCE: \"{nonce}\" }}\n    command: |\n{lines}"
    ))
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn a_failing_look_fails_the_build() {
    let seen = looking("false").fails();
    assert!(
        seen.contains("did not complete successfully: exit code: 1"),
        "{seen}"
    );
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn add_host() {
    let hosts = ["--add-host", "db:10.9.8.7", "--add-host", "Six=2001:db8::1"];
    looking("grep -P '^10.9.8.7\\tdb$' /etc/hosts\ngrep -P '^2001:db8::1\\tsix$' /etc/hosts")
        .flags(&hosts)
        .passes();
}

/// testShmSize
#[test]
#[ignore = "needs an engine: ./dev test"]
fn shm_size() {
    looking("df -k /dev/shm | grep ' 131072 '")
        .flags(&["--shm-size", "128m"])
        .passes();
    looking("df -k /dev/shm | grep ' 65536 '").passes();
}

/// testUlimit
#[test]
#[ignore = "needs an engine: ./dev test"]
fn ulimit() {
    let limits = ["--ulimit", "nofile=1062:2000", "--ulimit", "stack=2097152"];
    looking("test $(ulimit -Sn):$(ulimit -Hn):$(ulimit -s) = 1062:2000:2048")
        .flags(&limits)
        .passes();
}

/// testDockerfileCheckHostname
#[test]
#[ignore = "needs an engine: ./dev test"]
fn check_hostname() {
    looking("test $(cat /proc/sys/kernel/hostname) = builder")
        .argument("BUILDKIT_SANDBOX_HOSTNAME", "builder")
        .passes();
}

/// testRunNoNetwork, testRunDefaultNetwork, testRunHostNetwork, testRunGlobalNetwork
#[test]
#[ignore = "needs an engine: ./dev test"]
fn run_global_network() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = listener.local_addr().expect("an address").port();
    let reach = format!("bash -c 'exec 3<>/dev/tcp/127.0.0.1/{port}'");
    looking(&format!("if {reach}; then exit 1; fi\ngrep eth0 /proc/net/dev")).passes();
    looking("if grep eth0 /proc/net/dev; then exit 1; fi")
        .flags(&["--network", "none"])
        .passes();
    looking(&reach).flags(&["--network", "host"]).passes();
}

/// A command's own network wins over that of the build.
#[test]
#[ignore = "needs an engine: ./dev test"]
fn a_network_of_the_spec_wins() {
    let nonce = nonce();
    let spec = format!(
        "name: look\nuser: root\nrun:\n  - command: \"! grep eth0 /proc/net/dev # {nonce}\"\n    network: none\n"
    );
    Buildx::spec(&spec).flags(&["--network", "host"]).passes();
}

/// testBuiltinArgs: a proxy reaches the steps without being declared, and is in neither the cache key nor the image.
#[test]
#[ignore = "needs an engine: ./dev test"]
fn builtin_args() {
    let nonce = nonce();
    let spec = format!(
        "name: look\nuser: root\nrun:\n  - name: look\n    command: \"test $http_proxy = $HTTP_PROXY && echo $HTTP_PROXY {nonce}\"\n"
    );
    let first = Buildx::spec(&spec)
        .argument("HTTP_PROXY", "http://proxy.invalid:1")
        .passes();
    assert!(
        first.seen.contains(&format!("http://proxy.invalid:1 {nonce}")),
        "{}",
        first.seen
    );
    let second = Buildx::spec(&spec)
        .argument("HTTP_PROXY", "http://proxy.invalid:2")
        .passes();
    assert!(second.cached("[run 1/1] look"), "{}", second.seen);
    let image = Buildx::spec(&spec)
        .argument("http_proxy", "http://proxy.invalid:3")
        .inspect();
    assert!(
        !image.to_string().to_lowercase().contains("proxy.invalid"),
        "{image}"
    );
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn secrets_are_passed_through() {
    let looking = || {
        let nonce = nonce();
        Buildx::spec(&format!(
            "name: look\nuser: root\nsecrets: [token]\nrun:\n  - command: test $(cat /run/secrets/token):$TOKEN = s3cret:s3cret\n    env: {{ NONCE: \"{nonce}\" }}\n    secrets: [token, {{ id: token, env: TOKEN }}]\n"
        ))
    };
    looking().secret("token", "s3cret").passes();
    looking().secret("token", "other").fails();
}

/// The builtin frontend, which starts ours, looks at the others itself.
#[test]
#[ignore = "needs an engine: ./dev test"]
fn a_bad_value_is_refused_with_the_right_form() {
    let seen = looking("true")
        .argument("BUILDKIT_CONTEXT_KEEP_GIT_DIR", "ja")
        .fails();
    for words in [
        "option `build-arg:BUILDKIT_CONTEXT_KEEP_GIT_DIR`: `ja` is neither true nor false",
        "hint: write `true` or `false`",
    ] {
        assert!(seen.contains(words), "{seen}");
    }
}
