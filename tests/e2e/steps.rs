//! `copy:`, and what `run:` sees and keeps.

use modelcrate_tests::{Build, Engine, Layout, Project};

const TOKEN: [(&str, &str); 1] = [("TOKEN", "a value")];
/// 1980-01-01, the time of everything that is made by steps of ours.
const FIXED: u64 = 315_532_800;

fn layout(project: &Project, engine: &Engine) -> Layout {
    let build = Build {
        target: Some("app"),
        options: &["--provenance=false", "--secret", "id=token,env=TOKEN"],
        env: &TOKEN,
        ..Build::of(project)
    };
    build.layout(engine, &[]).0
}

/// Kind of file, mode, owner and time of what the layer with `end` says of `path`.
#[track_caller]
fn said(layout: &Layout, end: &str, path: &str) -> (u32, u64, u64) {
    let tree = layout.tree(&layout.layer_with(end));
    let entry = tree.at(path);
    (entry.mode, entry.uid, entry.mtime)
}

/// Mounts, secrets, network and caches are tried by the commands of the fixture themselves.
#[test]
#[ignore = "needs an engine: ./dev test"]
fn copies_and_outputs_are_the_same_bytes_on_two_engines_and_leave_other_folders_alone() {
    let project = Project::fixture("steps");
    let one = layout(&project, &Engine::main());

    let conf = |path: &str| said(&one, "/conf/one.txt", path);
    assert_eq!(conf("/etc"), (0o755, 0, FIXED));
    assert_eq!(conf("/etc/deep/app"), (0o755, 0, FIXED));
    assert_eq!(conf("/etc/deep/app/conf").1, 1000);
    assert_eq!(conf("/etc/deep/app/conf/one.txt"), (0o640, 1000, FIXED));

    let home = |path: &str| said(&one, "/x/a.txt", path);
    assert_eq!(home("/home"), (0o755, 0, FIXED));
    assert_eq!(home("/home/app"), (0o755, 1000, FIXED));
    assert_eq!(home("/home/app/.config/x"), (0o755, 1000, FIXED));
    let copied = one.tree(&one.layer_with("/conf/one.txt"));
    assert!(copied.paths().all(|path| !path.ends_with("two.txt")), "left out");

    assert_eq!(said(&one, "/www/index.html", "/srv/www"), (0o755, 0, FIXED));
    assert_eq!(said(&one, "/other/env", "/opt/other/env"), (0o555, 0, FIXED));

    let outputs = |path: &str| said(&one, "/bin/serve", path);
    assert_eq!(outputs("/srv/www/dist/page").2, FIXED);
    assert_eq!(outputs("/usr/local/bin"), (0o755, 0, FIXED));
    assert_eq!(outputs("/usr/local/bin/serve"), (0o755, 1000, FIXED));

    let other = layout(&project, &Engine::fresh());
    let layers = |layout: &Layout| layout.image_alone().layers;
    // The last is a command of the user's own.
    let (one, other) = (layers(&one), layers(&other));
    assert_eq!(one.len(), other.len());
    assert_eq!(one[..one.len() - 1], other[..other.len() - 1]);
}
