//! File operations.

use super::solve::graph;

#[test]
#[ignore = "needs an engine: ./dev test"]
fn folders_and_files_have_mode_owner_time_and_bytes() {
    graph("file.make").passes();
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn a_folder_that_is_there_is_left_as_it_is() {
    graph("file.mkdir-known").passes();
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn a_copy_goes_to_a_name_into_a_folder_or_over_one() {
    graph("file.copy").passes();
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn what_is_copied_must_be_there() {
    let refused = graph("file.copy-missing").fails();
    assert!(refused.contains("\"/absent\": not found"), "{refused}");
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn a_pattern_copies_what_it_matches() {
    graph("file.copy-wildcard").passes();
    let refused = graph("file.copy-no-match").fails();
    assert!(refused.contains("/*.none not found"), "{refused}");
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn a_copy_takes_what_is_included_and_not_excluded() {
    graph("file.copy-patterns").passes();
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn copies_are_owned_by_number_or_by_name() {
    graph("file.copy-owner").passes();
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn copies_have_modes_as_bits_or_as_text() {
    graph("file.copy-mode").passes();
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn links_are_followed_or_kept() {
    graph("file.copy-links").passes();
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn folders_of_the_destination_are_made_on_demand() {
    graph("file.copy-dest").passes();
    let refused = graph("file.copy-no-dest").fails();
    assert!(refused.contains("failed to stat /not/there/yet"), "{refused}");
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn a_copy_may_replace_a_file_by_a_folder_and_a_folder_by_a_file() {
    graph("file.copy-replace").passes();
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn copies_may_have_one_time() {
    graph("file.copy-times").passes();
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn an_archive_is_unpacked_on_demand() {
    graph("file.unpack").passes();
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn files_are_removed_by_name_and_by_pattern() {
    graph("file.rm").passes();
    let refused = graph("file.rm-missing").fails();
    assert!(
        refused.contains("/absent: no such file or directory"),
        "{refused}"
    );
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn a_symbolic_link_points_where_it_says() {
    graph("file.symlink").passes();
}
