//! Locks and their parts.

use super::super::PythonVersion;
use super::weight::{HEAVY_BYTES, LARGE_BYTES};
use super::*;

fn split_for(text: &str) -> Split {
    let environment = Environment::linux(PythonVersion::parse("3.11").unwrap(), "amd64").unwrap();
    split(&Lock::parse(text).unwrap(), &environment)
}

fn wheel_of(name: &str, size: u64) -> String {
    format!(
        "[[packages]]\nname = \"{name}\"\nversion = \"1.0\"\nindex = \"https://index.test/simple\"\n\
             wheels = [{{ url = \"https://files.test/{name}-1.0-py3-none-any.whl\", size = {size}, hashes = {{ sha256 = \"00\" }} }}]\n"
    )
}

#[test]
fn heavy_families_stand_alone_and_the_rest_is_one_part() {
    let lock: String = ["anyio", "big", "nvidia-a", "nvidia-b", "torch", "zope"]
        .iter()
        .map(|name| wheel_of(name, if *name == "big" { 64 << 20 } else { 1 }))
        .collect();
    let names: Vec<String> = split_for(&lock).parts.into_iter().map(|part| part.name).collect();
    assert_eq!(names, ["big", "nvidia", "torch", "rest"]);
}

#[test]
fn another_small_dependency_leaves_the_bytes_of_heavy_parts() {
    let before = split_for(&format!("{}{}", wheel_of("anyio", 1), wheel_of("torch", 1)));
    let after = split_for(&format!(
        "requires-python = \">=3.12\"\n{}{}{}",
        wheel_of("anyio", 1),
        wheel_of("httpx", 1),
        wheel_of("torch", 1)
    ));
    assert_eq!(before.parts[0], after.parts[0]);
    assert_ne!(before.parts[1], after.parts[1]);
}

#[test]
fn a_package_without_a_fitting_wheel_is_built_apart() {
    let lock = "[[packages]]\nname = \"old\"\nversion = \"1\"\nsdist = { url = \"https://files.test/old-1.tar.gz\", hashes = { sha256 = \"00\" } }\n\
                    wheels = [{ url = \"https://files.test/old-1-cp39-cp39-win_amd64.whl\", hashes = { sha256 = \"00\" } }]\n";
    let parts = split_for(lock).parts;
    assert_eq!((parts[0].name.as_str(), parts[0].builds), ("old", true));
}

#[test]
fn more_families_than_an_image_has_room_for_are_folded_together() {
    let heavy: String = (10..50)
        .map(|n| wheel_of(&format!("big{n}"), HEAVY_BYTES))
        .collect();
    let built: String = (10..50)
            .map(|n| format!("[[packages]]\nname = \"old{n}\"\nversion = \"1\"\nsdist = {{ url = \"https://files.test/old.tar.gz\" }}\n"))
            .collect();
    let large: String = (10..50)
        .map(|n| wheel_of(&format!("large{n}"), LARGE_BYTES))
        .collect();
    let parts = split_for(&format!("{heavy}{built}{large}")).parts;
    // What is folded: sources, and the rest.
    assert_eq!(parts.len(), MOST_HEAVY + MOST_BUILT + MOST_LARGE + 2);
    assert!(
        parts
            .iter()
            .all(|part| part.builds == (part.name.starts_with("old") || part.name == "sources"))
    );
    assert_eq!(parts.iter().map(|part| part.packages.len()).sum::<usize>(), 120);
}

#[test]
fn nvidias_large_libraries_stand_alone_whatever_their_names_end_in() {
    let lock: String = [
        "nvidia-cublas",
        "nvidia-cuda-nvrtc-cu12",
        "nvidia-cuda-runtime-cu12",
        "nvidia-cudnn-cu13",
        "nvidia-cudnn-frontend",
        "nvidia-nvtx",
    ]
    .iter()
    .map(|name| wheel_of(name, 1))
    .collect();
    let parts = split_for(&lock).parts;
    let names: Vec<&str> = parts.iter().map(|part| part.name.as_str()).collect();
    assert_eq!(
        names,
        ["nvidia", "nvidia-cublas", "nvidia-cuda-nvrtc", "nvidia-cudnn"]
    );
    assert_eq!(parts[0].packages.len(), 3);
}

#[test]
fn among_too_many_families_nvidias_libraries_share_one_and_torch_stands_alone() {
    let heavy: String = (10..40)
        .map(|n| wheel_of(&format!("big{n}"), HEAVY_BYTES))
        .collect();
    let own = [
        "nvidia-cublas-cu12",
        "nvidia-cudnn-cu12",
        "nvidia-nvtx-cu12",
        "torch",
    ];
    let own: String = own.iter().map(|name| wheel_of(name, 1)).collect();
    let parts = split_for(&format!("{heavy}{own}")).parts;
    let names: Vec<&str> = parts[30..].iter().map(|part| part.name.as_str()).collect();
    assert_eq!(names, ["nvidia", "torch"]);
    assert_eq!(parts[30].packages.len(), 3);
}

#[test]
fn a_large_package_is_no_part_of_the_rest() {
    let lock = wheel_of("big", LARGE_BYTES) + &wheel_of("numpy", 1) + &wheel_of("small", 1);
    let parts = split_for(&lock).parts;
    let names: Vec<&str> = parts.iter().map(|part| part.name.as_str()).collect();
    assert_eq!(names, ["big", "numpy", "rest"]);
}

/// Locks of indexes without sizes in their answers have none.
#[test]
fn the_large_wheels_of_a_lock_without_sizes_are_known_by_name() {
    let lock: String = [
        "annotated-types",
        "nvidia-nccl-cu12",
        "numpy",
        "scikit-learn",
        "scipy",
        "xgboost",
    ]
    .iter()
    .map(|name| wheel_of(name, 1))
    .collect();
    let names: Vec<String> = split_for(&lock).parts.into_iter().map(|part| part.name).collect();
    assert_eq!(
        names,
        ["nvidia-nccl", "scipy", "xgboost", "numpy", "scikit-learn", "rest"]
    );
}

#[test]
fn the_lightest_large_packages_are_those_that_join_the_rest() {
    let lock: String = (10..30)
        .map(|n| wheel_of(&format!("large{n}"), LARGE_BYTES * n))
        .collect();
    let parts = split_for(&lock).parts;
    let names: Vec<&str> = parts.iter().map(|part| part.name.as_str()).collect();
    assert_eq!(
        (names[0], names[MOST_LARGE - 1], names[MOST_LARGE]),
        ("large18", "large29", "rest")
    );
    assert_eq!(parts[MOST_LARGE].packages.len(), 8);
}

#[test]
fn packages_of_other_systems_are_left_out() {
    let lock = format!(
        "{}marker = \"sys_platform == 'win32'\"\n",
        wheel_of("colorama", 1)
    );
    assert!(split_for(&lock).parts.is_empty());
}

#[test]
fn addresses_lose_their_credentials() {
    assert_eq!(
        without_credentials("https://me:s3cret@git.test/a@b"),
        "https://git.test/a@b"
    );
    assert_eq!(
        without_credentials("ssh://git@git.test/a"),
        "ssh://git@git.test/a"
    );
    assert_eq!(
        without_credentials("https://git.test/a@b"),
        "https://git.test/a@b"
    );
}

#[test]
fn the_text_of_a_part_is_a_lock() {
    insta::assert_snapshot!(split_for(&wheel_of("anyio", 1)).parts[0].text);
}
