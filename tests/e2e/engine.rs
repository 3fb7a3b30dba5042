//! What the tests rely on in the engines that `tests/engine/engine` starts.

use std::path::Path;

use modelcrate_tests::{Engine, Output};

/// Steps know the engine's side of the bridge by its hardware address. One that changes with the containers on the bridge took
/// name server and network from all other steps for half a minute.
#[test]
#[ignore = "needs an engine: ./dev test"]
fn a_bridge_keeps_its_address_while_containers_come_and_go() {
    let engine = Engine::main();
    let docker = |args: &[&str]| Output::of(&mut engine.docker(args)).ok().stdout;
    let bridge = docker(&[
        "network",
        "inspect",
        "--format",
        r#"{{index .Options "com.docker.network.bridge.name"}}"#,
        "bridge",
    ]);
    let address = Path::new("/sys/class/net").join(bridge.trim()).join("address");
    let address = || std::fs::read_to_string(&address).expect("the bridge has an address");
    let mut seen = vec![address()];
    let mut running = Vec::new();
    for _ in 0..3 {
        running.push(docker(&[
            "run",
            "--detach",
            "--rm",
            "debian:bookworm-slim",
            "sleep",
            "600",
        ]));
        seen.push(address());
    }
    for container in running {
        docker(&["rm", "--force", container.trim()]);
        seen.push(address());
    }
    seen.dedup();
    assert_eq!(seen.len(), 1, "{seen:?}");
}
