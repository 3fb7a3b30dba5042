//! The one binary: the frontend that BuildKit runs.

use std::process::ExitCode;

fn main() -> ExitCode {
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("modelcrate: no runtime: {error}");
            return ExitCode::FAILURE;
        }
    };
    let variables = std::env::vars().collect();
    let local = tokio::task::LocalSet::new();
    let code = runtime.block_on(local.run_until(modelcrate::driver::serve(variables)));
    // Dropping the runtime would wait for standard input, which the engine keeps open until the process is gone.
    std::process::exit(code)
}
