//! What the gateway client reads of results. The assertions are in the test frontend, `src/bin/llb_frontend/reads.rs`.

use super::solve::graph;

/// testRefReadFile
#[test]
#[ignore = "needs an engine: ./dev test"]
fn ref_read_file() {
    graph("read.file").reads();
}

#[test]
#[ignore = "needs an engine: ./dev test"]
fn a_file_larger_than_a_message_is_read_whole() {
    graph("read.large").reads();
}

/// testRefReadDir
#[test]
#[ignore = "needs an engine: ./dev test"]
fn ref_read_dir() {
    graph("read.dir").reads();
}

/// testRefStatFile
#[test]
#[ignore = "needs an engine: ./dev test"]
fn ref_stat_file() {
    graph("read.stat").reads();
}

/// testFrontendEvaluate, testClientGatewayFailedSolve: what is missing is told apart from what failed.
#[test]
#[ignore = "needs an engine: ./dev test"]
fn what_is_missing_is_told_apart_from_what_failed() {
    graph("read.missing").reads();
}

/// testRefEvaluate
#[test]
#[ignore = "needs an engine: ./dev test"]
fn ref_evaluate() {
    graph("read.evaluate").reads();
}

/// testReturnNil, testClientGatewayEmptySolve
#[test]
#[ignore = "needs an engine: ./dev test"]
fn return_nil() {
    graph("read.scratch").reads();
}
