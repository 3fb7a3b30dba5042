//! The one binary: the frontend that BuildKit runs, the command line of people, and the program that steps weigh layers with.

fn main() {
    if let Some(code) = modelcrate::measure::command(std::env::args_os().skip(1)) {
        std::process::exit(code)
    }
    let variables: Vec<_> = std::env::vars_os().collect();
    if !modelcrate::gateway::is_frontend(&variables) {
        std::process::exit(modelcrate::cli::run(std::env::args_os()))
    }
    let code = modelcrate::gateway::serve(async move |connection| {
        modelcrate::driver::build(connection, variables).await
    });
    // Leaving any other way would wait for standard input, which the engine keeps open until the process is gone.
    std::process::exit(code)
}
