//! The life of the process: connect, drive one build, return, be gone.

use std::ffi::OsString;
use std::panic::AssertUnwindSafe;
use std::pin::pin;
use std::task::Poll;

use bollard_buildkit_proto::google::rpc;
use tokio::signal::unix::{SignalKind, signal};

use super::{BuildResult, Connection, ErrorKind, GatewayError};

/// The exit status of a process that `SIGTERM` ended, as shells count: 128 + 15.
const TERMINATED: i32 = 143;

/// The variable that the engine gives every frontend: the session of its client (buildkit `frontend/gateway/gateway.go`).
const SESSION: &str = "BUILDKIT_SESSION_ID";

/// Whether an engine started this process, and waits for a frontend on its standard input and output.
pub fn is_frontend(variables: &[(OsString, OsString)]) -> bool {
    variables.iter().any(|(name, _)| name == SESSION)
}

/// Connects to the engine that started this process, lets `drive` do the build and returns its outcome.
///
/// What comes back is the status for [`std::process::exit`], which must follow at once: the engine holds standard input
/// open until the process is gone. It is 0 when anything was returned, an error too, since the engine reports another
/// status in place of a result. It is 1 when nothing could be returned; the reason is then in the engine's log. A panic
/// in `drive` is returned as an error like any other.
pub fn serve<F>(drive: F) -> i32
where
    F: AsyncFnOnce(&Connection) -> Result<BuildResult, rpc::Status>,
{
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    match runtime {
        Ok(runtime) => runtime.block_on(serve_one(drive)),
        Err(cause) => {
            eprintln!("the runtime cannot start: {cause}");
            1
        }
    }
}

async fn serve_one<F>(drive: F) -> i32
where
    F: AsyncFnOnce(&Connection) -> Result<BuildResult, rpc::Status>,
{
    let returned = tokio::select! {
        // The signal first: it is waited for before anything can be heard of this process.
        biased;
        () = terminated() => return TERMINATED,
        returned = connect_and_drive(drive) => returned,
    };
    match returned {
        Ok(()) => 0,
        Err(error) => {
            eprintln!("{error}");
            1
        }
    }
}

async fn connect_and_drive<F>(drive: F) -> Result<(), GatewayError>
where
    F: AsyncFnOnce(&Connection) -> Result<BuildResult, rpc::Status>,
{
    let connection = Connection::stdio().await?;
    connection.finish(drive).await
}

impl Connection {
    /// Lets `drive` do the build and returns its outcome to the engine; fails only where nothing could be returned.
    pub async fn finish<F>(&self, drive: F) -> Result<(), GatewayError>
    where
        F: AsyncFnOnce(&Connection) -> Result<BuildResult, rpc::Status>,
    {
        match without_panic(drive(self)).await {
            Ok(result) => self.return_or_explain(result).await,
            Err(error) => self.return_error(error).await,
        }
    }

    /// A result that must not be sent is an error that can be.
    async fn return_or_explain(&self, result: BuildResult) -> Result<(), GatewayError> {
        match self.return_result(result).await {
            Err(error) if error.kind == ErrorKind::Invalid => self.return_error(error.into_status()).await,
            returned => returned,
        }
    }
}

/// The outcome of `build`; a panic becomes an error that names it.
async fn without_panic(
    build: impl Future<Output = Result<BuildResult, rpc::Status>>,
) -> Result<BuildResult, rpc::Status> {
    let mut build = pin!(build);
    std::future::poll_fn(move |context| {
        // The future is not polled again after a panic, so nothing can see what it left half done.
        let polled = std::panic::catch_unwind(AssertUnwindSafe(|| build.as_mut().poll(context)));
        polled.unwrap_or_else(|payload| Poll::Ready(Err(panicked(payload.as_ref()))))
    })
    .await
}

fn panicked(payload: &(dyn std::any::Any + Send)) -> rpc::Status {
    let text = payload.downcast_ref::<&str>().map(|text| (*text).to_owned());
    let text = text.or_else(|| payload.downcast_ref::<String>().cloned());
    GatewayError::invalid(format!(
        "modelcrate failed: {}",
        text.unwrap_or_else(|| "it does not know why".to_owned())
    ))
    .hint("this is a mistake in modelcrate, not in your spec: please report it with the spec")
    .into_status()
}

/// Waits for `SIGTERM`: as the first process of its container this one gets no default handling of it.
async fn terminated() {
    match signal(SignalKind::terminate()) {
        Ok(mut signals) => {
            signals.recv().await;
        }
        Err(_) => std::future::pending().await,
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;
    use std::process::{Child, Command, Stdio};

    use super::*;
    use crate::gateway::Setup;

    /// What every HTTP/2 connection begins with.
    const PREFACE: &str = "PRI * HTTP/2.0";

    #[test]
    #[ignore = "the process that the tests below start"]
    fn frontend_process() {
        let drive = async |connection: &Connection| {
            let gateway = connection
                .ping(Setup::default())
                .await
                .map_err(GatewayError::into_status)?;
            Err(crate::gateway::located_error(
                gateway.build_platform().to_string(),
                &[],
            ))
        };
        std::process::exit(serve(drive));
    }

    fn start(input: Stdio) -> Child {
        Command::new(std::env::current_exe().unwrap())
            .args([
                "--exact",
                "--ignored",
                "--nocapture",
                "gateway::process::tests::frontend_process",
            ])
            .stdin(input)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap()
    }

    /// Reads until the process speaks HTTP/2: from then on it waits for an engine that never answers.
    fn wait_for_preface(child: &mut Child) {
        let output = child.stdout.as_mut().unwrap();
        let mut heard = Vec::new();
        while !String::from_utf8_lossy(&heard).contains(PREFACE) {
            let mut byte = [0];
            output.read_exact(&mut byte).unwrap();
            heard.extend(byte);
        }
    }

    #[test]
    fn the_process_ends_on_sigterm() {
        let mut child = start(Stdio::piped());
        wait_for_preface(&mut child);
        // `wait` closes the pipe, and a closed pipe would end the process as well.
        let _open = child.stdin.take();
        let killed = Command::new("kill")
            .args(["-TERM", &child.id().to_string()])
            .status();
        assert!(killed.unwrap().success());
        assert_eq!(child.wait().unwrap().code(), Some(TERMINATED));
    }

    #[test]
    fn the_process_ends_by_itself_when_the_pipe_breaks() {
        let mut child = start(Stdio::piped());
        wait_for_preface(&mut child);
        drop((child.stdin.take(), child.stdout.take()));
        let ended = child.wait_with_output().unwrap();
        assert_eq!(ended.status.code(), Some(1));
        let words = String::from_utf8_lossy(&ended.stderr);
        assert!(
            words.contains("the connection to the engine is closed"),
            "{words}"
        );
    }

    #[test]
    fn a_person_who_starts_it_is_told_what_to_do() {
        let ended = start(Stdio::null()).wait_with_output().unwrap();
        assert_eq!(ended.status.code(), Some(1));
        let words = String::from_utf8_lossy(&ended.stderr);
        assert!(
            words.contains("hint: this program is started by BuildKit"),
            "{words}"
        );
    }
}
