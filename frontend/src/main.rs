//! The one binary: the frontend that BuildKit runs.

fn main() {
    let variables = std::env::vars_os().collect();
    let code = modelcrate::gateway::serve(async move |connection| {
        modelcrate::driver::build(connection, variables).await
    });
    // Leaving any other way would wait for standard input, which the engine keeps open until the process is gone.
    std::process::exit(code)
}
