//! Merge and diff.

use super::solve::graph;

#[test]
#[ignore = "needs an engine: ./dev test"]
fn the_later_layer_lies_above_the_earlier() {
    graph("merge").passes();
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn a_diff_holds_what_was_changed_and_nothing_else() {
    graph("diff").passes();
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn a_removal_takes_effect_where_the_diff_is_merged() {
    graph("diff.removed").passes();
}
