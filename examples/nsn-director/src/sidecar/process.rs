//! One life of the sidecar: a child process with a pipe each way. Its standard error is the node's.

use std::path::Path;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use serde::de::DeserializeOwned;
use serde::Serialize;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};

/// A sidecar that was told to leave may take this long.
const LEAVING: Duration = Duration::from_secs(5);

/// A running sidecar. It is killed with the value.
pub struct Process {
    child: Child,
    to: ChildStdin,
    from: Lines<BufReader<ChildStdout>>,
}

/// Why a life ended.
#[derive(Debug, thiserror::Error)]
pub enum Death {
    /// No process came to be.
    #[error("`{command}` cannot be started: {error}")]
    Start {
        /// As configured.
        command: String,
        /// The system's reason.
        error: std::io::Error,
    },
    /// The process is gone.
    #[error("it ended with {0}")]
    Ended(ExitStatus),
    /// It closed its output and lives on.
    #[error("it closed its output")]
    Silent,
    /// A pipe broke.
    #[error("its pipe broke: {0}")]
    Pipe(#[from] std::io::Error),
    /// It wrote something else.
    #[error("it wrote what is no answer: {0}")]
    Garbled(#[from] serde_json::Error),
    /// It took too long.
    #[error("it did not answer within {} s", .0.as_secs())]
    Late(Duration),
}

impl Process {
    /// Starts `command` (words between spaces) with `--models PATH`.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn start(command: &str, models: &Path) -> Result<Self, Death> {
        let mut words = command.split_whitespace();
        let mut child = Command::new(words.next().unwrap_or_default())
            .args(words)
            .arg("--models")
            .arg(models)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .map_err(|error| Death::Start {
                command: command.to_owned(),
                error,
            })?;
        let (Some(to), Some(from)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(Death::Silent);
        };
        let from = BufReader::new(from).lines();
        Ok(Self { child, to, from })
    }

    /// Its process id while it runs.
    pub fn id(&self) -> Option<u32> {
        self.child.id()
    }

    /// Writes a line.
    ///
    /// # Errors
    /// When the process is gone.
    pub async fn write(&mut self, message: &impl Serialize) -> Result<(), Death> {
        let mut line = serde_json::to_vec(message)?;
        line.push(b'\n');
        if self.to.write_all(&line).await.is_err() {
            return Err(self.ended().await);
        }
        Ok(())
    }

    /// Reads a line.
    ///
    /// # Errors
    /// When the process is gone or writes something else.
    pub async fn read<T: DeserializeOwned>(&mut self) -> Result<T, Death> {
        match self.from.next_line().await? {
            Some(line) => Ok(serde_json::from_str(&line)?),
            None => Err(self.ended().await),
        }
    }

    /// Waits until it is gone.
    pub async fn died(&mut self) -> Death {
        match self.child.wait().await {
            Ok(status) => Death::Ended(status),
            Err(error) => Death::Pipe(error),
        }
    }

    /// Closes its input, which tells it to leave, and kills it when it does not.
    pub async fn stop(self) {
        let Self { mut child, to, from } = self;
        drop(to);
        if tokio::time::timeout(LEAVING, child.wait()).await.is_err() {
            tracing::warn!("the sidecar does not leave and is killed");
            // What is gone already need not be killed.
            let _ = child.kill().await;
        }
        drop(from);
    }

    /// Why a pipe is closed.
    async fn ended(&mut self) -> Death {
        tokio::time::timeout(LEAVING, self.died())
            .await
            .unwrap_or(Death::Silent)
    }
}
