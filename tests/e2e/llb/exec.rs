//! Commands.

use std::net::TcpListener;

use super::solve::graph;

#[test]
#[ignore = "needs an engine: ./dev test"]
fn a_command_has_its_environment_folder_and_user() {
    graph("exec.process").passes();
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn a_user_is_known_by_name() {
    graph("exec.user-by-name").passes();
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn a_read_only_root_cannot_be_written_and_is_no_output() {
    graph("exec.readonly-root").passes();
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn the_engine_sets_the_default_path() {
    graph("exec.default-path").passes();
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn other_exit_codes_can_mean_success() {
    graph("exec.exit-codes").passes();
}

/// Something that listens where only the engine's own network is.
fn loopback() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = listener.local_addr().expect("an address").port();
    (listener, port.to_string())
}

/// testRunNoNetwork
#[test]
#[ignore = "needs an engine: ./dev test"]
fn run_no_network() {
    let (_listener, port) = loopback();
    graph("exec.network-none").argument("PORT", &port).passes();
}

/// testRunDefaultNetwork
#[test]
#[ignore = "needs an engine: ./dev test"]
fn run_default_network() {
    let (_listener, port) = loopback();
    graph("exec.network-sandbox").argument("PORT", &port).passes();
}

/// testRunHostNetwork
#[test]
#[ignore = "needs an engine: ./dev test"]
fn run_host_network() {
    let (_listener, port) = loopback();
    let host = || graph("exec.network-host").argument("PORT", &port);
    host().flags(&["--allow", "network.host"]).passes();
    let refused = host().fails();
    assert!(refused.contains("network.host is not allowed"), "{refused}");
}

/// testRunSecurity*: an engine that was not set up for it refuses.
#[test]
#[ignore = "needs an engine: ./dev test"]
fn run_security_insecure_must_be_allowed() {
    let refused = graph("exec.insecure").fails();
    assert!(refused.contains("security.insecure is not allowed"), "{refused}");
}

/// testUlimit, testShmSize
#[test]
#[ignore = "needs an engine: ./dev test"]
fn ulimit_and_shm_size() {
    graph("exec.limits").passes();
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn hosts_and_host_name() {
    graph("exec.hosts").passes();
}

/// testSecretAsEnviron
#[test]
#[ignore = "needs an engine: ./dev test"]
fn secret_as_environ() {
    let graph = || graph("exec.secret-env");
    graph().secret("token", "s3cret").passes();
    let refused = graph().fails();
    assert!(refused.contains("secret token: not found"), "{refused}");
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn proxies_are_set_in_both_cases() {
    graph("exec.proxy").passes();
}

/// testDeviceRunEnv
#[test]
#[ignore = "needs an engine: ./dev test"]
fn a_device_that_the_machine_lacks_may_be_optional() {
    graph("exec.devices").passes();
    let refused = graph("exec.required-device").fails();
    assert!(
        refused.contains("device \"example.com/device=absent\" is not registered"),
        "{refused}"
    );
}
