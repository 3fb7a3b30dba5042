//! Mounts of commands.

use modelcrate_tests::nonce::nonce;
use modelcrate_tests::ssh_agent::SshAgent;

use super::solve::graph;

#[test]
#[ignore = "needs an engine: ./dev test"]
fn a_bind_is_read_only_and_shows_what_is_selected() {
    graph("mount.bind").passes();
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn changes_of_a_bind_that_is_no_output_are_thrown_away() {
    graph("mount.thrown-away").passes();
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn each_output_is_that_of_its_path() {
    graph("mount.outputs").passes();
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn the_content_of_a_bind_may_be_in_the_cache_key_or_not() {
    graph("mount.content-cache").passes();
}

/// testCacheMountParallel
#[test]
#[ignore = "needs an engine: ./dev test"]
fn cache_mount_parallel() {
    graph("mount.cache-shared").passes();
    graph("mount.cache-private").passes();
    graph("mount.cache-locked").passes();
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn a_new_cache_holds_the_folder_of_its_base() {
    graph("mount.cache-base").passes();
}

/// testMountRWCache
#[test]
#[ignore = "needs an engine: ./dev test"]
fn mount_rw_cache_outlives_the_build() {
    let nonce = nonce();
    graph("mount.cache-write").nonce(&nonce).passes();
    graph("mount.cache-read").nonce(&nonce).passes();
    let empty = graph("mount.cache-read").fails();
    assert!(empty.contains("exit code: 1"), "{empty}");
}

/// testSecretFileParams
#[test]
#[ignore = "needs an engine: ./dev test"]
fn secret_file_params() {
    graph("mount.secret").secret("token", "s3cret").passes();
}

/// testSecretRequiredWithoutValue
#[test]
#[ignore = "needs an engine: ./dev test"]
fn secret_required_without_value() {
    let refused = graph("mount.secret-missing").fails();
    assert!(refused.contains("secret absent: not found"), "{refused}");
}

/// testSSHSocketParams
#[test]
#[ignore = "needs an engine: ./dev test"]
fn ssh_socket_params() {
    let agent = SshAgent::start();
    graph("mount.ssh").flags(&["--ssh", &agent.as_flag()]).passes();
    let refused = graph("mount.ssh").fails();
    assert!(refused.contains("unset ssh forward key default"), "{refused}");
}

/// testMountTmpfs, testMountTmpfsSize
#[test]
#[ignore = "needs an engine: ./dev test"]
fn mount_tmpfs_size() {
    graph("mount.tmpfs").passes();
}
